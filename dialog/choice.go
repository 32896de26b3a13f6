package dialog

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"wenzhu/dialog/words"
)

// choiceMost is how many characters a typed choice or menu entry has at most.
const choiceMost = 24

// command reads slash commands and the exact words of menu entries.
func command(text string) (input, bool) {
	if utf8.RuneCountInString(text) > choiceMost {
		return input{}, false
	}
	word := plain(text)
	if strings.HasPrefix(word, "/") {
		word, _, _ = strings.Cut(word, " ")
		word, _, _ = strings.Cut(word, "@")
	}
	core := kernel(text)
	if l := commandWords[0]; greets(l, word) {
		return parse(l.name), true
	}
	for _, l := range commandWords {
		if slices.Contains(l.forms, word) || slices.Contains(l.forms, core) {
			return parse(l.name), true
		}
	}
	if name, ok := bareCommands[bare(core)]; ok && bare(core) != core {
		return parse(name), true
	}
	return input{}, false
}

// bare is a command without the words for how much of it is meant: 取消所有的提醒 is 取消提醒.
func bare(text string) string {
	for _, word := range readWords["read.filler"] {
		text = strings.ReplaceAll(text, word, "")
	}
	return text
}

// bareCommands are the menu entries by their bare forms, the first of each.
var bareCommands = func() map[string]string {
	all := make(map[string]string)
	for _, l := range slices.Backward(commandWords) {
		for _, form := range l.forms {
			all[bare(form)] = l.name
		}
	}
	delete(all, "")
	return all
}()

// greets says whether a text is made of greetings only: 您好，在吗.
func greets(l wordList, text string) bool {
	if text == "" {
		return false
	}
	for text != "" {
		longest := ""
		for _, form := range l.forms {
			if len(form) > len(longest) && strings.HasPrefix(text, form) {
				longest = form
			}
		}
		if longest == "" {
			return false
		}
		text = strings.TrimLeftFunc(text[len(longest):], func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) && c != '/' })
	}
	return true
}

// meansMost is how many characters a choice in other words has at most; what is longer tells of more.
const meansMost = 20

// typedChoice is the choice that a text names: by number, by its label, or by words that mean it.
func (t *talk) typedChoice(text string) (Button, bool) {
	if utf8.RuneCountInString(text) > choiceMost {
		return Button{}, false
	}
	word := plain(text)
	if n, ok := ordinal(kernel(text)); ok {
		if n >= 1 && n <= len(t.s.Offered) {
			return t.s.Offered[n-1], true
		}
		return Button{}, false
	}
	choices := t.choices()
	for _, b := range choices {
		if word == plain(b.Label) || t.s.showsItems() && sameRunes(word, plain(b.Label)) {
			return b, true
		}
	}
	for _, b := range t.s.Earlier {
		if word == plain(b.Label) {
			return b, true
		}
	}
	loose := !asks(word) && utf8.RuneCountInString(text) <= meansMost
	for _, b := range choices {
		if means(b, word, loose) {
			return b, true
		}
	}
	return Button{}, false
}

// namesChoice says whether a text is nothing but the name of something that is on the screen or in the menu, or thanks:
// 我自己, 不用了, 第一个. That is an answer, whatever it might mean from somebody who was asked nothing.
func (t *talk) namesChoice() bool {
	text := strings.TrimSpace(t.e.Text)
	if t.e.Kind != Text || t.e.Forwarded || t.e.FromPicture || utf8.RuneCountInString(text) > choiceMost {
		return false
	}
	if _, ok := command(text); ok {
		return true
	}
	if kind, ok := talkKind(text); ok && (kind == "ok" || kind == "thanks") {
		return true
	}
	b, ok := t.typedChoice(text)
	if !ok {
		return false
	}
	word := plain(text)
	if _, isNumber := ordinal(word); isNumber || word == plain(b.Label) {
		return true
	}
	core := trimTail(word)
	return slices.ContainsFunc(formsOf(b), func(form string) bool {
		form = strings.TrimPrefix(form, "=")
		return form == word || form == core
	})
}

// sameRunes says whether two short texts have the same characters in any order: 截图存了, 存了截图.
func sameRunes(a, b string) bool {
	x, y := []rune(a), []rune(b)
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}

// offers says whether a text is the label of a choice.
func (t *talk) offers(text string) bool {
	word := plain(text)
	return slices.ContainsFunc(t.s.Offered, func(b Button) bool { return plain(b.Label) == word })
}

// choices are the buttons that were offered, and those of their kind for which there was no room.
func (t *talk) choices() []Button {
	all := slices.Clone(t.s.Offered)
	switch t.s.State {
	case LogHow:
		var first []Button
		for _, how := range []string{"third", "visit", "sms", "wechat", "call"} { // 打给我妈 is about her, not about the call
			first = append(first, named("log.how_"+how, "how:"+how+":"+t.s.Draft))
		}
		all = append(first, all...)
	case When:
		all = append(all, Button{Label: words.Get("consent.no"), Data: t.round() + "no"})
	case Lender:
		for _, page := range lenderPages {
			for _, l := range page {
				all = append(all, Button{Label: words.Get("lender." + l), Data: t.round() + "lender:" + l})
			}
		}
	}
	return all
}

