package turn_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wenzhu/bot/chat"
	"wenzhu/bot/redistest"
	"wenzhu/bot/store"
	"wenzhu/bot/turn"
	"wenzhu/bot/turntest"
	"wenzhu/dialog"
)

// echo is a dialog that says back what it hears and counts it.
type echo struct{}

func (echo) Step(s dialog.Session, e dialog.Event) dialog.Outcome {
	s.Round++
	out := dialog.Outcome{Session: s}
	switch {
	case e.Text == "panic":
		panic("on purpose")
	case e.Text == "twice":
		out.Replies = []dialog.Reply{{Text: "one"}, {Text: "two"}}
	case e.Text == "erase":
		out.Erase, out.Replies = true, []dialog.Reply{{Text: "farewell"}}
	case e.Text == "log":
		out.Changes = []dialog.Change{{List: dialog.Log, ID: e.ID, Value: []byte(e.Text)}}
		out.Replies = []dialog.Reply{{Text: "logged"}}
	case e.Text == "count" && e.Lists == nil:
		out.Needs = []dialog.List{dialog.Log}
	case e.Text == "count":
		out.Replies = []dialog.Reply{{Text: fmt.Sprint(len(e.Lists[dialog.Log]))}}
	case strings.HasPrefix(e.Text, "in "):
		d, _ := time.ParseDuration(e.Text[3:])
		out.Session.Wakes = []dialog.Wake{{ID: "w", At: e.At.Add(d)}}
		out.Silence = dialog.Gathering
	case e.Kind == dialog.Due:
		out.Session.Wakes = nil
		out.Replies = []dialog.Reply{{Text: "due"}}
	default:
		out.Replies = []dialog.Reply{{Text: fmt.Sprintf("%d %s", s.Round, e.Text), Edit: true}}
	}
	return out
}

func (echo) Stand(dialog.Session) dialog.Reply { return dialog.Reply{Text: "stand"} }

// script is a channel whose answers are set by the test.
type script struct {
	mu     sync.Mutex
	limits chat.Limits
	sent   []chat.Message
	answer func(n int, m chat.Message) error
	calls  int
}

func (c *script) Name() string              { return "tg" }
func (c *script) Limits() chat.Limits       { return c.limits }
func (c *script) Run(context.Context) error { return nil }
func (c *script) Send(_ context.Context, m chat.Message) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls++
	if c.answer != nil {
		if err := c.answer(c.calls, m); err != nil {
			return err
		}
	}
	c.sent = append(c.sent, m)
	return nil
}

func (c *script) texts() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var texts []string
	for _, m := range c.sent {
		texts = append(texts, m.Reply.Text)
	}
	return texts
}

type bench struct {
	store   *turntest.Away
	channel *script
	path    *turn.Path
	shift   time.Duration
	mu      sync.Mutex
}

func setUp(t *testing.T) *bench {
	file, err := store.OpenFile(t.TempDir(), store.Keyring{})
	require.NoError(t, err)
	t.Cleanup(func() { file.Close() })
	return setUpOn(t, file)
}

func setUpOn(t *testing.T, s turn.Store) *bench {
	b := &bench{store: &turntest.Away{Store: s}, channel: &script{}}
	b.path = b.replica(t, "a")
	return b
}

func (b *bench) replica(t *testing.T, name string) *turn.Path {
	p := turn.New(turn.Options{
		Store: b.store, Dialog: func() turn.Dialog { return echo{} }, Channels: map[string]chat.Channel{"tg": b.channel},
		Now: func() time.Time {
			b.mu.Lock()
			defer b.mu.Unlock()
			return time.Now().Add(b.shift)
		},
		Log: slog.New(slog.DiscardHandler), Meter: turntest.Meter{}, Replica: name, Retention: 180 * 24 * time.Hour, FloodLimit: 20,
	})
	t.Cleanup(p.Stop)
	return p
}

func (b *bench) advance(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.shift += d
}

func update(id, text string) chat.Update {
	return chat.Update{User: "tg:1", Event: dialog.Event{ID: id, Kind: dialog.Text, Text: text}, Edits: "77"}
}

func (b *bench) handle(t *testing.T, id, text string) turn.Result {
	t.Helper()
	r, err := b.path.Handle(t.Context(), update(id, text))
	require.NoError(t, err)
	return r
}

func (b *bench) eventually(t *testing.T, want ...string) {
	t.Helper()
	if !assert.Eventually(t, func() bool { return slices.Equal(b.channel.texts(), want) }, 5*time.Second, time.Millisecond) {
		t.Fatalf("sent %q, want %q", b.channel.texts(), want)
	}
}

