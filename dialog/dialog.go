package dialog

import (
	"strconv"
	"strings"

	"wenzhu/dialog/words"
)

// The first states; the journey grows from here.
const (
	Fresh  State = ""       // never been here
	Safety State = "safety" // asked whether the person is safe
	Who    State = "who"    // asked who is speaking
	Steps  State = "steps"  // on the journey
)

// Dialog is the conversation with the knowledge that it speaks from.
type Dialog struct{}

// New returns a dialog.
func New() *Dialog { return &Dialog{} }

// Step is the pure heart: what happens because of an event.
func (d *Dialog) Step(s Session, e Event) Outcome {
	if replies, danger := Emergency(e); danger {
		return Outcome{Session: s, Replies: replies}
	}
	choice, fits := s.choice(e)
	switch {
	case e.Kind == Press && !fits:
		return say(s, s.State, "skeleton.stale")
	case s.State == Fresh:
		return say(s, Safety, "skeleton.safe", labels("skeleton.safe_choices")...)
	case s.State == Safety && fits:
		return say(s, Who, "skeleton.who", labels("skeleton.who_choices")...)
	case s.State == Who && fits:
		return say(s, Steps, "skeleton.steps", choice)
	}
	return say(s, s.State, "skeleton.unclear")
}

// Stand says where the person stands.
func (d *Dialog) Stand(Session) Reply { return Reply{Text: words.Get("skeleton.stand")} }

// choice is the button of the newest set that the event presses or types.
func (s Session) choice(e Event) (label string, ok bool) {
	for i, b := range s.Offered {
		if e.Kind == Press && e.Data == b.Data || e.Kind == Text && (e.Text == b.Label || e.Text == strconv.Itoa(i+1)) {
			return b.Label, true
		}
	}
	return "", false
}

func labels(key string) []string { return strings.Split(words.Get(key), "|") }

func say(s Session, to State, key string, labels ...string) Outcome {
	s.State = to
	if len(labels) > 0 {
		s.Round++
		s.Offered = nil
		for i, label := range labels {
			s.Offered = append(s.Offered, Button{Label: label, Data: strings.Join([]string{strconv.Itoa(s.Round), strconv.Itoa(i)}, ".")})
		}
	}
	return Outcome{Session: s, Replies: []Reply{{Text: words.Get(key), Buttons: s.Offered}}}
}
