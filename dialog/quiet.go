package dialog

import "time"

// The quiet hours, in the person's zone: nothing that the bot says on its own in between.
const (
	quietFrom = 22
	quietTo   = 8
)

// Quiet says whether a time lies in the quiet hours, and when this person's turn comes after them.
func Quiet(at time.Time, zone *time.Location, spread time.Duration) (ends time.Time, quiet bool) {
	at = at.In(zone)
	day := at
	switch {
	case at.Hour() >= quietFrom:
		day = at.AddDate(0, 0, 1)
	case at.Hour() >= quietTo:
		return time.Time{}, false
	}
	return time.Date(day.Year(), day.Month(), day.Day(), quietTo, 0, 0, 0, zone).Add(spread), true
}
