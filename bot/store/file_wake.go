package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"time"

	"go.etcd.io/bbolt"

	"wenzhu/bot/chat"
	"wenzhu/bot/turn"
)

// setWake moves a person's entry; the zero time removes it.
func setWake(tx *bbolt.Tx, u chat.UserKey, at time.Time) error {
	index, of := tx.Bucket(wakes), tx.Bucket(wakeOf)
	if old := of.Get([]byte(u)); old != nil {
		if err := index.Delete(append(bytes.Clone(old), u...)); err != nil {
			return err
		}
	}
	if at.IsZero() {
		return of.Delete([]byte(u))
	}
	if err := index.Put(append(millis(at), u...), nil); err != nil {
		return err
	}
	return of.Put([]byte(u), millis(at))
}

// Take implements turn.Store.
func (f *File) Take(ctx context.Context, now time.Time, limit int) ([]turn.Wake, error) {
	var taken []turn.Wake
	claim := time.UnixMilli(now.Add(claimFor).UnixMilli())
	if due, err := f.WakeDepth(ctx, now); err != nil || due == 0 {
		return nil, err // looking costs no write
	}
	err := f.db.Update(func(tx *bbolt.Tx) error {
		cursor := tx.Bucket(wakes).Cursor()
		for k, _ := cursor.First(); len(k) > 8 && len(taken) < limit; k, _ = cursor.Next() {
			at := time.UnixMilli(int64(binary.BigEndian.Uint64(k)))
			if at.After(now) {
				break
			}
			taken = append(taken, turn.Wake{User: chat.UserKey(k[8:]), At: at, Claim: claim})
		}
		for _, w := range taken {
			if err := setWake(tx, w.User, claim); err != nil {
				return err
			}
		}
		return nil
	})
	return taken, full("take wake entries", err)
}

// Settle implements turn.Store. Where the entry goes, so does what is left of a person whose time is over.
func (f *File) Settle(_ context.Context, w turn.Wake, next time.Time) error {
	return full("settle wake entry", f.db.Update(func(tx *bbolt.Tx) error {
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

// WakeTimes implements turn.Store.
func (f *File) WakeTimes(_ context.Context, each func(time.Time)) error {
	return f.eachWake(func(at time.Time) bool {
		each(at)
		return true
	})
}

// eachWake goes through the index by time until f says false.
func (f *File) eachWake(each func(time.Time) bool) error {
	return full("read wake entries", f.db.View(func(tx *bbolt.Tx) error {
		cursor := tx.Bucket(wakes).Cursor()
		for k, _ := cursor.First(); len(k) > 8; k, _ = cursor.Next() {
			if !each(time.UnixMilli(int64(binary.BigEndian.Uint64(k)))) {
				return nil
			}
		}
		return nil
	}))
}
