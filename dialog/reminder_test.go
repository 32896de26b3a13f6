package dialog

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"wenzhu/dialog/when"
)

var sentences = []string{
	"下周五提醒我查投诉结果", "今晚11点提醒我", "半小时后提醒我看答复", "每天晚上8点提醒我记一笔", "每周一三五早上7点提醒我", "明天提醒我问12378", "昨天提醒我", "10年后提醒我", "我的提醒", "提醒设置",
	"我在东京", "按美国时间", "改时区", "UTC-3", "推迟", "看看", "不用", "可以", "好的", "全部停掉", "改一下", "撤销", "没答复", "办好了", "晚上9点", "凌晨3点", "首页", "记一次", "提醒", "1", "2", "春节提醒我",
}

// TestLawsOfReminders holds for anybody who sets, changes, answers and ignores reminders, in any zone.
func TestLawsOfReminders(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := newPerson()
		for _, text := range []string{"你好", "安全", "我自己欠款", "提醒", "可以"} {
			p.do(Event{Kind: Text, Text: text})
		}
		for range rapid.IntRange(1, 40).Draw(t, "turns") {
			reminderTurn(t, p)
			checkReminders(t, p)
		}
	})
}

// reminderTurn lets the person type or press, or time go on: by a span, or to what is due next.
func reminderTurn(t *rapid.T, p *person) {
	switch choices := append(p.screen, p.s.Offered...); rapid.IntRange(0, 3).Draw(t, "kind") {
	case 0:
		p.do(Event{Kind: Text, Text: rapid.SampledFrom(sentences).Draw(t, "text")})
	case 1, 2:
		if len(choices) > 0 {
			p.do(Event{Kind: Press, Data: rapid.SampledFrom(choices).Draw(t, "button").Data})
			return
		}
		fallthrough
	default:
		due, _ := p.s.Due()
		if rapid.Bool().Draw(t, "to the next") && !due.IsZero() && due.After(p.now) {
			p.now = due
		} else {
			p.now = p.now.Add(time.Duration(rapid.IntRange(1, 100*60).Draw(t, "minutes")) * time.Minute)
		}
		next := p.s.NextReminder()
		out := p.do(Event{Kind: Due})
		for _, r := range out.Replies {
			if strings.HasPrefix(r.Text, "早上好") {
				return // the day after a crisis; its hour is its own
			}
			if !r.Own {
				t.Fatalf("said on its own without saying so: %q", r.Text)
			}
			hour := p.now.In(p.s.Location()).Hour()
			if (hour >= 22 || hour < 8) && !r.Night {
				t.Fatalf("%q said at %s", r.Text, p.now.In(p.s.Location()))
			}
			if due.IsZero() || due.After(p.now) {
				t.Fatalf("%q said at %s, due at %s (reminder %s)", r.Text, p.now, due, next)
			}
			if !p.s.Allow.has(Details) && !strings.HasPrefix(r.Text, "您有") {
				t.Fatalf("tells more than was allowed: %q", r.Text)
			}
		}
		if len(out.Replies) > 1 {
			t.Fatalf("%d messages at once", len(out.Replies))
		}
	}
}

func checkReminders(t *rapid.T, p *person) {
	var next time.Time
	for id, value := range p.lists[Reminders] {
		var r Reminder
		if err := json.Unmarshal(value, &r); err != nil {
			t.Fatal(err)
		}
		if len(value) > 260 {
			t.Fatalf("%s takes %d bytes: %s", id, len(value), value)
		}
		if !r.At.IsZero() && (next.IsZero() || r.At.Before(next)) {
			next = r.At
		}
	}
	if n := len(p.lists[Reminders]); n != p.s.Counts.Due || n > remindMost {
		t.Fatalf("%d reminders in the list, %d counted", n, p.s.Counts.Due)
	}
	if at := p.s.NextReminder(); !at.Equal(next) {
		t.Fatalf("the wake entry is for %s, the next reminder for %s", at, next)
	}
	record, err := json.Marshal(p.s)
	if err != nil || len(record) > 2048 {
		t.Fatalf("the session has %d bytes: %s", len(record), record)
	}
}

