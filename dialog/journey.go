package dialog

import (
	"fmt"
	"math/bits"
	"strconv"
	"strings"

	"wenzhu/dialog/words"
)

// stepKeys are the five steps in their order.
var stepKeys = [5]string{"calm", "evidence", "platform", "regulator", "lawyer"}

func stepName(n int) string { return words.Get("step." + stepKeys[n]) }

// bar draws how far the journey is.
func bar(s Session) string {
	done := 0
	for _, p := range s.Steps {
		if p.Done || p.Skip {
			done++
		}
	}
	return strings.Repeat("▰", done) + strings.Repeat("▱", len(s.Steps)-done)
}

// part is one text of a step for this kind of person; what is the same for all has no person in its key.
func part(s Session, step int, name string) string {
	person := s.Person
	if person == "" {
		person = Borrower
	}
	for _, key := range []string{string(person) + "_" + stepKeys[step], stepKeys[step]} {
		if text, ok := words.Find("step_" + name + "." + key); ok {
			return text
		}
	}
	return ""
}

// checklist are the items of the present step.
func checklist(s Session) []string {
	return strings.Split(strings.TrimSpace(part(s, s.Step, "todo")), "\n")
}

// greet is the first contact: who this is, and the one question that comes before all others.
func (t *talk) greet() {
	t.s.State, t.s.Home = Safety, Safety
	t.say("arrive.hello", nil, choice("arrive.safe", "safe"), named("arrive.threat", "sos"), named("arrive.low", "low"))
}

func (t *talk) askWho() {
	t.s.State, t.s.Home = Who, Who
	t.say("arrive.who", nil, choice("arrive.self", "self"), choice("arrive.relative", "relative"), choice("arrive.mistaken", "mistaken"))
}

func (t *talk) know(p Person) {
	t.s.Person = p
	t.show(0)
}

// again is /start of somebody who has been here.
func (t *talk) again() {
	if t.s.Home == "" {
		t.greet()
		return
	}
	t.say("arrive.again", []string{"step", stepName(t.s.Step), "bar", bar(t.s)}, named("go.back", "go:back"), home())
}

func (t *talk) safeAgain() {
	switch t.s.Home {
	case "", Safety:
		t.askWho()
	default:
		t.resume()
	}
}

// resume goes back to the place on the journey.
func (t *talk) resume() {
	switch t.s.Home {
	case "":
		t.hub()
	case Safety:
		t.greet()
	case Who:
		t.askWho()
	default:
		t.show(t.s.Step)
	}
}

// show is the screen of a step.
func (t *talk) show(step int) {
	t.s.State, t.s.Home, t.s.Step = InStep, InStep, step
	var b strings.Builder
	fmt.Fprintf(&b, "%d/5 %s %s\n%s\n", step+1, stepName(step), bar(t.s), part(t.s, step, "why"))
	for i, item := range checklist(t.s) {
		mark := "□"
		if t.s.Steps[step].Ticks&(1<<i) != 0 {
			mark = "☑"
		}
		fmt.Fprintf(&b, "%s %d %s\n", mark, i+1, item)
	}
	b.WriteString(part(t.s, step, "dont"))
	var buttons []Button
	switch stepKeys[step] {
	case "evidence":
		buttons = append(buttons, named("step.log", "log"))
	case "platform", "regulator":
		buttons = append(buttons, choice("step.letter", "letter"))
	}
	buttons = append(buttons, choice("step.done", "done"), choice("step.skip", "skip"), home())
	t.tell(strings.TrimSpace(b.String()), buttons...)
}

// tick marks items, or takes the marks away again.
func (t *talk) tick(arg string) {
	if !t.allowed("tick:" + arg) {
		return
	}
	for f := range strings.SplitSeq(arg, ",") {
		if n, ok := ordinal(f); ok && n >= 1 && n <= len(checklist(t.s)) {
			t.s.Steps[t.s.Step].Ticks ^= 1 << (n - 1)
		}
	}
	if all := len(checklist(t.s)); bits.OnesCount16(t.s.Steps[t.s.Step].Ticks) == all {
		t.say("step.all_ticked", []string{"step", stepName(t.s.Step)}, choice("step.done", "done"), t.back(), home())
		return
	}
	t.show(t.s.Step)
}