func TestRedeliveryChangesNothing(t *testing.T) {
	b := setUp(t)
	assert.Equal(t, turn.Committed, b.handle(t, "1", "hello").Status)
	b.eventually(t, "1 hello")
	assert.Equal(t, turn.Redelivered, b.handle(t, "1", "hello").Status)
	b.handle(t, "2", "again")
	b.eventually(t, "1 hello", "2 again")
}

func TestUpdatesOfOnePersonKeepTheirOrder(t *testing.T) {
	b := setUp(t)
	b.path.FloodLimit = 0
	var group sync.WaitGroup
	var want []string
	for i := range 40 {
		handle := b.path.Queue(update(fmt.Sprint(i), "m"))
		group.Go(func() {
			_, err := handle(context.Background())
			assert.NoError(t, err)
		})
		want = append(want, fmt.Sprintf("%d m", i+1))
	}
	group.Wait()
	b.eventually(t, want...)
}

func TestTwoReplicasNeverStepTwiceOrSendTwice(t *testing.T) {
	b := setUp(t)
	b.path.FloodLimit = 0
	other := b.replica(t, "b")
	other.FloodLimit = 0
	var group sync.WaitGroup
	for i := range 32 {
		p := []*turn.Path{b.path, other}[i%2]
		group.Go(func() {
			_, err := p.Handle(context.Background(), update(fmt.Sprint(i/2), "m")) // every update comes to both
			assert.NoError(t, err)
		})
	}
	group.Wait()
	assert.Eventually(t, func() bool { return len(b.channel.texts()) == 16 }, 5*time.Second, time.Millisecond)
	var want []string
	for i := range 16 {
		want = append(want, fmt.Sprintf("%d m", i+1))
	}
	assert.ElementsMatch(t, want, b.channel.texts())
}

func TestListsAreLoadedWhenTheStepAsksForThem(t *testing.T) {
	b := setUp(t)
	b.handle(t, "1", "log")
	b.handle(t, "2", "log")
	b.handle(t, "3", "count")
	b.eventually(t, "logged", "logged", "2")
}

func TestPanicIsToldKindlyAndAcknowledged(t *testing.T) {
	b := setUp(t)
	b.handle(t, "1", "hello")
	b.eventually(t, "1 hello")
	assert.Equal(t, turn.Failed, b.handle(t, "2", "panic").Status)
	b.handle(t, "3", "on")
	b.eventually(t, "1 hello", dialog.Fixed(dialog.SayFailed).Text, "2 on")
}

func TestDeletionLeavesARemainderThatKnowsRedeliveries(t *testing.T) {
	b := setUp(t)
	b.handle(t, "1", "log")
	b.handle(t, "2", "erase")
	b.eventually(t, "logged", "farewell")
	assert.Equal(t, turn.Redelivered, b.handle(t, "1", "log").Status)
	items, err := b.store.List(t.Context(), "tg:1", dialog.Log)
	require.NoError(t, err)
	assert.Empty(t, items)
	b.handle(t, "3", "back")
	b.eventually(t, "logged", "farewell", "1 back")
}

func TestAnswersOfTheChannel(t *testing.T) {
	fail := func(kind chat.SendKind) error { return &chat.SendError{Kind: kind, RetryAfter: time.Second} }
	for name, c := range map[string]struct {
		answer func(n int, m chat.Message) error
		want   []string
		plain  bool
	}{
		"a refused text goes once more plain": {func(_ int, m chat.Message) error {
			if !m.Plain {
				return fail(chat.Refused)
			}
			return nil
		}, []string{"1 a", "2 b"}, true},
		"what is refused plain is dropped": {func(_ int, m chat.Message) error {
			if m.Reply.Text == "1 a" {
				return fail(chat.Refused)
			}
			return nil
		}, []string{"2 b"}, false},
		"a message that cannot be edited is sent anew": {func(_ int, m chat.Message) error {
			if m.Edits != "" {
				return fail(chat.Uneditable)
			}
			return nil
		}, []string{"1 a", "2 b"}, false},
		"a fault passes": {func(n int, _ chat.Message) error {
			if n == 1 {
				return errors.New("connection reset")
			}
			return nil
		}, []string{"1 a", "2 b"}, false},
		"throttling pauses": {func(n int, _ chat.Message) error {
			if n == 1 {
				return fail(chat.Throttled)
			}
			return nil
		}, []string{"1 a", "2 b"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			b := setUp(t)
			b.channel.answer = c.answer
			b.handle(t, "1", "a")
			b.handle(t, "2", "b")
			b.eventually(t, c.want...)
			assert.Equal(t, c.plain, b.channel.sent[0].Plain)
		})
	}
}

