package dialog

import (
	"time"

	"wenzhu/dialog/when"
	"wenzhu/dialog/words"
)

// The wake entries. Of most of them the bot speaks on its own.
const (
	wakeCrisis = "crisis"
	wakeGather = "gather"
	wakeRemind = "remind"
	wakeRelief = "relief"
	wakeNudge  = "nudge"
	wakeEnds   = "ends"
)

// due does what has come due: reminders, the gentle question after a crisis, and the other things that the
// person allowed. One of them speaks; what is less urgent waits for another day.
func (t *talk) due() {
	t.silence = NotDue
	for _, id := range []string{wakeCrisis, wakeGather, wakeRemind, wakeRelief, wakeEnds, wakeNudge, wakeRules} {
		w, ok := t.s.awake(id, t.e.At)
		if !ok {
			continue
		}
		switch id {
		case wakeCrisis:
			t.s.wake(Wake{ID: wakeCrisis})
			t.own("emergency.how_are_you", named("emergency.better", "safe:low"), named("arrive.low", "low"))
		case wakeGather:
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
	if n == 0 && !blocked || t.erase || len(t.needs) > 0 || len(t.replies) == 0 || t.inDanger() {
		return
	}
	t.s.Missed, t.s.Blocked = 0, false
	if blocked {
		t.beside(words.Fill("allow.blocked", "n", itoa(t.s.Counts.Due)), named("allow.reopen", "reopen"), named("remind.list", "reminders:0"))
		return
	}
	t.beside(words.Fill("remind.missed", "n", itoa(n)), named("remind.look", "look:"), named("remind.list", "reminders:0"))
}
