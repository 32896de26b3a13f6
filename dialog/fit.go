package dialog

import (
	"errors"
	"unicode/utf8"

	"wenzhu/dialog/when"
)

// free are the states whose question takes free words, and what fits each.
var free = map[State]func(t *talk, text string) bool{
	Lender:   fitsLender,
	Platform: fitsName,
	AskZone:  func(t *talk, text string) bool { return !t.intrudes(text) && !asks(text) && !chats(text) },
	Letter:   fitsSending,
	LogWho:   fitsNumber,
	LogWords: func(_ *talk, text string) bool { return !asksAboutWords(text) },
	When:     fitsTime,
	SentOn:   fitsDay,
	Ask:      func(t *talk, text string) bool { return !t.intrudes(text) },
	Check:    fitsMessage,
}

// fitsLender: the name of a company or an app in place of its kind.
func fitsLender(t *talk, text string) bool {
	return utf8.RuneCountInString(text) <= meansMost && !t.intrudes(text) && !asks(text) && !statement(text) && !chats(text) && !noise(text)
}

func fitsName(t *talk, text string) bool {
	return !t.intrudes(text) && (!isQuestion(text) || startsWith("read.unsure", text)) && !chats(text) && !noise(text)
}

// fitsMessage: nearly everything, for somebody was asked to paste it. Thanks and sighs are for us; a curse may have been
// received.
func fitsMessage(t *talk, text string) bool {
	if kind, chat := talkKind(text); chat && kind != "insult" {
		return false
	}
	return t.looks(text) >= perhaps || !asksProgram(text)
}

// fitsNumber: also what is said of a number in its place, such as 隐藏号码.
func fitsNumber(t *talk, text string) bool {
	switch {
	case isNumber(text):
		return true
	case isQuestion(text) || chats(text):
		return false
	}
	return oneOf("read.number_like", text) && utf8.RuneCountInString(text) <= logNumber || !t.intrudes(text)
}

func fitsTime(t *talk, text string) bool {
	asked := asks(marks.tail.ReplaceAllString(text, ""))
	return !asked && !t.intrudes(text) && (t.namesTime(text) || oneOf("read.vague_time", text))
}

// fitsSending: when it was sent, said before it is asked.
func fitsSending(t *talk, text string) bool {
	_, ok := pastDay(text, t.now())
	return ok && oneOf("read.sending", text) && !asks(text) && !t.received(text)
}

func fitsDay(t *talk, text string) bool {
	_, ok := pastDay(text, t.now())
	return !asks(text) && !t.intrudes(text) && (ok || oneOf("read.not_sent", text))
}

// namesTime says whether a text names a time, also a wrong or past one, so that the answer can be about that.
func (t *talk) namesTime(text string) bool {
	_, err := when.Parse(text, t.now())
	return err == nil || errors.Is(err, when.ErrLunar) || !errors.Is(err, when.ErrNoTime) && !errors.Is(err, when.ErrEmpty)
}

// onlyTime says whether a text names a time and nothing else.
func (t *talk) onlyTime(text string) bool {
	at, err := when.Parse(text, t.now())
	return err == nil && subject(at.Rest) == ""
}

// intrudes says whether a text is a message in place of the answer that was asked for.
func (t *talk) intrudes(text string) bool {
	if t.s.State == When && (t.looks(text) < certain || utf8.RuneCountInString(text) <= meansMost && t.namesTime(text)) {
		return addressed(text) || copied(text)
	}
	return t.received(text)
}
