package dialog

import (
	"encoding/json"
	"maps"
	"slices"
	"time"

	"wenzhu/dialog/when"
)

// Reminder is one thing to come back to.
type Reminder struct {
	At    time.Time `json:"t,omitzero"`  // when it is said next; zero: said often enough, it waits for the person
	About string    `json:"a,omitempty"` // at most aboutRunes
	Plan  Plan      `json:"p,omitempty"`
	Rule  string    `json:"r,omitempty"` // RFC 5545, of what repeats
	Start time.Time `json:"s,omitzero"`  // from which a rule counts
	Night bool      `json:"n,omitempty"` // a night hour that the person named and confirmed
	Asked int       `json:"q,omitempty"` // how often it was said without an answer
}

// Plan says what a reminder is for, and so what is asked and where an answer leads.
type Plan string

// The plans. The empty one is an errand of the person's own.
const (
	Errand        Plan = ""
	OfPlatform    Plan = "platform"  // the platform owes an answer
	Regulating    Plan = "regulator" // the authority owes an answer
	Investigating Plan = "police"    // the police owe an answer
	Daily         Plan = "daily"     // the check-in for the log
	Weekly        Plan = "weekly"    // the summary of the week
)

const (
	aboutRunes  = 40
	repeatAfter = 48 * time.Hour   // an unanswered reminder comes once more
	repeatsMost = 14               // so often a repeating one is said into silence
	lateAfter   = 10 * time.Minute // from here on operators count it as late
)

// reminders are all that are set, by id.
func (t *talk) reminders() (map[string]Reminder, bool) {
	items, ok := t.need(Reminders)
	if !ok {
		return nil, false
	}
	all := make(map[string]Reminder, len(items))
	for _, i := range items {
		var r Reminder
		if json.Unmarshal(i.Value, &r) == nil {
			all[i.ID] = r
		}
	}
	return all, true
}

// inOrder are the ids of reminders, the soonest first; what waits for the person comes before all.
func inOrder(all map[string]Reminder) []string {
	return slices.SortedFunc(maps.Keys(all), func(a, b string) int {
		if c := all[a].At.Compare(all[b].At); c != 0 {
			return c
		}
		if a < b {
			return -1
		}
		return 1
	})
}

// keepReminder puts a reminder into the list, or replaces it.
func (t *talk) keepReminder(all map[string]Reminder, id string, r Reminder) {
	r.At, r.Start = r.At.UTC(), r.Start.UTC()
	if r.Rule == "" {
		r.Start = time.Time{}
	}
	all[id] = r
	t.put(Reminders, id, r)
}

// dropReminder takes a reminder out of the list.
func (t *talk) dropReminder(all map[string]Reminder, id string) {
	delete(all, id)
	t.changes = append(t.changes, Change{List: Reminders, ID: id})
}

// reschedule sets the wake entry to the earliest of all.
func (t *talk) reschedule(all map[string]Reminder) {
	var next time.Time
	for _, r := range all {
		if !r.At.IsZero() && (next.IsZero() || r.At.Before(next)) {
			next = r.At
		}
	}
	t.s.Counts.Due = len(all)
	t.s.wake(Wake{ID: wakeRemind, At: next, Own: true})
}

// advance sets a reminder that has been said to its next time: by its rule, once more after two days, or not
// before the person is back.
func (r Reminder) advance(now time.Time, zone *time.Location) Reminder {
	r.Asked++
	switch {
	case r.Rule != "" && r.Asked < repeatsMost:
		r.At = when.Next(r.Rule, now, r.Start.In(zone))
	case r.Rule == "" && r.Asked == 1:
		r.At = now.Add(repeatAfter)
	default:
		r.At = time.Time{}
	}
	return r
}

// answered is a repeating reminder that the person took notice of.
func (r Reminder) answered(now time.Time, zone *time.Location) Reminder {
	r.Asked = 0
	if r.At.IsZero() {
		r.At = when.Next(r.Rule, now, r.Start.In(zone))
	}
	return r
}
