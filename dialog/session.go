package dialog

import (
	"slices"
	"time"
)

// State names what the person is doing.
type State string

// Session is where a person stands. The zero value is somebody who has never been here.
// It is a value: Step returns a changed copy and leaves its argument as it was.
type Session struct {
	State   State    `json:"s,omitempty"`
	Round   int      `json:"r,omitempty"` // number of the newest set of choices; older ones are stale
	Taken   string   `json:"k,omitempty"` // the choice just taken, to tell the second half of a double tap
	Offered []Button `json:"o,omitempty"` // the newest choices, so that they can be typed
	Consent Consent  `json:"c,omitempty"`
	Zone    string   `json:"z,omitempty"` // IANA name; "" is Asia/Shanghai
	Wakes   []Wake   `json:"w,omitempty"` // what is due later, unordered
}

// Consent is the answer to the question whether anything may be noted down.
type Consent uint8

// The answers.
const (
	NotAsked Consent = iota
	Granted
	Refused
)

// Wake is one thing due later.
type Wake struct {
	ID   string    `json:"i"`
	At   time.Time `json:"t"`
	Own  bool      `json:"o,omitempty"` // the bot will speak on its own, and needs leave to send
	Hold bool      `json:"h,omitempty"` // keeps the person's data until it has come
}

// Due is the earliest time at which a Due event is wanted, and whether the bot will then speak on
// its own. The zero time means never.
func (s Session) Due() (at time.Time, own bool) {
	for _, w := range s.Wakes {
		if at.IsZero() || w.At.Before(at) {
			at, own = w.At, w.Own
		}
	}
	return at, own
}

// Location is the person's time zone.
func (s Session) Location() *time.Location {
	if s.Zone == "" {
		return shanghai
	}
	zone, err := time.LoadLocation(s.Zone)
	if err != nil {
		return shanghai
	}
	return zone
}

// shanghai has had no daylight saving since 1991.
var shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// Quieted is the session without anything that the bot would say on its own: the person blocked it.
func (s Session) Quieted() Session {
	s.Wakes = slices.DeleteFunc(slices.Clone(s.Wakes), func(w Wake) bool { return w.Own })
	return s
}

// Keeps says whether the person allowed their case to be kept for the retention time.
func (s Session) Keeps() bool { return s.Consent == Granted }