func TestBlockedPersonIsLeftAloneUntilTheyReturn(t *testing.T) {
	b := setUp(t)
	b.channel.answer = func(n int, _ chat.Message) error {
		if n == 1 {
			return &chat.SendError{Kind: chat.Blocked}
		}
		return nil
	}
	b.handle(t, "1", "twice")
	assert.Never(t, func() bool { return len(b.channel.texts()) > 0 }, 100*time.Millisecond, 5*time.Millisecond)
	b.handle(t, "2", "back")
	b.eventually(t, "2 back")
}

// TestWhoReturnsWhileTheBlockIsNoticedIsAnswered: the new word is committed between the refused send and its commit.
func TestWhoReturnsWhileTheBlockIsNoticedIsAnswered(t *testing.T) {
	b := setUp(t)
	b.channel.answer = func(n int, _ chat.Message) error {
		if n == 1 {
			b.handle(t, "2", "back")
			return &chat.SendError{Kind: chat.Blocked}
		}
		return nil
	}
	b.handle(t, "1", "a")
	b.eventually(t, "2 back")
}

func TestSweeperFinishesTheDeliveryOfADeadProcess(t *testing.T) {
	b := setUp(t)
	dead := b.replica(t, "dead")
	dead.Stop() // it commits but never delivers, as if killed in between
	_, err := dead.Handle(t.Context(), update("1", "twice"))
	require.NoError(t, err)
	n, err := b.path.SweepOnce(t.Context())
	require.NoError(t, err)
	assert.Zero(t, n, "the dead one's lease still holds")
	b.advance(31 * time.Second)
	_, err = b.path.SweepOnce(t.Context())
	require.NoError(t, err)
	b.eventually(t, "one", "two")
}

// unsteady is a store whose next reads fail.
type unsteady struct {
	turn.Store
	fail atomic.Int32
}

func (s *unsteady) Load(ctx context.Context, u chat.UserKey) (turn.Stored, error) {
	if s.fail.Add(-1) >= 0 {
		return turn.Stored{}, turn.ErrUnavailable
	}
	return s.Store.Load(ctx, u)
}

func TestDeliveryOutlivesReadsThatFail(t *testing.T) {
	file, err := store.OpenFile(t.TempDir(), store.Keyring{})
	require.NoError(t, err)
	t.Cleanup(func() { file.Close() })
	reads := &unsteady{Store: file}
	b := setUpOn(t, reads)
	sending, answered := make(chan struct{}), make(chan struct{})
	b.channel.answer = func(n int, _ chat.Message) error {
		if n == 1 {
			close(sending)
			<-answered
		}
		return nil
	}
	b.handle(t, "1", "a")
	<-sending
	b.handle(t, "2", "b")
	reads.fail.Store(3)
	close(answered) // the record has changed meanwhile and cannot be read just now
	b.eventually(t, "1 a", "2 b")
	b.handle(t, "3", "c")
	b.eventually(t, "1 a", "2 b", "3 c")
}

func TestStoppedDeliveryGoesOnElsewhereAtOnce(t *testing.T) {
	redis, err := store.OpenRedis(t.Context(), redistest.Start(t).Client(), store.Keyring{})
	require.NoError(t, err)
	t.Cleanup(func() { redis.Close() })
	b := setUpOn(t, redis)
	other, busy := b.replica(t, "other"), make(chan struct{})
	b.channel.answer = func(n int, _ chat.Message) error {
		if n == 1 {
			<-busy
		}
		return nil
	}
	_, err = other.Handle(t.Context(), update("1", "twice"))
	require.NoError(t, err)
	stopped := make(chan struct{})
	go func() { other.Stop(); close(stopped) }()
	time.Sleep(20 * time.Millisecond)
	close(busy) // the message in hand goes out, the second is left to others
	<-stopped
	_, err = b.path.SweepOnce(t.Context())
	require.NoError(t, err)
	b.eventually(t, "one", "two")
}

func TestWhatIsDueHappensOnceOnTime(t *testing.T) {
	b := setUp(t)
	b.handle(t, "1", "in 1h")
	b.advance(59 * time.Minute)
	_, err := b.path.SweepOnce(t.Context())
	require.NoError(t, err)
	assert.Empty(t, b.channel.texts(), "not early")
	b.advance(61 * time.Second)
	for range 3 {
		_, err = b.path.SweepOnce(t.Context())
		require.NoError(t, err)
		b.advance(31 * time.Second)
	}
	b.eventually(t, "due")
}

