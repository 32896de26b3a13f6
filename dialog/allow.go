package dialog

import (
	"time"

	"wenzhu/dialog/words"
)

// Allow holds what the person allowed the bot to say on its own, beyond the reminders they set, and what they
// have been asked for.
type Allow uint8

// What can be allowed. Each question is asked once.
const (
	Details Allow = 1 << iota // reminders may say what they are about
	Nudges                    // at most one a week where the journey stands still
	Relief                    // one question 30 and 90 days after the first complaint
	askedNudges
	askedRelief
	openRelief // the question has been asked and not been answered
)

func (a Allow) has(what Allow) bool { return a&what != 0 }

const (
	nudgeAfter  = 7 * 24 * time.Hour
	nudgesMost  = 3                   // in a row without a word of the person
	endsNotice  = 14 * 24 * time.Hour // before everything ends a person with an open deadline is told
	asideAfter  = 3 * time.Hour       // what is less urgent follows a reminder so much later
	askedAtHour = 10                  // of the day on which the bot asks something of its own
)

// reliefDays are the days after the first complaint on which is asked whether it has got better.
var reliefDays = []int{30, 90}

// offer asks once, beside a reminder that was just set, whether the bot may speak up in other cases.
func (t *talk) offer() {
	_, complained := t.firstComplaint()
	switch {
	case complained && !t.s.Allow.has(askedRelief):
		t.s.Allow |= askedRelief
		t.beside(words.Get("allow.relief"), named("allow.yes", "allow:relief"), named("allow.no", "allow:no"))
	case t.s.unfinished() && !t.s.Allow.has(askedNudges):
		t.s.Allow |= askedNudges
		t.beside(words.Get("allow.nudges"), named("allow.yes", "allow:nudge"), named("allow.no", "allow:no"))
	}
}

// allow takes the answer to an offer, or turns something on or off.
func (t *talk) allow(arg string) {
	key := "allow.thanks"
	switch arg {
	case "relief":
		t.s.Allow |= Relief | askedRelief
		t.wakeRelief()
	case "nudge":
		t.s.Allow |= Nudges | askedNudges
	case "details":
		t.s.Allow ^= Details
		key = "allow.neutral"
		if t.s.Allow.has(Details) {
			key = "allow.details"
		}
	case "stop":
		t.s.Allow &^= Nudges | Relief
		t.s.wake(Wake{ID: wakeNudge})
		t.s.wake(Wake{ID: wakeRelief})
		key = "allow.stopped"
	default:
		key = "allow.refused"
	}
	t.say(key, nil, named("remind.list", "reminders:0"), t.back(), home())
}

// settings shows what the bot may say on its own.
func (t *talk) settings() {
	state := func(what Allow) string {
		if t.s.Allow.has(what) {
			return words.Get("allow.on")
		}
		return words.Get("allow.off")
	}
	buttons := []Button{named("allow.switch_details_on", "allow:details")}
	if t.s.Allow.has(Details) {
		buttons = []Button{named("allow.switch_details_off", "allow:details")}
	}
	if !t.s.Allow.has(Nudges) {
		buttons = append(buttons, named("allow.switch_nudges", "allow:nudge"))
	}
	if t.s.Allow.has(Nudges | Relief) {
		buttons = append(buttons, named("allow.stop", "allow:stop"))
	}
	buttons = append(buttons, named("zone.change", "zone:"), t.back(), home())
	t.say("allow.settings", []string{"details", state(Details), "nudges", state(Nudges), "relief", state(Relief), "zone", t.zoneName()}, buttons...)
}

// firstComplaint is the day on which the first text was sent to anybody.
func (t *talk) firstComplaint() (time.Time, bool) {
	day, err := time.ParseInLocation(time.DateOnly, t.s.Facts["complained"], t.s.Location())
	return day, err == nil
}

// wakeRelief sets the next question after the first complaint, if one is left.
func (t *talk) wakeRelief() {
	first, ok := t.firstComplaint()
	t.s.wake(Wake{ID: wakeRelief})
	if !ok || !t.s.Allow.has(Relief) {
		return
	}
	for _, days := range reliefDays {
		at := time.Date(first.Year(), first.Month(), first.Day()+days, askedAtHour, 0, 0, 0, first.Location())
		if at.After(t.e.At) {
			t.s.wake(Wake{ID: wakeRelief, At: at, Own: true})
			return
		}
	}
}

// heard follows every word of the person: what waits for their silence is put off.
func (t *talk) heard() {
	if t.erase || len(t.needs) > 0 {
		return
	}
	t.s.Nudged = 0
	t.wakeNudge()
	var notice time.Time
	if t.s.Keeps() && t.s.Counts.Due > 0 {
		if at := t.ends().Add(-endsNotice); at.After(t.e.At.Add(endsNotice)) {
			notice = at.Truncate(time.Second)
		}
	}
	if notice.IsZero() && !t.s.waits(wakeEnds) {
		return
	}
	t.s.wake(Wake{ID: wakeEnds, At: notice, Own: true})
}

// wakeNudge sets the next nudge a week from now, where the person wants them and has something left to do.
func (t *talk) wakeNudge() {
	var at time.Time
	if t.s.Allow.has(Nudges) && t.s.unfinished() && t.s.Nudged < nudgesMost {
		at = t.e.At.Add(nudgeAfter).Truncate(time.Second)
	}
	if !at.IsZero() || t.s.waits(wakeNudge) {
		t.s.wake(Wake{ID: wakeNudge, At: at, Own: true})
	}
}

// dueAside says one of the things that are less urgent than a reminder: not at night, and not beside another word.
func (t *talk) dueAside(w Wake) {
	if len(t.needs) > 0 {
		return
	}
	if ends, quiet := Quiet(t.e.At, t.s.Location(), t.e.Spread); quiet {
		w.At = ends
		t.s.wake(w)
		return
	}
	if t.silence == "" {
		w.At = t.e.At.Add(asideAfter)
		t.s.wake(w)
		return
	}
	t.s.wake(Wake{ID: w.ID})
	no := "allow:stop"
	switch {
	case w.ID == wakeRelief && t.s.Allow.has(Relief):
		t.s.Allow |= openRelief
		t.wakeRelief()
	case w.ID == wakeNudge && t.s.Allow.has(Nudges) && t.s.unfinished():
		t.s.Nudged++
		t.wakeNudge()
	case w.ID == wakeEnds && t.s.Counts.Due > 0:
		no = "stop:all"
	default:
		return
	}
	t.notes = append(t.notes, Note{"reminder", w.ID})
	t.own("remind.due", named("remind.look", "look:"+w.ID), named("allow.no_more", no))
}

// askRelief asks whether the harassment has become less.
func (t *talk) askRelief() {
	t.say("relief.ask", nil, named("relief.less", "relief:less"), named("relief.same", "relief:same"), named("relief.more", "relief:more"), named("allow.no_more", "allow:stop"), home())
}

// relief counts the answer for nobody in particular: how long after the complaint, and what.
func (t *talk) relief(answer string) {
	if _, ok := words.Find("relief.after_" + answer); !ok {
		t.unclear()
		return
	}
	span := "30"
	if first, ok := t.firstComplaint(); ok && t.e.At.Sub(first) > 60*24*time.Hour {
		span = "90"
	}
	if t.s.Allow.has(openRelief) { // pressed again it counts no more
		t.s.Allow &^= openRelief
		t.notes = append(t.notes, Note{"relief", span + " " + answer})
	}
	t.say("relief.after_"+answer, nil, named("hub.log", "log"), named("hub.progress", "go:progress"), t.back(), home())
}
