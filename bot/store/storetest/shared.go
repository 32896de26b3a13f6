package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wenzhu/bot/chat"
	"wenzhu/bot/turn"
)

func tokens(t *testing.T, b Backend) {
	s := b.Open(t)
	now, total := time.Now(), 0
	bucket := turn.Bucket{Name: "t", Rate: 30}
	for at := now; at.Before(now.Add(10 * time.Second)); at = at.Add(20 * time.Millisecond) {
		got, err := s.Tokens(ctx, bucket, at, 3)
		require.NoError(t, err)
		total += got
	}
	assert.InDelta(t, 300, total, 8)
	got, err := s.Tokens(ctx, bucket, now.Add(-time.Hour), 3)
	require.NoError(t, err)
	assert.LessOrEqual(t, got, 3, "a clock that jumps back gives nothing away")
}

func pause(t *testing.T, b Backend) {
	s := b.Open(t)
	now := time.Now()
	require.NoError(t, s.Pause(ctx, "t", now.Add(5*time.Second)))
	require.NoError(t, s.Pause(ctx, "t", now.Add(2*time.Second)))
	bucket := turn.Bucket{Name: "t", Rate: 30}
	got, err := s.Tokens(ctx, bucket, now.Add(4*time.Second), 1)
	require.NoError(t, err)
	assert.Zero(t, got)
	got, err = s.Tokens(ctx, bucket, now.Add(6*time.Second), 1)
	require.NoError(t, err)
	assert.Equal(t, 1, got)
}

func journals(t *testing.T, b Backend) {
	s := b.Open(t)
	for i := range 12 {
		require.NoError(t, s.Note(ctx, "gap", []byte(fmt.Sprintf("问题%d", i)), 10))
		require.NoError(t, s.Note(ctx, "dispute", []byte("d"), 10))
	}
	lines, err := s.Notes(ctx, "gap")
	require.NoError(t, err)
	require.Len(t, lines, 10)
	assert.Equal(t, "问题2", string(lines[0]))
	assert.Equal(t, "问题11", string(lines[9]))
}

func nudges(t *testing.T, b Backend) {
	s := b.Open(t)
	listening, stop := context.WithCancel(ctx)
	got := make(chan chat.UserKey, 100)
	done := make(chan error, 1)
	go func() { done <- s.Nudges(listening, func(u chat.UserKey) { got <- u }) }()
	arrived := func() bool {
		require.NoError(t, s.Nudge(ctx, user))
		select {
		case u := <-got:
			return u == user
		case <-time.After(10 * time.Millisecond):
			return false
		}
	}
	require.Eventually(t, arrived, 5*time.Second, time.Millisecond)
	stop()
	require.NoError(t, <-done)
}

func recovery(t *testing.T, b Backend) {
	s := b.Open(t)
	read := save(t, s, commit(turn.Etag{}, "a"))
	far := time.Now().Add(time.Hour)
	require.NoError(t, s.PutCode(ctx, user, "old", []byte("SECRETOLD"), far))
	require.NoError(t, s.PutCode(ctx, user, "new", []byte("SECRETNEW"), far))
	require.NoError(t, s.PutCode(ctx, "tg:2", "other", []byte("x"), time.Now().Add(time.Second)))
	old, err := s.Code(ctx, "old")
	require.NoError(t, err)
	assert.Nil(t, old, "the newer one takes its place")
	got, err := s.Code(ctx, "new")
	require.NoError(t, err)
	assert.Equal(t, "SECRETNEW", string(got))
	c := commit(read, "remainder")
	c.Erase = true
	save(t, s, c)
	got, err = s.Code(ctx, "new")
	require.NoError(t, err)
	assert.Nil(t, got)
	b.Advance(t, 1100*time.Millisecond)
	got, err = s.Code(ctx, "other")
	require.NoError(t, err)
	assert.Nil(t, got)
}
