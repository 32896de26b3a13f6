package store

import (
	"context"
	"math"
	"sync"
	"time"

	"wenzhu/bot/chat"
	"wenzhu/bot/turn"
)

// memory is what one process needs to share with nobody.
type memory struct {
	mu      sync.Mutex
	buckets map[string]bucket
	readers map[int]func(chat.UserKey)
	next    int
}

type bucket struct {
	tokens float64
	at     time.Time
	paused time.Time
}

// Tokens implements turn.Store, as tokens.lua does.
func (f *File) Tokens(_ context.Context, b turn.Bucket, now time.Time, n int) (int, error) {
	f.shared.mu.Lock()
	defer f.shared.mu.Unlock()
	room := max(1, b.Rate/5)
	have, ok := f.shared.buckets[b.Name]
	if have.paused.After(now) {
		return 0, nil
	}
	if !ok || have.at.IsZero() {
		have.tokens, have.at = room, now
	}
	if now.After(have.at) {
		have.tokens = min(room, have.tokens+now.Sub(have.at).Seconds()*b.Rate)
		have.at = now
	}
	got := min(n, int(math.Floor(have.tokens)))
	have.tokens -= float64(got)
	f.shared.put(b.Name, have)
	return got, nil
}

// Pause implements turn.Store.
func (f *File) Pause(_ context.Context, name string, until time.Time) error {
	f.shared.mu.Lock()
	defer f.shared.mu.Unlock()
	have := f.shared.buckets[name]
	if until.After(have.paused) {
		have.paused = until
	}
	f.shared.put(name, have)
	return nil
}

func (m *memory) put(name string, b bucket) {
	if m.buckets == nil {
		m.buckets = make(map[string]bucket)
	}
	m.buckets[name] = b
}

// Nudge implements turn.Store.
func (f *File) Nudge(_ context.Context, u chat.UserKey) error {
	f.shared.mu.Lock()
	readers := make([]func(chat.UserKey), 0, len(f.shared.readers))
	for _, r := range f.shared.readers {
		readers = append(readers, r)
	}
	f.shared.mu.Unlock()
	for _, r := range readers {
		r(u)
	}
	return nil
}

// Nudges implements turn.Store.
func (f *File) Nudges(ctx context.Context, each func(chat.UserKey)) error {
	f.shared.mu.Lock()
	if f.shared.readers == nil {
		f.shared.readers = make(map[int]func(chat.UserKey))
	}
	id := f.shared.next
	f.shared.next++
	f.shared.readers[id] = each
	f.shared.mu.Unlock()
	<-ctx.Done()
	f.shared.mu.Lock()
	delete(f.shared.readers, id)
	f.shared.mu.Unlock()
	return nil
}
