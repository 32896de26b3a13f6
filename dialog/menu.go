package dialog

import (
	"fmt"
	"math/bits"
	"strings"
	"time"

	"wenzhu/dialog/words"
)

// goTo opens a menu entry.
func (t *talk) goTo(arg string) {
	switch arg {
	case "hub":
		t.hub()
	case "back":
		t.resume()
	case "progress":
		t.progress()
	case "check":
		t.ask(Check, "hub.ask_check", nil, t.back(), home())
	case "ask":
		t.ask(Ask, "hub.ask_question", nil, t.back(), home())
	case "help":
		t.help()
	case "data":
		t.data()
	case "who":
		t.askWho()
	default:
		t.stale()
	}
}

// hub is the list of all that can be done, with the way back to the journey where other screens have the way here.
func (t *talk) hub() {
	t.s.State = Hub
	t.say("hub.title", []string{"bar", bar(t.s)}, named("hub.progress", "go:progress"), named("hub.check", "go:check"), named("hub.ask", "go:ask"),
		named("hub.log", "log"), named("hub.remind", "remind"), named("hub.help", "go:help"), named("hub.data", "go:data"), named("hub.sos", "sos"), t.back())
}

// progress lists the steps, each to be visited, with what was counted and what is due.
func (t *talk) progress() {
	t.s.State = Hub
	lines := []string{words.Fill("progress.title", "bar", bar(t.s))}
	var buttons []Button
	for n, p := range t.s.Steps {
		line := map[string]string{"done": "✔ ", "skipped": "– ", "now": "● ", "open": "○ "}[t.s.standing(n)] + stepName(n)
		if ticks := bits.OnesCount16(p.Ticks); ticks > 0 && !p.Done {
			line += fmt.Sprintf(" %d/%d", ticks, len(checklist(t.s, n)))
		}
		lines = append(lines, line)
		buttons = append(buttons, stepButton(n, stepName(n)))
	}
	if c := t.s.Counts; c.Log > 0 {
		lines = append(lines, words.Fill("progress.counts", "log", itoa(c.Log), "night", itoa(c.Night), "third", itoa(c.Third)))
	}
	for _, due := range []string{t.dueLine(), t.s.reminderLine()} {
		if due != "" {
			lines = append(lines, due)
		}
	}
	t.tell(strings.Join(lines, "\n"), append(buttons, named("log.list", "list"), named("hub.remind", "remind"), t.back(), home())...)
}

// standing is how far a step is: done, skipped, now or open.
func (s Session) standing(step int) string {
	switch p := s.Steps[step]; {
	case p.Done:
		return "done"
	case p.Skip:
		return "skipped"
	case step == s.Step:
		return "now"
	}
	return "open"
}

// due is the day on which an answer to what was sent is due, and what kind of answer; false where nothing was sent.
func (s Session) due() (day time.Time, paper string, ok bool) {
	day, err := time.ParseInLocation(time.DateOnly, s.Facts["due"], s.Location())
	paper = s.Facts["due_from"]
	return day, paper, err == nil && paper != ""
}

// dueLine says what is due, or was; "" nothing.
func (t *talk) dueLine() string {
	day, paper, ok := t.s.due()
	if !ok {
		return ""
	}
	key := "progress.due"
	if !t.e.At.Before(day.AddDate(0, 0, 1)) {
		key = "progress.overdue"
	}
	return words.Fill(key, "day", t.day(day), "what", words.Get("progress.due_"+paper))
}

// reminderLine says when the next reminder comes; "" never.
func (s Session) reminderLine() string {
	at := s.NextReminder()
	if at.IsZero() {
		return ""
	}
	return words.Fill("progress.reminder", "day", dated(at.In(s.Location())))
}

func (t *talk) help() {
	operator := t.Operator
	if operator == "" {
		operator = words.Get("help.nobody")
	}
	t.s.State = Hub
	t.say("help.text", []string{"operator", operator}, named("hub.ask", "go:ask"), named("hub.data", "go:data"), named("hub.sos", "sos"), t.back(), home())
}

// unclear answers what was not understood, with what to try and whom to reach.
func (t *talk) unclear() {
	t.say("go.unclear", nil, named("hub.check", "go:check"), named("hub.ask", "go:ask"), t.back(), home())
}

// stale answers a button whose time has gone; nothing is changed.
func (t *talk) stale() { t.say("go.stale", nil, t.back(), home()) }

// smallTalk answers what is neither a question nor a message: thanks, a sigh, a curse. Where the first questions are
// still open they are asked again.
func (t *talk) smallTalk(kind string) {
	_, talks := words.Find("talk." + kind)
	switch {
	case !talks:
		t.stale()
	case t.s.State == Fresh && kind != "tired":
		t.greet()
	case (t.s.State == Safety || t.s.State == Who) && (kind == "ok" || kind == "thanks"):
		t.resume()
	default:
		var buttons []Button
		if ids, ok := words.Find("talk_topic." + kind); ok {
			buttons = t.topics(strings.Fields(ids)...)
		}
		if kind == "tired" {
			buttons = append(buttons, named("arrive.low", "low"))
		}
		t.say("talk."+kind, nil, append(buttons, t.back(), home())...)
	}
}

// medium answers what carries no words.
func (t *talk) medium(arg string) {
	key := "media." + arg
	if _, ok := words.Find(key); !ok {
		key = "media.unknown"
	}
	buttons := []Button{t.back(), home()}
	if arg == string(Contact) || arg == string(Voice) {
		buttons = append([]Button{named("hub.log", "log")}, buttons...)
	}
	if arg == string(Location) {
		buttons = append([]Button{named("hub.sos", "sos")}, buttons...)
	}
	t.say(key, nil, buttons...)
}
