package dialog

import (
	"time"

	"wenzhu/dialog/words"
	"wenzhu/knowledge/crisis"
)

// Emergency recognises danger to life or limb in an event, in any state, and has the answer to it. It needs
// no session: it must work when nothing else does.
func Emergency(e Event) ([]Reply, bool) {
	switch {
	case e.Kind == Press && e.Data == "sos":
		return []Reply{emergencyReply("emergency.first")}, true
	case e.Kind == Press && e.Data == "low":
		return []Reply{emergencyReply("emergency.low")}, true
	case e.Kind == Text || e.Kind == Media:
		switch crisis.Recognise(e.Text, e.Forwarded || e.FromPicture) {
		case crisis.Suicide:
			return []Reply{emergencyReply("emergency.low")}, true
		case crisis.Minor:
			return []Reply{emergencyReply("emergency.minor")}, true
		case crisis.Violence:
			return []Reply{emergencyReply("emergency.first")}, true
		}
	}
	return nil, false
}

func emergencyReply(key string) Reply {
	r := Reply{Text: words.Get(key), Crisis: true}
	if key == "emergency.first" {
		r.Buttons = []Button{
			{Label: words.Get("emergency.call_110"), Data: "call:110", Tel: "110"},
			{Label: words.Get("emergency.low_button"), Data: "low"},
			{Label: words.Get("emergency.safe_button"), Data: "safe"},
		}
		return r
	}
	r.Buttons = []Button{
		{Label: words.Get("emergency.call_12356"), Data: "call:12356", Tel: "12356"},
		{Label: words.Get("emergency.tomorrow_button"), Data: "tomorrow"},
		{Label: words.Get("emergency.safe_button"), Data: "safe"},
	}
	return r
}

// danger answers an event that Emergency recognised. Of a crisis the record keeps the date, never the words.
func (t *talk) danger(replies []Reply) {
	t.s.Crisis = t.e.At.In(t.s.Location()).Format(time.DateOnly)
	if t.e.Answered {
		replies = []Reply{{Text: words.Get("emergency.still_here"), Crisis: true, Buttons: replies[0].Buttons}}
	}
	t.s.Offered = replies[len(replies)-1].Buttons
	t.replies = append(t.replies, replies...)
}

// tomorrow sets the gentle question of the next day, between ten and eleven.
func (t *talk) tomorrow() {
	now := t.e.At.In(t.s.Location())
	at := time.Date(now.Year(), now.Month(), now.Day()+1, 10, 0, 0, 0, t.s.Location()).Add(t.e.Spread % time.Hour)
	t.s.wake(Wake{ID: "crisis", At: at, Own: true, Hold: true})
	t.say("emergency.tomorrow", nil, t.back())
}

// FixedKey names a sentence that the path says when no step can be made.
type FixedKey string

// The fixed sentences.
const (
	SayFailed  FixedKey = "fixed.failed"  // the update can never succeed
	SayDamaged FixedKey = "fixed.damaged" // the record could not be read, we start anew
	SayAway    FixedKey = "fixed.away"    // the store is out of reach, nothing is lost
	SayFlooded FixedKey = "fixed.flooded" // too many at once
	SayNewer   FixedKey = "fixed.newer"   // the record is of a newer release
)

// Fixed is such a sentence, with the numbers of people who can be reached now.
func Fixed(k FixedKey) Reply {
	return Reply{Text: words.Get(string(k)), Buttons: []Button{named("go.back", "go:back"), home()}}
}
