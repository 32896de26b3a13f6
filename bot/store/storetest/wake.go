package storetest

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wenzhu/bot/chat"
	"wenzhu/bot/turn"
)

func wakes(t *testing.T, b Backend) {
	s := b.Open(t)
	now := time.Now()
	first, err := s.WakeFirst(ctx)
	require.NoError(t, err)
	assert.Zero(t, first)
	c := commit(turn.Etag{}, "a")
	c.Next = now.Add(-time.Second)
	save(t, s, c)
	first, err = s.WakeFirst(ctx)
	require.NoError(t, err)
	assert.WithinDuration(t, c.Next, first, time.Millisecond)
	for i := range 40 {
		c.User = chat.UserKey(fmt.Sprintf("tg:later%d", i))
		c.Next = now.Add(time.Hour)
		save(t, s, c)
	}
	due, err := s.Take(ctx, now, 100)
	require.NoError(t, err)
	require.Len(t, due, 1)
	assert.Equal(t, user, due[0].User)
	assert.WithinDuration(t, now.Add(-time.Second), due[0].At, time.Millisecond)
	depth, err := s.WakeDepth(ctx, now.Add(2*time.Hour))
	require.NoError(t, err)
	assert.Equal(t, 41, depth)
	n := 0
	require.NoError(t, s.WakeTimes(ctx, func(time.Time) { n++ }))
	assert.Equal(t, 41, n)
	require.NoError(t, s.Settle(ctx, due[0], time.Time{}))
	depth, err = s.WakeDepth(ctx, now.Add(2*time.Hour))
	require.NoError(t, err)
	assert.Equal(t, 40, depth)
}

func settleRace(t *testing.T, b Backend) {
	s := b.Open(t)
	now := time.Now()
	c := commit(turn.Etag{}, "a")
	c.Next = now.Add(-time.Second)
	read := save(t, s, c)
	due, err := s.Take(ctx, now, 10)
	require.NoError(t, err)
	require.Len(t, due, 1)
	c = commit(read, "b") // a turn comes between the sweeper's look and its word
	c.Next = due[0].Claim // and names the very time to which the sweeper moved the entry
	save(t, s, c)
	require.NoError(t, s.Settle(ctx, due[0], time.Time{}))
	depth, err := s.WakeDepth(ctx, now.Add(2*time.Minute))
	require.NoError(t, err)
	assert.Equal(t, 1, depth, "the entry of the newer turn stands")
}

// Exact checks that the next time stands as soon as a turn is committed, later than before as well as earlier: nobody
// is visited in vain. A cluster, whose index lies on other servers, cannot promise it.
func Exact(t *testing.T, b Backend) {
	t.Helper()
	s := b.Open(t)
	now := time.Now()
	c := commit(turn.Etag{}, "owes an answer")
	c.Next = now.Add(30 * time.Second)
	first := save(t, s, c)
	c = commit(first, "owes another")
	c.Next = now.Add(30 * time.Second)
	second := save(t, s, c)
	c = commit(first, "has sent the first")
	c.Next, c.Settles = now.Add(50*time.Minute), true
	_, err := s.Commit(ctx, c)
	require.ErrorIs(t, err, turn.ErrConflict)
	depth, err := s.WakeDepth(ctx, now.Add(40*time.Second))
	require.NoError(t, err)
	assert.Equal(t, 1, depth, "what was refused moves nothing")
	c.Read = second
	save(t, s, c)
	for after, want := range map[time.Duration]int{40 * time.Second: 0, 51 * time.Minute: 1} {
		depth, err := s.WakeDepth(ctx, now.Add(after))
		require.NoError(t, err)
		assert.Equal(t, want, depth, after)
	}
}

