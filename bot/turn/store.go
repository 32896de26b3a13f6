package turn

import (
	"context"
	"errors"
	"time"

	"wenzhu/bot/chat"
	"wenzhu/dialog"
)

// The errors of a Store that a caller acts on.
var (
	ErrConflict    = errors.New("the record has changed since it was read")
	ErrUnavailable = errors.New("the store cannot be reached")
	ErrDamaged     = errors.New("the stored bytes cannot be read")
	ErrNewer       = errors.New("the record is of a newer release, or sealed with a key that is not in DATA_KEY")
	ErrFull        = errors.New("the store has no room left")
)

// Etag tells versions of a record apart. It is random, new at every commit; zero means that there is no record.
type Etag [8]byte

// Stored is a record as it was read.
type Stored struct {
	Etag Etag
	Body []byte // empty where Etag is zero
}

// Commit is all that one turn changes. It happens whole or not at all.
type Commit struct {
	User    chat.UserKey
	Read    Etag            // the version that the turn started from
	Body    []byte          // the new record
	Ends    time.Time       // when everything of the person ends, unless a later commit says otherwise
	Next    time.Time       // when somebody has to look at the record again
	Erase   bool            // first remove everything of the person, set-aside bytes included
	Changes []dialog.Change // applied in order, after Erase
	Settles bool            // only what a send's answer means: nothing beside the record, the same Ends, and an entry no later than Next stands
}

// Wake is an entry of the wake index that has been taken.
type Wake struct {
	User  chat.UserKey
	At    time.Time // when it was due
	Claim time.Time // its score since it was taken: the proof that nobody else wrote it since
}

// Bucket names a shared allowance of sends.
type Bucket struct {
	Name string  // "telegram", "telegram/own"
	Rate float64 // tokens a second
}

// Store keeps records, the lists beside them and the wake index. All implementations pass storetest.
// Every method may fail with ErrUnavailable.
type Store interface {
	// Load reads a record. ErrDamaged and ErrNewer come with the Etag filled in.
	Load(ctx context.Context, u chat.UserKey) (Stored, error)
	// Commit saves a turn and returns the new version, or ErrConflict and saves nothing. The wake entry gets its time
	// in the same step; where it cannot it is written first, and sooner, so that no record owes anything without one.
	Commit(ctx context.Context, c Commit) (Etag, error)
	// List reads one list of a person, oldest first, or only the entry that the list's name says.
	List(ctx context.Context, u chat.UserKey, l dialog.List) ([]dialog.Item, error)
	// SetAside moves the bytes of an unreadable record out of the way, so that the person can start anew.
	// They end when the record would have ended and are removed by Erase.
	SetAside(ctx context.Context, u chat.UserKey, read Etag) error

	// Take claims at most limit wake entries due at now, earliest first, by moving each a minute ahead. Of a backlog
	// it takes some that came due last, so that nobody waits behind all of it.
	Take(ctx context.Context, now time.Time, limit int) ([]Wake, error)
	// Settle gives a taken entry its next time, or removes it where next is zero, unless it was written since.
	Settle(ctx context.Context, w Wake, next time.Time) error
	// WakeDepth counts the entries due before a time.
	WakeDepth(ctx context.Context, before time.Time) (int, error)
	// WakeFirst is the time of the earliest entry, zero where there is none.
	WakeFirst(ctx context.Context) (time.Time, error)
	// WakeTimes calls f with the time of every entry, without persons.
	WakeTimes(ctx context.Context, f func(time.Time)) error

	// Tokens takes up to n tokens at now and returns how many there were.
	Tokens(ctx context.Context, b Bucket, now time.Time, n int) (int, error)
	// Pause keeps a bucket empty until a time; the latest pause stands.
	Pause(ctx context.Context, bucket string, until time.Time) error

	// Note appends a line that belongs to nobody, to one of the capped journals; Notes reads them, oldest first.
	Note(ctx context.Context, journal string, line []byte, limit int) error
	Notes(ctx context.Context, journal string) ([][]byte, error)

	// Nudge tells all replicas that a person's conversation grew; Nudges delivers such users until ctx ends.
	// Both are hints: readers also look by themselves.
	Nudge(ctx context.Context, u chat.UserKey) error
	Nudges(ctx context.Context, f func(chat.UserKey)) error

	// PutCode keeps a sealed value under the hash of a recovery code, until ends or until the person is erased.
	// A person has one: an older one goes.
	PutCode(ctx context.Context, u chat.UserKey, hash string, sealed []byte, ends time.Time) error
	// Code reads what PutCode kept; nil where there is nothing.
	Code(ctx context.Context, hash string) ([]byte, error)

	// Warnings says in the operator's words what can be lost with the store's present settings.
	Warnings(ctx context.Context) []string
	Ping(ctx context.Context) error
	Close() error
}
