package dialog

import (
	"math/bits"
	"slices"
	"strings"
	"time"

	"wenzhu/dialog/when"
	"wenzhu/dialog/words"
)

// The wake entries of what the bot says on its own.
const (
	wakeRemind = "remind"
	wakeRelief = "relief"
	wakeNudge  = "nudge"
	wakeEnds   = "ends"
)

// due does what has come due: reminders, the gentle question after a crisis, and the other things that the
// person allowed. One of them speaks; what is less urgent waits for another day.
func (t *talk) due() {
	t.silence = NotDue
	for _, id := range []string{"crisis", "gather", wakeRemind, wakeRelief, wakeEnds, wakeNudge, wakeRules} {
		w, ok := t.s.awake(id, t.e.At)
		if !ok {
			continue
		}
		switch id {
		case "crisis":
			t.s.wake(Wake{ID: "crisis"})
			t.own("emergency.how_are_you", named("emergency.better", "safe:low"), named("arrive.low", "low"))
		case "gather":
			t.dueGathered()
		case wakeRemind:
			t.dueReminders()
		case wakeRules:
			t.dueRules()
		default:
			t.dueAside(w)
		}
	}
	for _, w := range t.s.Wakes { // of an earlier release
		if !w.At.After(t.e.At) && len(t.needs) == 0 {
			t.s.wake(Wake{ID: w.ID})
		}
	}
}

// offeredMost is how many choices are kept to be typed.
const offeredMost = 10

// own says something that nobody asked for just now. It leaves the choices on the screen as they are: whoever is
// in the middle of something goes on with it.
func (t *talk) own(key string, buttons ...Button) { t.beside(words.Get(key), buttons...) }

// beside adds a reply beside the talk, whose buttons all name their own thing. They can be typed too, and
// are the first by number, for they stand last on the screen.
func (t *talk) beside(text string, buttons ...Button) *Reply {
	t.silence = ""
	before := slices.DeleteFunc(slices.Clone(t.s.Offered), func(old Button) bool { return labelled(old.Label, buttons) })
	t.s.Offered = append(slices.Clone(buttons), before[:min(len(before), offeredMost)]...)
	t.replies = append(t.replies, Reply{Text: text, Buttons: buttons, Own: t.e.Kind == Due})
	return &t.replies[len(t.replies)-1]
}

// dueReminders says once that something is due, however many are, and sets what comes next.
func (t *talk) dueReminders() {
	all, ok := t.reminders()
	if !ok {
		return
	}
	var due []string
	night, late := false, false
	for _, id := range inOrder(all) {
		r := all[id]
		if r.At.IsZero() || r.At.After(t.e.At) {
			continue
		}
		if ends, quiet := Quiet(t.e.At, t.s.Location(), t.e.Spread); quiet && !r.Night {
			r.At = ends
			t.keepReminder(all, id, r)
			continue
		}
		due = append(due, id)
		night = night || r.Night
		late = late || t.e.At.Sub(r.At) > lateAfter
		r = r.advance(t.e.At, t.s.Location())
		if r.At.IsZero() {
			t.s.Missed++
		}
		t.keepReminder(all, id, r)
	}
	t.reschedule(all)
	if len(due) == 0 {
		return
	}
	t.notes = append(t.notes, Note{"reminder", "sent"})
	if late {
		t.notes = append(t.notes, Note{"reminder", "late"})
	}
	t.announce(all, due).Night = night
}

// announce is the message of what is due. Without leave to be more telling it says that, and no more.
func (t *talk) announce(all map[string]Reminder, due []string) *Reply {
	id, text := "", words.Get("remind.due")
	switch {
	case len(due) == 1 && t.s.Allow.has(Details):
		id, text = due[0], t.what(all[due[0]])
	case len(due) == 1:
		id = due[0]
	case t.s.Allow.has(Details):
		text = words.Fill("remind.due_several", "n", itoa(len(due)))
		for _, id := range due[:min(len(due), 3)] {
			text += "\n· " + t.about(all[id].About)
		}
	default:
		text = words.Fill("remind.due_several", "n", itoa(len(due)))
	}
	return t.beside(text, named("remind.look", "look:"+id), named("remind.later", "later:"+id))
}

