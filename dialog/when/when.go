// Package when reads Chinese time phrases.
package when

import (
	"errors"
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

// Time is what a phrase means.
type Time struct {
	At       time.Time
	DateOnly bool   // the phrase named a day only: At is 20:00 of it, or 09:00 of the next when that is past
	Rolled   bool   // what was named is gone today, At is its next occurrence
	Night    bool   // the phrase itself names an hour between 22:00 and 08:00
	Repeat   string // RFC 5545 RRULE; "" once
	Rest     string // the text without the time phrase, the subject of a reminder
}

// Parse finds the instant that a phrase means at now, in now's zone.
func Parse(text string, now time.Time) (Time, error) { return Time{}, ErrNoTime }