func TestFiftyRemindersAndNoMore(t *testing.T) {
	p := arrived(t)
	p.do(Event{Kind: Text, Text: "提醒"})
	p.do(Event{Kind: Text, Text: "可以"})
	for n := range remindMost {
		p.do(Event{Kind: Text, Text: fmt.Sprintf("%d天后上午10点提醒我%s", n+1, strings.Repeat("问客服", 10))})
		require.Equal(t, n+1, p.s.Counts.Due)
	}
	out := p.do(Event{Kind: Text, Text: "明天提醒我再问一次"})
	assert.Contains(t, out.Replies[0].Text, "已经有 50 个提醒了")
	assert.Len(t, p.lists[Reminders], remindMost)
	record, err := json.Marshal(p.s)
	require.NoError(t, err)
	assert.LessOrEqual(t, len(record), 2048)
	out = p.do(Event{Kind: Text, Text: "我的提醒"})
	assert.LessOrEqual(t, len([]rune(out.Replies[0].Text)), 300)
}

// TestReliefIsCountedOnceAndWithoutAPerson: pressing again changes no figure.
func TestReliefIsCountedOnceAndWithoutAPerson(t *testing.T) {
	p := arrived(t)
	p.s.Consent, p.s.Allow = Granted, Relief|askedRelief
	p.s.Facts = map[string]string{"complained": p.now.Format(time.DateOnly)}
	p.do(Event{Kind: Press, Data: "allow:relief"})
	p.now = p.now.AddDate(0, 0, 30)
	require.Len(t, p.do(Event{Kind: Due}).Replies, 1)
	p.do(Event{Kind: Press, Data: "look:relief"})
	p.notes = nil
	for range 3 {
		p.do(Event{Kind: Press, Data: "relief:less"})
	}
	assert.Equal(t, []Note{{"relief", "30 less"}}, p.notes)
}

// TestWhereTheBotCannotReachAPersonItSaysSo: on a page that is closed nothing rings.
func TestWhereTheBotCannotReachAPersonItSaysSo(t *testing.T) {
	for visited, want := range map[bool]string{true: "手机不会自己响", false: "别人看到也没关系"} {
		p := arrived(t)
		p.s.Consent = Granted
		out := p.do(Event{Kind: Text, Text: "明天下午三点提醒我", Visited: visited})
		assert.Contains(t, out.Replies[0].Text, want)
	}
}

// TestRemindersBeyondTheEndOfTheRecordAreRefused, by the retention that the operator set.
func TestRemindersBeyondTheEndOfTheRecordAreRefused(t *testing.T) {
	p := arrived(t)
	p.d = New(Parts{Retention: 30 * 24 * time.Hour})
	p.s.Consent = Granted
	out := p.do(Event{Kind: Text, Text: "29天后上午提醒我"})
	assert.Contains(t, out.Replies[0].Text, "好的，")
	out = p.do(Event{Kind: Text, Text: "31天后提醒我"})
	assert.Contains(t, out.Replies[0].Text, "太远了")
	require.Equal(t, "存到手机日历", out.Replies[0].Buttons[0].Label)
	out = p.do(Event{Kind: Press, Data: out.Replies[0].Buttons[0].Data})
	_, ok := Calendar(out.Replies[0].File, p.now)
	assert.True(t, ok)
}

// TestDailyStaysAtItsHourWhenTheClockChanges: eight in the evening in New York is that in summer and in winter.
func TestDailyStaysAtItsHourWhenTheClockChanges(t *testing.T) {
	zone := Session{Zone: "America/New_York"}.Location()
	at := time.Date(2027, 3, 10, 20, 0, 0, 0, zone)
	start := at
	for range 10 {
		at = when.Next("FREQ=DAILY", at, start)
		assert.Equal(t, "20:00", at.Format("15:04"))
	}
	assert.Equal(t, "2027-03-20", at.Format(time.DateOnly))
}