func TestWhatIsDueInAMomentNeedsNoSweeper(t *testing.T) {
	b := setUp(t)
	b.handle(t, "1", "in 20ms")
	b.eventually(t, "due")
}

func TestDangerHearsNothingElseWhileTheStoreIsAway(t *testing.T) {
	b := setUp(t)
	b.store.Set(true)
	group := sync.WaitGroup{}
	handle := func(u chat.Update) {
		group.Go(func() {
			_, err := b.path.Handle(context.Background(), u)
			assert.NoError(t, err)
		})
	}
	handle(update("1", "hello"))
	require.Eventually(t, func() bool { b.advance(time.Second); return len(b.channel.texts()) == 1 }, 5*time.Second, 50*time.Millisecond)
	assert.Equal(t, dialog.Fixed(dialog.SayAway).Text, b.channel.texts()[0])
	danger := chat.Update{User: "tg:2", Event: dialog.Event{ID: "2", Kind: dialog.Press, Data: "sos"}}
	replies, _ := dialog.Emergency(danger.Event)
	handle(danger)
	require.Eventually(t, func() bool { return len(b.channel.texts()) > 1 }, rescueSoon, time.Millisecond, "at once: the store is known to be away")
	assert.Equal(t, replies[0].Text, b.channel.texts()[1])
	b.store.Set(false)
	group.Wait()
}

// rescueSoon is less than a cry for help waits while the store is not known to be away.
const rescueSoon = 800 * time.Millisecond

func TestDangerIsAnsweredWithoutTheStore(t *testing.T) {
	b := setUp(t)
	b.store.Set(true)
	danger := chat.Update{User: "tg:1", Event: dialog.Event{ID: "1", Kind: dialog.Press, Data: "sos"}}
	_, isDanger := dialog.Emergency(danger.Event)
	require.True(t, isDanger)
	done := make(chan turn.Result, 1)
	began := time.Now()
	go func() {
		r, err := b.path.Handle(context.Background(), danger)
		assert.NoError(t, err)
		done <- r
	}()
	require.Eventually(t, func() bool { return len(b.channel.texts()) == 1 }, 2*time.Second, time.Millisecond)
	assert.Less(t, time.Since(began), 2*time.Second)
	b.store.Set(false)
	assert.Equal(t, turn.Committed, (<-done).Status, "the turn happens later")
}

func TestStoreOutOfReachHoldsTheUpdate(t *testing.T) {
	b := setUp(t)
	b.store.Set(true)
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	_, err := b.path.Handle(ctx, update("1", "hello"))
	require.ErrorIs(t, err, turn.ErrUnavailable)
	b.store.Set(false)
	assert.Equal(t, turn.Committed, b.handle(t, "1", "hello").Status)
}

func TestFloodIsAnsweredOnce(t *testing.T) {
	b := setUp(t)
	flooded := 0
	for i := range 50 {
		if b.handle(t, fmt.Sprint(i), "m").Status == turn.Flooded {
			flooded++
		}
	}
	assert.Equal(t, 30, flooded)
	r, err := b.path.Handle(t.Context(), chat.Update{User: "tg:1", Event: dialog.Event{ID: "x", Kind: dialog.Press, Data: "sos"}})
	require.NoError(t, err)
	assert.Equal(t, turn.Committed, r.Status, "danger passes")
	require.Eventually(t, func() bool { return len(b.channel.texts()) == 22 }, 5*time.Second, time.Millisecond)
}

func TestBacklogDeliveredAtOnceIsNoFlood(t *testing.T) {
	b := setUp(t)
	sent := time.Now().Add(-time.Hour)
	for i := range 50 {
		u := update(fmt.Sprint(i), "m")
		u.Sent = sent.Add(time.Duration(i) * time.Minute)
		r, err := b.path.Handle(t.Context(), u)
		require.NoError(t, err)
		require.Equal(t, turn.Committed, r.Status)
	}
}

func TestTooMuchOwedBecomesWhereThePersonStands(t *testing.T) {
	b := setUp(t)
	b.path.FloodLimit = 0
	gate := make(chan struct{})
	b.channel.answer = func(int, chat.Message) error { <-gate; return nil }
	for i := range 40 {
		b.handle(t, fmt.Sprint(i), "m")
	}
	close(gate)
	require.Eventually(t, func() bool {
		texts := b.channel.texts()
		return len(texts) > 0 && texts[len(texts)-1] == "40 m"
	}, 5*time.Second, time.Millisecond)
	texts := b.channel.texts()
	assert.LessOrEqual(t, len(texts), 22)
	assert.Contains(t, texts, "stand")
}
