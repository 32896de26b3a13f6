package dialog

import (
	"slices"
	"time"

	"wenzhu/dialog/words"
	"wenzhu/knowledge/crisis"
)

// Emergency recognises danger to life or limb in an event, in any state, and has the answer to it. It needs
// no session: it must work when nothing else does.
func Emergency(e Event) ([]Reply, bool) {
	screen := ""
	switch {
	case e.Kind == Press && e.Data == "sos":
		screen = "first"
	case e.Kind == Press && e.Data == "low":
		screen = "low"
	case e.Kind == Text || e.Kind == Media:
		screen = recognised(e.Text, e.Forwarded || e.FromPicture)
	}
	if screen == "" {
		return nil, false
	}
	return []Reply{emergencyReply(screen)}, true
}

// recognised is the screen for the danger that a text tells of, or "".
func recognised(text string, forwarded bool) string {
	danger := crisis.Recognise(text, forwarded)
	if danger != crisis.Safe && danger != crisis.Violence && crisis.Hurt(text) {
		return hurt[danger]
	}
	return screens[danger]
}

// hurt are the screens for those who have already taken something or are wounded.
var hurt = map[crisis.Danger]string{crisis.Suicide: "hurt", crisis.Close: "near_hurt", crisis.Minor: "hurt"}

var screens = map[crisis.Danger]string{
	crisis.Suicide: "low", crisis.Close: "near", crisis.Minor: "minor", crisis.Violence: "first",
}

// callFirst is the number on the first button of each screen.
var callFirst = map[string]string{"first": "110", "low": "12356", "hurt": "120", "near": "110", "near_hurt": "120", "minor": "110"}

// emergencyReply is a screen: what to do, a number to call, a second way, and the way back.
func emergencyReply(screen string) Reply {
	second, safe := named("emergency.tomorrow_button", "tomorrow"), "safe:low"
	if screen == "first" {
		second, safe = named("emergency.low_button", "low"), "safe"
	}
	number := callFirst[screen]
	return Reply{Text: words.Get("emergency." + screen), Crisis: true, Buttons: []Button{
		{Label: words.Fill("emergency.call_button", "number", number), Data: "call:" + number, Tel: number},
		second,
		named("emergency.safe_button", safe),
	}}
}

// danger answers an event that Emergency recognised. Of a crisis the record keeps the date, never the words.
func (t *talk) danger(replies []Reply) {
	t.s.Crisis = t.now().Format(time.DateOnly)
	if t.e.Answered {
		replies = []Reply{{Text: words.Get("emergency.still_here"), Crisis: true, Buttons: replies[0].Buttons}}
	}
	t.present(replies[len(replies)-1].Buttons)
	t.replies = append(t.replies, replies...)
}

// care adds where help is to an answer, when what the person wrote may mean more than it says. Words that were judged
// as a message are not the person's, but passed on they may be of somebody close. Where help is offered already once is
// enough.
func (t *talk) care() {
	passedOn := t.e.Forwarded || t.e.FromPicture
	if t.e.Kind != Text || t.brief || len(t.replies) == 0 || t.s.State == Verdict && !passedOn {
		return
	}
	danger := crisis.Possible(t.e.Text, passedOn)
	if passedOn && danger == crisis.Suicide {
		danger = crisis.Close
	}
	help := named("arrive.low", "low")
	if danger == crisis.Violence {
		help = named("hub.sos", "sos")
	}
	if danger == crisis.Safe || t.offered(help) {
		return
	}
	t.replies = append(t.replies, Reply{Text: words.Get("emergency.care_" + screens[danger]), Buttons: []Button{help}})
}

// inDanger says whether danger is answered in this step.
func (t *talk) inDanger() bool {
	return slices.ContainsFunc(t.replies, func(r Reply) bool { return r.Crisis })
}

// offered says whether a button stands below one of the replies already.
func (t *talk) offered(button Button) bool {
	return slices.ContainsFunc(t.replies, func(r Reply) bool {
		return slices.ContainsFunc(r.Buttons, func(b Button) bool { return b.Data == button.Data })
	})
}

// tomorrow sets the gentle question of the next day, between ten and eleven.
func (t *talk) tomorrow() {
	now := t.now()
	at := time.Date(now.Year(), now.Month(), now.Day()+1, askedAtHour, 0, 0, 0, now.Location()).Add(t.e.Spread % time.Hour)
	t.s.wake(Wake{ID: wakeCrisis, At: at, Own: true, Hold: true})
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

// Fixed is such a sentence, with the ways back to the talk.
func Fixed(k FixedKey) Reply {
	return Reply{Text: words.Get(string(k)), Buttons: []Button{named("go.back", "go:back"), home()}}
}
