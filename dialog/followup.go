package dialog

import (
	"strings"
	"time"
)

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
