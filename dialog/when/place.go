package when

import (
	_ "embed"
	"regexp"
	"strings"
	"time"
	_ "time/tzdata" // zones must be known where no file system has them
)

// China is the zone of everybody who says nothing else.
const China = "Asia/Shanghai"

// placesText has a line for each zone: its IANA name, what it is called, and other names of it.
//
//go:embed places.txt
var placesText string

var placeZones, zoneNames = readPlaces(placesText)

func readPlaces(text string) (zones, names map[string]string) {
	zones, names = make(map[string]string), make(map[string]string)
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		if len(fields) < 2 || strings.HasPrefix(line, "#") {
			continue
		}
		names[fields[0]] = fields[1]
		for _, name := range fields[1:] {
			zones[strings.ToLower(name)] = fields[0]
		}
	}
	return zones, names
}

var (
	ianaName   = regexp.MustCompile(`[A-Za-z]+(?:/[A-Za-z0-9_+-]+)+|\bUTC\b|\bGMT\b`)
	zoneOffset = regexp.MustCompile(`(?i)(?:UTC|GMT) ?([+-]) ?([0-9]{1,2})\b`)
	zoneWords  = regexp.MustCompile(`(?:我?(?:现在|目前|人|这边|这里|这儿)*(?:在|住在|住)|(?:改|换|切换)(?:成|到|为)?|按照?|用|时区[是为:：]?)`)
	zoneTails  = regexp.MustCompile(`(?:当地)?(?:的)?(?:时间|时区)?(?:来|算|吧|了|的|呢|这边|这里|那边)*[。.!！]?$`)
)

// Place is the IANA zone that a text names: by a place of the table, as Asia/Tokyo, or as UTC+9.
func Place(text string) (zone string, ok bool) {
	text = strings.TrimSpace(text)
	if m := zoneOffset.FindStringSubmatch(text); m != nil {
		return offsetZone(m[1], number(m[2]))
	}
	if name := ianaName.FindString(text); name != "" {
		at, err := time.LoadLocation(name)
		if err != nil {
			return "", false
		}
		return at.String(), true
	}
	text = zoneTails.ReplaceAllString(text, "")
	if at := zoneWords.FindStringIndex(text); at != nil && at[0] == 0 {
		text = text[at[1]:]
	}
	text = strings.TrimSpace(zoneTails.ReplaceAllString(text, ""))
	zone, ok = placeZones[strings.ToLower(text)]
	return zone, ok
}

// offsetZone is the zone of whole hours from UTC. Its name has the sign turned round.
func offsetZone(sign string, hours int) (string, bool) {
	turned := map[string]string{"+": "-", "-": "+"}[sign]
	switch {
	case hours == 0:
		return "Etc/GMT", true
	case sign == "+" && hours == 8:
		return China, true
	case sign == "+" && hours > 14 || sign == "-" && hours > 12:
		return "", false
	}
	return "Etc/GMT" + turned + strings.TrimLeft(string(rune('0'+hours/10))+string(rune('0'+hours%10)), "0"), true
}

// PlaceName is what a zone is called.
func PlaceName(zone string) string {
	if name, ok := zoneNames[zone]; ok {
		return name
	}
	if hours, ok := strings.CutPrefix(zone, "Etc/GMT"); ok {
		return "UTC" + strings.NewReplacer("-", "+", "+", "-").Replace(hours)
	}
	return zone
}

// zoneAsked are the ways of talking about one's zone that need no known place.
var zoneAsked = regexp.MustCompile(`^(?:请|帮我|我想|我要)?(?:(?:改|换|切换|设置?|调整?)(?:一下)?时区|时区)(?:[是为改换成到:： ]*(.*))?$|^(?:请|以后|都|就)*按照?(.{1,12})(?:的)?(?:时间|时区)(?:来|算|吧|了|提醒)*[。.!！]?$`)

// AsksZone says whether a short text is about the person's own time zone: 「我在东京」「按美国时间」「改时区」.
// place is what it names; "" nothing yet.
func AsksZone(text string) (place string, ok bool) {
	text = strings.TrimSpace(text)
	if m := zoneAsked.FindStringSubmatch(text); m != nil {
		return strings.TrimSpace(m[1] + m[2]), true
	}
	if at := zoneWords.FindStringIndex(text); at == nil || at[0] != 0 || len([]rune(text)) > 16 {
		return "", false
	}
	if _, ok := Place(text); !ok {
		return "", false
	}
	return text, true
}
