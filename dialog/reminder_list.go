package dialog

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"wenzhu/dialog/words"
)

// listPage is how many reminders stand on one screen.
const listPage = 5

// listReminders shows a page of what is set, each to be opened.
func (t *talk) listReminders(arg string) {
	all, ok := t.reminders()
	if !ok {
		return
	}
	t.s.State, t.s.Missed = Hub, 0
	ids := inOrder(all)
	if len(ids) == 0 {
		t.say("remind.none", nil, named("hub.remind", "remind:"), t.back(), home())
		return
	}
	from, err := strconv.Atoi(arg)
	if err != nil || from < 0 || from >= len(ids) {
		from = 0
	}
	var b strings.Builder
	b.WriteString(words.Fill("remind.list_title", "n", itoa(len(ids))))
	var buttons []Button
	for n, id := range ids[from:min(from+listPage, len(ids))] {
		fmt.Fprintf(&b, "\n%d. %s", from+n+1, t.line(all[id]))
		buttons = append(buttons, Button{Label: words.Fill("remind.nth", "n", itoa(from+n+1)), Data: "reminder:" + id})
	}
	if len(ids) > listPage {
		next := from + listPage
		if next >= len(ids) {
			next = 0
		}
		buttons = append(buttons, Button{Label: words.Get("remind.next_page"), Data: "reminders:" + itoa(next)})
	}
	if len(ids) <= listPage {
		buttons = append(buttons, named("remind.add", "remind:"))
	}
	t.tell(b.String(), append(buttons, named("remind.settings", "settings"), named("remind.stop_all", "stop:all"), home())...)
}

// line is a reminder in one line.
func (t *talk) line(r Reminder) string {
	at := words.Get("remind.waits")
	switch {
	case r.Rule != "":
		at = t.often(r)
	case !r.At.IsZero():
		at = t.full(r.At)
	}
	return at + " " + t.about(r.About)
}

// openReminder shows one, with all that can be done about it.
func (t *talk) openReminder(id string) {
	_, r, ok := t.reminder(id)
	if !ok {
		return
	}
	t.tell(t.line(r), named("remind.change", "change:"+id), named("remind.later", "later:"+id), named("remind.drop", "stop:"+id),
		named("remind.calendar_file", "ics:"+id), named("remind.list", "reminders:0"), home())
}

// reminder is one of the person's, with all of them; who asks for one that is no more is told.
func (t *talk) reminder(id string) (map[string]Reminder, Reminder, bool) {
	all, ok := t.reminders()
	if !ok {
		return nil, Reminder{}, false
	}
	r, found := all[id]
	if !found {
		t.gone()
	}
	return all, r, found
}

// nth does something about the reminder with a number of the list, or about the one that some words are about:
// "stop:2", "later:打电话". Where that is not clear the list is shown.
func (t *talk) nth(arg string) {
	what, which, _ := strings.Cut(arg, ":")
	all, ok := t.reminders()
	if !ok {
		return
	}
	var found []string
	for n, id := range inOrder(all) {
		if itoa(n+1) == which || which != "" && strings.Contains(all[id].About, which) {
			found = append(found, id)
		}
	}
	if len(found) != 1 {
		t.listReminders("")
		return
	}
	switch what {
	case "stop":
		t.stopReminder(found[0])
	case "later":
		t.later(found[0])
	case "change":
		t.change(found[0])
	default:
		t.openReminder(found[0])
	}
}

func (t *talk) gone() {
	t.say("remind.gone", nil, named("remind.list", "reminders:0"), t.back(), home())
}

// change asks for another time of a reminder; what it is about stays.
func (t *talk) change(id string) {
	_, r, ok := t.reminder(id)
	if !ok {
		return
	}
	t.s.Draft, t.s.Text = id, r.About
	t.askWhen("remind.when")
}

