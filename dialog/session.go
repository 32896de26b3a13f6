package dialog

import (
	"slices"
	"sync"
	"time"
)

// State names what the person is doing.
type State string

// The states. Those of the journey are come back to with 回到刚才; the others are side ways.
const (
	Fresh    State = ""         // never been here
	Safety   State = "safety"   // asked whether they are safe
	Who      State = "who"      // asked who is speaking
	InStep   State = "step"     // at one of the five steps
	Lender   State = "lender"   // asked who lent the money
	Platform State = "platform" // asked for the platform's name
	Old      State = "old"      // asked whether the debt is older than three years
	Letter   State = "letter"   // shown a text to send
	SentOn   State = "sent"     // asked on which day it was sent

	Hub        State = "hub"
	AskConsent State = "consent" // asked whether anything may be noted down
	LogHow     State = "how"     // a call is noted; asked how they harass
	LogWho     State = "number"  // asked for the number
	LogWords   State = "words"   // asked what was said
	Check      State = "check"   // asked for a message
	Reading    State = "reading" // shown what was read from a picture
	Verdict    State = "verdict" // shown a verdict
	Dispute    State = "dispute" // asked what they take the message for
	Hour       State = "hour"    // at what has to be done in the first hour after a loss
	Sender     State = "sender"  // asked who sent the message
	Ask        State = "question"
	Answer     State = "answer"
	Which      State = "which" // asked whether a text is a message or a question
	When       State = "when"  // asked when to remind
	NightOK    State = "night" // asked back about a night hour
	StopAll    State = "stop"  // asked whether all reminders shall stop
	AskZone    State = "zone"  // asked for the time zone
	AskOutcome State = "outcome"
	Erasing    State = "erase" // asked whether everything shall be deleted
)

// Person is who speaks.
type Person string

// The three kinds of people.
const (
	Borrower Person = "self"
	Relative Person = "relative"
	Stranger Person = "mistaken"
)

// Session is where a person stands. The zero value is somebody who has never been here.
// It is a value: Step returns a changed copy and leaves its argument as it was.
type Session struct {
	State   State    `json:"s,omitempty"`
	Home    State    `json:"h,omitempty"`  // the place on the journey to come back to
	Round   int      `json:"r,omitempty"`  // number of the newest set of choices; older ones are stale
	Taken   string   `json:"k,omitempty"`  // the choice just taken, to tell the second half of a double tap
	Offered []Button `json:"o,omitempty"`  // the newest choices, so that they can be typed
	Earlier []Button `json:"ob,omitempty"` // of the screens before, what can still be typed, newest first
	Consent Consent  `json:"c,omitempty"`
	Wanted  string   `json:"q,omitempty"` // what was asked for before consent was asked, done at once on yes

	Person Person            `json:"p,omitempty"`
	Step   int               `json:"n,omitempty"` // the step they are at, from 0
	Steps  [5]Progress       `json:"t"`
	Facts  map[string]string `json:"f,omitempty"` // at most factRunes each
	Counts Counts            `json:"u"`
	Paper  string            `json:"ow,omitempty"` // the paper being written; "" none
	Draft  string            `json:"d,omitempty"`  // id of the log entry that is being completed, or of a message or reminder
	Text   string            `json:"x,omitempty"`  // words waiting for an answer about them, at most textKept runes

	Asked  string `json:"a,omitempty"` // the last question, at most factRunes
	Topic  string `json:"i,omitempty"` // the snippet that answered it
	Crisis string `json:"e,omitempty"` // date of the last crisis; never its words
	Gather gather `json:"g,omitzero"`
	Rules  string `json:"v,omitempty"` // version of the rules with which the kept messages were looked at last
	First  hour   `json:"y,omitzero"`  // the checklist of the first hour

	Zone  string `json:"z,omitempty"` // IANA name; "" is Asia/Shanghai
	Wakes []Wake `json:"w,omitempty"` // what is due later, unordered

	Allow   Allow `json:"l,omitempty"`
	Missed  int   `json:"m,omitempty"` // reminders said twice without an answer, not yet shown to the person who is back
	Blocked bool  `json:"b,omitempty"` // reminders stopped because the channel was blocked; the person has not been told yet
	Nudged  int   `json:"j,omitempty"` // nudges since the person's last word
}

// Progress is how far a step is.
type Progress struct {
	Ticks uint16 `json:"t,omitempty"` // a bit for each item of the checklist
	Done  bool   `json:"d,omitempty"`
	Skip  bool   `json:"s,omitempty"`
}

// Counts sums up the log, so that no list has to be read to show it.
type Counts struct {
	Log   int            `json:"l,omitempty"`
	Night int            `json:"n,omitempty"`
	Third int            `json:"t,omitempty"`
	Days  map[string]Day `json:"d,omitempty"` // the last countedDays with an entry, by date
	Kept  int            `json:"k,omitempty"`
	Judge int            `json:"j,omitempty"` // messages judged so far; the ring of the last ones counts on it
	Due   int            `json:"r,omitempty"` // reminders set
}

// Day counts one day's harassment.
type Day struct {
	All   int `json:"a"`
	Night int `json:"n,omitempty"`
}

// gather keeps which forwarded messages wait for one answer.
type gather struct {
	Last  time.Time `json:"t"`
	Album string    `json:"a,omitempty"`
	IDs   []string  `json:"i,omitempty"` // in the list of judged messages
}

// Limits of what the record holds.
const (
	factRunes   = 60
	textKept    = 200
	countedDays = 14
	logMost     = 2000
	keptMost    = 300
	judgedMost  = 20
	remindMost  = 50
)

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
	if zone, ok := zones.Load(s.Zone); ok {
		return zone.(*time.Location)
	}
	zone, err := time.LoadLocation(s.Zone) // reads a file
	if err != nil {
		return shanghai
	}
	zones.Store(s.Zone, zone)
	return zone
}

// zones are those that were asked for, by name: *time.Location.
var zones sync.Map

// shanghai has had no daylight saving since 1991.
var shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// Quieted is the session without anything that the bot would say on its own: the person blocked it.
func (s Session) Quieted() Session {
	s.Blocked = s.Blocked || len(s.ownWakes()) > 0
	s.Wakes = slices.DeleteFunc(slices.Clone(s.Wakes), func(w Wake) bool { return w.Own })
	return s
}

// Keeps says whether the person allowed their case to be kept for the retention time.
func (s Session) Keeps() bool { return s.Consent == Granted }

// awake is what is due under an id at a time.
func (s Session) awake(id string, now time.Time) (Wake, bool) {
	for _, w := range s.Wakes {
		if w.ID == id && !w.At.After(now) {
			return w, true
		}
	}
	return Wake{}, false
}

// waits says whether something is due later under an id.
func (s Session) waits(id string) bool {
	return slices.ContainsFunc(s.Wakes, func(w Wake) bool { return w.ID == id })
}

// ownWakes are those of which the bot would speak on its own.
func (s Session) ownWakes() []Wake {
	return slices.DeleteFunc(slices.Clone(s.Wakes), func(w Wake) bool { return !w.Own })
}

// NextReminder is when the next reminder comes; zero: none is set.
func (s Session) NextReminder() time.Time {
	for _, w := range s.Wakes {
		if w.ID == wakeRemind {
			return w.At
		}
	}
	return time.Time{}
}

// wake sets, moves or, with the zero time, removes what is due under an id.
func (s *Session) wake(w Wake) {
	s.Wakes = slices.DeleteFunc(slices.Clone(s.Wakes), func(old Wake) bool { return old.ID == w.ID })
	if !w.At.IsZero() {
		s.Wakes = append(s.Wakes, w)
	}
}