// finish ends a step and recommends the next one.
func (t *talk) finish(skipped bool) {
	p := &t.s.Steps[t.s.Step]
	p.Done, p.Skip = !skipped, skipped
	t.s.State = Hub // numbers are choices again, not items of the list
	for i := range t.s.Steps {
		n := (t.s.Step + 1 + i) % len(t.s.Steps)
		if next := t.s.Steps[n]; !next.Done && !next.Skip {
			t.s.Step = n
			t.say("step.next", []string{
				"bar", bar(t.s), "step", stepName(n), "why", part(t.s, n, "why"),
			}, Button{Label: words.Fill("step.go", "step", stepName(n)), Data: "step:" + strconv.Itoa(n)}, named("hub.progress", "go:progress"), home())
			return
		}
	}
	t.say("step.end", []string{"bar", bar(t.s)}, named("hub.log", "log"), named("hub.remind", "remind"), home())
}

// goStep goes to any step; they may be visited in any order.
func (t *talk) goStep(arg string) {
	if n, err := strconv.Atoi(arg); err == nil && n >= 0 && n < len(stepKeys) {
		t.show(n)
		return
	}
	t.unclear()
}

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
	default:
		t.unclear()
	}
}

func (t *talk) hub() {
	t.s.State = Hub
	t.say("hub.title", []string{"bar", bar(t.s)}, named("hub.progress", "go:progress"), named("hub.check", "go:check"), named("hub.ask", "go:ask"),
		named("hub.log", "log"), named("hub.remind", "remind"), named("hub.help", "go:help"), named("hub.data", "go:data"), named("hub.sos", "sos"))
}

// progress lists the steps, each to be visited.
func (t *talk) progress() {
	t.s.State = Hub
	var b strings.Builder
	b.WriteString(words.Fill("progress.title", "bar", bar(t.s)))
	var buttons []Button
	for n, p := range t.s.Steps {
		mark := "○"
		switch {
		case p.Done:
			mark = "✔"
		case p.Skip:
			mark = "–"
		case n == t.s.Step:
			mark = "●"
		}
		fmt.Fprintf(&b, "\n%s %s", mark, stepName(n))
		if n == t.s.Step && t.s.Person != "" {
			fmt.Fprintf(&b, " %d/%d", bits.OnesCount16(p.Ticks), len(checklist(t.s)))
		}
		buttons = append(buttons, Button{Label: stepName(n), Data: "step:" + strconv.Itoa(n)})
	}
	if c := t.s.Counts; c.Log > 0 {
		b.WriteString("\n" + words.Fill("progress.counts", "log", strconv.Itoa(c.Log), "night", strconv.Itoa(c.Night), "third", strconv.Itoa(c.Third)))
	}
	if at := t.s.NextReminder(); !at.IsZero() {
		b.WriteString("\n" + words.Fill("progress.due", "day", t.day(at)))
	}
	t.tell(b.String(), append(buttons, home())...)
}

func (t *talk) help() {
	operator := t.Operator
	if operator == "" {
		operator = words.Get("help.nobody")
	}
	t.s.State = Hub
	t.say("help.text", []string{"operator", operator}, named("hub.ask", "go:ask"), named("hub.data", "go:data"), t.back(), home())
}

// unclear answers what was not understood, with what to try and whom to reach.
func (t *talk) unclear() {
	t.say("go.unclear", nil, named("hub.check", "go:check"), named("hub.ask", "go:ask"), t.back(), home())
}

// medium answers what carries no words.
func (t *talk) medium(arg string) {
	key := "media." + arg
	if _, ok := words.Find(key); !ok {
		key = "media.unknown"
	}
	t.say(key, nil, t.back(), home())
}
