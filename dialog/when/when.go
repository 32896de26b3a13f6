// Package when reads Chinese time phrases: 「下周五」「半小时后」「每天晚上8点」「3个工作日后」.
package when

import (
	"errors"
	"strings"
	"time"
)

// The errors of Parse; each is a code of the command line's contract.
var (
	ErrEmpty      = errors.New("empty")
	ErrNoTime     = errors.New("no_time")
	ErrImpossible = errors.New("impossible")
	ErrPast       = errors.New("past")
	ErrAmbiguous  = errors.New("ambiguous")
)

// ErrLunar says that a day of the lunar calendar was named, or a feast that moves with it. Its code is that of
// ErrNoTime, which it is too.
var ErrLunar error = lunar{}

type lunar struct{}

func (lunar) Error() string { return ErrNoTime.Error() }
func (lunar) Unwrap() error { return ErrNoTime }

// Time is what a phrase means.
type Time struct {
	At       time.Time
	DateOnly bool   // the phrase named a day only: At is 20:00 of it, or 09:00 of the next when that is past
	Rolled   bool   // what was named is gone today, At is its next occurrence
	Night    bool   // the phrase itself names an hour between 22:00 and 08:00
	Clock    bool   // the phrase named a time of day only
	Unsure   bool   // working days were counted into a year whose official calendar is not known
	Repeat   string // RFC 5545 RRULE; "" once
	Rest     string // the text without the time phrase, the subject of a reminder
}

// The hours of a day that was named without one, and of the day after when that is past.
const (
	eveningHour = 20
	morningHour = 9
)

// Parse finds the instant that a phrase means at now, in now's zone. With an error the Time has its Rest only.
func Parse(text string, now time.Time) (Time, error) {
	if strings.TrimSpace(text) == "" {
		return Time{}, ErrEmpty
	}
	n := normalise(text)
	found, err := find(n.text)
	rest := n.without(found.spans)
	if err != nil {
		return Time{Rest: rest}, err
	}
	t, err := found.resolve(now)
	if err != nil {
		return Time{Rest: rest}, err
	}
	t.Rest = rest
	t.Clock = len(found.dates) == 0 && len(found.clocks) > 0 && found.repeat == ""
	return t, nil
}

// Quiet hours, as far as an hour that was named is concerned.
func night(hour int) bool { return hour >= 22 || hour < 8 }