// what says what is due and what it is for.
func (t *talk) what(r Reminder) string {
	key := "remind.what_" + string(r.Plan)
	switch {
	case r.Plan == Errand:
		key = "remind.what_errand"
	case t.ruledToday(r.Plan):
		key += "_today"
	}
	return words.Fill(key, "about", t.about(r.About))
}

// ruledToday says whether a rule, and not only a suggestion, makes today the day of an answer.
func (t *talk) ruledToday(p Plan) bool {
	day, paper, ok := t.s.due()
	return ok && string(p) == paper && t.s.Facts["due_by"] != string(byNobody) && day.Format(time.DateOnly) == t.now().Format(time.DateOnly)
}

// look says what was due and asks how it went.
func (t *talk) look(arg string) {
	switch arg {
	case wakeRelief:
		t.askRelief()
		return
	case wakeNudge, wakeRules:
		t.resume()
		return
	case wakeEnds:
		t.say("remind.ends", []string{"day", t.day(t.ends())}, named("data.export", "export"), named("remind.list", "reminders:0"), t.back(), home())
		return
	}
	all, ok := t.reminders()
	if !ok {
		return
	}
	ids := t.unanswered(all, arg)
	t.s.Missed = 0
	switch len(ids) {
	case 0:
		t.gone()
	case 1:
		t.lookAt(all, ids[0])
	default:
		var buttons []Button
		for _, id := range ids[:min(len(ids), 6)] {
			buttons = append(buttons, Button{Label: cut(t.about(all[id].About), 16), Data: "look:" + id})
		}
		t.say("remind.which", []string{"n", itoa(len(ids))}, append(buttons, named("remind.later", "later:"), home())...)
	}
}

// lookAt asks how one thing went.
func (t *talk) lookAt(all map[string]Reminder, id string) {
	r := all[id]
	outcome := func(key, how string) Button { return named(key, "outcome:"+how+":"+id) }
	if r.Rule != "" {
		t.keepReminder(all, id, r.answered(t.e.At, t.s.Location()))
		t.reschedule(all)
	}
	switch r.Plan {
	case OfPlatform, Regulating, Investigating:
		t.ask(AskOutcome, "remind.how", []string{"what", t.what(r)}, outcome("remind.answered", "answered"), outcome("remind.silent", "silent"),
			outcome("remind.again", "again"), named("remind.later", "later:"+id), home())
	case Daily:
		t.say("remind.daily_ask", nil, named("hub.log", "log"), outcome("remind.quiet_day", "quiet"), named("remind.no_more", "stop:"+id), home())
	case Weekly:
		t.say("remind.week", t.week(), named("hub.log", "log"), named("log.list", "list"), named("remind.no_more", "stop:"+id), home())
	default:
		t.ask(AskOutcome, "remind.how", []string{"what", t.what(r)}, outcome("remind.done", "done"), outcome("remind.again", "again"), named("remind.later", "later:"+id), home())
	}
}

// week sums up the last seven days from what the record counts, and the seven before.
func (t *talk) week() []string {
	var now, before, night int
	for n := range 2 * 7 {
		d := t.s.Counts.Days[t.now().AddDate(0, 0, -n).Format(time.DateOnly)]
		if n < 7 {
			now, night = now+d.All, night+d.Night
		} else {
			before += d.All
		}
	}
	return []string{"now", itoa(now), "night", itoa(night), "before", itoa(before), "all", itoa(t.s.Counts.Log)}
}

