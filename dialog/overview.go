package dialog

import (
	"fmt"
	"slices"
	"strings"
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

// JourneyDay counts one day; heights are of 60.
type JourneyDay struct {
	Day          string
	All, Night   int
	X            int
	Top, NightAt int // where the bar and its night part begin
	Height, Dark int
	Named        bool // the date stands below: the first and the last
}

// Middle is where the count above a bar is centred.
func (d JourneyDay) Middle() int { return d.X + 7 }

// Above is the base line of the count above a bar.
func (d JourneyDay) Above() int { return d.Top - 4 }

const (
	barHeight = 60
	dueFrom   = 9 * time.Hour // of the day on which something is due
)

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

// days are the bars, the tallest as high as there is room.
func days(counts map[string]Day) []JourneyDay {
	var all []JourneyDay
	most := 1
	for day, c := range counts {
		if t, err := time.Parse(time.DateOnly, day); err == nil && c.All > 0 {
			all = append(all, JourneyDay{Day: t.Format("01-02"), All: c.All, Night: c.Night})
			most = max(most, c.All)
		}
	}
	slices.SortFunc(all, func(a, b JourneyDay) int { return strings.Compare(a.Day, b.Day) })
	for i := range all {
		d := &all[i]
		d.X = i * 20
		d.Height = max(2, d.All*barHeight/most)
		d.Dark = d.Night * barHeight / most
		d.Top, d.NightAt = barHeight-d.Height, barHeight-d.Dark
		d.Named = i == 0 || i == len(all)-1 && i > 1
	}
	return all
}
