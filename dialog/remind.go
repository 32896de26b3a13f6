package dialog

import (
	"errors"
	"time"

	"wenzhu/dialog/when"
	"wenzhu/dialog/words"
)

// remind opens the setting of a reminder, or sets one that a button names: due, daily, weekly.
func (t *talk) remind(arg string) {
	if !t.mayRemind("remind:" + arg) {
		return
	}
	t.s.Draft, t.s.Text = "", ""
	switch arg {
	case "due":
		if due, plan, ok := t.deadline(); ok {
			about := words.Get("progress.due_" + policePaper)
			if plan != Errand {
				about = words.Get("remind.about_" + string(plan))
			}
			t.set(when.Time{At: due, DateOnly: true}, Reminder{Plan: plan, About: about})
			return
		}
	case string(Daily), string(Weekly):
		at, err := when.Parse(words.Get("remind.phrase_"+arg), t.now())
		if err == nil {
			t.set(at, Reminder{Plan: Plan(arg), About: words.Get("remind.about_" + arg)})
			return
		}
	}
	t.askWhen("remind.ask")
}

// remindMe sets a reminder from a whole sentence, said at any place.
func (t *talk) remindMe(text string) {
	if !t.mayRemind("remindme:" + cut(text, wantedRunes)) {
		return
	}
	t.s.Draft, t.s.Text = "", ""
	t.setWhen(text)
}

// mayRemind says whether a reminder may be set now. Whoever allowed nothing gets a calendar file instead.
func (t *talk) mayRemind(wanted string) bool {
	if t.s.Consent == NotAsked && !t.allowed(wanted) {
		return false
	}
	if t.s.Counts.Due >= remindMost {
		t.say("remind.full", []string{"most", itoa(remindMost)}, named("remind.list", "reminders:0"), t.back(), home())
		return false
	}
	return true
}

// wantedRunes is how much of a sentence is kept while consent is asked for.
const wantedRunes = 60

func (t *talk) now() time.Time { return t.e.At.In(t.s.Location()) }

// deadline is the evening of the day on which an answer is due in this case, and who owes it.
func (t *talk) deadline() (time.Time, Plan, bool) {
	due, paper, ok := t.s.due()
	if !ok {
		return time.Time{}, Errand, false
	}
	plan := map[string]Plan{regulatorPaper: Regulating, policePaper: Investigating}[paper]
	if plan == Errand {
		plan = OfPlatform
	}
	due = time.Date(due.Year(), due.Month(), due.Day(), 20, 0, 0, 0, due.Location())
	return due, plan, due.After(t.e.At)
}

// askWhen asks for the time, with the likely ones to press.
func (t *talk) askWhen(key string) {
	note := ""
	switch {
	case t.s.Consent == Refused:
		note = "\n" + words.Get("remind.file_note")
	case t.s.Counts.Due > 0 && key == "remind.ask":
		note = "\n" + words.Fill("remind.have", "n", itoa(t.s.Counts.Due))
	}
	var buttons []Button
	if t.now().Hour() < 20 {
		buttons = append(buttons, choice("remind.tonight", "when:tonight"))
	}
	buttons = append(buttons, choice("remind.tomorrow", "when:tomorrow"), choice("remind.three", "when:three"), choice("remind.seven", "when:seven"))
	if key == "remind.ask" && t.s.Consent == Granted {
		if _, _, ok := t.deadline(); ok {
			buttons = append(buttons, named("remind.deadline", "remind:due"))
		}
		buttons = append(buttons, named("remind.daily", "remind:daily"), named("remind.weekly", "remind:weekly"))
		if t.s.Counts.Due > 0 {
			buttons = append(buttons, named("remind.list", "reminders:0"))
		}
	}
	t.ask(When, key, []string{"note", note, "about", t.about(t.s.Text)}, append(buttons, home())...)
}

// about is what a reminder is about, or a plain word for it.
func (t *talk) about(text string) string {
	if text == "" {
		return words.Get("remind.about_plain")
	}
	return text
}

// phrases are what the buttons of askWhen mean.
var phrases = map[string]string{"tonight": "remind.phrase_tonight", "tomorrow": "remind.phrase_tomorrow", "three": "remind.phrase_three", "seven": "remind.phrase_seven"}

// whenFaults are the answers to what is no time in the future.
var whenFaults = []struct {
	err error
	key string
}{
	{when.ErrLunar, "remind.lunar"}, {when.ErrPast, "remind.past"}, {when.ErrImpossible, "remind.impossible"}, {when.ErrAmbiguous, "remind.ambiguous"},
}

