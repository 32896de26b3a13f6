package dialog

import (
	"errors"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"

	"wenzhu/dialog/when"
	"wenzhu/dialog/words"
)

// input is what an event was read as: a verb of the table and its argument.
type input struct{ verb, arg string }

// read finds what a text or a press means. The order is that of the design: danger has been looked for before;
// then a menu entry, an answer to what was just asked, a message to judge, a question, and else nothing understood.
func (t *talk) read() input {
	switch t.e.Kind {
	case Press:
		return t.readPress(t.e.Data)
	case Start:
		return input{verb: "start"}
	case Media:
		return input{"medium", string(t.e.Medium)}
	}
	text := strings.TrimSpace(t.e.Text)
	if text == "" {
		return input{verb: "unclear"}
	}
	if !t.e.Forwarded && !t.e.FromPicture {
		if in, ok := command(text); ok {
			return in
		}
		if in, ok := t.reminding(text); ok {
			return in
		}
		if in, ok := t.answerTo(text); ok {
			return in
		}
	}
	return t.readFree(text)
}

// readPress tells the choices of this round from older ones, and from buttons that name their own thing.
func (t *talk) readPress(data string) input {
	round, rest, isChoice := strings.Cut(data, ".")
	if !isChoice || !strings.HasPrefix(round, "r") {
		return parse(data)
	}
	n, err := strconv.ParseInt(round[1:], 36, 64)
	switch {
	case err != nil:
		return input{verb: "unclear"}
	case data == t.s.Taken:
		return input{verb: "twice"}
	case int(n) != t.s.Round:
		return input{verb: "stale"}
	}
	t.s.Taken = data
	return parse(rest)
}

func parse(data string) input {
	verb, arg, _ := strings.Cut(data, ":")
	if _, ok := find(Any, verb); !ok && !stateVerbs[verb] {
		return input{verb: "unclear"}
	}
	return input{verb, arg}
}

// stateVerbs are the verbs that only some states know.
var stateVerbs = map[string]bool{
	"self": true, "relative": true, "mistaken": true, "tick": true, "done": true, "skip": true, "letter": true, "lender": true, "old": true,
	"sent": true, "yes": true, "no": true, "how": true, "when": true,
}

// command reads slash commands and the exact words of menu entries.
func command(text string) (input, bool) {
	word := strings.ToLower(strings.Trim(narrow(text), " 。.!！~"))
	if strings.HasPrefix(word, "/") {
		word, _, _ = strings.Cut(word, " ")
	}
	for line := range strings.Lines(words.Get("read.commands")) {
		data, forms, _ := strings.Cut(strings.TrimSpace(line), " ")
		for form := range strings.FieldsSeq(forms) {
			if form == word {
				return parse(data), true
			}
		}
	}
	return input{}, false
}

func narrow(text string) string {
	return strings.Map(func(c rune) rune {
		if n := width.LookupRune(c).Narrow(); n != 0 && n < 0x80 {
			return n
		}
		return c
	}, text)
}

// answerTo reads a text as an answer to what was just asked: a fitting choice, number, date, name.
func (t *talk) answerTo(text string) (input, bool) {
	if b, ok := t.typedChoice(text); ok {
		if strings.HasPrefix(b.Data, "r") && strings.Contains(b.Data, ".") {
			return t.readPress(b.Data), true
		}
		return parse(b.Data), true
	}
	if t.s.State == InStep {
		if numbers, ok := itemNumbers(text, len(checklist(t.s))); ok {
			return input{"tick", numbers}, true
		}
	}
	if !free[t.s.State] || t.looks(text) >= pasted && t.s.State != LogWords {
		return input{}, false
	}
	switch t.s.State {
	case When, SentOn:
		if !t.namesTime(text) || isQuestion(marks.tail.ReplaceAllString(text, "")) {
			return input{}, false
		}
	case Ask, Check:
	default:
		if isQuestion(text) {
			return input{}, false
		}
	}
	return input{"text", text}, true
}

// namesTime says whether a text names a time, also a wrong or past one, so that the answer can be about that.
func (t *talk) namesTime(text string) bool {
	_, err := when.Parse(text, t.e.At.In(t.s.Location()))
	return err == nil || errors.Is(err, when.ErrLunar) || !errors.Is(err, when.ErrNoTime) && !errors.Is(err, when.ErrEmpty)
}

