package store

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"wenzhu/bot/chat"
	"wenzhu/bot/turn"
	"wenzhu/dialog"
)

//go:embed commit.lua
var commitLua string

//go:embed aside.lua
var asideLua string

var (
	commitScript = redis.NewScript(commitLua)
	asideScript  = redis.NewScript(asideLua)
)

// Redis is the store for any number of replicas.
type Redis struct {
	client  redis.UniversalClient
	batches *batches // nil: a cluster, whose commands go to many servers
	keys    Keyring
	checked atomic.Bool // DATA_KEY fits what is stored
	now     func() time.Time
}

var _ turn.Store = (*Redis)(nil)

// OpenRedis connects and refuses a DATA_KEY that does not fit what is stored. An unreachable server is not an
// error: the first call that reaches it checks the key, before anything is read or written.
func OpenRedis(ctx context.Context, client redis.UniversalClient, keys Keyring) (*Redis, error) {
	r := &Redis{client: client, keys: keys, now: time.Now}
	if _, one := client.(*redis.Client); one {
		r.batches = &batches{client: client}
	}
	if err := r.admit(ctx); err != nil && !errors.Is(err, turn.ErrUnavailable) {
		return nil, err
	}
	return r, nil
}

// admit checks the key until it has been found right once.
func (r *Redis) admit(ctx context.Context) error {
	if r.checked.Load() {
		return nil
	}
	if err := r.checkKey(ctx); err != nil {
		return err
	}
	r.checked.Store(true)
	return nil
}

func (r *Redis) checkKey(ctx context.Context) error {
	stored, err := r.client.Get(ctx, checkKey).Bytes()
	if err != nil && !errors.Is(err, redis.Nil) {
		return unavailable("read key check", err)
	}
	write, err := r.keys.check(stored)
	if err != nil || write == nil {
		return err
	}
	if stored == nil {
		return unavailable("write key check", r.client.SetNX(ctx, checkKey, write, 0).Err())
	}
	return unavailable("write key check", r.client.Set(ctx, checkKey, write, 0).Err())
}

// send runs commands in order, together with those of others where there is one server. It fails only where ctx
// ends first or the key is wrong; each command has its own error.
func (r *Redis) send(ctx context.Context, put func(redis.Pipeliner)) error {
	if err := r.admit(ctx); err != nil {
		return err
	}
	if r.batches != nil {
		return r.batches.do(ctx, put)
	}
	pipe := r.client.Pipeline()
	put(pipe)
	_, _ = pipe.Exec(ctx)
	return nil
}

// Load implements turn.Store.
func (r *Redis) Load(ctx context.Context, u chat.UserKey) (turn.Stored, error) {
	var get *redis.StringCmd
	if err := r.send(ctx, func(p redis.Pipeliner) { get = p.Get(ctx, recordKey(u)) }); err != nil {
		return turn.Stored{}, unavailable("load record", err)
	}
	raw, err := get.Bytes()
	if errors.Is(err, redis.Nil) {
		return turn.Stored{}, nil
	}
	if err != nil {
		return turn.Stored{}, unavailable("load record", err)
	}
	return r.keys.unwrap(u, raw)
}

// Commit implements turn.Store. Where one server holds both, the wake entry is part of it.
func (r *Redis) Commit(ctx context.Context, c turn.Commit) (turn.Etag, error) {
	if c.Erase {
		if err := r.dropCode(ctx, c.User); err != nil {
			return turn.Etag{}, err
		}
	}
	etag := newEtag()
	args, err := r.commitArgs(c, etag)
	if err != nil {
		return turn.Etag{}, err
	}
	keys := userKeys(c.User)
	if c.Settles {
		keys = keys[:1]
	}
	if r.batches != nil {
		keys = append(keys, wakeKey(wakeShard(c.User)))
	} else if err := r.wake(ctx, c); err != nil {
		return turn.Etag{}, unavailable("write wake entry", err)
	}
	result, err := r.runCommit(ctx, keys, args)
	switch {
	case err != nil:
		return turn.Etag{}, unavailable("commit", err)
	case result == -1:
		return turn.Etag{}, turn.ErrConflict
	}
	return etag, nil
}

func (r *Redis) runCommit(ctx context.Context, keys []string, args []any) (int, error) {
	var done *redis.Cmd
	if err := r.send(ctx, func(p redis.Pipeliner) { done = commitScript.EvalSha(ctx, p, keys, args...) }); err != nil {
		return 0, err
	}
	if redis.HasErrorPrefix(done.Err(), "NOSCRIPT") {
		return commitScript.Eval(ctx, r.client, keys, args...).Int()
	}
	return done.Int()
}

