package store

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"wenzhu/bot/chat"
	"wenzhu/bot/turn"
)

//go:embed take.lua
var takeLua string

//go:embed settle.lua
var settleLua string

var (
	takeScript   = redis.NewScript(takeLua)
	settleScript = redis.NewScript(settleLua)
)

// wake writes the wake entry before a commit, as it lies on another server: no later than the record needs, for the
// commit may fail, and soon, for it may have stood without this process knowing. A send that is settled leaves it.
func (r *Redis) wake(ctx context.Context, c turn.Commit) error {
	if c.Settles {
		return nil
	}
	var woken *redis.IntCmd
	err := r.send(ctx, func(p redis.Pipeliner) {
		at := float64(wakeAt(c.Next, r.now()).UnixMilli())
		woken = p.ZAddLT(ctx, wakeKey(wakeShard(c.User)), redis.Z{Score: at, Member: string(c.User)})
	})
	if err != nil {
		return err
	}
	return woken.Err()
}

// Take implements turn.Store.
func (r *Redis) Take(ctx context.Context, now time.Time, limit int) ([]turn.Wake, error) {
	if err := r.admit(ctx); err != nil {
		return nil, err
	}
	claim := time.UnixMilli(now.Add(claimFor).UnixMilli())
	share := max(1, limit/wakeShards)
	args := []any{now.UnixMilli(), claim.UnixMilli(), share, share / latestShare}
	pipe := r.client.Pipeline()
	shards := make([]*redis.Cmd, wakeShards)
	for shard := range shards {
		shards[shard] = takeScript.EvalSha(ctx, pipe, []string{wakeKey(shard)}, args...)
	}
	_, _ = pipe.Exec(ctx) // every command has its error
	var wakes []turn.Wake
	for shard, due := range shards {
		if redis.HasErrorPrefix(due.Err(), "NOSCRIPT") {
			due = takeScript.Eval(ctx, r.client, []string{wakeKey(shard)}, args...)
		}
		pairs, err := due.StringSlice()
		if err != nil {
			return wakes, unavailable("take wake entries", err)
		}
		for i := 0; i+1 < len(pairs); i += 2 {
			at, err := strconv.ParseFloat(pairs[i+1], 64)
			if err != nil {
				return wakes, fmt.Errorf("wake entry: %w", err)
			}
			wakes = append(wakes, turn.Wake{User: chat.UserKey(pairs[i]), At: time.UnixMilli(int64(at)), Claim: claim})
		}
	}
	slices.SortFunc(wakes, func(a, b turn.Wake) int { return a.At.Compare(b.At) })
	return wakes, nil
}

// Settle implements turn.Store.
func (r *Redis) Settle(ctx context.Context, w turn.Wake, next time.Time) error {
	score := ""
	if !next.IsZero() {
		score = strconv.FormatInt(next.UnixMilli(), 10)
	}
	err := settleScript.Run(ctx, r.client, []string{wakeKey(wakeShard(w.User))}, string(w.User), w.Claim.UnixMilli(), score).Err()
	return unavailable("settle wake entry", err)
}

// WakeDepth implements turn.Store.
func (r *Redis) WakeDepth(ctx context.Context, before time.Time) (int, error) {
	pipe := r.client.Pipeline()
	counts := make([]*redis.IntCmd, wakeShards)
	for shard := range wakeShards {
		counts[shard] = pipe.ZCount(ctx, wakeKey(shard), "-inf", strconv.FormatInt(before.UnixMilli(), 10))
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return 0, unavailable("count wake entries", err)
	}
	var n int64
	for _, c := range counts {
		n += c.Val()
	}
	return int(n), nil
}

// WakeFirst implements turn.Store.
func (r *Redis) WakeFirst(ctx context.Context) (time.Time, error) {
	pipe := r.client.Pipeline()
	shards := make([]*redis.ZSliceCmd, wakeShards)
	for shard := range wakeShards {
		shards[shard] = pipe.ZRangeWithScores(ctx, wakeKey(shard), 0, 0)
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return time.Time{}, unavailable("look for the first wake entry", err)
	}
	var first time.Time
	for _, shard := range shards {
		for _, z := range shard.Val() {
			if at := time.UnixMilli(int64(z.Score)); first.IsZero() || at.Before(first) {
				first = at
			}
		}
	}
	return first, nil
}

// WakeTimes implements turn.Store.
func (r *Redis) WakeTimes(ctx context.Context, f func(time.Time)) error {
	for shard := range wakeShards {
		scan := r.client.ZScan(ctx, wakeKey(shard), 0, "", 1000).Iterator()
		for member := true; scan.Next(ctx); member = !member {
			if member {
				continue
			}
			at, err := strconv.ParseFloat(scan.Val(), 64)
			if err != nil {
				return fmt.Errorf("wake entry: %w", err)
			}
			f(time.UnixMilli(int64(at)))
		}
		if err := scan.Err(); err != nil {
			return unavailable("scan wake entries", err)
		}
	}
	return nil
}