// outcome moves the case on. arg is how it went and the reminder's id.
func (t *talk) outcome(arg string) {
	how, id, _ := strings.Cut(arg, ":")
	all, r, ok := t.reminder(id)
	if !ok {
		return
	}
	if r.Rule == "" {
		t.dropReminder(all, id)
		t.reschedule(all)
	}
	t.s.State = Hub
	switch how {
	case "done":
		t.say("remind.after_done", nil, named("hub.progress", "go:progress"), t.back(), home())
	case "quiet":
		t.say("remind.after_quiet", nil, t.back(), home())
	case "again":
		t.say("remind.after_again", nil, named("hub.log", "log"), toStep(t.nextDoor(r.Plan)), t.back(), home())
	case "answered":
		t.closeStep(r.Plan)
		t.say("remind.after_answered", nil, toStep(t.nextDoor(r.Plan)), named("hub.progress", "go:progress"), home())
	case "silent":
		t.closeStep(r.Plan)
		t.afterSilence(r.Plan)
	default:
		t.unclear()
	}
}

// afterSilence goes on where nobody answered: from the platform to the regulator, from there to a lawyer.
func (t *talk) afterSilence(p Plan) {
	if p == Regulating || p == Investigating {
		t.say("remind."+string(p)+"_silent", nil, toStep(4), named("remind.ask_again", "remind:"), home())
		return
	}
	t.s.Step, t.s.Home, t.s.State = 3, InStep, InStep
	t.say("remind.after_silent", nil, named("step.regulator_letter", "letter:"+regulatorPaper), toStep(3), home())
}

// closeStep marks the step whose answer was waited for as done.
func (t *talk) closeStep(p Plan) {
	switch p {
	case OfPlatform:
		t.s.Steps[2].Done, t.s.Steps[2].Skip = true, false
	case Regulating:
		t.s.Steps[3].Done, t.s.Steps[3].Skip = true, false
	}
}

// nextDoor is the step to go to when things do not get better.
func (t *talk) nextDoor(p Plan) int {
	switch p {
	case OfPlatform:
		return 3
	case Regulating, Investigating:
		return 4
	}
	return t.s.Step
}

func toStep(n int) Button {
	return Button{Label: words.Fill("step.go", "step", stepName(n)), Data: "step:" + itoa(n)}
}

// reopen sets the reminders again that stopped when the person blocked the bot. What went by meanwhile waits in the list.
func (t *talk) reopen() {
	all, ok := t.reminders()
	if !ok {
		return
	}
	for _, id := range inOrder(all) {
		r := all[id]
		switch {
		case r.Rule != "":
			r.At = when.Next(r.Rule, t.e.At, r.Start.In(t.s.Location()))
		case r.At.Before(t.e.At):
			r.At, r.Asked = time.Time{}, max(r.Asked, 1)
		default:
			continue
		}
		t.keepReminder(all, id, r)
	}
	t.reschedule(all)
	t.wakeRelief()
	t.say("allow.reopened", nil, named("remind.list", "reminders:0"), t.back(), home())
}

// returned shows once, at the next word of the person, what was said twice without an answer, or that reminders
// stopped.
func (t *talk) returned() {
	n, blocked := t.s.Missed, t.s.Blocked && t.s.Counts.Due > 0
	if n == 0 && !blocked || t.e.Kind == Due || t.erase || len(t.needs) > 0 || len(t.replies) == 0 {
		return
	}
	for _, r := range t.replies {
		if r.Crisis {
			return
		}
	}
	t.s.Missed, t.s.Blocked = 0, false
	if blocked {
		t.beside(words.Fill("allow.blocked", "n", itoa(t.s.Counts.Due)), named("allow.reopen", "reopen"), named("remind.list", "reminders:0"))
		return
	}
	t.beside(words.Fill("remind.missed", "n", itoa(n)), named("remind.look", "look:"), named("remind.list", "reminders:0"))
}

// unfinished says whether the journey has begun and has steps left.
func (s Session) unfinished() bool {
	var left uint
	for i, p := range s.Steps {
		if !p.Done && !p.Skip {
			left |= 1 << i
		}
	}
	return s.Person != "" && bits.OnesCount(left) > 0
}
