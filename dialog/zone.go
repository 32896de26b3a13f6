package dialog

import (
	"strings"

	"wenzhu/dialog/when"
	"wenzhu/dialog/words"
)

// setZone takes the place or the zone by whose clock the person lives, or asks for it.
func (t *talk) setZone(text string) {
	if strings.TrimSpace(text) == "" {
		t.ask(AskZone, "zone.ask", []string{"zone", t.zoneName()}, named("zone.china", "zone:"+when.China), t.back(), home())
		return
	}
	zone, ok := when.Place(text)
	if !ok {
		t.ask(AskZone, "zone.unknown", []string{"zone", t.zoneName()}, named("zone.china", "zone:"+when.China), t.back(), home())
		return
	}
	t.s.Zone = zone
	if zone == when.China {
		t.s.Zone = ""
	}
	t.s.State = t.place()
	buttons := []Button{t.back(), home()}
	if t.s.Zone != "" {
		buttons = append([]Button{named("zone.china", "zone:"+when.China)}, buttons...)
	}
	now := t.now()
	t.say("zone.set", []string{"zone", t.zoneName(), "now", t.day(now) + now.Format(" 15:04")}, buttons...)
}

func (t *talk) zoneName() string {
	if t.s.Zone == "" {
		return words.Get("zone.beijing")
	}
	return when.PlaceName(t.s.Zone)
}
