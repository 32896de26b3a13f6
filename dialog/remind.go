package dialog

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"wenzhu/dialog/when"
	"wenzhu/dialog/words"
)

// Reminder is one thing to come back to.
type Reminder struct {
	At    time.Time `json:"t"`
	About string    `json:"a,omitempty"` // at most factRunes
	Rule  string    `json:"r,omitempty"` // RFC 5545, of what repeats
	Start time.Time `json:"s,omitzero"`  // from which a rule counts
	Night bool      `json:"n,omitempty"` // a night hour that the person named and confirmed
	Asked int       `json:"q,omitempty"` // how often it was said without an answer
}

// repeatAfter is when an unanswered reminder comes once more.
const repeatAfter = 48 * time.Hour

// remind sets a reminder: for the due date of the case, or asks when.
func (t *talk) remind(arg string) {
	if !t.allowed("remind:" + arg) {
		return
	}
	if t.s.Counts.Due >= remindMost {
		t.say("remind.full", []string{"most", itoa(remindMost)}, t.back(), home())
		return
	}
	if due, err := time.ParseInLocation(time.DateOnly, t.s.Facts["due"], t.s.Location()); arg == "due" && err == nil {
		t.s.Text = words.Get("remind.about_due")
		t.set(when.Time{At: due.Add(20 * time.Hour), DateOnly: true})
		return
	}
	items, ok := t.need(Reminders)
	if !ok {
		return
	}
	t.s.Text = ""
	list, buttons := t.reminderList(items)
	buttons = append([]Button{
		choice("remind.tonight", "when:tonight"), choice("remind.tomorrow", "when:tomorrow"), choice("remind.three", "when:three"), choice("remind.seven", "when:seven"),
	}, buttons...)
	t.ask(When, "remind.ask", []string{"list", list}, append(buttons, t.back(), home())...)
}

// reminderList is what is set, with a button to stop each of the next ones.
func (t *talk) reminderList(items []Item) (string, []Button) {
	var b strings.Builder
	var buttons []Button
	for _, i := range items {
		var r Reminder
		if json.Unmarshal(i.Value, &r) != nil {
			continue
		}
		b.WriteString("\n· " + t.moment(r.At) + " " + r.About)
		if len(buttons) < 2 {
			buttons = append(buttons, Button{Label: words.Fill("remind.stop", "day", t.moment(r.At)), Data: "stop:" + i.ID})
		}
	}
	return b.String(), buttons
}

var phrases = map[string]string{"tonight": "remind.phrase_tonight", "tomorrow": "remind.phrase_tomorrow", "three": "remind.phrase_three", "seven": "remind.phrase_seven"}

// setWhen reads a time and sets the reminder, or asks back kindly.
func (t *talk) setWhen(arg string) {
	text := arg
	if key, ok := phrases[arg]; ok {
		text = words.Get(key)
	}
	now := t.e.At.In(t.s.Location())
	at, err := when.Parse(text, now)
	switch {
	case err != nil:
		key := "remind.no_time"
		for e, k := range map[error]string{when.ErrPast: "remind.past", when.ErrImpossible: "remind.impossible", when.ErrAmbiguous: "remind.ambiguous"} {
			if errors.Is(err, e) {
				key = k
			}
		}
		t.ask(When, key, nil, choice("remind.tomorrow", "when:tomorrow"), choice("remind.three", "when:three"), choice("remind.seven", "when:seven"), t.back())
		return
	case at.At.After(now.AddDate(0, 0, 170)):
		t.say("remind.too_far", nil, choice("remind.seven", "when:seven"), t.back(), home())
		return
	case at.Night:
		t.s.Text = text
		t.ask(NightOK, "remind.night", []string{"when", t.moment(at.At)}, choice("remind.night_yes", "yes"), choice("remind.night_no", "no"))
		return
	}
	if at.Rest != "" && arg == text {
		t.s.Text = cut(at.Rest, factRunes)
	}
	t.set(at)
}