// setWhen reads a time and sets the reminder, or asks back kindly. What it is about stays through all of this.
func (t *talk) setWhen(arg string) {
	text := arg
	if key, ok := phrases[arg]; ok {
		text = words.Get(key)
	}
	at, err := when.Parse(text, t.now())
	if about := subject(at.Rest); about != "" && arg == text {
		t.s.Text = about
	}
	switch {
	case err != nil:
		key := "remind.no_time"
		if t.s.State != When {
			key = "remind.when" // a sentence that says what, and not when
		}
		for _, f := range whenFaults {
			if errors.Is(err, f.err) {
				key = f.key
				break
			}
		}
		t.askWhen(key)
	case at.At.After(t.ends()):
		t.ask(When, "remind.too_far", []string{"day", t.day(at.At), "ends", t.day(t.ends())},
			named("remind.calendar_file", "ics:"+writeMoment(Reminder{At: at.At})), choice("remind.seven", "when:seven"), t.back(), home())
	case at.Night:
		t.s.Wanted = writeMoment(Reminder{At: at.At, Rule: at.Repeat})
		t.ask(NightOK, "remind.night", []string{"when", t.moment(at.At)}, choice("remind.night_yes", "yes"), choice("remind.night_no", "no"), t.back())
	default:
		t.set(at, Reminder{About: t.s.Text, Plan: planOf(t.s.Text)})
	}
}

// ends is when all that is kept of the person ends if this is their last word.
func (t *talk) ends() time.Time {
	kept := t.Retention
	if kept == 0 {
		kept = 180 * 24 * time.Hour
	}
	return t.e.At.Add(kept)
}

// confirmNight keeps a night hour that the person wants, or moves it to the morning.
func (t *talk) confirmNight(yes bool) {
	r, ok := readMoment(t.s.Wanted)
	t.s.Wanted = ""
	if !ok || !r.At.After(t.e.At) {
		t.askWhen("remind.past")
		return
	}
	at := when.Time{At: r.At, Repeat: r.Rule, Night: yes}
	t.set(at, Reminder{About: t.s.Text, Plan: planOf(t.s.Text)})
}

// set keeps the reminder, or the new time of the one that is being changed, and shows it back in full.
func (t *talk) set(at when.Time, r Reminder) {
	t.arriveAfter()
	r.At, r.Rule, r.Start, r.Night = at.At.Truncate(time.Second), at.Repeat, at.At.Truncate(time.Second), at.Night
	if t.s.Consent != Granted {
		t.giveFile(r)
		return
	}
	all, ok := t.reminders()
	if !ok {
		return
	}
	id := t.s.Draft
	if old, found := all[id]; found {
		r.About, r.Plan = old.About, old.Plan
		if old.Rule != "" && at.Clock { // 「改到9点」 of what comes every day
			r.Rule = old.Rule
		}
	} else {
		id = t.itemID()
	}
	says := t.shown(at, r)
	if ends, quiet := Quiet(r.At, t.s.Location(), t.e.Spread); quiet && !r.Night {
		r.At = ends
	}
	t.keepReminder(all, id, r)
	t.reschedule(all)
	t.s.Draft, t.s.Text = "", ""
	t.s.State = Hub
	t.say("remind.set", says, named("remind.change", "change:"+id), named("remind.undo", "stop:"+id), named("remind.calendar_file", "ics:"+id), t.back(), home())
	t.offer()
}

// shown are the words of a reminder that was set: when in full, what, how often, and what was settled for the person.
func (t *talk) shown(at when.Time, r Reminder) []string {
	full := t.full(r.At)
	var notes string
	add := func(key string, pairs ...string) { notes += words.Fill(key, pairs...) }
	switch ends, quiet := Quiet(r.At, t.s.Location(), t.e.Spread); {
	case quiet && !r.Night:
		full = t.morning(ends)
		add("remind.moved")
	case at.DateOnly && at.Rolled:
		add("remind.next_morning")
	case at.Rolled:
		add("remind.rolled")
	case at.DateOnly && r.Rule == "" && r.Plan == Errand:
		add("remind.evening")
	}
	if at.Unsure {
		add("remind.unsure", "year", itoa(r.At.Year()))
	}
	if r.Rule != "" {
		add("remind.first", "when", full)
		full = t.often(r)
	}
	if t.s.Zone != "" {
		full += words.Fill("remind.in_zone", "zone", t.zoneName())
	}
	telling := "remind.neutral"
	switch {
	case t.e.Visited:
		telling = "remind.visited"
	case t.s.Allow.has(Details):
		telling = "remind.telling"
	}
	return []string{"when", full, "about", t.about(r.About), "notes", notes, "telling", words.Get(telling)}
}

// morning says a time after the quiet hours; the person's turn comes within the hour.
func (t *talk) morning(at time.Time) string { return t.day(at) + " " + words.Get("remind.morning") }

// often says how a rule repeats.
func (t *talk) often(r Reminder) string {
	start := r.Start.In(t.s.Location())
	return when.Describe(r.Rule, start) + start.Format(" 15:04")
}
