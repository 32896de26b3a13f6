package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"wenzhu/bot/chat"
	"wenzhu/bot/turn"
	"wenzhu/dialog"
)

// File is the store for one process, in one file. Every commit is on the disk when it returns.
type File struct {
	db     *bbolt.DB
	keys   Keyring
	now    func() time.Time
	shared memory
}

var _ turn.Store = (*File)(nil)

// ErrLocked means that another process has the file open.
var ErrLocked = errors.New("another process uses this data file: stop it, or give this one another DATA_DIR")

// The buckets. Integers are big-endian, so that keys sort.
var (
	records = []byte("records") // user → end of life (Unix ms, 8 bytes), then etag, format, sealed JSON
	entries = []byte("entries") // user 0 list 0 id → sealed entry
	aside   = []byte("aside")   // user → bytes that could not be read
	wakes   = []byte("wakes")   // time (Unix ms, 8 bytes), user → nothing
	wakeOf  = []byte("wakeof")  // user → time
	notes   = []byte("notes")   // journal 0 number (8 bytes) → sealed line
	meta    = []byte("meta")    // the key check
)

// fileMode: it holds what people wrote.
const fileMode = 0o600

// OpenFile opens or makes the file in dir. ErrLocked means that it is in use.
func OpenFile(dir string, keys Keyring) (*File, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make data directory: %w", err)
	}
	db, err := bbolt.Open(filepath.Join(dir, "wenzhu.db"), fileMode, &bbolt.Options{
		Timeout: 200 * time.Millisecond, FreelistType: bbolt.FreelistMapType,
	})
	if errors.Is(err, bolterrors.ErrTimeout) {
		return nil, ErrLocked
	}
	if err != nil {
		return nil, fmt.Errorf("open data file: %w", err)
	}
	f := &File{db: db, keys: keys, now: time.Now}
	if err := f.prepare(); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return f, nil
}

func (f *File) prepare() error {
	return f.db.Update(func(tx *bbolt.Tx) error {
		for _, name := range [][]byte{records, entries, aside, wakes, wakeOf, notes, codes, meta} {
			if _, err := tx.CreateBucketIfNotExists(name); err != nil {
				return fmt.Errorf("prepare data file: %w", err)
			}
		}
		write, err := f.keys.check(tx.Bucket(meta).Get([]byte(checkKey)))
		if err != nil || write == nil {
			return err
		}
		return tx.Bucket(meta).Put([]byte(checkKey), write)
	})
}

// Load implements turn.Store.
func (f *File) Load(_ context.Context, u chat.UserKey) (turn.Stored, error) {
	var raw []byte
	err := f.db.View(func(tx *bbolt.Tx) error {
		raw = bytes.Clone(f.alive(tx, u))
		return nil
	})
	if err != nil {
		return turn.Stored{}, fault("load record", err)
	}
	if raw == nil {
		return turn.Stored{}, nil
	}
	return f.keys.unwrap(u, raw)
}

// alive is the person's record, nil where there is none or its time is over.
func (f *File) alive(tx *bbolt.Tx, u chat.UserKey) []byte {
	v := tx.Bucket(records).Get([]byte(u))
	if len(v) < 8 || !readMillis(v).After(f.now()) {
		return nil
	}
	return v[8:]
}

// Commit implements turn.Store.
func (f *File) Commit(_ context.Context, c turn.Commit) (turn.Etag, error) {
	etag := newEtag()
	raw, err := f.keys.wrap(c.User, etag, c.Body)
	if err != nil {
		return turn.Etag{}, err
	}
	err = f.db.Update(func(tx *bbolt.Tx) error {
		var have turn.Etag
		old := f.alive(tx, c.User)
		copy(have[:], old)
		if have != c.Read {
			return turn.ErrConflict
		}
		if c.Erase || old == nil && tx.Bucket(records).Get([]byte(c.User)) != nil {
			if err := purge(tx, c.User); err != nil {
				return err
			}
		}
		for _, change := range c.Changes {
			if err := f.change(tx, c.User, change); err != nil {
				return err
			}
		}
		value := append(millis(c.Ends), raw...)
		if err := tx.Bucket(records).Put([]byte(c.User), value); err != nil {
			return err
		}
		return setWake(tx, c.User, c.Next)
	})
	if err != nil {
		return turn.Etag{}, fault("commit", err)
	}
	return etag, nil
}

func (f *File) change(tx *bbolt.Tx, u chat.UserKey, c dialog.Change) error {
	if !slices.Contains(dialog.AllLists, c.List) {
		return fmt.Errorf("no list %q", c.List)
	}
	key := append(entryPrefix(u, c.List), c.ID...)
	if c.Value == nil {
		return tx.Bucket(entries).Delete(key)
	}
	sealed, err := f.keys.seal(u, listKey(u, c.List)+c.ID, c.Value)
	if err != nil {
		return err
	}
	return tx.Bucket(entries).Put(key, sealed)
}

