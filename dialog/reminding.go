package dialog

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"wenzhu/dialog/when"
	"wenzhu/dialog/words"
)

// remindRunes is how long a sentence that sets a reminder may be; what is longer tells a story.
const remindRunes = 80

// reminding reads a sentence that sets a reminder, in any state: 「下周五提醒我查投诉结果」, and one about the
// time zone. What somebody else does (「他们提醒我明天还钱」) and what is asked about (「每天提醒我还钱合法吗」) is neither.
func (t *talk) reminding(text string) (input, bool) {
	if utf8.RuneCountInString(text) > remindRunes || t.looks(text) >= pasted || putsChoice(text) {
		return input{}, false
	}
	if place, ok := when.AsksZone(text); ok && !isQuestion(text) {
		return input{"zone", place}, true
	}
	if marks.any.MatchString(text) {
		at, _ := when.Parse(text, t.now())
		if _, _, ok := marked(at.Rest, text); ok {
			return input{"remindme", text}, true
		}
	}
	return t.managing(text)
}

// managing reads what is to become of a reminder that is set: 停掉第二个提醒, 不用提醒我打电话了. Where the list is on the
// screen its number is enough.
func (t *talk) managing(text string) (input, bool) {
	if t.s.Counts.Due == 0 || utf8.RuneCountInString(text) > choiceMost || isQuestion(text) {
		return input{}, false
	}
	named := oneOf("read.reminder", text)
	for _, l := range nthWords {
		for _, form := range l.forms {
			before, after, ok := strings.Cut(kernel(text), form)
			which := kernel(bare(without("read.reminder", before+after)))
			switch n, isNumber := ordinal(which); {
			case !ok || !named && !t.lists():
			case isNumber:
				return input{"nth", l.name + ":" + itoa(n)}, true
			case named && before == "" && which != "":
				return input{"nth", l.name + ":" + which}, true
			}
		}
	}
	return input{}, false
}

// lists says whether the list of reminders is on the screen.
func (t *talk) lists() bool {
	return slices.ContainsFunc(t.s.Offered, func(b Button) bool { return strings.HasPrefix(b.Data, "reminder:") })
}

var nthWords = wordLists("read.nth")

// marks are the patterns of remind words, made once.
var marks = struct{ any, polite, mark, call, other, tail, asked *regexp.Regexp }{
	any:    regexp.MustCompile(alternatives("read.remind_marks") + "|" + alternatives("read.remind_calls")),
	polite: regexp.MustCompile(`^(?:` + alternatives("read.remind_polite") + `|[\s，,、])+`),
	mark:   regexp.MustCompile(`^(?:` + alternatives("read.remind_marks") + `)`),
	call:   regexp.MustCompile(`^(?:` + alternatives("read.remind_calls") + `)`),
	other:  regexp.MustCompile(`^(?:` + alternatives("read.remind_others") + `)`),
	tail:   regexp.MustCompile(`(?:` + alternatives("read.remind_tails") + `|[\s，,、。.!！?？~])+$`),
	asked:  regexp.MustCompile(`(?:` + alternatives("read.remind_asked") + `)`),
}

func alternatives(key string) string {
	fields := strings.Fields(words.Get(key))
	for i := range fields {
		fields[i] = regexp.QuoteMeta(fields[i])
	}
	return strings.Join(fields, "|")
}

// marked finds the clause that begins with the wish to be reminded, and what stands around the wish. rest is the
// text without its time; a softer wish (叫我) counts where the text names a time.
func marked(rest, text string) (before, after string, ok bool) {
	if asked := marks.tail.ReplaceAllString(rest, ""); marks.asked.MatchString(asked) {
		return "", "", false
	}
	from := 0
	for from <= len(rest) {
		clause := marks.polite.ReplaceAllString(rest[from:], "")
		for _, p := range []*regexp.Regexp{marks.mark, marks.call} {
			if p == marks.call && len(rest) == len(text) {
				continue
			}
			at := p.FindStringIndex(clause)
			if at != nil && marks.other.MatchString(clause[at[1]:]) {
				return "", "", false
			}
			if at != nil {
				return rest[:from], clause[at[1]:], true
			}
		}
		next := strings.IndexAny(rest[from:], "，,。.;；\n")
		if next < 0 {
			break
		}
		_, size := utf8.DecodeRuneInString(rest[from+next:])
		from += next + size
	}
	return "", "", false
}

// shortSubject is too little to stand alone: 看看, 一下.
const shortSubject = 2

// subject is what a reminder is about: the text without its time and without the wish to be reminded.
func subject(rest string) string {
	before, after, ok := marked(rest, "")
	if !ok {
		after = marks.polite.ReplaceAllString(rest, "")
	}
	after = strings.Trim(marks.tail.ReplaceAllString(after, ""), " ，,")
	if before != "" && utf8.RuneCountInString(after) <= shortSubject {
		after = strings.Trim(before, " ，,。.;；\n") + "，" + after
	}
	return cut(strings.Trim(strings.Join(strings.Fields(after), " "), " ，,。.;；：:"), aboutRunes)
}

// planOf says what an errand in the person's own words is for.
func planOf(about string) Plan {
	has := func(key string) bool {
		for _, w := range strings.Fields(words.Get(key)) {
			if strings.Contains(about, w) {
				return true
			}
		}
		return false
	}
	switch {
	case has("read.remind_regulator"):
		return Regulating
	case has("read.remind_platform"):
		return OfPlatform
	}
	return Errand
}
