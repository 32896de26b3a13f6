package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"wenzhu/bot/chat"
	"wenzhu/bot/redistest"
	"wenzhu/bot/store"
	"wenzhu/bot/turn"
	"wenzhu/dialog"
)

// burst is many people whose reminders are due in the same moment, and two replicas, one of which is killed half way.
type burst struct {
	people int
	rate   float64 // sends a second that the bot is allowed
	lead   time.Duration
	spread time.Duration // over which they are due; 0: all in one moment
	calm   bool          // nobody dies
}

// due is when a person's reminder is due, counted from 1.
func (b burst) due(first time.Time, person int64) time.Time {
	return first.Add(time.Duration(person) * b.spread / time.Duration(b.people))
}

// sink is a Telegram that only counts, quick enough for a burst.
type sink struct {
	*httptest.Server
	mu      sync.Mutex
	sent    map[int64]int
	first   map[int64]time.Time // when each was first reminded
	seconds map[int64]int       // sends by second
	total   int
	last    time.Time
	waiting map[int64]chan time.Time // who chats waits here for an answer
}

func newSink(tb testing.TB) *sink {
	s := &sink{sent: make(map[int64]int), first: make(map[int64]time.Time), seconds: make(map[int64]int), waiting: make(map[int64]chan time.Time)}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/sendMessage") {
			id, err := strconv.ParseInt(r.FormValue("chat_id"), 10, 64)
			if err == nil {
				s.count(id, time.Now())
			}
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"ok":true,"result":{"message_id":1,"date":1,"chat":{"id":1,"type":"private"},"username":"x"}}`)
	}))
	tb.Cleanup(s.Close)
	return s
}

func (s *sink) count(id int64, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seconds[now.Unix()]++
	if answer, ok := s.waiting[id]; ok {
		select {
		case answer <- now:
		default:
		}
		return
	}
	if s.sent[id]++; s.sent[id] == 1 {
		s.first[id] = now
	}
	s.total++
	s.last = now
}

func (s *sink) reminded() (total, people, twice int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range s.sent {
		if n > 1 {
			twice += n - 1
		}
	}
	return s.total, len(s.sent), twice
}

// again counts who was first reminded before a moment and then once more.
func (s *sink) again(before time.Time) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for id, times := range s.sent {
		if times > 1 && s.first[id].Before(before) {
			n++
		}
	}
	return n
}

func (s *sink) busiest() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	most := 0
	for _, n := range s.seconds {
		most = max(most, n)
	}
	return most
}

// chatter is somebody who says a word now and then, and how long each answer took.
type chatter struct {
	id     int64
	took   []time.Duration
	answer chan time.Time
}

func (s *sink) chatter(id int64) *chatter {
	c := &chatter{id: id, answer: make(chan time.Time, 1)}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting[id] = c.answer
	return c
}

// talk goes on until ctx ends. addr is asked each time, for replicas die.
func (c *chatter) talk(ctx context.Context, addr func() string) {
	for n := 0; ctx.Err() == nil; n++ {
		select {
		case <-c.answer:
		default:
		}
		began := time.Now()
		postUpdate(addr(), int(time.Now().UnixNano()/1000%1_000_000_000), int(c.id), 2*n)
		select {
		case at := <-c.answer:
			c.took = append(c.took, at.Sub(began))
		case <-time.After(10 * time.Second):
			c.took = append(c.took, 10*time.Second)
		case <-ctx.Done():
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func percentile(all []time.Duration, p float64) time.Duration {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[min(int(float64(len(all))*p), len(all)-1)]
}

// inFlight is how long a message may take from its sending to its commit on a machine that does much else.
const inFlight = 2 * time.Second

// result is what a burst came to.
type result struct {
	duration             time.Duration // from the due moment to the last reminder
	total, people, twice int
	settled              int // of twice: who had been reminded long before the kill
	busiest              int // sends in the busiest second
	calm, during         time.Duration
	early                int           // reminders before their moment
	late                 time.Duration // between a reminder's moment and its message, the 99th of 100
}

// run seeds the people, starts two replicas, lets the reminders come due, and kills one replica half way.
func (b burst) run(tb testing.TB, path string) result {
	server, telegram := redistest.Start(tb), newSink(tb)
	due := time.Now().Add(b.lead)
	b.seed(tb, server, due)
	var replicas []*replica
	for range 2 {
		replicas = append(replicas, startReplica(tb, path, server.URL(), telegram.URL, b.rate))
	}
	chatter := telegram.chatter(9_000_000)
	talking := func(until time.Time) time.Duration {
		ctx, cancel := context.WithDeadline(tb.Context(), until)
		defer cancel()
		chatter.took = nil
		chatter.talk(ctx, func() string { return replicas[0].addr })
		return percentile(chatter.took, 0.99)
	}
	r := result{calm: talking(due.Add(-time.Second))}
	killed := make(chan time.Time, 1)
	go func() {
		for n := 0; n < b.people/2 && tb.Context().Err() == nil; n, _, _ = telegram.reminded() {
			time.Sleep(5 * time.Millisecond)
		}
		killed <- time.Now()
		if !b.calm {
			replicas[1].kill()
		}
	}()
	done := make(chan struct{})
	go func() {
		defer close(done)
		for people := 0; people < b.people && tb.Context().Err() == nil; _, people, _ = telegram.reminded() {
			if time.Since(due) > 20*time.Minute {
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
	}()
	ctx, cancel := context.WithCancel(tb.Context())
	go func() { <-done; cancel() }()
	chatter.took = nil
	chatter.talk(ctx, func() string { return replicas[0].addr })
	r.during = percentile(chatter.took, 0.99)
	time.Sleep(500 * time.Millisecond) // anything more would be a repeat
	r.total, r.people, r.twice = telegram.reminded()
	r.settled = telegram.again((<-killed).Add(-inFlight))
	telegram.mu.Lock()
	r.duration = telegram.last.Sub(due)
	late := make([]time.Duration, 0, len(telegram.first))
	for id, at := range telegram.first {
		late = append(late, at.Sub(b.due(due, id)))
	}
	telegram.mu.Unlock()
	r.late = percentile(late, 0.99)
	if len(late) > 0 && late[0] < -time.Millisecond { // sorted now; wake entries are kept to the millisecond
		r.early++
	}
	r.busiest = telegram.busiest()
	return r
}

// replica is a bot process behind the webhook.
type replica struct {
	addr string
	cmd  *exec.Cmd
	once sync.Once
}

func (r *replica) kill() {
	r.once.Do(func() {
		_ = r.cmd.Process.Kill()
		_ = r.cmd.Wait()
	})
}

func startReplica(tb testing.TB, path, redisURL, telegramURL string, rate float64) *replica {
	tb.Helper()
	addr := freeTCP(tb)
	r := &replica{addr: addr, cmd: exec.Command(path)}
	r.cmd.Env = append(os.Environ(), "LISTEN_ADDR="+addr, "REDIS_URL="+redisURL, "TELEGRAM_API_URL="+telegramURL, "TELEGRAM_BOT_TOKEN=1:crash",
		"TELEGRAM_MODE=webhook", "TELEGRAM_WEBHOOK_SECRET=s", "TELEGRAM_WEBHOOK_URL=http://"+addr+"/telegram/webhook",
		fmt.Sprintf("TELEGRAM_RATE=%g", rate), "TELEGRAM_CHAT_RATE=0", "FLOOD_LIMIT=0", "WEB_CHAT=off", "LOG_LEVEL=error")
	require.NoError(tb, r.cmd.Start())
	tb.Cleanup(r.kill)
	require.Eventually(tb, func() bool {
		response, err := http.Get("http://" + addr + "/readyz")
		if err == nil {
			response.Body.Close()
		}
		return err == nil && response.StatusCode == http.StatusOK
	}, 20*time.Second, 10*time.Millisecond)
	return r
}

// seed lets one person set a reminder through the dialog, and copies what that left to everybody, due at one time and
// in a zone where it is noon then.
func (b burst) seed(tb testing.TB, server *redistest.Server, due time.Time) {
	tb.Helper()
	s, err := store.OpenRedis(tb.Context(), server.Client(), store.Keyring{})
	require.NoError(tb, err)
	defer s.Close()
	session := talk(tb, "你好", "安全", "我自己欠款", "提醒", "可以", "明天下午三点问一下客服")
	var record []byte
	var item dialog.Change
	group, ctx := errgroup.WithContext(tb.Context())
	group.SetLimit(64)
	for n := range b.people {
		due := b.due(due, int64(n+1))
		if record == nil || b.spread > 0 {
			record, item = reminderRecord(tb, session, due)
		}
		body, item := record, item
		group.Go(func() error {
			_, err := s.Commit(ctx, turn.Commit{
				User: chat.UserKey(fmt.Sprintf("tg:%d", n+1)), Body: body, Ends: due.Add(24 * time.Hour), Next: due, Changes: []dialog.Change{item},
			})
			return err
		})
	}
	require.NoError(tb, group.Wait())
}

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
	r := b.run(t, builtBot(t))
	t.Logf("%+v", r)
	assert.Zero(t, r.early, "nobody is reminded before the time")
	assert.Equal(t, b.people, r.people, "everybody is reminded")
	assert.Zero(t, r.settled, "only what was in flight at the kill may come again")
	assert.LessOrEqual(t, r.twice, b.people/10)
	assert.LessOrEqual(t, r.busiest, int(b.rate*1.5))
}

// BenchmarkReminders100k has 100,000 reminders due in the same moment at 2,000 sends a second.
func BenchmarkReminders100k(b *testing.B) {
	path := buildPath(b)
	for b.Loop() {
		r := burst{people: 100_000, rate: 2000, lead: 150 * time.Second}.run(b, path)
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
	path := buildPath(b)
	for b.Loop() {
		r := burst{people: 2000, rate: 2000, lead: 10 * time.Second, spread: 40 * time.Second, calm: true}.run(b, path)
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