// From these values of Looks on a text is taken for a message that somebody received, or may be one.
const (
	pasted   = 0.7
	perhaps  = 0.4
	fewRunes = 6
)

func (t *talk) looks(text string) float64 {
	if t.Judge == nil {
		return 0
	}
	return t.Judge.Looks(text)
}

// noise has nothing to read: no Chinese, or one character over and over.
func noise(text string) bool {
	first, same, han := rune(0), true, false
	for _, c := range text {
		if first == 0 {
			first = c
		}
		same = same && c == first
		han = han || unicode.Is(unicode.Han, c)
	}
	return same || !han && !strings.Contains(text, "://")
}

// free are the states whose question takes free words.
var free = map[State]bool{Platform: true, LogWho: true, LogWords: true, When: true, AskZone: true, SentOn: true, Ask: true, Check: true}

// typedChoice is the offered button that a text names: by number, by its label, or by words that mean it.
func (t *talk) typedChoice(text string) (Button, bool) {
	word := strings.Trim(narrow(text), " 。.!！,，~")
	if n, ok := ordinal(word); ok {
		if n >= 1 && n <= len(t.s.Offered) && t.s.State != InStep {
			return t.s.Offered[n-1], true
		}
		return Button{}, false
	}
	for _, b := range t.s.Offered {
		if word == b.Label {
			return b, true
		}
	}
	if utf8.RuneCountInString(word) > 20 || isQuestion(word) {
		return Button{}, false
	}
	for _, b := range t.s.Offered {
		if means(b, word) {
			return b, true
		}
	}
	return Button{}, false
}

// means says whether a text uses one of the words that stand for a button, and none that speaks against it.
func means(b Button, text string) bool {
	_, verb, isChoice := strings.Cut(b.Data, ".")
	if !isChoice {
		verb = b.Data
	}
	for line := range strings.Lines(words.Get("read.means")) {
		data, forms, _ := strings.Cut(strings.TrimSpace(line), " ")
		if data != verb && !strings.HasPrefix(verb, data+":") { // the rest names a thing
			continue
		}
		hit := false
		for form := range strings.FieldsSeq(forms) {
			if no, ok := strings.CutPrefix(form, "-"); ok {
				if strings.Contains(text, no) {
					return false
				}
				continue
			}
			hit = hit || strings.Contains(text, form)
		}
		return hit
	}
	return false
}

// ordinal reads 2, ２, 二, 第二个, 选2.
func ordinal(text string) (int, bool) {
	for _, cut := range strings.Fields(words.Get("read.ordinal")) {
		text = strings.ReplaceAll(text, cut, "")
	}
	if n, err := strconv.Atoi(text); err == nil && len(text) <= 2 {
		return n, true
	}
	if at := strings.Index(words.Get("read.numerals"), text); at >= 0 && utf8.RuneCountInString(text) == 1 {
		return at/len(text) + 1, true
	}
	return 0, false
}

// itemNumbers reads "1", "1 3", "1、3" as items of a checklist.
func itemNumbers(text string, most int) (string, bool) {
	fields := strings.FieldsFunc(narrow(text), func(c rune) bool { return strings.ContainsRune(" ,，、.和", c) })
	if len(fields) == 0 || len(fields) > most {
		return "", false
	}
	for _, f := range fields {
		if n, ok := ordinal(f); !ok || n < 1 || n > most {
			return "", false
		}
	}
	return strings.Join(fields, ","), true
}

// readFree tells messages from questions.
func (t *talk) readFree(text string) input {
	looks := t.looks(text)
	switch {
	case t.e.Forwarded, t.e.FromPicture:
		return input{verb: "message"}
	case t.s.State == Check:
		return input{verb: "text"}
	case noise(text):
		return input{verb: "unclear"}
	case looks >= pasted:
		return input{verb: "message"}
	case isQuestion(text) && looks < perhaps:
		return input{verb: "question"}
	case looks >= perhaps:
		return input{verb: "which"}
	case utf8.RuneCountInString(text) >= fewRunes || looksAsked(text):
		return input{verb: "question"}
	}
	return input{verb: "unclear"}
}

// isQuestion says whether a text asks something.
func isQuestion(text string) bool {
	for _, w := range strings.Fields(words.Get("read.asking")) {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// looksAsked says whether a short text names a topic of this field.
func looksAsked(text string) bool {
	for _, w := range strings.Fields(words.Get("read.topics")) {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}
