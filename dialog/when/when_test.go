package when

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var zone = time.FixedZone("", 8*60*60)

// tuesday is 24 November 2026, noon.
var tuesday = time.Date(2026, 11, 24, 12, 0, 0, 0, zone)

func TestTheRestIsWhatTheReminderIsAbout(t *testing.T) {
	for text, want := range map[string]string{
		"下周五提醒我查投诉结果":     "提醒我查投诉结果",
		"明天下午三点给12378打电话": "给12378打电话",
		"每天晚上8点，记一下骚扰电话":  "记一下骚扰电话",
		"半小时后": "",
		"平台说15日内答复，3天后提醒我看看": "平台说15日内答复，提醒我看看",
	} {
		got, err := Parse(text, tuesday)
		require.NoError(t, err, text)
		assert.Equal(t, want, got.Rest, text)
	}
}

func TestNightHoursAreTold(t *testing.T) {
	for text, want := range map[string]bool{"今晚11点": true, "凌晨两点": true, "明早七点半": true, "晚上8点": false, "明天": false, "半小时后": false} {
		got, err := Parse(text, tuesday)
		require.NoError(t, err, text)
		assert.Equal(t, want, got.Night, text)
	}
}

func TestWhatIsGoneTodayRolls(t *testing.T) {
	got, err := Parse("早上8点", tuesday)
	require.NoError(t, err)
	assert.True(t, got.Rolled)
	assert.Equal(t, "2026-11-25 08:00", got.At.Format("2006-01-02 15:04"))
}

func TestSpansOfTime(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"半小时后": 30 * time.Minute, "一个半小时后": 90 * time.Minute, "2小时后": 2 * time.Hour, "三刻钟后": 45 * time.Minute,
		"1小时20分钟后": 80 * time.Minute, "再过10分钟": 10 * time.Minute, "两个半小时以后": 150 * time.Minute,
	} {
		got, err := Parse(text, tuesday)
		require.NoError(t, err, text)
		assert.Equal(t, tuesday.Add(want), got.At, text)
	}
}

func TestWorkingDaysFollowTheOfficialCalendar(t *testing.T) {
	before := time.Date(2026, 9, 18, 12, 0, 0, 0, zone) // Friday; Sunday the 20th is worked, the 25th is a holiday
	got, err := Parse("5个工作日后", before)
	require.NoError(t, err)
	assert.Equal(t, "2026-09-24", got.At.Format(time.DateOnly))
}

// TestPhraseTable: the table was written by somebody who has not seen the parser.
func TestPhraseTable(t *testing.T) {
	f, err := os.Open("testdata/phrases.jsonl")
	require.NoError(t, err)
	defer f.Close()
	right, all := 0, 0
	for scanner := bufio.NewScanner(f); scanner.Scan(); {
		var c struct {
			ID, Now, Text     string
			At, Repeat, Error *string
			DateOnly          bool `json:"date_only"`
		}
		require.NoError(t, json.Unmarshal(scanner.Bytes(), &c))
		now, err := time.Parse(time.RFC3339, c.Now)
		require.NoError(t, err)
		if strings.HasSuffix(c.Now, "Z") {
			now = now.In(zone)
		}
		all++
		got, err := Parse(c.Text, now)
		switch {
		case err != nil:
			if c.Error == nil || *c.Error != err.Error() {
				t.Logf("%s %s at %s: error %v, want %s", c.ID, c.Text, c.Now, err, show(c.At, c.Error))
				continue
			}
		case c.At == nil || got.At.Format(time.RFC3339) != *c.At || got.DateOnly != c.DateOnly || got.Repeat != text(c.Repeat):
			t.Logf("%s %s at %s: %s %v %s, want %s %v %s", c.ID, c.Text, c.Now, got.At.Format(time.RFC3339), got.DateOnly, got.Repeat, show(c.At, c.Error), c.DateOnly, text(c.Repeat))
			continue
		}
		right++
	}
	t.Logf("%d of %d phrases right", right, all)
	assert.GreaterOrEqual(t, all, 200)
	assert.GreaterOrEqual(t, float64(right)/float64(all), 0.98)
}

