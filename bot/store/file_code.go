package store

import (
	"bytes"
	"context"
	"time"

	"go.etcd.io/bbolt"

	"wenzhu/bot/chat"
)

// The bucket of recovery codes: "h" hash → end of life (8 bytes), sealed value; "u" user → hash.
var codes = []byte("codes")

func codeOf(hash string) []byte    { return append([]byte("h"), hash...) }
func codeBy(u chat.UserKey) []byte { return append([]byte("u"), u...) }

// PutCode implements turn.Store.
func (f *File) PutCode(_ context.Context, u chat.UserKey, hash string, sealed []byte, ends time.Time) error {
	return fault("keep recovery code", f.db.Update(func(tx *bbolt.Tx) error {
		if err := dropCode(tx, u); err != nil {
			return err
		}
		if err := tx.Bucket(codes).Put(codeBy(u), []byte(hash)); err != nil {
			return err
		}
		return tx.Bucket(codes).Put(codeOf(hash), append(millis(ends), sealed...))
	}))
}

// Code implements turn.Store.
func (f *File) Code(_ context.Context, hash string) ([]byte, error) {
	var sealed []byte
	err := f.db.View(func(tx *bbolt.Tx) error {
		v := tx.Bucket(codes).Get(codeOf(hash))
		if len(v) >= 8 && readMillis(v).After(f.now()) {
			sealed = bytes.Clone(v[8:])
		}
		return nil
	})
	return sealed, fault("read recovery code", err)
}

func dropCode(tx *bbolt.Tx, u chat.UserKey) error {
	b := tx.Bucket(codes)
	hash := bytes.Clone(b.Get(codeBy(u)))
	if hash == nil {
		return nil
	}
	if err := b.Delete(codeOf(string(hash))); err != nil {
		return err
	}
	return b.Delete(codeBy(u))
}
