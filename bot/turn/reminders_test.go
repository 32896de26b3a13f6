package turn_test

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"wenzhu/bot/chat"
	"wenzhu/bot/redistest"
	"wenzhu/bot/store"
	"wenzhu/bot/turn"
	"wenzhu/bot/turntest"
	"wenzhu/dialog"
)

// clock is the time of a test, the same for all replicas.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// town is the real dialog on a store, with people who set reminders.
type town struct {
	t       *testing.T
	clock   *clock
	store   *turntest.Away
	channel *script
	path    *turn.Path
	n       int
}

// noon is when everything begins: tomorrow's, for stores end what is past by their own clock.
var noon = func() time.Time {
	zone := time.FixedZone("Asia/Shanghai", 8*60*60)
	day := time.Now().In(zone).AddDate(0, 0, 1)
	return time.Date(day.Year(), day.Month(), day.Day(), 12, 0, 0, 0, zone)
}()

func newTown(t *testing.T) *town {
	file, err := store.OpenFile(t.TempDir(), store.Keyring{})
	require.NoError(t, err)
	t.Cleanup(func() { file.Close() })
	return newTownOn(t, file)
}

func newTownOn(t *testing.T, s turn.Store) *town {
	w := &town{t: t, clock: &clock{now: noon}, store: &turntest.Away{Store: s}, channel: &script{limits: chat.Limits{Rate: 1000}}}
	w.path = w.replica("a")
	return w
}

func (w *town) replica(name string) *turn.Path {
	d := dialog.New(dialog.Parts{})
	p := turn.New(turn.Options{
		Store: w.store, Dialog: func() turn.Dialog { return d }, Channels: map[string]chat.Channel{"tg": w.channel}, Now: w.clock.Now,
		Log: slog.New(slog.DiscardHandler), Meter: turntest.Meter{}, Replica: name, Retention: 180 * 24 * time.Hour,
	})
	w.t.Cleanup(p.Stop)
	return p
}

// says lets a person type, and waits until all answers are out.
func (w *town) says(user chat.UserKey, texts ...string) {
	w.t.Helper()
	for _, text := range texts {
		w.n++
		_, err := w.path.Handle(w.t.Context(), chat.Update{User: user, Event: dialog.Event{ID: fmt.Sprint("e", w.n), Kind: dialog.Text, Text: text}})
		require.NoError(w.t, err)
		w.clock.move(time.Second)
	}
	w.settled(user)
}

func (w *town) settled(user chat.UserKey) {
	w.t.Helper()
	require.Eventually(w.t, func() bool { return w.path.Idle(w.t.Context(), user) }, 5*time.Second, time.Millisecond)
}

// sets is a person who sets reminders with sentences.
func (w *town) sets(user chat.UserKey, sentences ...string) {
	w.t.Helper()
	w.says(user, "你好", "安全", "我自己欠款", sentences[0], "可以", "不用")
	w.says(user, sentences[1:]...)
	w.channel.clear()
}

// sweeps lets a sweeper look until there is nothing to visit, and returns what came out.
func (w *town) sweeps(user chat.UserKey) []string {
	w.t.Helper()
	for range 20 {
		n, err := w.path.SweepOnce(w.t.Context())
		require.NoError(w.t, err)
		if n == 0 {
			break
		}
	}
	w.settled(user)
	defer w.channel.clear()
	return w.channel.texts()
}

func (c *script) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sent, c.calls = nil, 0
}

const me = chat.UserKey("tg:1")

var one, three = []string{"您有一件事到期了。"}, []string{"您有 3 件事到期了。"}

func TestReminderComesOnceAndNotEarly(t *testing.T) {
	w := newTown(t)
	w.sets(me, "今天20:00提醒我查投诉结果")
	w.clock.now = noon.Add(8*time.Hour - time.Millisecond)
	assert.Empty(t, w.sweeps(me), "a moment too early")
	w.clock.move(time.Millisecond)
	assert.Equal(t, one, w.sweeps(me))
	for range 40 {
		w.clock.move(time.Hour)
		assert.Empty(t, w.sweeps(me))
	}
	w.clock.move(9 * time.Hour)
	assert.Equal(t, one, w.sweeps(me), "once more after two days")
	for range 30 {
		w.clock.move(24 * time.Hour)
		assert.Empty(t, w.sweeps(me), "and then silence")
	}
}

func TestStoppedAndMovedRemindersNeverFire(t *testing.T) {
	w := newTown(t)
	w.sets(me, "今天20:00提醒我查投诉结果")
	w.says(me, "我的提醒", "第1个", "改一下", "明天20:00")
	w.channel.clear()
	w.clock.now = noon.Add(9 * time.Hour)
	assert.Empty(t, w.sweeps(me), "the old time means nothing any more")
	w.says(me, "全部停掉", "是的，都停掉")
	w.channel.clear()
	for range 10 {
		w.clock.move(24 * time.Hour)
		assert.Empty(t, w.sweeps(me))
	}
}

func TestClockThatGoesBackFiresNothingTwice(t *testing.T) {
	w := newTown(t)
	w.sets(me, "今天20:00提醒我查投诉结果")
	w.clock.now = noon.Add(8 * time.Hour)
	assert.Equal(t, one, w.sweeps(me))
	w.clock.now = noon.Add(2 * time.Hour)
	assert.Empty(t, w.sweeps(me))
	w.clock.now = noon.Add(9 * time.Hour)
	assert.Empty(t, w.sweeps(me), "20:00 passes a second time")
}

