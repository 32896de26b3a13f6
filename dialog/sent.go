package dialog

import (
	"time"

	"wenzhu/dialog/words"
)

func (t *talk) askSent() {
	key := "letter.when_sent"
	if t.s.Paper == policePaper {
		key = "letter.when_reported"
	}
	t.ask(SentOn, key, nil, choice("letter.today", "sent:today"), choice("letter.yesterday", "sent:yesterday"), t.back(), home())
}

// setSent takes the day on which the paper was sent, and offers a reminder for the day on which an answer is due there.
func (t *talk) setSent(arg string) {
	day, ok := sentChoice(arg, t.now())
	if !ok {
		t.ask(SentOn, "letter.sent_later", nil, choice("letter.today", "sent:today"), choice("letter.yesterday", "sent:yesterday"), t.back(), home())
		return
	}
	paper := t.s.Paper
	by := t.doorOf().company
	switch paper {
	case regulatorPaper:
		by = t.doorOf().office
	case policePaper:
		by = byPolice
	}
	due := by.due(day)
	t.learn("due", due.Format(time.DateOnly))
	t.learn("due_from", paper)
	t.learn("due_by", string(by))
	if t.s.Facts["complained"] == "" {
		t.learn("complained", day.Format(time.DateOnly))
	}
	t.s.State, t.s.Home, t.s.Paper = InStep, InStep, ""
	key, link := "letter.due_"+string(by), words.Get("due_topic."+string(by))
	if by == byNobody && paper == regulatorPaper {
		link = words.Get("door_topic." + t.doorOf().name)
	}
	if !due.After(t.e.At) {
		key = "letter.overdue"
	}
	buttons := []Button{{Label: words.Get("letter.remind"), Data: "remind:due"}}
	if stepKeys[t.s.Step] == paper {
		buttons = append(buttons, choice("step.done", "done"))
	}
	t.say(key, []string{"day", t.day(due)}, append(append(buttons, t.topics(link)...), t.back(), home())...)
}

// sentChoice is the day of a button, or of what was typed.
func sentChoice(arg string, now time.Time) (time.Time, bool) {
	switch arg {
	case "today":
		return now, true
	case "yesterday":
		return now.AddDate(0, 0, -1), true
	}
	return pastDay(arg, now)
}