// confirmNight keeps a night hour that the person wants, or moves it to the morning.
func (t *talk) confirmNight(yes bool) {
	at, err := when.Parse(t.s.Text, t.e.At.In(t.s.Location()))
	if err != nil {
		t.ask(When, "remind.no_time", nil, choice("remind.tomorrow", "when:tomorrow"), t.back())
		return
	}
	t.s.Text = cut(at.Rest, factRunes)
	at.Night = yes
	t.set(at)
}

// set stores the reminder and shows it back in full.
func (t *talk) set(at when.Time) {
	r := Reminder{At: at.At, About: t.s.Text, Rule: at.Repeat, Start: at.At, Night: at.Night}
	moved := ""
	if ends, quiet := Quiet(r.At, t.s.Location(), t.e.Spread); quiet && !r.Night {
		r.At, moved = ends, words.Get("remind.moved")
	}
	id := t.itemID()
	t.put(Reminders, id, r)
	t.s.Counts.Due++
	t.s.Text = ""
	t.nextReminder(r.At)
	t.s.State = t.s.Home
	repeat := ""
	if r.Rule != "" {
		repeat = words.Get("remind.repeats")
	}
	rolled := ""
	if at.Rolled {
		rolled = words.Get("remind.rolled")
	}
	about := r.About
	if about == "" {
		about = words.Get("remind.about_plain")
	}
	local := r.At.In(t.s.Location())
	t.say("remind.set", []string{
		"when", t.day(local) + local.Format(" 15:04"), "about", about, "moved", moved, "repeat", repeat, "rolled", rolled,
	}, named("remind.undo", "stop:"+id), Button{Label: words.Get("remind.change"), Data: "remind:"}, t.back(), home())
}

// nextReminder makes the wake entry no later than a time.
func (t *talk) nextReminder(at time.Time) {
	for _, w := range t.s.Wakes {
		if w.ID == "remind" && w.At.Before(at) {
			return
		}
	}
	t.s.wake(Wake{ID: "remind", At: at, Own: true})
}

// rescheduled sets the wake entry to the earliest of all.
func (t *talk) rescheduled(all map[string]Reminder) {
	var next time.Time
	for _, r := range all {
		if next.IsZero() || r.At.Before(next) {
			next = r.At
		}
	}
	t.s.Counts.Due = len(all)
	t.s.wake(Wake{ID: "remind", At: next, Own: true})
}

func (t *talk) reminders() (map[string]Reminder, bool) {
	items, ok := t.need(Reminders)
	if !ok {
		return nil, false
	}
	all := make(map[string]Reminder)
	for _, i := range items {
		var r Reminder
		if json.Unmarshal(i.Value, &r) == nil {
			all[i.ID] = r
		}
	}
	return all, true
}

func (t *talk) stopReminder(id string) {
	all, ok := t.reminders()
	if !ok {
		return
	}
	if _, found := all[id]; !found && id != "all" {
		t.say("remind.gone", nil, t.back(), home())
		return
	}
	for other := range all {
		if id == "all" || other == id {
			t.changes = append(t.changes, Change{List: Reminders, ID: other})
			delete(all, other)
		}
	}
	slices.SortFunc(t.changes, func(a, b Change) int { return strings.Compare(a.ID, b.ID) })
	t.rescheduled(all)
	t.s.State = t.s.Home
	t.say("remind.stopped", nil, t.back(), home())
}

// due does what has come due: a reminder, or the gentle question after a crisis.
func (t *talk) due() {
	t.silence = NotDue
	for _, w := range t.s.Wakes {
		if w.At.After(t.e.At) {
			continue
		}
		switch w.ID {
		case "crisis":
			t.s.wake(Wake{ID: "crisis"})
			t.own("emergency.how_are_you", named("emergency.better", "safe"), named("arrive.low", "low"))
		case "remind":
			t.dueReminders()
		case "gather":
			t.dueGathered()
		default:
			t.s.wake(Wake{ID: w.ID})
		}
	}
}

