package turn

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"slices"
	"time"

	"wenzhu/bot/chat"
	"wenzhu/dialog"
)

const (
	seenMost  = 64       // update ids remembered; never fewer than a channel may bring again
	owedMost  = 20       // replies waiting for the channel
	owedBytes = 32 << 10 // their size
	linesMost = 200      // lines of the web conversation
	leaseTime = 30 * time.Second
)

// record is all that the path keeps of a person in one value.
type record struct {
	Session dialog.Session `json:"s"`
	Seen    []byte         `json:"n,omitempty"` // the hashes of the last update ids, hashSize bytes each
	Owed    []owed         `json:"o,omitempty"`
	Lease   lease          `json:"d,omitzero"`
	Ends    int64          `json:"e"`           // Unix ms
	Lines   int            `json:"l,omitempty"` // number of the newest line of the web conversation
	Blocked bool           `json:"b,omitempty"` // the person does not want messages
	Gone    bool           `json:"g,omitempty"` // the remainder of a deletion; no session
	Flood   flood          `json:"f,omitzero"`
	Paced   int64          `json:"p,omitempty"` // Unix ms to which sends to this person are spoken for
}

// owed is a reply that the channel has not taken yet.
type owed struct {
	Reply dialog.Reply `json:"r"`
	Edits string       `json:"m,omitempty"`
	Since int64        `json:"t"` // Unix ms
	Tries int          `json:"a,omitempty"`
	Plain bool         `json:"p,omitempty"`
}

// lease says who delivers now. The zero value is nobody.
type lease struct {
	By    string `json:"b,omitempty"`
	Until int64  `json:"u,omitempty"` // Unix ms; a later one stands even where By is empty: not before
}

func decode(body []byte) (record, error) {
	var r record
	if len(body) == 0 {
		return r, nil
	}
	if err := json.Unmarshal(body, &r); err != nil {
		return record{}, fmt.Errorf("decode record: %w: %w", ErrDamaged, err)
	}
	if len(r.Seen)%hashSize != 0 {
		return record{}, fmt.Errorf("decode record: seen has %d bytes: %w", len(r.Seen), ErrDamaged)
	}
	return r, nil
}

func (r record) encode() ([]byte, error) {
	body, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("encode record: %w", err)
	}
	return body, nil
}

// hashSize is how many bytes of a hash remember an update id.
const hashSize = 8

// hashID is how an update id is remembered.
func hashID(id string) []byte {
	h := fnv.New64a()
	h.Write([]byte(id))
	return h.Sum(nil)
}

func (r record) seen(id string) bool {
	hash := hashID(id)
	for known := range slices.Chunk(r.Seen, hashSize) {
		if bytes.Equal(known, hash) {
			return true
		}
	}
	return false
}

// see returns the record with the id remembered; the array of the old one is left alone.
func (r record) see(id string) record {
	from := max(0, len(r.Seen)-(seenMost-1)*hashSize)
	r.Seen = append(slices.Clone(r.Seen[from:]), hashID(id)...)
	return r
}

// ends is the end of life as a time.
func (r record) ends() time.Time { return time.UnixMilli(r.Ends) }

// next is when somebody has to look at the record again.
func (r record) next() time.Time {
	next := r.ends()
	earlier := func(t time.Time) {
		if !t.IsZero() && t.Before(next) {
			next = t
		}
	}
	if due, _ := r.Session.Due(); !r.Gone {
		earlier(due)
	}
	if len(r.Owed) > 0 {
		earlier(time.UnixMilli(r.Lease.Until))
	}
	return next
}

// commit makes the store's commit of the record.
func (r record) commit(u chat.UserKey, read Etag) (Commit, error) {
	body, err := r.encode()
	if err != nil {
		return Commit{}, err
	}
	return Commit{User: u, Read: read, Body: body, Ends: r.ends(), Next: r.next()}, nil
}
