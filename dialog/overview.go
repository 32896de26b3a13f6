package dialog

import (
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
	Days  []JourneyDay  // harassment by day, oldest first
	Total int
	Night int
}

// JourneyStep is one of the five; State is done, skipped, now or open.
type JourneyStep struct{ Name, State string }

// JourneyItem is one line of a checklist.
type JourneyItem struct {
	Text string
	Done bool
}

// JourneyDay counts one day; heights are of 60.
type JourneyDay struct {
	Day          string
	All, Night   int
	X            int
	Top, NightAt int // where the bar and its night part begin
	Height, Dark int
}

const barHeight = 60

// Overview is the journey of a session; false where it has not begun.
func Overview(s Session) (Journey, bool) {
	if s.Person == "" {
		return Journey{}, false
	}
	j := Journey{Title: stepName(s.Step), Total: s.Counts.Log, Night: s.Counts.Night}
	for n := range s.Steps {
		j.Steps = append(j.Steps, JourneyStep{stepName(n), s.standing(n)})
	}
	for i, item := range checklist(s, s.Step) {
		j.Items = append(j.Items, JourneyItem{item.text, s.Steps[s.Step].ticked(i)})
	}
	if day, paper, ok := s.due(); ok {
		j.Due = words.Fill("progress.due", "day", day.Format("2006-01-02 ")+weekday(day), "what", words.Get("progress.due_"+paper))
	}
	if j.Due == "" {
		j.Due = s.reminderLine()
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
	}
	return all
}
