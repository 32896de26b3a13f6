package web

import "wenzhu/dialog"

// bar is one day's harassment as it is drawn: its count above it, the night in its lower part.
type bar struct {
	dialog.JourneyDay
	X            int
	Top, NightAt int // where the bar and its night part begin
	Height, Dark int
	Named        bool // the date stands below: the first and the last
}

// Middle is where the count above a bar is centred.
func (b bar) Middle() int { return b.X + barWidth/2 }

// Above is the base line of that count.
func (b bar) Above() int { return b.Top - 4 }

// What the drawing in pages/journey.html has room for.
const (
	barWidth  = 14
	barEvery  = 20
	barHeight = 60
)

// bars are days side by side, the tallest as high as there is room.
func bars(days []dialog.JourneyDay) []bar {
	most := 1
	for _, d := range days {
		most = max(most, d.All)
	}
	all := make([]bar, 0, len(days))
	for i, d := range days {
		b := bar{JourneyDay: d, X: i * barEvery, Height: max(2, d.All*barHeight/most), Dark: d.Night * barHeight / most}
		b.Top, b.NightAt = barHeight-b.Height, barHeight-b.Dark
		b.Named = i == 0 || i == len(days)-1 && i > 1
		all = append(all, b)
	}
	return all
}
