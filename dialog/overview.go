package dialog

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"wenzhu/dialog/words"
)

// Journey is where a person stands, for a channel that shows it beside the talk.
type Journey struct {
	Steps []JourneyStep
	Items []JourneyItem // the checklist of the present step
	Title string        // of the present step
	Due   string        // the next thing due; "" nothing
	File  string        // recipe of the calendar file for it
	Days  []JourneyDay  // harassment by day, oldest first
	Total int
	Night int
}

// JourneyStep is one of the five; State is done, skipped, now or open, Data goes there when pressed.
type JourneyStep struct{ Name, State, Data string }

// JourneyItem is one line of a checklist; Data turns its mark when pressed, and Label says so in the talk.
type JourneyItem struct {
	Text, Label, Data string
	Done              bool
}

// JourneyDay counts one day's harassment; Day is such as 11-23.
type JourneyDay struct {
	Day        string
	All, Night int
}

// dueFrom is the hour of the day on which something is due.
const dueFrom = 9 * time.Hour

// Overview is the journey of a session; false where it has not begun.
func Overview(s Session) (Journey, bool) {
	if s.Person == "" {
		return Journey{}, false
	}
	j := Journey{Title: stepName(s.Step), Total: s.Counts.Log, Night: s.Counts.Night}
	for n := range s.Steps {
		j.Steps = append(j.Steps, JourneyStep{stepName(n), s.standing(n), stepButton(n, "").Data})
	}
	for i, item := range checklist(s, s.Step) {
		done := s.Steps[s.Step].ticked(i)
		verb := "mark"
		if done {
			verb = "unmark"
		}
		j.Items = append(j.Items, JourneyItem{item.text, item.label, fmt.Sprintf("%s:%d.%d", verb, s.Step, i), done})
	}
	if day, paper, ok := s.due(); ok {
		j.Due = words.Fill("progress.due", "day", dated(day), "what", words.Get("progress.due_"+paper))
		j.File = s.recipe("due", Reminder{At: day.Add(dueFrom)})
	} else if at := s.NextReminder(); !at.IsZero() {
		j.Due, j.File = s.reminderLine(), s.recipe("next", Reminder{At: at})
	}
	j.Days = days(s.Counts.Days)
	return j, true
}

// days are those with harassment, in their order.
func days(counts map[string]Day) []JourneyDay {
	var all []JourneyDay
	for _, date := range slices.Sorted(maps.Keys(counts)) {
		if at, err := time.Parse(time.DateOnly, date); err == nil && counts[date].All > 0 {
			all = append(all, JourneyDay{at.Format("01-02"), counts[date].All, counts[date].Night})
		}
	}
	return all
}