func entryPrefix(u chat.UserKey, l dialog.List) []byte {
	return append(userPrefix(u), append([]byte(l), 0)...)
}

func userPrefix(u chat.UserKey) []byte { return append([]byte(u), 0) }

// purge removes all of a person but the wake entry.
func purge(tx *bbolt.Tx, u chat.UserKey) error {
	for _, k := range keysWith(tx.Bucket(entries), userPrefix(u)) {
		if err := tx.Bucket(entries).Delete(k); err != nil {
			return err
		}
	}
	return errors.Join(tx.Bucket(records).Delete([]byte(u)), tx.Bucket(aside).Delete([]byte(u)), dropCode(tx, u))
}

// keysWith are copies of a bucket's keys with a prefix, in order.
func keysWith(b *bbolt.Bucket, prefix []byte) [][]byte {
	var keys [][]byte
	cursor := b.Cursor()
	for k, _ := cursor.Seek(prefix); bytes.HasPrefix(k, prefix); k, _ = cursor.Next() {
		keys = append(keys, bytes.Clone(k))
	}
	return keys
}

// List implements turn.Store.
func (f *File) List(_ context.Context, u chat.UserKey, l dialog.List) ([]dialog.Item, error) {
	items := []dialog.Item{}
	l, one, only := l.Split()
	err := f.db.View(func(tx *bbolt.Tx) error {
		if f.alive(tx, u) == nil {
			return nil
		}
		prefix := entryPrefix(u, l)
		cursor := tx.Bucket(entries).Cursor()
		for k, v := cursor.Seek(append(bytes.Clone(prefix), one...)); bytes.HasPrefix(k, prefix); k, v = cursor.Next() {
			id := string(k[len(prefix):])
			if only && id != one {
				break
			}
			if plain, err := f.keys.open(u, listKey(u, l)+id, v); err == nil {
				items = append(items, dialog.Item{ID: id, Value: bytes.Clone(plain)})
			}
		}
		return nil
	})
	return items, fault("load list", err)
}

// SetAside implements turn.Store.
func (f *File) SetAside(_ context.Context, u chat.UserKey, read turn.Etag) error {
	return fault("set aside", f.db.Update(func(tx *bbolt.Tx) error {
		var have turn.Etag
		raw := f.alive(tx, u)
		copy(have[:], raw)
		if raw == nil || have != read {
			return turn.ErrConflict
		}
		return errors.Join(tx.Bucket(aside).Put([]byte(u), bytes.Clone(raw)), tx.Bucket(records).Delete([]byte(u)))
	}))
}

// Note implements turn.Store.
func (f *File) Note(_ context.Context, journal string, line []byte, limit int) error {
	sealed, err := f.keys.seal("", noteKey(journal), line)
	if err != nil {
		return err
	}
	return fault("note", f.db.Update(func(tx *bbolt.Tx) error {
		b := tx.Bucket(notes)
		n, err := b.NextSequence()
		if err != nil {
			return err
		}
		prefix := append([]byte(journal), 0)
		if err := b.Put(binary.BigEndian.AppendUint64(bytes.Clone(prefix), n), sealed); err != nil {
			return err
		}
		keys := keysWith(b, prefix)
		for _, k := range keys[:max(0, len(keys)-limit)] {
			if err := b.Delete(k); err != nil {
				return err
			}
		}
		return nil
	}))
}

// Notes implements turn.Store.
func (f *File) Notes(_ context.Context, journal string) ([][]byte, error) {
	var sealed []string
	err := f.db.View(func(tx *bbolt.Tx) error {
		prefix := append([]byte(journal), 0)
		cursor := tx.Bucket(notes).Cursor()
		for k, v := cursor.Seek(prefix); bytes.HasPrefix(k, prefix); k, v = cursor.Next() {
			sealed = append(sealed, string(v))
		}
		return nil
	})
	return openNotes(f.keys, journal, sealed), fault("read notes", err)
}

// Warnings implements turn.Store.
func (f *File) Warnings(context.Context) []string { return nil }

// Ping implements turn.Store.
func (f *File) Ping(context.Context) error {
	return fault("ping", f.db.View(func(*bbolt.Tx) error { return nil }))
}

// Close implements turn.Store.
func (f *File) Close() error { return f.db.Close() }

// millis writes a time as Unix ms in 8 bytes; readMillis reads the first 8.
func millis(t time.Time) []byte { return binary.BigEndian.AppendUint64(nil, uint64(t.UnixMilli())) }

func readMillis(b []byte) time.Time { return time.UnixMilli(int64(binary.BigEndian.Uint64(b))) }

// fault says what kind of failure an error of the file is.
func fault(doing string, err error) error {
	switch {
	case err == nil, errors.Is(err, turn.ErrConflict):
		return err
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return fmt.Errorf("%s: %w: %w: %w", doing, turn.ErrUnavailable, turn.ErrFull, err)
	default:
		return fmt.Errorf("%s: %w: %w", doing, turn.ErrUnavailable, err)
	}
}
