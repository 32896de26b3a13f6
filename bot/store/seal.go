package store

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"

	"wenzhu/bot/chat"
	"wenzhu/bot/turn"
)

// keySize is the length of a DATA_KEY in bytes.
const keySize = 32

const (
	formatNow  = 1 // of the JSON of a record
	plainKeyID = 0 // the key id of what is not sealed

	sealedLeast = 12 + 16 // bytes of the nonce and the tag of AES-GCM
)

// Keyring seals what users wrote. The zero Keyring seals nothing.
type Keyring struct {
	keys [][]byte // the first writes
}

// NewKeyring takes keys of keySize bytes; the first writes, all read.
func NewKeyring(keys ...[]byte) (Keyring, error) {
	for i, k := range keys {
		if len(k) != keySize {
			return Keyring{}, fmt.Errorf("key %d has %d bytes, want %d", i+1, len(k), keySize)
		}
	}
	return Keyring{keys: keys}, nil
}

// keyID tells which key sealed a value. It is derived from the key and never plainKeyID.
func keyID(key []byte) byte {
	sum := sha256.Sum256(append([]byte("wenzhu key id"), key...))
	return sum[0]%255 + 1
}

// writer is the id of the key that seals now.
func (k Keyring) writer() byte {
	if len(k.keys) == 0 {
		return plainKeyID
	}
	return keyID(k.keys[0])
}

// seal encrypts a value for one person and one place, so that values cannot be swapped. The first byte is the key id.
func (k Keyring) seal(u chat.UserKey, name string, plain []byte) ([]byte, error) {
	if len(k.keys) == 0 {
		return append([]byte{plainKeyID}, plain...), nil
	}
	aead, err := personal(k.keys[0], u)
	if err != nil {
		return nil, err
	}
	out := make([]byte, 1+aead.NonceSize(), 1+aead.NonceSize()+len(plain)+aead.Overhead())
	out[0] = keyID(k.keys[0])
	if _, err := rand.Read(out[1:]); err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return aead.Seal(out, out[1:], plain, []byte(name)), nil
}

// open reverses seal. Its errors are turn.ErrDamaged and, for what is sealed with a key that is not at hand, such as
// while replicas get a new key one after the other, turn.ErrNewer.
func (k Keyring) open(u chat.UserKey, name string, sealed []byte) ([]byte, error) {
	if len(sealed) == 0 {
		return nil, fmt.Errorf("open %s: empty: %w", name, turn.ErrDamaged)
	}
	id, rest := sealed[0], sealed[1:]
	if id == plainKeyID {
		return rest, nil
	}
	known := false
	for _, key := range k.keys {
		if keyID(key) != id {
			continue
		}
		known = true
		aead, err := personal(key, u)
		if err != nil {
			return nil, err
		}
		if len(rest) < aead.NonceSize() {
			break
		}
		plain, err := aead.Open(nil, rest[:aead.NonceSize()], rest[aead.NonceSize():], []byte(name))
		if err == nil {
			return plain, nil
		}
	}
	if !known && len(rest) >= sealedLeast {
		return nil, fmt.Errorf("open %s: key %d: %w", name, id, turn.ErrNewer)
	}
	return nil, fmt.Errorf("open %s: no key fits: %w", name, turn.ErrDamaged)
}

// personal is the cipher of one person.
func personal(key []byte, u chat.UserKey) (cipher.AEAD, error) {
	derived, err := hkdf.Key(sha256.New, key, nil, "wenzhu "+string(u), keySize)
	if err != nil {
		return nil, fmt.Errorf("derive key: %w", err)
	}
	block, err := aes.NewCipher(derived)
	if err != nil {
		return nil, fmt.Errorf("derive key: %w", err)
	}
	return cipher.NewGCM(block)
}

// envelopeHead is what stands before the sealed body in the store: etag, format.
const envelopeHead = len(turn.Etag{}) + 1

// wrap makes what stands in the store.
func (k Keyring) wrap(u chat.UserKey, etag turn.Etag, body []byte) ([]byte, error) {
	sealed, err := k.seal(u, recordKey(u), body)
	if err != nil {
		return nil, err
	}
	return append(append(etag[:], formatNow), sealed...), nil
}

// unwrap reverses wrap. Its errors come with the etag.
func (k Keyring) unwrap(u chat.UserKey, raw []byte) (turn.Stored, error) {
	var s turn.Stored
	copy(s.Etag[:], raw)
	if len(raw) < envelopeHead {
		return s, fmt.Errorf("open record: %w", turn.ErrDamaged)
	}
	if format := raw[envelopeHead-1]; format > formatNow {
		return s, fmt.Errorf("record format %d: %w", format, turn.ErrNewer)
	} else if format < formatNow {
		return s, fmt.Errorf("record format %d: %w", format, turn.ErrDamaged)
	}
	body, err := k.open(u, recordKey(u), raw[envelopeHead:])
	s.Body = body
	return s, err
}

// newEtag is random: a counter would start again after a deletion and let an old write through.
func newEtag() turn.Etag {
	var e turn.Etag
	for e == (turn.Etag{}) {
		rand.Read(e[:]) // never fails, see crypto/rand
	}
	return e
}

// checkText is sealed once and opened at every start.
const checkText = "wenzhu"

// ErrWrongKey tells the operator before anything is written. No waiting mends it.
var ErrWrongKey = errors.New("DATA_KEY does not open what is stored: set the key that wrote it (a rotated key goes behind the new one)")

// check opens the stored check, or says what to store.
func (k Keyring) check(stored []byte) (write []byte, err error) {
	if stored == nil {
		return k.seal("", checkKey, []byte(checkText))
	}
	plain, err := k.open("", checkKey, stored)
	if err != nil || string(plain) != checkText {
		return nil, ErrWrongKey
	}
	if stored[0] != k.writer() {
		if k.writer() == plainKeyID {
			return nil, ErrWrongKey
		}
		return k.seal("", checkKey, []byte(checkText))
	}
	return nil, nil
}
