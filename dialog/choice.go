package dialog

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"wenzhu/dialog/words"
)

// choiceMost is how many characters a typed choice or menu entry has at most.
const choiceMost = 24

// meansMost is how many characters a choice in other words has at most; what is longer tells of more.
const meansMost = 20

// typedChoice is the choice that a text names: by number, by its label, or by words that mean it.
func (t *talk) typedChoice(text string) (Button, bool) {
	if utf8.RuneCountInString(text) > choiceMost {
		return Button{}, false
	}
	word := plain(text)
	if word == "" { // 👌
		word = strings.TrimSpace(text)
	}
	if n, ok := ordinal(kernel(text)); ok {
		if n >= 1 && n <= len(t.s.Offered) {
			return t.s.Offered[n-1], true
		}
		return Button{}, false
	}
	if b, ok := t.onScreen(text); ok {
		return b, true
	}
	choices := t.choices()
	for _, b := range choices {
		if word == plain(b.Label) || t.s.showsItems() && sameRunes(word, plain(b.Label)) {
			return stated(b), true
		}
	}
	loose := !asks(word) && utf8.RuneCountInString(text) <= meansMost
	for _, b := range choices {
		if means(b, word, loose) {
			return b, true
		}
	}
	return opening(choices, word)
}

// opening is the choice that a text begins with, whatever follows after a pause: 可以，但是别告诉别人.
func opening(choices []Button, word string) (Button, bool) {
	at := strings.IndexAny(word, " ,.。、;!")
	if at < 0 || isQuestion(word) || utf8.RuneCountInString(word) > meansMost {
		return Button{}, false
	}
	for _, b := range choices {
		if isName(b, word[:at]) {
			return b, true
		}
	}
	return Button{}, false
}

// isName says whether a plain text is the label of a button or, as a whole, one of the words for it.
func isName(b Button, word string) bool {
	core := trimTail(word)
	return word == plain(b.Label) || slices.ContainsFunc(formsOf(b), func(form string) bool {
		form = strings.TrimPrefix(form, "=")
		return form == word || form == core
	})
}

// stated is the button that a label stands for when it is typed: whoever writes that something is done takes no mark away.
func stated(b Button) Button {
	if item, ok := strings.CutPrefix(b.Data, "unmark:"); ok {
		step, _, _ := strings.Cut(item, ".")
		b.Data = "step:" + step
	}
	return b
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
	if onlyWish(text) || t.slipped(text) {
		return true
	}
	if t.s.State == When && t.onlyTime(text) {
		return true
	}
	for _, l := range talkWords { // the whole text: 谢谢你，我走了 is more than thanks
		if (l.name == "ok" || l.name == "thanks") && slices.Contains(l.forms, plain(text)) {
			return true
		}
	}
	if in, ok := t.managing(text); ok {
		_, which, _ := strings.Cut(in.arg, ":")
		if _, err := strconv.Atoi(which); err == nil {
			return true
		}
	}
	b, ok := t.typedChoice(text)
	if !ok {
		return false
	}
	_, isNumber := ordinal(plain(text))
	return isNumber || isName(b, plain(text))
}

// slipped says whether a text tells that the button of danger was pressed by mistake, 刚才手滑点到撑不住了，我没事: without
// the name of the button nothing in it is danger, and it says that the person is safe.
func (t *talk) slipped(text string) bool {
	if !oneOf("read.slipped", text) || !oneOf("read.safe_after", text) {
		return false
	}
	low, self := words.Get("arrive.low"), words.Get("read.self_first")
	e := t.e
	e.Text = strings.ReplaceAll(strings.ReplaceAll(text, low, ""), strings.TrimPrefix(low, self), "")
	_, danger := Emergency(e)
	return !danger
}

// sameRunes says whether two short texts have the same characters in any order: 截图存了, 存了截图.
func sameRunes(a, b string) bool {
	x, y := []rune(a), []rune(b)
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}

// onScreen is the button whose label a text is, of the newest screen or of those before it.
func (t *talk) onScreen(text string) (Button, bool) {
	word := plain(text)
	for _, b := range slices.Concat(t.s.Offered, t.s.Earlier) {
		if word != "" && word == plain(b.Label) {
			return stated(b), true
		}
	}
	if b, ok := t.onLast(word); ok {
		return b, true
	}
	return t.onAnswer(word)
}

// onAnswer is more of the newest answer, or its source, for whoever asks for it in the words of those buttons.
func (t *talk) onAnswer(word string) (Button, bool) {
	if t.Answers == nil || t.s.Topic == "" {
		return Button{}, false
	}
	s, ok := t.Answers.Snippet(t.s.Topic)
	if !ok {
		return Button{}, false
	}
	law, more := named("answer.law", "law:"+s.ID), named("answer.more", "more:"+s.ID)
	switch {
	case word == plain(more.Label) && s.Detail != "":
		return more, true
	case word == plain(more.Label), word == plain(law.Label):
		return law, true
	}
	return Button{}, false
}

// onLast is the button under the newest verdict that a text names, also when it is no longer on the screen.
func (t *talk) onLast(word string) (Button, bool) {
	if t.s.Counts.Judge == 0 {
		return Button{}, false
	}
	id := ringPlace(t.s.Counts.Judge - 1)
	for _, b := range []Button{
		named("verdict.keep", "keep:"+id), named("verdict.verify", "verify:"+id), named("verdict.dispute", "dispute:"+id), named("verdict.sender", "sender:"+id),
	} {
		if word == plain(b.Label) {
			return b, true
		}
	}
	return Button{}, false
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
		if data == stem || strings.Contains(l.name, ":") && strings.HasPrefix(data, stem+":") {
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