// stopReminder stops one, or asks whether really all shall stop.
func (t *talk) stopReminder(id string) {
	all, ok := t.reminders()
	if !ok {
		return
	}
	switch _, found := all[id]; {
	case id == "all" && len(all)+len(t.s.ownWakes()) == 0:
		t.say("remind.none", nil, t.back(), home())
	case id == "all":
		t.ask(StopAll, "remind.sure", []string{"n", itoa(len(all))}, choice("remind.stop_all_yes", "yes"), choice("remind.stop_all_no", "no"))
	case !found:
		t.gone()
	default:
		t.dropReminder(all, id)
		t.reschedule(all)
		t.s.State = Hub
		key := "remind.stopped"
		if len(all) == 0 {
			key = "remind.stopped_last"
		}
		t.say(key, []string{"n", itoa(len(all))}, named("remind.list", "reminders:0"), t.back(), home())
	}
}

// stopAll stops every reminder and whatever else the bot would say on its own.
func (t *talk) stopAll() {
	all, ok := t.reminders()
	if !ok {
		return
	}
	n := len(all)
	for _, id := range inOrder(all) {
		t.dropReminder(all, id)
	}
	t.reschedule(all)
	for _, w := range t.s.ownWakes() {
		t.s.wake(Wake{ID: w.ID})
	}
	t.s.Allow &^= Nudges | Relief
	t.s.Missed, t.s.State = 0, Hub
	t.say("remind.all_stopped", []string{"n", itoa(n)}, t.back(), home())
}

// later asks until when; what is due by its id, or all that is open.
func (t *talk) later(id string) {
	all, ok := t.reminders()
	if !ok {
		return
	}
	ids := t.unanswered(all, id)
	if len(ids) == 0 {
		t.gone()
		return
	}
	t.s.Missed = 0
	if len(ids) > 1 {
		id = ""
	} else {
		id = ids[0]
	}
	t.s.Draft, t.s.Text = id, all[id].About
	key := "remind.until"
	switch {
	case id == "":
		key = "remind.until_all"
	case all[id].Rule != "":
		key = "remind.until_next"
	}
	buttons := []Button{named("remind.hour", "snooze:hour:"+id), named("remind.tomorrow", "snooze:day:"+id), named("remind.three", "snooze:three:"+id), home()}
	if id == "" || all[id].Rule != "" {
		t.say(key, []string{"about", t.about(all[id].About)}, buttons...) // what repeats keeps its time; a typed one would change it
		return
	}
	t.ask(When, key, []string{"about", t.about(all[id].About)}, buttons...)
}

// snoozes are how far 推迟 moves.
var snoozes = map[string]time.Duration{"hour": time.Hour, "day": 24 * time.Hour, "three": 3 * 24 * time.Hour}

// snooze moves what is due. What repeats keeps its rule and comes once more in between.
func (t *talk) snooze(arg string) {
	span, id, _ := strings.Cut(arg, ":")
	all, ok := t.reminders()
	if !ok {
		return
	}
	ids := t.unanswered(all, id)
	if snoozes[span] == 0 || len(ids) == 0 {
		t.gone()
		return
	}
	from := t.e.At
	if r := all[ids[0]]; len(ids) == 1 && r.Rule == "" && r.At.After(from) && r.Asked == 0 {
		from = r.At // put off before it came
	}
	at, morning := from.Add(snoozes[span]).Truncate(time.Second), false
	if ends, quiet := Quiet(at, t.s.Location(), t.e.Spread); quiet {
		at, morning = ends, true
	}
	for n, id := range ids {
		r := all[id]
		if r.Rule != "" {
			t.keepReminder(all, id, r.answered(t.e.At, t.s.Location()))
			id, r.Rule = t.itemID()+itoa(n), ""
		}
		r.At, r.Asked, r.Night = at, 0, false
		t.keepReminder(all, id, r)
	}
	t.reschedule(all)
	t.s.Draft, t.s.State = "", Hub
	until := t.full(at)
	if morning {
		until = t.morning(at)
	}
	t.say("remind.moved_on", []string{"when", until}, named("remind.list", "reminders:0"), t.back(), home())
}

// unanswered are the ids of what has been said and not been answered: all, or the one that is named.
func (t *talk) unanswered(all map[string]Reminder, id string) []string {
	if _, found := all[id]; found {
		return []string{id}
	}
	var ids []string
	if id == "" {
		for _, id := range inOrder(all) {
			if all[id].Asked > 0 {
				ids = append(ids, id)
			}
		}
	}
	return ids
}
