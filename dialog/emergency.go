package dialog

import "wenzhu/dialog/words"

// Emergency recognises danger to life or limb in an event, in any state, and has the answer to it. It needs
// no session: it must work when nothing else does.
func Emergency(e Event) ([]Reply, bool) {
	if e.Kind == Press && e.Data == "sos" {
		return []Reply{emergencyReply()}, true
	}
	return nil, false
}

func emergencyReply() Reply {
	return Reply{Text: words.Get("emergency.first"), Crisis: true}
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
func Fixed(k FixedKey) Reply { return Reply{Text: words.Get(string(k))} }
