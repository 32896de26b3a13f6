package store

import (
	"context"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"

	"wenzhu/bot/chat"
)

// PutCode implements turn.Store.
func (r *Redis) PutCode(ctx context.Context, u chat.UserKey, hash string, sealed []byte, ends time.Time) error {
	if err := r.dropCode(ctx, u); err != nil {
		return err
	}
	// The name goes first: a code that deletion cannot find must never exist.
	stay := time.Until(ends)
	if err := r.client.Set(ctx, ownCodeKey(u), hash, stay).Err(); err != nil {
		return unavailable("name recovery code", err)
	}
	return unavailable("keep recovery code", r.client.Set(ctx, codeKey(hash), sealed, stay).Err())
}

// Code implements turn.Store.
func (r *Redis) Code(ctx context.Context, hash string) ([]byte, error) {
	sealed, err := r.client.Get(ctx, codeKey(hash)).Bytes()
	if errors.Is(err, redis.Nil) {
		return nil, nil
	}
	return sealed, unavailable("read recovery code", err)
}

// dropCode removes a person's code. It runs before a deletion, which removes the name.
func (r *Redis) dropCode(ctx context.Context, u chat.UserKey) error {
	hash, err := r.client.Get(ctx, ownCodeKey(u)).Result()
	if errors.Is(err, redis.Nil) {
		return nil
	}
	if err != nil {
		return unavailable("find recovery code", err)
	}
	return unavailable("remove recovery code", errors.Join(
		r.client.Del(ctx, codeKey(hash)).Err(), r.client.Del(ctx, ownCodeKey(u)).Err()))
}
