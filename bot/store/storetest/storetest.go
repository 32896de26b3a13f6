// Package storetest holds the promises that every turn.Store keeps.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wenzhu/bot/chat"
	"wenzhu/bot/turn"
	"wenzhu/dialog"
)

// Backend opens stores on one and the same data and reaches behind them.
type Backend interface {
	// Open opens the store; a second call is another replica, or the same file after the first was closed.
	Open(t *testing.T) turn.Store
	// Corrupt overwrites the stored bytes of a person's record.
	Corrupt(t *testing.T, u chat.UserKey, change func(raw []byte) []byte)
	// Raw has every stored byte, to look for what must not be there.
	Raw(t *testing.T) []byte
	// Advance lets time pass for expiry.
	Advance(t *testing.T, d time.Duration)
	// Shared says whether several stores may be open at once.
	Shared() bool
}

const user = chat.UserKey("tg:1")

var ctx = context.Background()

// Run checks all promises. open is called once for each, with nothing stored.
func Run(t *testing.T, open func(t *testing.T) Backend) {
	for name, test := range map[string]func(*testing.T, Backend){
		"a record comes back as it was saved":          roundTrip,
		"of racing writers one wins":                   race,
		"a stale version is refused and saves nothing": stale,
		"lists change with the commit":                 lists,
		"everything ends together":                     ends,
		"deletion leaves nothing":                      erase,
		"an old write does not undo a deletion":        eraseThenStale,
		"damaged bytes step aside":                     damaged,
		"a newer format is left alone":                 newer,
		"a commit always has a wake entry":             wakes,
		"an entry written meanwhile is not settled":    settleRace,
		"what is owed has an entry, whoever races":     racingEntries,
		"what is taken comes back":                     takeAgain,
		"nobody waits behind a burst":                  backlog,
		"tokens come at their rate":                    tokens,
		"a pause empties the bucket":                   pause,
		"journals are capped":                          journals,
		"nudges arrive":                                nudges,
		"a recovery code ends with its person":         recovery,
		"hostile ids are only ids":                     hostile,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

func commit(read turn.Etag, body string) turn.Commit {
	now := time.Now()
	return turn.Commit{User: user, Read: read, Body: []byte(body), Ends: now.Add(time.Hour), Next: now.Add(time.Minute)}
}

func save(t *testing.T, s turn.Store, c turn.Commit) turn.Etag {
	t.Helper()
	etag, err := s.Commit(ctx, c)
	require.NoError(t, err)
	require.NotEqual(t, turn.Etag{}, etag)
	return etag
}

func roundTrip(t *testing.T, b Backend) {
	s := b.Open(t)
	none, err := s.Load(ctx, user)
	require.NoError(t, err)
	require.Equal(t, turn.Stored{}, none)
	body := "{\"s\":\"催收 🌙 \\u0000\"}" + strings.Repeat("长", 4000)
	first := save(t, s, commit(turn.Etag{}, body))
	got, err := s.Load(ctx, user)
	require.NoError(t, err)
	assert.Equal(t, turn.Stored{Etag: first, Body: []byte(body)}, got)
	second := save(t, s, commit(first, body))
	assert.NotEqual(t, first, second, "every commit has its own version")
}

func race(t *testing.T, b Backend) {
	s := b.Open(t)
	read := save(t, s, commit(turn.Etag{}, "0"))
	for round := range 20 {
		var won atomic.Int32
		var group sync.WaitGroup
		winners := make([]turn.Etag, 8)
		for i := range 8 {
			group.Go(func() {
				c := commit(read, fmt.Sprint(i))
				c.Changes = []dialog.Change{{List: dialog.Log, ID: fmt.Sprintf("%d-%d", round, i), Value: []byte("x")}}
				etag, err := s.Commit(ctx, c)
				if err == nil {
					won.Add(1)
					winners[i] = etag
				} else {
					assert.ErrorIs(t, err, turn.ErrConflict)
				}
			})
		}
		group.Wait()
		require.EqualValues(t, 1, won.Load())
		for i, e := range winners {
			if e != (turn.Etag{}) {
				read = e
				stored, err := s.Load(ctx, user)
				require.NoError(t, err)
				require.Equal(t, fmt.Sprint(i), string(stored.Body))
			}
		}
	}
	items, err := s.List(ctx, user, dialog.Log)
	require.NoError(t, err)
	assert.Len(t, items, 20, "one entry a round: those of the losers are not there")
}

func stale(t *testing.T, b Backend) {
	s := b.Open(t)
	old := save(t, s, commit(turn.Etag{}, "a"))
	now := save(t, s, commit(old, "b"))
	for _, read := range []turn.Etag{old, {}, {1, 2, 3}} {
		c := commit(read, "c")
		c.Erase = true
		c.Changes = []dialog.Change{{List: dialog.Kept, ID: "1", Value: []byte("x")}}
		_, err := s.Commit(ctx, c)
		require.ErrorIs(t, err, turn.ErrConflict)
	}
	got, err := s.Load(ctx, user)
	require.NoError(t, err)
	assert.Equal(t, turn.Stored{Etag: now, Body: []byte("b")}, got)
	items, err := s.List(ctx, user, dialog.Kept)
	require.NoError(t, err)
	assert.Empty(t, items)
}

func lists(t *testing.T, b Backend) {
	s := b.Open(t)
	c := commit(turn.Etag{}, "a")
	c.Changes = []dialog.Change{
		{List: dialog.Log, ID: "2", Value: []byte("two")}, {List: dialog.Log, ID: "1", Value: []byte("one")},
		{List: dialog.Kept, ID: "1", Value: []byte("kept")}, {List: dialog.Log, ID: "3", Value: []byte("three")},
	}
	read := save(t, s, c)
	other := c
	other.User, other.Changes = "tg:11", []dialog.Change{{List: dialog.Log, ID: "9", Value: []byte("somebody else")}}
	save(t, s, other)
	c = commit(read, "b")
	c.Changes = []dialog.Change{{List: dialog.Log, ID: "1", Value: []byte("ONE")}, {List: dialog.Log, ID: "2"}, {List: dialog.Log, ID: "absent"}}
	save(t, s, c)
	items, err := s.List(ctx, user, dialog.Log)
	require.NoError(t, err)
	assert.Equal(t, []dialog.Item{{ID: "1", Value: []byte("ONE")}, {ID: "3", Value: []byte("three")}}, items)
	items, err = s.List(ctx, user, dialog.Kept)
	require.NoError(t, err)
	assert.Equal(t, []dialog.Item{{ID: "1", Value: []byte("kept")}}, items)
	for id, want := range map[string][]dialog.Item{"3": {{ID: "3", Value: []byte("three")}}, "2": {}, "": {}, "33": {}} {
		items, err = s.List(ctx, user, dialog.Log.Only(id))
		require.NoError(t, err)
		assert.Equal(t, want, items, "only %q", id)
	}
}

func ends(t *testing.T, b Backend) {
	s := b.Open(t)
	c := commit(turn.Etag{}, "a")
	c.Ends = time.Now().Add(1500 * time.Millisecond)
	c.Changes = []dialog.Change{{List: dialog.Log, ID: "1", Value: []byte("x")}}
	read := save(t, s, c)
	c.Read, c.Changes = read, nil
	c.Ends = time.Now().Add(3 * time.Second)
	save(t, s, c) // a later word moves the end of everything, also of what it does not touch
	b.Advance(t, 1600*time.Millisecond)
	items, err := s.List(ctx, user, dialog.Log)
	require.NoError(t, err)
	require.Len(t, items, 1)
	b.Advance(t, 1600*time.Millisecond)
	got, err := s.Load(ctx, user)
	require.NoError(t, err)
	assert.Equal(t, turn.Stored{}, got)
	items, err = s.List(ctx, user, dialog.Log)
	require.NoError(t, err)
	assert.Empty(t, items)
	save(t, s, commit(turn.Etag{}, "anew"))
	items, err = s.List(ctx, user, dialog.Log)
	require.NoError(t, err)
	assert.Empty(t, items, "what ended does not come back with a new word")
}

func erase(t *testing.T, b Backend) {
	s := b.Open(t)
	c := commit(turn.Etag{}, "SECRETRECORD")
	for _, l := range dialog.AllLists {
		c.Changes = append(c.Changes, dialog.Change{List: l, ID: "1", Value: []byte("SECRETENTRY")})
	}
	read := save(t, s, c)
	b.Corrupt(t, user, func(raw []byte) []byte { return append(raw[:8:8], "SECRETASIDE"...) })
	require.NoError(t, s.SetAside(ctx, user, read))
	read = save(t, s, commit(turn.Etag{}, "SECRETAGAIN"))
	c = commit(read, "remainder")
	c.Erase = true
	save(t, s, c)
	for _, l := range dialog.AllLists {
		items, err := s.List(ctx, user, l)
		require.NoError(t, err)
		assert.Empty(t, items, l)
	}
	if b.Shared() { // the file keeps freed pages until it is compacted; the runbook says when
		assert.NotContains(t, string(b.Raw(t)), "SECRET")
	}
}

func eraseThenStale(t *testing.T, b Backend) {
	s := b.Open(t)
	read := save(t, s, commit(turn.Etag{}, "a"))
	c := commit(read, "remainder")
	c.Erase = true
	save(t, s, c)
	_, err := s.Commit(ctx, commit(read, "back from the dead"))
	assert.ErrorIs(t, err, turn.ErrConflict)
}

func damaged(t *testing.T, b Backend) {
	for _, raw := range []string{"x", "12345678", "12345678\x01", "12345678\x01\xee{}", "12345678\x00{}"} {
		s := b.Open(t)
		first, err := s.Load(ctx, user)
		require.NoError(t, err)
		save(t, s, commit(first.Etag, "a"))
		b.Corrupt(t, user, func([]byte) []byte { return []byte(raw) })
		got, err := s.Load(ctx, user)
		require.ErrorIs(t, err, turn.ErrDamaged, "%q", raw)
		require.NoError(t, s.SetAside(ctx, user, got.Etag), "%q", raw)
		got, err = s.Load(ctx, user)
		require.NoError(t, err)
		require.Equal(t, turn.Stored{}, got)
		save(t, s, commit(turn.Etag{}, "anew"))
	}
}

func newer(t *testing.T, b Backend) {
	s := b.Open(t)
	saved := save(t, s, commit(turn.Etag{}, "a"))
	for name, change := range map[string]func(raw []byte) []byte{
		"format": func(raw []byte) []byte { raw[8] = 200; return raw },
		"key": func(raw []byte) []byte {
			return append(raw[:8:8], "\x01\xee sealed by a replica that has a newer DATA_KEY"...)
		},
	} {
		b.Corrupt(t, user, change)
		before := b.Raw(t)
		got, err := s.Load(ctx, user)
		require.ErrorIs(t, err, turn.ErrNewer, name)
		assert.Equal(t, saved, got.Etag, name)
		assert.Equal(t, before, b.Raw(t), name)
	}
}

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

func hostile(t *testing.T, b Backend) {
	s := b.Open(t)
	for _, u := range []chat.UserKey{"web:{x}", "web:a\x00b", "web:" + chat.UserKey(strings.Repeat("长", 100)), "tg:1:record", "web:\xff"} {
		c := commit(turn.Etag{}, string(u))
		c.User = u
		c.Changes = []dialog.Change{{List: dialog.Log, ID: "\x00'; DROP", Value: []byte{0, 1, 255}}}
		save(t, s, c)
		got, err := s.Load(ctx, u)
		require.NoError(t, err)
		assert.Equal(t, string(u), string(got.Body))
	}
	got, err := s.Load(ctx, user)
	require.NoError(t, err)
	assert.Equal(t, turn.Stored{}, got)
	_, err = s.Commit(ctx, turn.Commit{User: user, Ends: time.Now().Add(time.Hour), Changes: []dialog.Change{{List: "nosuch", ID: "1", Value: []byte("x")}}})
	assert.False(t, err == nil || errors.Is(err, turn.ErrConflict), "an unknown list is a mistake")
}
