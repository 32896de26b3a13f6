package turn_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wenzhu/bot/chat"
	"wenzhu/bot/redistest"
	"wenzhu/bot/store"
	"wenzhu/bot/turn"
)

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