// own says something that nobody asked for just now, with nothing telling in it.
func (t *talk) own(key string, buttons ...Button) {
	t.silence = ""
	t.tell(words.Get(key), buttons...).Own = true
}

// dueReminders says once that something is due, however many are, and sets what comes next.
func (t *talk) dueReminders() {
	all, ok := t.reminders()
	if !ok {
		return
	}
	due, night := 0, false
	ids := make([]string, 0, len(all))
	for id := range all {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		r := all[id]
		if r.At.After(t.e.At) {
			continue
		}
		if ends, quiet := Quiet(t.e.At, t.s.Location(), t.e.Spread); quiet && !r.Night {
			r.At = ends
			all[id] = r
			t.put(Reminders, id, r)
			continue
		}
		due++
		night = night || r.Night
		t.s.Draft = id
		t.advance(all, id, r)
	}
	t.rescheduled(all)
	if due == 0 {
		return
	}
	t.notes = append(t.notes, Note{"reminder", "sent"})
	t.own("remind.due", named("remind.look", "look"), named("remind.later", "later"))
	t.replies[len(t.replies)-1].Night = night
}

// advance sets a reminder that has been said to its next time: by its rule, once more after two days, or never.
func (t *talk) advance(all map[string]Reminder, id string, r Reminder) {
	switch {
	case r.Rule != "":
		r.At = when.Next(r.Rule, t.e.At, r.Start.In(t.s.Location()))
	case r.Asked == 0:
		r.Asked, r.At = 1, t.e.At.Add(repeatAfter)
	default:
		r.At = time.Time{}
	}
	if r.At.IsZero() {
		delete(all, id)
		t.changes = append(t.changes, Change{List: Reminders, ID: id})
		return
	}
	all[id] = r
	t.put(Reminders, id, r)
}

// look says what was due and asks how it went.
func (t *talk) look() {
	all, ok := t.reminders()
	if !ok {
		return
	}
	about := all[t.s.Draft].About
	if about == "" {
		about = words.Get("remind.about_plain")
	}
	t.ask(AskOutcome, "remind.how", []string{"about", about}, choice("remind.answered", "outcome:answered"), choice("remind.silent", "outcome:silent"),
		choice("remind.again", "outcome:again"), named("remind.later", "later"))
}

// outcome moves the case on.
func (t *talk) outcome(arg string) {
	all, ok := t.reminders()
	if !ok {
		return
	}
	if r, found := all[t.s.Draft]; found && r.Rule == "" {
		delete(all, t.s.Draft)
		t.changes = append(t.changes, Change{List: Reminders, ID: t.s.Draft})
		t.rescheduled(all)
	}
	t.s.State = InStep
	switch arg {
	case "answered":
		t.say("remind.after_answered", nil, Button{Label: words.Fill("step.go", "step", stepName(t.s.Step)), Data: "step:" + itoa(t.s.Step)}, home())
	case "silent":
		t.say("remind.after_silent", nil, Button{Label: words.Fill("step.go", "step", stepName(3)), Data: "step:3"}, home())
	default:
		t.say("remind.after_again", nil, named("hub.log", "log"), Button{Label: words.Fill("step.go", "step", stepName(3)), Data: "step:3"}, home())
	}
}

// later moves what was due by a day.
func (t *talk) later() {
	all, ok := t.reminders()
	if !ok {
		return
	}
	r, found := all[t.s.Draft]
	if !found {
		r = Reminder{About: ""}
	}
	r.At, r.Asked = t.e.At.Add(24*time.Hour), 0
	id := t.s.Draft
	if !found {
		id = t.itemID()
	}
	all[id] = r
	t.put(Reminders, id, r)
	t.rescheduled(all)
	t.say("remind.moved_on", []string{"when", t.moment(r.At)}, t.back(), home())
}
