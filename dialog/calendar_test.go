package dialog

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"wenzhu/dialog/when"
)

// TestCalendarFileIsReadByOthers: a parser that is not ours finds the event, its time, its rule and its alarm.
func TestCalendarFileIsReadByOthers(t *testing.T) {
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, shanghai)
	for name, c := range map[string]struct{ zone, rule string }{
		"once":            {"", ""},
		"every day":       {"", "FREQ=DAILY"},
		"weekly abroad":   {"America/New_York", "FREQ=WEEKLY;BYDAY=MO,TH"},
		"monthly, London": {"Europe/London", "FREQ=MONTHLY;BYMONTHDAY=-1"},
	} {
		t.Run(name, func(t *testing.T) {
			at := time.Date(2026, 12, 4, 20, 0, 0, 0, Session{Zone: c.zone}.Location())
			s := Session{Zone: c.zone}
			file, ok := Calendar(s.recipe("id-1", Reminder{At: at, Start: at, Rule: c.rule}), now)
			require.True(t, ok)
			calendar, err := ics.ParseCalendar(strings.NewReader(file))
			require.NoError(t, err)
			events := calendar.Events()
			require.Len(t, events, 1)
			start, err := events[0].GetStartAt()
			require.NoError(t, err)
			assert.True(t, start.Equal(at), "%s is not %s", start, at)
			assert.Equal(t, "id-1@wenzhu", events[0].Id())
			stamp, err := events[0].GetDtStampTime()
			require.NoError(t, err)
			assert.True(t, stamp.Equal(now))
			assert.Len(t, events[0].Alarms(), 1)
			assert.Equal(t, "有一件事到期", events[0].GetProperty(ics.ComponentPropertySummary).Value, "neutral for whoever sees the phone")
			if c.rule == "" {
				assert.Nil(t, events[0].GetProperty(ics.ComponentPropertyRrule))
			} else {
				assert.Equal(t, c.rule, events[0].GetProperty(ics.ComponentPropertyRrule).Value)
				assert.Len(t, calendar.Timezones(), 1, "what repeats goes by a clock that the file explains")
			}
			checkLines(t, file)
		})
	}
}

type reporter interface{ Fatalf(string, ...any) }

// checkLines: each line ends as the standard says and has at most 75 octets.
func checkLines(t reporter, file string) {
	for line := range strings.SplitSeq(strings.TrimSuffix(file, "\r\n"), "\r\n") {
		if len(line) > 75 || strings.ContainsAny(line, "\r\n") {
			t.Fatalf("line of %d octets: %q", len(line), line)
		}
	}
}

// TestZoneInTheFileSaysWhatTheZoneDoes: the changes of the clock that the file lists give the offsets of the zone.
func TestZoneInTheFileSaysWhatTheZoneDoes(t *testing.T) {
	for _, zone := range []string{"America/New_York", "Europe/London", "Australia/Sydney", "Asia/Shanghai", "Asia/Kolkata", "Asia/Tokyo"} {
		at := time.Date(2026, 12, 4, 20, 0, 0, 0, Session{Zone: zone}.Location())
		lines := strings.Join(timeZone(at), "\n")
		assert.Contains(t, lines, "TZID:"+zone)
		for n := range 48 {
			day := at.AddDate(0, n, 0)
			assert.Contains(t, lines, "TZOFFSETTO:"+day.Format("-0700"), "%s in %s", zone, day)
		}
	}
	lines := strings.Join(timeZone(time.Date(2026, 12, 4, 20, 0, 0, 0, Session{Zone: "America/New_York"}.Location())), "\n")
	assert.Contains(t, lines, "BEGIN:DAYLIGHT\nDTSTART:20270314T020000\nTZOFFSETFROM:-0500\nTZOFFSETTO:-0400", "the clock goes forward on 14 March 2027 at two")
}

func TestLongAndStrangeTextsKeepTheirMeaning(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.StringMatching(`[^\x00-\x1f|]{1,120}`).Draw(t, "id")
		plain := fmt.Sprintf("%s|%s||", id, "tbbbbb")
		file, ok := Calendar(calendarRecipe+base64.RawURLEncoding.EncodeToString([]byte(plain)), time.Unix(0, 0))
		if !ok {
			t.Fatalf("no file for %q", id)
		}
		checkLines(t, file)
		calendar, err := ics.ParseCalendar(strings.NewReader(file))
		if err != nil || len(calendar.Events()) != 1 {
			t.Fatalf("%q: %v\n%s", id, err, file)
		}
	})
}

// FuzzCalendar: a recipe comes back from a browser, so anything may stand in it.
func FuzzCalendar(f *testing.F) {
	s := Session{Zone: "Asia/Tokyo"}
	f.Add(s.recipe("1", Reminder{At: time.Unix(1_800_000_000, 0), Rule: "FREQ=DAILY"}))
	f.Add("ics.")
	f.Fuzz(func(t *testing.T, recipe string) {
		file, ok := Calendar(recipe, time.Unix(0, 0))
		if !ok {
			return
		}
		checkLines(t, file)
		if strings.Count(file, "BEGIN:VEVENT") != 1 || strings.Count(file, "\r\nRRULE:") > 1 {
			t.Errorf("Calendar(%q) = %q", recipe, file)
		}
	})
}

func TestPlacesAreZonesThatExist(t *testing.T) {
	for text, want := range map[string]string{
		"我在东京": "Asia/Tokyo", "按美国时间": "America/New_York", "时区 Asia/Tokyo": "Asia/Tokyo", "我现在在洛杉矶": "America/Los_Angeles", "改成伦敦时间": "Europe/London",
		"UTC+9": "Etc/GMT-9", "GMT-5": "Etc/GMT+5", "UTC+8": when.China, "以后按悉尼时间提醒": "Australia/Sydney", "我人在日本": "Asia/Tokyo", "北京时间": when.China,
	} {
		got, ok := when.Place(strings.TrimSuffix(strings.TrimPrefix(text, "以后"), "提醒"))
		assert.True(t, ok, text)
		assert.Equal(t, want, got, text)
		_, err := time.LoadLocation(got)
		assert.NoError(t, err)
	}
	for _, text := range []string{"火星", "时区 Mars/Base", "UTC+99", "我在公司", "../../etc/passwd", "Asia/../Tokyo"} {
		zone, ok := when.Place(text)
		assert.False(t, ok, "%s is %s", text, zone)
	}
}
