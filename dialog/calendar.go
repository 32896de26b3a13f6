package dialog

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"wenzhu/dialog/words"
)

// calendarRecipe begins the recipes of calendar files, see Reply.File.
const calendarRecipe = "ics."

// calendar gives a reminder as a file for the phone's own calendar: one that is set, by its id, or a time that is
// named in the button itself.
func (t *talk) calendar(arg string) {
	if r, ok := readMoment(arg); ok {
		t.giveFile(r)
		return
	}
	all, ok := t.reminders()
	if !ok {
		return
	}
	r, found := all[arg]
	if !found {
		t.gone()
		return
	}
	if r.At.IsZero() {
		r.At = t.e.At
	}
	t.say("remind.file_made", []string{"when", t.moment(r.At)}, t.back(), home())
	t.replies[len(t.replies)-1].File = t.s.recipe(arg, r)
}

// giveFile gives a reminder that is not kept here.
func (t *talk) giveFile(r Reminder) {
	t.s.Draft, t.s.Text, t.s.State = "", "", Hub
	at := t.full(r.At)
	if r.Rule != "" {
		at = t.often(r)
	}
	t.say("remind.file_only", []string{"when", at}, t.back(), home())
	t.replies[len(t.replies)-1].File = t.s.recipe(t.itemID(), r)
}

// recipe holds all that the file says, so that making it needs no list and outlives the reminder.
func (s Session) recipe(id string, r Reminder) string {
	at := r.At
	if r.Rule != "" && !r.Start.IsZero() {
		at = r.Start
	}
	plain := strings.Join([]string{id, strconv.FormatInt(at.Unix(), 36), s.Zone, r.Rule}, "|")
	return calendarRecipe + base64.RawURLEncoding.EncodeToString([]byte(plain))
}

// writeMoment names a time and its repetition in a button: =1abc|FREQ=DAILY.
func writeMoment(r Reminder) string {
	return "=" + strconv.FormatInt(r.At.Unix(), 36) + "|" + r.Rule
}

func readMoment(s string) (Reminder, bool) {
	s, ok := strings.CutPrefix(s, "=")
	at, rule, ok2 := strings.Cut(s, "|")
	seconds, err := strconv.ParseInt(at, 36, 64)
	if !ok || !ok2 || err != nil || strings.ContainsAny(rule, "\r\n") {
		return Reminder{}, false
	}
	return Reminder{At: time.Unix(seconds, 0), Start: time.Unix(seconds, 0), Rule: rule}, true
}

// Calendar makes the file of a recipe (RFC 5545); false where it is no recipe of a calendar file. Its title is
// neutral: others may see the phone.
func Calendar(recipe string, now time.Time) (file string, ok bool) {
	encoded, ok := strings.CutPrefix(recipe, calendarRecipe)
	plain, err := base64.RawURLEncoding.DecodeString(encoded)
	parts := strings.Split(string(plain), "|")
	if !ok || err != nil || len(parts) != 4 || !utf8.Valid(plain) {
		return "", false
	}
	seconds, err := strconv.ParseInt(parts[1], 36, 64)
	at := time.Unix(seconds, 0)
	if year := at.UTC().Year(); err != nil || year < 2000 || year > 9000 || !isRule(parts[3]) {
		return "", false
	}
	zone := Session{Zone: parts[2]}.Location()
	return event(parts[0], at.In(zone), parts[3], now), true
}

// isRule says whether a text is one of the rules that are made here.
func isRule(rule string) bool {
	for _, c := range rule {
		if (c < 'A' || c > 'Z') && (c < '0' || c > '9') && !strings.ContainsRune("=;,-", c) {
			return false
		}
	}
	return rule == "" || strings.HasPrefix(rule, "FREQ=")
}

const utcForm, localForm = "20060102T150405Z", "20060102T150405"

// event is a calendar with one event and its alarm. What repeats does so by the clock of its zone, which then
// is part of the file; else the time is in UTC.
func event(id string, at time.Time, rule string, now time.Time) string {
	lines := []string{"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//wenzhu//reminder//ZH", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"}
	start := "DTSTART:" + at.UTC().Format(utcForm)
	if rule != "" {
		lines = append(lines, timeZone(at)...)
		start = "DTSTART;TZID=" + at.Location().String() + ":" + at.Format(localForm)
	}
	lines = append(lines, "BEGIN:VEVENT", "UID:"+escape(id)+"@wenzhu", "DTSTAMP:"+now.UTC().Format(utcForm), start, "DURATION:PT15M")
	if rule != "" {
		lines = append(lines, "RRULE:"+rule)
	}
	title := escape(words.Get("remind.calendar"))
	lines = append(lines, "SUMMARY:"+title, "TRANSP:TRANSPARENT", "CLASS:PRIVATE",
		"BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:"+title, "TRIGGER:PT0S", "END:VALARM", "END:VEVENT", "END:VCALENDAR")
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(fold(l) + "\r\n")
	}
	return b.String()
}

// zoneYears is how far ahead the changes of a zone's clock are listed.
const zoneYears = 5

// timeZone is the zone's clock from the last change before a time on.
func timeZone(at time.Time) []string {
	lines := []string{"BEGIN:VTIMEZONE", "TZID:" + at.Location().String()}
	from, until := at, at.AddDate(zoneYears, 0, 0)
	for from.Before(until) {
		begins, ends := from.ZoneBounds()
		name, offset := from.Zone()
		before := offset
		onset := from.Truncate(24 * time.Hour)
		if !begins.IsZero() {
			_, before = begins.Add(-time.Second).Zone()
			onset = begins
		}
		kind := "STANDARD"
		if from.IsDST() {
			kind = "DAYLIGHT"
		}
		lines = append(lines, "BEGIN:"+kind, "DTSTART:"+onset.In(time.FixedZone("", before)).Format(localForm),
			"TZOFFSETFROM:"+offsetForm(before), "TZOFFSETTO:"+offsetForm(offset), "TZNAME:"+escape(name), "END:"+kind)
		if ends.IsZero() {
			break
		}
		from = ends
	}
	return append(lines, "END:VTIMEZONE")
}

func offsetForm(seconds int) string {
	sign := "+"
	if seconds < 0 {
		sign, seconds = "-", -seconds
	}
	return fmt.Sprintf("%s%02d%02d", sign, seconds/3600, seconds/60%60)
}

// escape writes a text value (RFC 5545, 3.3.11).
func escape(text string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", "").Replace(text)
}

// lineOctets is how long a line of the file may be, without its end.
const lineOctets = 75

// fold breaks a line that is too long, between characters.
func fold(line string) string {
	var b strings.Builder
	used := 0
	for _, c := range line {
		if n := utf8.RuneLen(c); used+n > lineOctets {
			b.WriteString("\r\n ")
			used = 1
		}
		used += utf8.RuneLen(c)
		b.WriteRune(c)
	}
	return b.String()
}
