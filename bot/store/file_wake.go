package store

import (
	"bytes"
	"context"
	"time"

	"go.etcd.io/bbolt"

	"wenzhu/bot/chat"
	"wenzhu/bot/turn"
)

// setWake moves a person's entry; the zero time removes it. It gets another time than it had, so that whoever took the
// entry sees that it was written.
func setWake(tx *bbolt.Tx, u chat.UserKey, at time.Time) error {
	index, of := tx.Bucket(wakes), tx.Bucket(wakeOf)
	old := of.Get([]byte(u))
	if old != nil {
		if err := index.Delete(append(bytes.Clone(old), u...)); err != nil {
			return err
		}
	}
	if at.IsZero() {
		return of.Delete([]byte(u))
	}
	score := millis(at)
	if bytes.Equal(score, old) {
		score = millis(at.Add(-time.Millisecond))
	}
	if err := index.Put(append(bytes.Clone(score), u...), nil); err != nil {
		return err
	}
	return of.Put([]byte(u), score)
}

// Take implements turn.Store.
func (f *File) Take(ctx context.Context, now time.Time, limit int) ([]turn.Wake, error) {
	var taken []turn.Wake
	claim := time.UnixMilli(now.Add(claimFor).UnixMilli())
	first, err := f.WakeFirst(ctx)
	if err != nil || first.IsZero() || first.After(now) {
		return nil, err // looking costs no write
	}
	err = f.db.Update(func(tx *bbolt.Tx) error {
		taken = dueWakes(tx.Bucket(wakes).Cursor(), now, limit)
		for i := range taken {
			taken[i].Claim = claim
			if err := setWake(tx, taken[i].User, claim); err != nil {
				return err
			}
		}
		return nil
	})
	return taken, fault("take wake entries", err)
}

// dueWakes are entries due at a time, as take.lua takes them: the first, and where there are more than the limit some
// of the last.
func dueWakes(cursor *bbolt.Cursor, now time.Time, limit int) []turn.Wake {
	var due []turn.Wake
	add := func(k []byte) bool {
		if len(k) <= 8 || readMillis(k).After(now) {
			return false
		}
		due = append(due, turn.Wake{User: chat.UserKey(k[8:]), At: readMillis(k)})
		return true
	}
	last := limit / latestShare
	k, _ := cursor.First()
	for len(due) < limit-last && add(k) {
		k, _ = cursor.Next()
	}
	if len(due) < limit-last || len(k) <= 8 || readMillis(k).After(now) {
		return due
	}
	next := bytes.Clone(k) // the first that was not taken
	cursor.Seek(millis(now.Add(time.Millisecond)))
	if k, _ = cursor.Prev(); k == nil {
		k, _ = cursor.Last()
	}
	for len(due) < limit && bytes.Compare(k, next) >= 0 && add(k) {
		k, _ = cursor.Prev()
	}
	return due
}

// Settle implements turn.Store. Where the entry goes, so does what is left of a person whose time is over.
func (f *File) Settle(_ context.Context, w turn.Wake, next time.Time) error {
	return fault("settle wake entry", f.db.Update(func(tx *bbolt.Tx) error {
		if !bytes.Equal(tx.Bucket(wakeOf).Get([]byte(w.User)), millis(w.Claim)) {
			return nil
		}
		if next.IsZero() && f.alive(tx, w.User) == nil {
			if err := purge(tx, w.User); err != nil {
				return err
			}
		}
		return setWake(tx, w.User, next)
	}))
}

// WakeDepth implements turn.Store.
func (f *File) WakeDepth(_ context.Context, before time.Time) (int, error) {
	n := 0
	err := f.eachWake(func(at time.Time) bool {
		if at.After(before) {
			return false
		}
		n++
		return true
	})
	return n, err
}

// WakeFirst implements turn.Store.
func (f *File) WakeFirst(_ context.Context) (first time.Time, err error) {
	err = f.eachWake(func(at time.Time) bool {
		first = at
		return false
	})
	return first, err
}

// WakeTimes implements turn.Store.
func (f *File) WakeTimes(_ context.Context, each func(time.Time)) error {
	return f.eachWake(func(at time.Time) bool {
		each(at)
		return true
	})
}

// eachWake goes through the index by time until f says false.
func (f *File) eachWake(each func(time.Time) bool) error {
	return fault("read wake entries", f.db.View(func(tx *bbolt.Tx) error {
		cursor := tx.Bucket(wakes).Cursor()
		for k, _ := cursor.First(); len(k) > 8; k, _ = cursor.Next() {
			if !each(readMillis(k)) {
				return nil
			}
		}
		return nil
	}))
}
