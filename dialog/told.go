package dialog

import (
	"slices"
	"strings"

	"wenzhu/dialog/words"
)

// asked are the states that put a question: what is typed there and asks nothing is an answer, however it is worded.
var asked = map[State]bool{
	Safety: true, Who: true, AskConsent: true, LogHow: true, LogWho: true, LogWords: true, Lender: true, Platform: true,
	SentOn: true, When: true, InStep: true,
}

// strict are the states in which a long answer must say a choice by its name: what it settles is not for guessing.
var strict = map[State]bool{AskConsent: true, When: true, InStep: true, SentOn: true}

// otherwise is what is taken where an answer was unclear twice: what keeps nothing and closes nothing.
var otherwise = map[State]string{AskConsent: "no", LogWho: "skip", Platform: "skip"}

// toldChoice is the one choice that the clauses of a long answer name; false where they name none or several.
func (t *talk) toldChoice(text string) (Button, bool) {
	var found []Button
	for _, clause := range clauses(plain(text)) {
		if oneOf("read.unsure", clause) {
			continue
		}
		b, ok := t.typedChoice(clause)
		if ok && (!strict[t.s.State] || isName(b, clause) || isName(b, kernel(clause))) && !slices.ContainsFunc(found, func(f Button) bool { return f.Data == b.Data }) {
			found = append(found, b)
		}
	}
	if len(found) == 0 || len(found) > 1 && t.s.State != LogHow {
		return Button{}, false
	}
	return found[0], true
}

// told takes an answer that names no choice. Nothing is stored: a story about something known is answered, and the
// question stays open; anything else is asked again once, with its buttons.
func (t *talk) told(text string) {
	again := "told:" + string(t.s.State)
	twice := t.s.Taken == again
	t.s.Taken = again
	row, settled := find(t.s.State, otherwise[t.s.State])
	switch open := t.stillAsked(); {
	case storied[t.s.State] && oneOf("read.topics", text):
		t.answer(text)
	case twice && settled:
		row.do(t, "")
	case t.s.State == Safety:
		t.askSafety("told.safety")
	case t.s.State == InStep:
		t.tell(words.Get("told.step"), t.stepButtons(t.s.Step)...)
	case t.s.State == LogHow:
		t.showAgain(t.s.Draft)
	case len(open) == 0:
		t.unclear()
	default:
		t.replies = append(t.replies, Reply{Text: toldText(t.s.State), Buttons: append(open, home())})
	}
}

// storied are the states in which people tell what happened to them, of which something can be said at once.
var storied = map[State]bool{Safety: true, Who: true, InStep: true}

// showAgain is the entry that is noted, for who said of it what is no way of harassing.
func (t *talk) showAgain(id string) {
	if e, ok := t.entry(id); ok {
		t.showEntry(id, e)
		first := &t.replies[len(t.replies)-1]
		first.Text = words.Get("told.how") + "\n" + first.Text
	}
}

// toldText asks again in the words of the state.
func toldText(s State) string {
	if text, ok := words.Find("told." + string(s)); ok {
		return text
	}
	return words.Get("told.any")
}

// asksBack says whether an answer asks something: a clause of it that is no not-knowing and no report of what was asked.
func asksBack(text string) bool {
	text = simple(text)
	if putsChoice(text) {
		return true
	}
	if startsWith("read.unsure", text) {
		return false
	}
	for _, clause := range clauses(text) {
		mark := strings.HasSuffix(clause, "?") || strings.HasSuffix(clause, "？")
		if !mark && (oneOf("read.unsure", clause) || oneOf("read.reports", clause)) {
			continue
		}
		if isQuestion(without("read.vague", clause)) {
			return true
		}
	}
	return false
}
