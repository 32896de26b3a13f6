package turn_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wenzhu/bot/chat"
	"wenzhu/bot/turn"
	"wenzhu/dialog"
)

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