// backlog: nobody waits behind all of a burst.
func backlog(t *testing.T, b Backend) {
	s := b.Open(t)
	now := time.Now()
	const burst = 500
	for i := range burst {
		c := commit(turn.Etag{}, "a")
		c.User, c.Next = chat.UserKey(fmt.Sprintf("tg:burst%d", i)), now.Add(-time.Minute)
		save(t, s, c)
	}
	c := commit(turn.Etag{}, "a")
	c.Next = now.Add(-time.Second)
	save(t, s, c)
	due, err := s.Take(ctx, now, 128)
	require.NoError(t, err)
	assert.True(t, slices.ContainsFunc(due, func(w turn.Wake) bool { return w.User == user }), "who came due last is taken along")
	assert.Len(t, due, 128)
	seen := make(map[chat.UserKey]bool)
	for len(due) > 0 {
		for _, w := range due {
			assert.False(t, seen[w.User], "%s is taken twice", w.User)
			seen[w.User] = true
		}
		due, err = s.Take(ctx, now, 128)
		require.NoError(t, err)
	}
	assert.Len(t, seen, burst+1)
}

// racingEntries: while turns that owe something, sends that settle it and sweepers that visit race, a record that owes
// has an entry that brings somebody soon.
func racingEntries(t *testing.T, b Backend) {
	s := b.Open(t)
	now := time.Now()
	const people, rounds = 8, 20
	write := func(u chat.UserKey, body string, next time.Time) {
		for {
			have, err := s.Load(ctx, u)
			if !assert.NoError(t, err) {
				return
			}
			c := commit(have.Etag, body)
			c.User, c.Next, c.Settles = u, next, body == "settled" && have.Etag != turn.Etag{}
			if _, err := s.Commit(ctx, c); !errors.Is(err, turn.ErrConflict) {
				assert.NoError(t, err)
				return
			}
		}
	}
	next := func(body string) time.Time {
		if body == "owes" {
			return now.Add(20 * time.Second)
		}
		return now.Add(50 * time.Minute)
	}
	for range rounds {
		var racing sync.WaitGroup
		owing := make(map[chat.UserKey]bool)
		for i := range people {
			u := chat.UserKey(fmt.Sprintf("tg:racing%d", i))
			owing[u] = true
			for _, body := range []string{"owes", "settled"} {
				racing.Go(func() { write(u, body, next(body)) })
			}
		}
		racing.Go(func() {
			due, err := s.Take(ctx, now.Add(25*time.Second), 100)
			assert.NoError(t, err)
			for _, w := range due {
				have, err := s.Load(ctx, w.User)
				assert.NoError(t, err)
				assert.NoError(t, s.Settle(ctx, w, next(string(have.Body))))
			}
		})
		racing.Wait()
		due, err := s.Take(ctx, now.Add(2*time.Minute), 100) // beyond what a sweeper has claimed
		require.NoError(t, err)
		for _, w := range due {
			delete(owing, w.User)
		}
		for u := range owing {
			have, err := s.Load(ctx, u)
			require.NoError(t, err)
			assert.NotEqual(t, "owes", string(have.Body), "%s is owed something, and nobody will look", u)
		}
	}
}

func takeAgain(t *testing.T, b Backend) {
	s := b.Open(t)
	now := time.Now()
	c := commit(turn.Etag{}, "a")
	c.Next = now.Add(-time.Second)
	save(t, s, c)
	due, err := s.Take(ctx, now, 10)
	require.NoError(t, err)
	require.Len(t, due, 1)
	none, err := s.Take(ctx, now.Add(50*time.Second), 10)
	require.NoError(t, err)
	assert.Empty(t, none, "taken")
	again, err := s.Take(ctx, now.Add(61*time.Second), 10)
	require.NoError(t, err)
	assert.Len(t, again, 1, "whoever took it is gone")
	require.NoError(t, s.Settle(ctx, due[0], time.Time{}), "too late to say anything")
	depth, err := s.WakeDepth(ctx, now.Add(time.Hour))
	require.NoError(t, err)
	assert.Equal(t, 1, depth)
}
