package dialog

import (
	"fmt"
	"math/bits"
	"slices"
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

// person is who speaks; who has not said so is spoken to as a borrower.
func (s Session) person() Person {
	if s.Person == "" {
		return Borrower
	}
	return s.Person
}

// part is one text of a step for this kind of person; what is the same for all has no person in its key.
func part(s Session, step int, name string) string {
	for _, key := range []string{string(s.person()) + "_" + stepKeys[step], stepKeys[step]} {
		if text, ok := words.Find("step_" + name + "." + key); ok {
			return text
		}
	}
	return ""
}

// item is one line of a checklist: what its button says once it is done, and what to do.
type item struct{ label, text string }

// checklist are the items of a step.
func checklist(s Session, step int) []item {
	var items []item
	for line := range strings.SplitSeq(part(s, step, "todo"), "\n") {
		label, text, _ := strings.Cut(line, " | ")
		items = append(items, item{label, text})
	}
	return items
}

// ticked says whether an item is marked as done.
func (p Progress) ticked(i int) bool { return p.Ticks&(1<<i) != 0 }

// stepButton goes to a step.
func stepButton(n int, label string) Button {
	return Button{Label: label, Data: "step:" + strconv.Itoa(n)}
}

// toStep is such a button that says so.
func toStep(n int) Button { return stepButton(n, words.Fill("step.go", "step", stepName(n))) }

// stepNumber reads a step's number from a button, 0 to 4.
func stepNumber(arg string) (int, bool) {
	n, err := strconv.Atoi(arg)
	return n, err == nil && n >= 0 && n < len(stepKeys)
}

// greet is the first contact: who this is, and the one question that comes before all others.
func (t *talk) greet() { t.askSafety("arrive.hello") }

func (t *talk) askSafety(key string) {
	t.s.State, t.s.Home = Safety, Safety
	t.say(key, nil, choice("arrive.safe", "safe"), named("arrive.threat", "sos"), named("arrive.low", "low"))
}

// askOn asks, after an answer that came first, what is still open of the first questions. It is asked once; where that
// has been done it waits quietly, and comes again only when the answer tells of danger.
func (t *talk) askOn() {
	switch {
	case len(t.replies) == 0:
	case t.newcomer && (t.aside() || t.s.State == Hub):
		t.greet()
	case !t.aside():
	case t.s.Home == Safety && t.threatened:
		t.askSafety("arrive.safety_again")
	case patient[t.was]:
		t.s.State = t.was
	}
}

func (t *talk) askWho() { t.askPerson("arrive.who") }

func (t *talk) askPerson(key string) {
	t.s.State, t.s.Home = Who, Who
	t.say(key, nil, choice("arrive.self", "self"), choice("arrive.relative", "relative"), choice("arrive.mistaken", "mistaken"))
}

// know takes who is speaking; somebody who only corrects that stays at their step.
func (t *talk) know(p Person) {
	t.s.Person = p
	t.show(t.s.Step)
}

// again is /start of somebody who has been here.
func (t *talk) again() {
	switch t.s.Home {
	case "", Safety:
		t.greet()
	case Who:
		t.askWho()
	default:
		t.s.State = Hub
		text := words.Fill("arrive.again", "step", stepName(t.s.Step), "bar", bar(t.s))
		if due := t.dueLine(); due != "" {
			text += "\n" + due
		}
		t.tell(text, named("arrive.go_on", "go:back"), named("hub.progress", "go:progress"), named("arrive.change", "go:who"), home())
	}
}

// safeAgain goes on after an emergency: who was threatened is offered to have it noted and reported, who was low is left
// in peace. Where the first questions are still open they come next.
func (t *talk) safeAgain(arg string) {
	if t.s.Home == "" || t.s.Home == Safety {
		t.s.Home = Who // whether they are safe is answered
	}
	switch {
	case arg == "low":
		t.s.State = Hub
		t.say("arrive.calm_now", nil, named("emergency.tomorrow_button", "tomorrow"), t.back(), home())
	case t.s.Home == Who:
		t.askWho()
	default:
		t.s.State = Hub
		t.say("arrive.safe_now", nil, named("hub.log", "log"), named("letter.police", "letter:"+policePaper), t.back(), home())
	}
}

// resume goes back to the place on the journey.
func (t *talk) resume() {
	switch t.s.Home {
	case "":
		t.hub()
	case Safety:
		t.askSafety("arrive.safety_again")
	case Who:
		t.askWho()
	default:
		switch {
		case t.s.Consent == NotAsked && t.s.Wanted != "" && t.was != AskConsent:
			t.allowed(t.s.Wanted)
		case t.s.Home == Letter && !t.asking():
			t.letter(t.s.Paper)
		default:
			t.s.Wanted = ""
			t.show(t.s.Step)
		}
	}
}

// show is the screen of a step: why, what to do, what not, what comes next. Each item has a button in its own place,
// which marks it or takes the mark away: nothing moves under the thumb.
func (t *talk) show(step int) {
	t.s.State, t.s.Home, t.s.Step = InStep, InStep, step
	var b strings.Builder
	fmt.Fprintf(&b, "%d/5 %s %s\n%s\n", step+1, stepName(step), bar(t.s), part(t.s, step, "why"))
	var buttons []Button
	for i, item := range checklist(t.s, step) {
		box, verb := "□", "mark"
		if t.s.Steps[step].ticked(i) {
			box, verb = "☑", "unmark"
		}
		fmt.Fprintf(&b, "%s %d %s\n", box, i+1, item.text)
		buttons = append(buttons, Button{Label: box + " " + item.label, Data: fmt.Sprintf("%s:%d.%d", verb, step, i)})
	}
	b.WriteString(part(t.s, step, "dont") + "\n" + part(t.s, step, "next"))
	switch key := stepKeys[step]; key {
	case "evidence":
		buttons = append(buttons, named("step.log", "log"))
	case platformPaper, regulatorPaper:
		buttons = append(buttons, named("step."+key+"_letter", "letter:"+key))
	}
	buttons = append(buttons, named("step.howto", "howto:"+strconv.Itoa(step)), choice("step.done", "done"), choice("step.skip", "skip"), home())
	t.tell(b.String(), buttons...)
}

// howto offers what the knowledge has on the items of a step, for who is stuck.
func (t *talk) howto(arg string) {
	step, ok := stepNumber(arg)
	if !ok {
		step = t.s.Step
	}
	buttons := t.topics(strings.Fields(part(t.s, step, "howto"))...)
	t.s.State = Hub
	t.say("step.howto_head", []string{"step", stepName(step)}, append(buttons, t.back(), home())...)
}

// mark ticks the item whose button was pressed, or takes the mark away: "1.2" is the third item of the second step.
func (t *talk) mark(arg string, done bool) {
	at, n, _ := strings.Cut(arg, ".")
	step, ok := stepNumber(at)
	i, err := strconv.Atoi(n)
	switch {
	case !ok || err != nil || i < 0 || i >= len(checklist(t.s, step)):
		t.stale()
	case t.s.State == InStep && t.s.Step == step && t.s.Steps[step].ticked(i) == done:
		t.silence = DoubleTap
	case !done:
		t.s.Steps[step].Ticks &^= 1 << i
		t.marked(step)
	case t.permitted("mark:" + arg):
		t.s.Steps[step].Ticks |= 1 << i
		t.marked(step)
	}
}

// tick turns the marks of the items whose numbers were typed.
func (t *talk) tick(arg string) {
	if !t.permitted("tick:" + arg) {
		return
	}
	for f := range strings.SplitSeq(arg, ",") {
		if n, ok := ordinal(f); ok && n >= 1 && n <= len(checklist(t.s, t.s.Step)) {
			t.s.Steps[t.s.Step].Ticks ^= 1 << (n - 1)
		}
	}
	t.marked(t.s.Step)
}

// marked shows the step with its marks, and asks whether it is done when all are made.
func (t *talk) marked(step int) {
	if bits.OnesCount16(t.s.Steps[step].Ticks) < len(checklist(t.s, step)) {
		t.show(step)
		return
	}
	t.s.State, t.s.Home, t.s.Step = InStep, InStep, step
	t.say("step.all_ticked", []string{"step", stepName(step)}, choice("step.done", "done"), t.back(), home())
}

// finish ends a step and recommends the next one.
func (t *talk) finish(skipped bool) {
	p := &t.s.Steps[t.s.Step]
	p.Done, p.Skip = !skipped, skipped
	t.s.State = Hub // numbers are choices again, not items of the list
	n, open := t.nextStep()
	if open {
		t.s.Step = n
		key := "step.next"
		if skipped {
			key = "step.next_skipped"
		}
		t.say(key, []string{"bar", bar(t.s), "step", stepName(n), "why", part(t.s, n, "why")},
			toStep(n), named("hub.progress", "go:progress"), home())
		return
	}
	for n, p := range t.s.Steps {
		if p.Skip {
			t.say("step.end_skipped", []string{"bar", bar(t.s), "step", stepName(n)},
				toStep(n), named("hub.log", "log"), named("hub.remind", "remind"), home())
			return
		}
	}
	t.say("step.end", []string{"bar", bar(t.s)}, named("hub.log", "log"), named("hub.remind", "remind"), named("log.list", "list"), home())
}

// nextStep is the first open step after the present one, going round.
func (t *talk) nextStep() (int, bool) {
	for i := range t.s.Steps {
		n := (t.s.Step + 1 + i) % len(t.s.Steps)
		if p := t.s.Steps[n]; !p.Done && !p.Skip {
			return n, true
		}
	}
	return 0, false
}

// goStep goes to any step; they may be visited in any order.
func (t *talk) goStep(arg string) {
	if n, ok := stepNumber(arg); ok {
		t.show(n)
		return
	}
	t.stale()
}

// unfinished says whether the journey has begun and has steps left.
func (s Session) unfinished() bool {
	return s.Person != "" && slices.ContainsFunc(s.Steps[:], func(p Progress) bool { return !p.Done && !p.Skip })
}
