package store

import (
	"context"
	_ "embed"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"

	"wenzhu/bot/chat"
	"wenzhu/bot/turn"
)

//go:embed tokens.lua
var tokensLua string

//go:embed pause.lua
var pauseLua string

var (
	tokensScript = redis.NewScript(tokensLua)
	pauseScript  = redis.NewScript(pauseLua)
)

// Tokens implements turn.Store.
func (r *Redis) Tokens(ctx context.Context, b turn.Bucket, now time.Time, n int) (int, error) {
	got, err := tokensScript.Run(ctx, r.client, []string{bucketKey(b.Name)}, now.UnixMilli(), b.Rate, n).Int()
	return got, unavailable("take tokens", err)
}

// Pause implements turn.Store.
func (r *Redis) Pause(ctx context.Context, bucket string, until time.Time) error {
	return unavailable("pause", pauseScript.Run(ctx, r.client, []string{bucketKey(bucket)}, until.UnixMilli()).Err())
}

// Note implements turn.Store.
func (r *Redis) Note(ctx context.Context, journal string, line []byte, limit int) error {
	sealed, err := r.keys.seal("", noteKey(journal), line)
	if err != nil {
		return err
	}
	var push, trim redis.Cmder
	err = r.send(ctx, func(p redis.Pipeliner) {
		push = p.RPush(ctx, noteKey(journal), sealed)
		trim = p.LTrim(ctx, noteKey(journal), int64(-limit), -1)
	})
	if err == nil {
		err = errors.Join(push.Err(), trim.Err())
	}
	return unavailable("note", err)
}

// Notes implements turn.Store.
func (r *Redis) Notes(ctx context.Context, journal string) ([][]byte, error) {
	sealed, err := r.client.LRange(ctx, noteKey(journal), 0, -1).Result()
	if err != nil {
		return nil, unavailable("read notes", err)
	}
	return openNotes(r.keys, journal, sealed), nil
}

func openNotes(k Keyring, journal string, sealed []string) [][]byte {
	var lines [][]byte
	for _, s := range sealed {
		if line, err := k.open("", noteKey(journal), []byte(s)); err == nil {
			lines = append(lines, line)
		}
	}
	return lines
}

// Nudge implements turn.Store.
func (r *Redis) Nudge(ctx context.Context, u chat.UserKey) error {
	return unavailable("nudge", r.client.Publish(ctx, nudgeChannel, string(u)).Err())
}

// Nudges implements turn.Store.
func (r *Redis) Nudges(ctx context.Context, f func(chat.UserKey)) error {
	sub := r.client.Subscribe(ctx, nudgeChannel)
	defer sub.Close() //nolint:errcheck // nothing was written
	for {
		select {
		case m, ok := <-sub.Channel():
			if !ok {
				return nil
			}
			f(chat.UserKey(m.Payload))
		case <-ctx.Done():
			return nil
		}
	}
}