func (r *Redis) commitArgs(c turn.Commit, etag turn.Etag) ([]any, error) {
	raw, err := r.keys.wrap(c.User, etag, c.Body)
	if err != nil {
		return nil, err
	}
	read := ""
	if c.Read != (turn.Etag{}) {
		read = string(c.Read[:])
	}
	erase := ""
	if c.Erase {
		erase = "1"
	}
	next := ""
	if r.batches != nil {
		next = strconv.FormatInt(c.Next.UnixMilli(), 10)
	}
	args := []any{read, raw, c.Ends.UnixMilli(), erase, next, string(c.User)}
	for _, change := range c.Changes {
		index := slices.Index(dialog.AllLists, change.List)
		if index < 0 {
			return nil, fmt.Errorf("no list %q", change.List)
		}
		value := []byte{}
		if change.Value != nil {
			if value, err = r.keys.seal(c.User, listKey(c.User, change.List)+change.ID, change.Value); err != nil {
				return nil, err
			}
		}
		args = append(args, index+2, change.ID, value)
	}
	return args, nil
}

// List implements turn.Store.
func (r *Redis) List(ctx context.Context, u chat.UserKey, l dialog.List) ([]dialog.Item, error) {
	l, id, only := l.Split()
	var sealed map[string]string
	var err error
	if only {
		sealed, err = r.entry(ctx, listKey(u, l), id)
	} else {
		sealed, err = r.client.HGetAll(ctx, listKey(u, l)).Result()
	}
	if err != nil {
		return nil, unavailable("load list", err)
	}
	items := make([]dialog.Item, 0, len(sealed))
	for id, value := range sealed {
		plain, err := r.keys.open(u, listKey(u, l)+id, []byte(value))
		if err != nil {
			continue // one damaged entry does not hide the others
		}
		items = append(items, dialog.Item{ID: id, Value: plain})
	}
	slices.SortFunc(items, func(a, b dialog.Item) int { return strings.Compare(a.ID, b.ID) })
	return items, nil
}

// entry is the part of a list that has one id: one entry or none.
func (r *Redis) entry(ctx context.Context, key, id string) (map[string]string, error) {
	var get *redis.StringCmd
	if err := r.send(ctx, func(p redis.Pipeliner) { get = p.HGet(ctx, key, id) }); err != nil {
		return nil, err
	}
	value, err := get.Result()
	if errors.Is(err, redis.Nil) {
		return nil, nil
	}
	return map[string]string{id: value}, err
}

// SetAside implements turn.Store.
func (r *Redis) SetAside(ctx context.Context, u chat.UserKey, read turn.Etag) error {
	n, err := asideScript.Run(ctx, r.client, []string{recordKey(u), asideKey(u)}, string(read[:])).Int()
	if err != nil {
		return unavailable("set aside", err)
	}
	if n == -1 {
		return turn.ErrConflict
	}
	return nil
}

// Warnings implements turn.Store. A server that hides its settings gets none.
func (r *Redis) Warnings(ctx context.Context) []string {
	want := []struct{ name, value, lost string }{
		{"appendonly", "yes", "everything is lost when Redis stops"},
		{"appendfsync", "always", "the last second is lost when Redis is killed"},
		{"maxmemory-policy", "noeviction", "records of people vanish when memory is full"},
	}
	var warnings []string
	for _, w := range want {
		have, err := r.client.ConfigGet(ctx, w.name).Result()
		if value, ok := have[w.name]; err == nil && ok && value != w.value {
			warnings = append(warnings, fmt.Sprintf("Redis has %s %s: %s; set it to %s", w.name, value, w.lost, w.value))
		}
	}
	return warnings
}

// Ping implements turn.Store. A wrong DATA_KEY is an error that no waiting mends.
func (r *Redis) Ping(ctx context.Context) error {
	if err := r.admit(ctx); err != nil {
		return err
	}
	return unavailable("ping", r.client.Ping(ctx).Err())
}

// Close implements turn.Store.
func (r *Redis) Close() error { return r.client.Close() }

// unavailable marks an error of the connection or the server.
func unavailable(doing string, err error) error {
	switch {
	case err == nil:
		return nil
	case redis.HasErrorPrefix(err, "OOM"):
		return fmt.Errorf("%s: %w: %w: %w", doing, turn.ErrUnavailable, turn.ErrFull, err)
	default:
		return fmt.Errorf("%s: %w: %w", doing, turn.ErrUnavailable, err)
	}
}
