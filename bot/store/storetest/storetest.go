// Package storetest holds the promises that every turn.Store keeps.
package storetest

import (
	"context"
	"errors"
	"fmt"
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
