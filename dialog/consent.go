package dialog

import "strings"

// allowed says whether something of the case may be stored for longer than a day. Where it may not it asks, also
// who refused before, and remembers what was wanted.
func (t *talk) allowed(wanted string) bool {
	if t.s.Consent == Granted {
		return true
	}
	key := "consent.ask"
	if t.s.Consent == Refused {
		key = "consent.again"
	}
	t.s.Wanted = wanted
	t.ask(AskConsent, key, nil, choice("consent.yes", "yes"), choice("consent.no", "no"))
	return false
}

// permitted is allowed for what may also live for a day only: who refused is not asked again.
func (t *talk) permitted(wanted string) bool { return t.s.Consent == Refused || t.allowed(wanted) }

// fleeting are the verbs that are done also after a no.
var fleeting = map[string]bool{"mark": true, "tick": true, "letter": true, "remind": true, "remindme": true}

// consent takes the answer and does at once what was wanted.
func (t *talk) consent(yes bool) {
	wanted := parse(t.s.Wanted)
	t.s.Wanted, t.s.State = "", t.s.Home
	if !yes {
		t.s.Consent = Refused
	} else {
		t.s.Consent = Granted
	}
	row, ok := find(t.s.State, wanted.verb)
	switch {
	case ok && (yes || fleeting[wanted.verb]):
		if !yes && !strings.HasPrefix(wanted.verb, "remind") { // whose own answer says what becomes of it
			t.say("consent.no_thanks", nil)
		}
		row.do(t, wanted.arg)
	case yes:
		t.say("consent.thanks", nil, t.back(), home())
	default:
		t.say("consent.no_thanks", nil, t.back(), home())
	}
}

// setConsent changes the answer later, from the data screen.
func (t *talk) setConsent(arg string) {
	switch arg {
	case "on":
		t.s.Consent = Granted
	case "off":
		t.s.Consent = Refused
	default:
		t.stale()
		return
	}
	t.data()
}
