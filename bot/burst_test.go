package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

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
func (b burst) run(tb testing.TB) result {
	server, telegram := redistest.Start(tb), newSink(tb)
	due := time.Now().Add(b.lead)
	b.seed(tb, server, due)
	var replicas []*replica
	for range 2 {
		replicas = append(replicas, startReplica(tb, builtBot(tb), server.URL(), telegram.URL, fmt.Sprintf("TELEGRAM_RATE=%g", b.rate)))
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
