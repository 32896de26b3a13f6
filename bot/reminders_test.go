package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wenzhu/bot/chat"
	"wenzhu/bot/redistest"
	"wenzhu/bot/store"
	"wenzhu/bot/turn"
	"wenzhu/dialog"
)

// reminderRecord is the record and the list entry of somebody with one reminder.
func reminderRecord(tb testing.TB, session said, due time.Time) ([]byte, dialog.Change) {
	tb.Helper()
	east := (36 - due.UTC().Hour()) % 24 // noon there
	if east > 12 {
		east -= 24
	}
	session.session.Wakes = slices.Clone(session.session.Wakes)
	session.session.Zone = fmt.Sprintf("Etc/GMT%+d", -east)
	if east == 0 {
		session.session.Zone = "Etc/GMT"
	}
	for i, w := range session.session.Wakes {
		if w.ID == "remind" {
			session.session.Wakes[i].At = due
		}
	}
	record, err := json.Marshal(map[string]any{"s": session.session, "e": due.Add(24 * time.Hour).UnixMilli()})
	require.NoError(tb, err)
	var reminder dialog.Reminder
	item := session.changes[len(session.changes)-1]
	require.NoError(tb, json.Unmarshal(item.Value, &reminder))
	reminder.At = due
	item.Value, err = json.Marshal(reminder)
	require.NoError(tb, err)
	return record, item
}

// said is where a conversation came to.
type said struct {
	session dialog.Session
	changes []dialog.Change
}

// talk goes through a conversation without a store.
func talk(tb testing.TB, words ...string) said {
	tb.Helper()
	a := app{}
	require.NoError(tb, a.loadDialog(""))
	d := a.dialog.Load()
	var s said
	items := make(map[dialog.List][]dialog.Item)
	for n, w := range words {
		e := dialog.Event{ID: fmt.Sprint(n), Kind: dialog.Text, Text: w, At: time.Date(2026, 11, 24, 12, 0, n, 0, time.UTC)}
		out := d.Step(s.session, e)
		if len(out.Needs) > 0 {
			e.Lists = items
			for _, l := range out.Needs {
				e.Lists[l] = append([]dialog.Item{}, e.Lists[l]...)
			}
			out = d.Step(s.session, e)
		}
		for _, c := range out.Changes {
			items[c.List] = append(items[c.List], dialog.Item{ID: c.ID, Value: c.Value})
		}
		s.session, s.changes = out.Session, append(s.changes, out.Changes...)
	}
	require.NotEmpty(tb, s.session.Wakes, "a reminder is set")
	return s
}

// TestBurstOfReminders: many due in one moment, one replica killed half way: everybody is reminded, at most the ones
// in flight twice, nobody early, and the rate is kept.
func TestBurstOfReminders(t *testing.T) {
	t.Parallel()
	b := burst{people: 600, rate: 200, lead: 8 * time.Second}
	r := b.run(t)
	t.Logf("%+v", r)
	assert.Zero(t, r.early, "nobody is reminded before the time")
	assert.Equal(t, b.people, r.people, "everybody is reminded")
	assert.Zero(t, r.settled, "only what was in flight at the kill may come again")
	assert.LessOrEqual(t, r.twice, b.people/10)
	assert.LessOrEqual(t, r.busiest, int(b.rate*1.5))
}

// BenchmarkReminders100k has 100,000 reminders due in the same moment at 2,000 sends a second.
func BenchmarkReminders100k(b *testing.B) {
	for b.Loop() {
		r := burst{people: 100_000, rate: 2000, lead: 150 * time.Second}.run(b)
		b.ReportMetric(r.duration.Seconds(), "s/burst")
		b.ReportMetric(float64(r.people), "reminded")
		b.ReportMetric(float64(r.twice), "twice")
		b.ReportMetric(float64(r.early), "early")
		b.ReportMetric(float64(r.busiest), "sends-in-busiest-s")
		b.ReportMetric(r.late.Seconds(), "late-p99-s")
		b.ReportMetric(float64(r.calm.Microseconds())/1000, "chat-p99-ms-calm")
		b.ReportMetric(float64(r.during.Microseconds())/1000, "chat-p99-ms-burst")
	}
}

// BenchmarkReminderLateness has 2,000 reminders due one after the other in 40 seconds, as on an ordinary day.
func BenchmarkReminderLateness(b *testing.B) {
	for b.Loop() {
		r := burst{people: 2000, rate: 2000, lead: 10 * time.Second, spread: 40 * time.Second, calm: true}.run(b)
		b.ReportMetric(float64(r.people), "reminded")
		b.ReportMetric(float64(r.twice), "twice")
		b.ReportMetric(float64(r.early), "early")
		b.ReportMetric(r.late.Seconds()*1000, "late-p99-ms")
	}
}

// TestBytesPerReminder: what a reminder takes in Redis, of the record, its list and the index.
func TestBytesPerReminder(t *testing.T) {
	server := redistest.Start(t)
	s, err := store.OpenRedis(t.Context(), server.Client(), store.Keyring{})
	require.NoError(t, err)
	defer s.Close()
	client := server.Client()
	defer client.Close()
	due := time.Now().Add(time.Hour)
	record, item := reminderRecord(t, talk(t, "你好", "安全", "我自己欠款", "提醒", "可以", "明天晚上八点半提醒我问客服工单办得怎么样了，再让他们把催收公司的全称、委托书和通话录音都发给我，顺便核对还款流水和剩余本金"), due)
	usage := func(reminders int) int64 {
		user := chat.UserKey(fmt.Sprintf("tg:%d", reminders))
		c := turn.Commit{User: user, Body: record, Ends: due.Add(time.Hour), Next: due}
		for n := range reminders {
			c.Changes = append(c.Changes, dialog.Change{List: item.List, ID: fmt.Sprintf("%s%d", item.ID, n), Value: item.Value})
		}
		_, err := s.Commit(t.Context(), c)
		require.NoError(t, err)
		return memory(t, client, user)
	}
	none, fifty := usage(0), usage(50)
	each := (fifty - none) / 50
	t.Logf("%d bytes a reminder, the record %d bytes", each, len(record))
	assert.LessOrEqual(t, each, int64(300))
	assert.LessOrEqual(t, len(record), 2048)
}

// memory is what all keys of a person take.
func memory(t *testing.T, client *redis.Client, u chat.UserKey) int64 {
	t.Helper()
	keys, err := client.Keys(t.Context(), "wenzhu:{"+string(u)+"}:*").Result()
	require.NoError(t, err)
	require.NotEmpty(t, keys)
	var sum int64
	for _, k := range keys {
		n, err := client.MemoryUsage(t.Context(), k, 0).Result()
		require.NoError(t, err)
		sum += n
	}
	return sum
}
