package dialog

import (
	"strings"
	"unicode/utf8"

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
	t.s.State = Hub
	buttons := []Button{t.back(), home()}
	if t.s.Zone != "" {
		buttons = append([]Button{named("zone.china", "zone:"+when.China)}, buttons...)
	}
	many := ""
	for _, country := range strings.Fields(words.Get("read.zone_many")) {
		if strings.Contains(text, country) {
			many = words.Get("zone.many")
		}
	}
	t.say("zone.set", []string{"zone", t.zoneName(), "many", many, "now", t.full(t.now())}, buttons...)
}

func (t *talk) zoneName() string {
	if t.s.Zone == "" {
		return words.Get("zone.beijing")
	}
	name := when.PlaceName(t.s.Zone)
	if last, _ := utf8.DecodeLastRuneInString(words.Get("zone.beijing")); strings.HasSuffix(name, string(last)) || name[0] < utf8.RuneSelf {
		return name
	}
	return words.Fill("zone.time", "place", name)
}
