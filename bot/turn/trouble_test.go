package turn_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wenzhu/bot/chat"
	"wenzhu/bot/turn"
	"wenzhu/dialog"
)

// mute is a channel that takes a message and never answers.
type mute struct {
	script
	sending chan struct{}
}

func (m *mute) Send(ctx context.Context, _ chat.Message) error {
	m.sending <- struct{}{}
	<-ctx.Done()
	return ctx.Err()
}

func TestStopDoesNotWaitForAChannelThatHangs(t *testing.T) {
	b := setUp(t)
	silent := &mute{sending: make(chan struct{}, 1)}
	b.path.Channels["tg"] = silent
	b.handle(t, "1", "twice")
	<-silent.sending
	replies, _ := b.path.Waiting()
	assert.Equal(t, 2, replies)
	b.path.Stop() // the test's own time limit is the claim
	other := b.replica(t, "other")
	_, err := other.SweepOnce(t.Context())
	require.NoError(t, err)
	b.eventually(t, "one", "two") // at once: the lease was given back
	require.Eventually(t, func() bool { replies, _ := other.Waiting(); return replies == 0 }, 5*time.Second, time.Millisecond)
}

// told is a store that tells of every commit.
type told struct {
	turn.Store
	commits chan struct{}
}

func (s *told) Commit(ctx context.Context, c turn.Commit) (turn.Etag, error) {
	etag, err := s.Store.Commit(ctx, c)
	s.commits <- struct{}{}
	return etag, err
}

// TestBrokenChannelIsLeftAlone: where the token is no longer valid, nobody's message is tried until a minute has passed.
func TestBrokenChannelIsLeftAlone(t *testing.T) {
	b := setUp(t)
	commits := &told{b.path.Store, make(chan struct{}, 100)}
	b.path.Store = commits
	b.channel.answer = func(n int, _ chat.Message) error {
		if n == 1 {
			return &chat.SendError{Kind: chat.Broken}
		}
		return nil
	}
	b.handle(t, "1", "a")
	<-commits.commits
	<-commits.commits // the delivery has been given back
	_, err := b.path.Handle(t.Context(), chat.Update{User: "tg:2", Event: update("2", "b").Event})
	require.NoError(t, err)
	<-commits.commits
	<-commits.commits
	assert.Empty(t, b.channel.texts(), "so has the other person's, untried")
	b.advance(2 * time.Minute)
	_, err = b.path.SweepOnce(t.Context())
	require.NoError(t, err)
	require.Eventually(t, func() bool { return len(b.channel.texts()) == 2 }, 5*time.Second, time.Millisecond)
}

// TestPanicInASendCostsOneReply: what cannot be rendered must neither end the process nor hold up what comes after.
func TestPanicInASendCostsOneReply(t *testing.T) {
	b := setUp(t)
	b.channel.answer = func(_ int, m chat.Message) error {
		if m.Reply.Text == "one" {
			panic("on purpose")
		}
		return nil
	}
	b.handle(t, "1", "twice")
	b.eventually(t, "two")
}

// foreign is a store whose records this process cannot read.
type foreign struct{ turn.Store }

func (foreign) Load(context.Context, chat.UserKey) (turn.Stored, error) {
	return turn.Stored{Etag: turn.Etag{1}}, turn.ErrNewer
}

func TestDangerIsAnsweredWhereTheRecordCannotBeRead(t *testing.T) {
	b := setUp(t)
	b.path.Store = foreign{b.path.Store}
	_, err := b.path.Handle(t.Context(), update("1", "hello"))
	require.ErrorIs(t, err, turn.ErrNewer, "another replica may take it")
	assert.Empty(t, b.channel.texts())
	danger := chat.Update{User: "tg:1", Event: dialog.Event{ID: "2", Kind: dialog.Press, Data: "sos"}}
	for range 2 { // it comes again and again
		_, err = b.path.Handle(t.Context(), danger)
		require.ErrorIs(t, err, turn.ErrNewer)
	}
	replies, _ := dialog.Emergency(danger.Event)
	assert.Equal(t, []string{replies[0].Text}, b.channel.texts())
}