func TestDayOfDowntimeIsOneMessage(t *testing.T) {
	w := newTown(t)
	w.sets(me, "今天14:00提醒我找合同", "今天15:00提醒我打电话", "今天16:00提醒我截图")
	w.clock.now = noon.Add(26 * time.Hour)
	assert.Equal(t, three, w.sweeps(me))
	assert.Empty(t, w.sweeps(me))
}

func TestDowntimeThatEndsAtNightWaitsForTheMorning(t *testing.T) {
	w := newTown(t)
	w.sets(me, "今天20:00提醒我找合同", "今天20:30提醒我打电话", "今天21:00提醒我截图")
	w.clock.now = noon.Add(11 * time.Hour)
	assert.Empty(t, w.sweeps(me), "it is 23:00")
	w.clock.now = noon.Add(19*time.Hour + 59*time.Minute)
	assert.Empty(t, w.sweeps(me), "it is 07:59")
	w.clock.now = noon.Add(21 * time.Hour)
	assert.Equal(t, three, w.sweeps(me), "it is 09:00")
}

func TestChannelThatThrottlesForAnHour(t *testing.T) {
	w := newTown(t)
	w.sets(me, "今天14:00提醒我查投诉结果")
	free := noon.Add(3 * time.Hour)
	w.channel.answer = func(int, chat.Message) error {
		if left := free.Sub(w.clock.Now()); left > 0 {
			return &chat.SendError{Kind: chat.Throttled, RetryAfter: left}
		}
		return nil
	}
	w.clock.now = noon.Add(2 * time.Hour)
	n, err := w.path.SweepOnce(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.Eventually(t, func() bool { w.channel.mu.Lock(); defer w.channel.mu.Unlock(); return w.channel.calls > 0 }, 5*time.Second, time.Millisecond)
	calls := w.channel.calls
	for range 50 {
		w.clock.move(time.Minute)
		_, err := w.path.SweepOnce(t.Context())
		require.NoError(t, err)
	}
	assert.Empty(t, w.channel.texts())
	assert.Equal(t, calls, w.channel.calls, "nobody asks the channel before it is free")
	w.clock.now = free.Add(time.Second)
	assert.Equal(t, one, w.sweeps(me))
}

func TestStoreAwayAtTheDueMoment(t *testing.T) {
	w := newTown(t)
	w.sets(me, "今天14:00提醒我查投诉结果")
	w.clock.now = noon.Add(2 * time.Hour)
	w.store.Set(true)
	for range 3 {
		_, err := w.path.SweepOnce(t.Context())
		require.NoError(t, err)
		w.clock.move(10 * time.Second)
	}
	assert.Empty(t, w.channel.texts())
	w.store.Set(false)
	w.clock.move(time.Minute) // the claim ends
	assert.Equal(t, one, w.sweeps(me))
	assert.Empty(t, w.sweeps(me))
}

func TestBlockedPersonIsRemindedOfNothingAndAskedOnReturn(t *testing.T) {
	w := newTown(t)
	w.sets(me, "今天14:00提醒我找合同", "后天14:00提醒我打电话")
	w.channel.answer = func(int, chat.Message) error { return &chat.SendError{Kind: chat.Blocked} }
	w.clock.now = noon.Add(2 * time.Hour)
	assert.Empty(t, w.sweeps(me))
	w.channel.answer = nil
	for range 3 {
		w.clock.move(24 * time.Hour)
		assert.Empty(t, w.sweeps(me), "all of them stopped")
	}
	w.says(me, "后天15:00提醒我截图")
	assert.True(t, slices.ContainsFunc(w.channel.texts(), func(s string) bool { return strings.Contains(s, "重新打开") }), "%q", w.channel.texts())
	w.says(me, "重新打开")
	w.channel.clear()
	w.clock.move(49 * time.Hour)
	assert.Len(t, w.sweeps(me), 1)
}

// TestReplicasThatDieInTheMiddle: several sweep at once, some stop half way; each person is reminded once.
func TestReplicasThatDieInTheMiddle(t *testing.T) {
	server := redistest.Start(t)
	s, err := store.OpenRedis(t.Context(), server.Client(), store.Keyring{})
	require.NoError(t, err)
	t.Cleanup(func() { s.Close() })
	w := newTownOn(t, s)
	const people = 40
	for n := range people {
		w.sets(chat.UserKey(fmt.Sprintf("tg:%d", n)), "今天14:00提醒我查投诉结果")
	}
	w.clock.now = noon.Add(2 * time.Hour)
	var group errgroup.Group
	for n := range 4 {
		p := w.replica(fmt.Sprint("r", n))
		group.Go(func() error {
			_, err := p.SweepOnce(t.Context())
			if n%2 == 0 {
				p.Stop() // what it owes is given back
			}
			return err
		})
	}
	require.NoError(t, group.Wait())
	for range 5 {
		w.clock.move(time.Minute)
		_, err := w.path.SweepOnce(t.Context())
		require.NoError(t, err)
	}
	require.Eventually(t, func() bool { return len(w.channel.texts()) >= people }, 10*time.Second, 5*time.Millisecond)
	for n := range people {
		w.settled(chat.UserKey(fmt.Sprintf("tg:%d", n)))
	}
	times := make(map[chat.UserKey]int)
	for _, m := range w.channel.sent {
		times[m.User]++
	}
	for user, n := range times {
		assert.Equal(t, 1, n, user)
	}
	assert.Len(t, times, people)
}