// TestOddAngles: a table by somebody who knew the parser and looked for its faults by kind.
func TestOddAngles(t *testing.T) {
	content, err := os.ReadFile("testdata/angles.txt")
	require.NoError(t, err)
	for line := range strings.Lines(string(content)) {
		fields := strings.Split(strings.TrimSpace(line), " | ")
		if len(fields) != 3 || line[0] == '#' {
			continue
		}
		now, err := time.ParseInLocation("2006-01-02 15:04", fields[0], zone)
		require.NoError(t, err)
		assert.Equal(t, fields[2], meaning(fields[1], now), "%s at %s", fields[1], fields[0])
	}
}

// meaning is what a phrase means, as the table writes it.
func meaning(text string, now time.Time) string {
	got, err := Parse(text, now)
	switch {
	case errors.Is(err, ErrLunar):
		return "lunar"
	case err != nil:
		return err.Error()
	}
	words := []string{got.At.Format("2006-01-02 15:04")}
	if got.DateOnly {
		words = append(words, "D")
	}
	return strings.TrimSpace(strings.Join(append(words, got.Repeat), " "))
}

func show(at, failure *string) string {
	if at != nil {
		return *at
	}
	return text(failure)
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func TestRepeatsGoOnInOrderForEver(t *testing.T) {
	rules := []string{"FREQ=DAILY", "FREQ=DAILY;INTERVAL=2", "FREQ=WEEKLY;BYDAY=MO,TH", "FREQ=WEEKLY;INTERVAL=2", "FREQ=MONTHLY;BYMONTHDAY=31", "FREQ=MONTHLY;BYMONTHDAY=-1"}
	rapid.Check(t, func(t *rapid.T) {
		rule := rapid.SampledFrom(rules).Draw(t, "rule")
		start := tuesday.Add(time.Duration(rapid.IntRange(0, 500*24*60).Draw(t, "minutes")) * time.Minute)
		at := start
		for range 5 {
			next := Next(rule, at, start)
			if !next.After(at) || next.Hour() != start.Hour() || next.Minute() != start.Minute() {
				t.Fatalf("Next(%s, %s, %s) = %s", rule, at, start, next)
			}
			at = next
		}
	})
}

// TestNothingIsEverInThePast also for texts that nobody thought of.
func TestNothingIsEverInThePast(t *testing.T) {
	pieces := []string{"明天", "下", "周", "五", "三", "点", "半", "后", "每", "个", "月", "底", "号", "12", "上", "午", "早上", "年", "2027", "今晚", "11", "天", "小时", "，", "提醒我", "工作日", "礼拜", "天", "7"}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 8).Draw(t, "text"), "")
		now := tuesday.Add(time.Duration(rapid.IntRange(0, 800*24*60).Draw(t, "minutes")) * time.Minute)
		got, err := Parse(text, now)
		if err == nil && !got.At.After(now) {
			t.Fatalf("Parse(%q, %s) = %s", text, now, got.At)
		}
		known := err == nil
		for _, e := range []error{ErrEmpty, ErrNoTime, ErrImpossible, ErrPast, ErrAmbiguous} {
			known = known || errors.Is(err, e)
		}
		if !known {
			t.Fatalf("Parse(%q): %v", text, err)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add("下周五下午三点半")
	f.Add("\xff９９９点")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := Parse(text, tuesday)
		if err == nil && !got.At.After(tuesday) {
			t.Errorf("Parse(%q) = %s", text, got.At)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		if _, err := Parse("麻烦下周三上午十点提醒我给平台打12378问投诉的结果", tuesday); err != nil {
			b.Fatal(err)
		}
	}
}
