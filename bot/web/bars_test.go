package web

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"wenzhu/dialog"
)

// TestBarsStandByDate, also over the end of a year, and fit the drawing.
func TestBarsStandByDate(t *testing.T) {
	j, begun := dialog.Overview(dialog.Session{Person: dialog.Borrower, Counts: dialog.Counts{Days: map[string]dialog.Day{
		"2027-01-02": {All: 3, Night: 1}, "2026-12-30": {All: 6}, "2026-12-31": {All: 1, Night: 1}, "2026-12-29": {},
	}}})
	assert.True(t, begun)
	assert.Equal(t, []bar{
		{JourneyDay: dialog.JourneyDay{Day: "12-30", All: 6}, X: 0, Top: 0, NightAt: 60, Height: 60, Named: true},
		{JourneyDay: dialog.JourneyDay{Day: "12-31", All: 1, Night: 1}, X: 20, Top: 50, NightAt: 50, Height: 10, Dark: 10},
		{JourneyDay: dialog.JourneyDay{Day: "01-02", All: 3, Night: 1}, X: 40, Top: 30, NightAt: 50, Height: 30, Dark: 10, Named: true},
	}, bars(j.Days))
}