// formsOf are the words that stand for a button.
func formsOf(b Button) []string {
	data := b.Data
	if isRound(data) {
		_, data, _ = strings.Cut(data, ".")
	}
	for _, l := range choiceWords {
		stem := strings.TrimSuffix(l.name, ":")
		if data == l.name || strings.Contains(l.name, ":") && strings.HasPrefix(data, stem+":") {
			return l.forms
		}
	}
	return nil
}

// means says whether a text is one of the words that stand for a button or, loosely, uses one and none that speaks
// against it.
func means(b Button, text string, loose bool) bool {
	core, hit := kernel(text), false
	for _, form := range formsOf(b) {
		switch {
		case strings.HasPrefix(form, "-"):
			if strings.Contains(text, form[1:]) {
				return false
			}
		case strings.HasPrefix(form, "="):
			hit = hit || text == form[1:] || core == form[1:]
		default:
			hit = hit || loose && strings.Contains(text, form)
		}
	}
	return hit
}

// ordinal reads 2, 二, 第二个, 选2.
func ordinal(text string) (int, bool) {
	for _, cut := range readWords["read.ordinal"] {
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
	text = plain(text)
	for _, tail := range readWords["read.item_done"] {
		if rest, ok := strings.CutSuffix(text, tail); ok {
			text = rest
			break
		}
	}
	numbers := strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune(" ,，、.和", c) })
	if n, err := strconv.Atoi(text); err == nil && n > most { // 123 is one after the other
		numbers = strings.Split(text, "")
	}
	if len(numbers) == 0 || len(numbers) > most {
		return "", false
	}
	for i, f := range numbers {
		n, ok := ordinal(kernel(f))
		if !ok || n < 1 || n > most {
			return "", false
		}
		numbers[i] = strconv.Itoa(n)
	}
	return strings.Join(numbers, ","), true
}

// narrow folds the widths and forms of characters: ２ and ② are 2.
func narrow(text string) string { return norm.NFKC.String(text) }

// plain is a short text as it is compared: one width, lower case, simplified, without marks at its ends.
func plain(text string) string {
	text = strings.Map(func(c rune) rune {
		if simple, ok := simplified[c]; ok {
			return simple
		}
		return unicode.ToLower(c)
	}, narrow(text))
	return strings.TrimFunc(text, func(c rune) bool {
		return c != '/' && !unicode.IsLetter(c) && !unicode.IsDigit(c)
	})
}

// kernel is a short text without the words that lead to it and trail off: 那就第二个吧 is 第二个.
func kernel(text string) string {
	text = plain(text)
	for again := true; again; {
		again = false
		for _, lead := range readWords["read.lead"] {
			if rest, ok := strings.CutPrefix(text, lead); ok && rest != "" {
				text, again = strings.TrimLeft(rest, " ,，。"), true
			}
		}
		if core := trimTail(text); core != text {
			text, again = core, true
		}
	}
	return text
}

// trimTail is a plain text without the words that trail off.
func trimTail(text string) string {
	for again := true; again; {
		again = false
		for _, tail := range readWords["read.tail"] {
			if rest, ok := strings.CutSuffix(text, tail); ok && rest != "" {
				text, again = strings.TrimRight(rest, " ,，。"), true
			}
		}
	}
	return text
}

// simplified are the simplified forms of traditional characters.
var simplified = func() map[rune]rune {
	pairs := []rune(words.Get("read.traditional"))
	all := make(map[rune]rune, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		all[pairs[i]] = pairs[i+1]
	}
	return all
}()

// wordList is a line of the words: a name, and the forms that stand for it.
type wordList struct {
	name  string
	forms []string
}

// readWords are the words that the reader compares with, split once, by key.
var readWords = func() map[string][]string {
	all := make(map[string][]string)
	for _, key := range words.Keys() {
		if strings.HasPrefix(key, "read.") {
			all[key] = strings.Fields(words.Get(key))
		}
	}
	return all
}()

var (
	commandWords = wordLists("read.commands")
	choiceWords  = wordLists("read.means")
	talkWords    = wordLists("read.talk")
)

// wordLists are the lines of a key.
func wordLists(key string) []wordList {
	var all []wordList
	for line := range strings.Lines(words.Get(key)) {
		if f := strings.Fields(line); len(f) > 0 {
			all = append(all, wordList{f[0], f[1:]})
		}
	}
	return all
}

// oneOf says whether a text contains one of the words of a key.
func oneOf(key, text string) bool {
	return slices.ContainsFunc(readWords[key], func(w string) bool { return strings.Contains(text, w) })
}

// startsWith says whether a text starts with one of the words of a key.
func startsWith(key, text string) bool {
	return slices.ContainsFunc(readWords[key], func(w string) bool { return strings.HasPrefix(text, w) })
}

// endsIn says whether a text ends in one of the words of a key.
func endsIn(key, text string) bool {
	return slices.ContainsFunc(readWords[key], func(w string) bool { return strings.HasSuffix(text, w) })
}
