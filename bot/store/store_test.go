package store

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.etcd.io/bbolt"

	"wenzhu/bot/chat"
	"wenzhu/bot/redistest"
	"wenzhu/bot/store/storetest"
	"wenzhu/bot/turn"
)

var testKeys, _ = NewKeyring(bytes.Repeat([]byte{7}, keySize))

func TestFileKeepsThePromises(t *testing.T) {
	for name, keys := range map[string]Keyring{"plain": {}, "sealed": testKeys} {
		t.Run(name, func(t *testing.T) {
			storetest.Run(t, func(t *testing.T) storetest.Backend { return &fileBackend{dir: t.TempDir(), keys: keys} })
		})
	}
	t.Run("nobody is visited in vain", func(t *testing.T) { storetest.Exact(t, &fileBackend{dir: t.TempDir()}) })
}

func TestRedisKeepsThePromises(t *testing.T) {
	server := redistest.Start(t)
	one := redisBackend{
		client: func() redis.UniversalClient { return server.Client() },
		nodes: func(_ context.Context, f func(*redis.Client)) {
			client := server.Client()
			defer client.Close()
			f(client)
		},
	}
	for name, keys := range map[string]Keyring{"plain": {}, "sealed": testKeys} {
		t.Run(name, func(t *testing.T) { one.keepsThePromises(t, keys) })
	}
	t.Run("nobody is visited in vain", func(t *testing.T) {
		one.nodes(t.Context(), func(node *redis.Client) { require.NoError(t, node.FlushAll(t.Context()).Err()) })
		storetest.Exact(t, &one)
	})
}

func TestClusterKeepsThePromises(t *testing.T) {
	cluster := redistest.StartCluster(t)
	redisBackend{
		client: func() redis.UniversalClient { return cluster.Client() },
		nodes: func(ctx context.Context, f func(*redis.Client)) {
			client := cluster.Client()
			defer client.Close()
			require.NoError(t, client.ForEachMaster(ctx, func(_ context.Context, node *redis.Client) error { f(node); return nil }))
		},
	}.keepsThePromises(t, testKeys)
}

type fileBackend struct {
	dir    string
	keys   Keyring
	file   *File
	passed time.Duration
}

func (b *fileBackend) Open(t *testing.T) turn.Store {
	if b.file != nil {
		require.NoError(t, b.file.Close())
	}
	var err error
	b.file, err = OpenFile(b.dir, b.keys)
	require.NoError(t, err)
	b.file.now = func() time.Time { return time.Now().Add(b.passed) }
	t.Cleanup(func() { b.file.Close() })
	return b.file
}

func (b *fileBackend) Corrupt(t *testing.T, u chat.UserKey, change func([]byte) []byte) {
	require.NoError(t, b.file.db.Update(func(tx *bbolt.Tx) error {
		old := bytes.Clone(tx.Bucket(records).Get([]byte(u)))
		return tx.Bucket(records).Put([]byte(u), append(old[:8:8], change(old[8:])...))
	}))
}

func (b *fileBackend) Raw(t *testing.T) []byte {
	raw, err := os.ReadFile(filepath.Join(b.dir, "wenzhu.db"))
	require.NoError(t, err)
	return raw
}

func (b *fileBackend) Advance(_ *testing.T, d time.Duration) { b.passed += d }
func (b *fileBackend) Shared() bool                          { return false }

type redisBackend struct {
	client func() redis.UniversalClient
	nodes  func(ctx context.Context, f func(*redis.Client)) // calls f with each server, one after the other or not
	keys   Keyring
}

func (b redisBackend) keepsThePromises(t *testing.T, keys Keyring) {
	storetest.Run(t, func(t *testing.T) storetest.Backend {
		b.nodes(t.Context(), func(node *redis.Client) { assert.NoError(t, node.FlushAll(t.Context()).Err()) })
		b.keys = keys
		return &b
	})
}

func (b *redisBackend) Open(t *testing.T) turn.Store {
	s, err := OpenRedis(t.Context(), b.client(), b.keys)
	require.NoError(t, err)
	t.Cleanup(func() { s.Close() })
	return s
}

func (b *redisBackend) Corrupt(t *testing.T, u chat.UserKey, change func([]byte) []byte) {
	client := b.client()
	defer client.Close()
	raw, err := client.Get(t.Context(), recordKey(u)).Bytes()
	require.NoError(t, err)
	require.NoError(t, client.Set(t.Context(), recordKey(u), change(raw), time.Hour).Err())
}

func (b *redisBackend) Raw(t *testing.T) []byte {
	var mu sync.Mutex
	var all []string
	b.nodes(t.Context(), func(node *redis.Client) {
		mu.Lock()
		defer mu.Unlock()
		keys, err := node.Keys(t.Context(), "*").Result()
		assert.NoError(t, err)
		for _, k := range keys {
			dump, err := node.Dump(t.Context(), k).Result()
			assert.NoError(t, err)
			all = append(all, k+dump)
		}
	})
	slices.Sort(all)
	return []byte(strings.Join(all, ""))
}

func (b *redisBackend) Advance(_ *testing.T, d time.Duration) { time.Sleep(d) }
func (b *redisBackend) Shared() bool                          { return true }

func TestSecondProcessIsRefused(t *testing.T) {
	dir := t.TempDir()
	first, err := OpenFile(dir, Keyring{})
	require.NoError(t, err)
	defer first.Close()
	_, err = OpenFile(dir, Keyring{})
	require.ErrorIs(t, err, ErrLocked)
}

func TestFileIsForItsOwnerOnly(t *testing.T) {
	dir := t.TempDir()
	f, err := OpenFile(dir, Keyring{})
	require.NoError(t, err)
	defer f.Close()
	info, err := os.Stat(filepath.Join(dir, "wenzhu.db"))
	require.NoError(t, err)
	require.EqualValues(t, 0o600, info.Mode().Perm())
}

func TestWrongKeyIsRefusedBeforeAnythingIsWritten(t *testing.T) {
	other, err := NewKeyring(bytes.Repeat([]byte{9}, keySize))
	require.NoError(t, err)
	rotated, err := NewKeyring(bytes.Repeat([]byte{9}, keySize), bytes.Repeat([]byte{7}, keySize))
	require.NoError(t, err)
	server := redistest.Start(t)
	dir := t.TempDir()
	for name, open := range map[string]func(Keyring) error{
		"redis": func(k Keyring) error {
			s, err := OpenRedis(context.Background(), server.Client(), k)
			if err == nil {
				s.Close()
			}
			return err
		},
		"file": func(k Keyring) error {
			s, err := OpenFile(dir, k)
			if err == nil {
				s.Close()
			}
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, open(testKeys))
			require.Error(t, open(other))
			require.Error(t, open(Keyring{}), "a missing key is a wrong key")
			require.NoError(t, open(testKeys), "the refused ones wrote nothing")
			require.NoError(t, open(rotated))
			require.NoError(t, open(other), "after the rotation the new key is enough for the check")
		})
	}
}

func TestSealedRecordsCannotBeSwapped(t *testing.T) {
	raw, err := testKeys.wrap("tg:1", newEtag(), []byte("{}"))
	require.NoError(t, err)
	_, err = testKeys.unwrap("tg:2", raw)
	require.ErrorIs(t, err, turn.ErrDamaged)
	require.NotContains(t, string(raw), "{}")
}

func TestRedisWithValuesThatLoseDataIsNamed(t *testing.T) {
	server := redistest.Start(t, "--appendfsync", "everysec", "--maxmemory-policy", "allkeys-lru")
	s, err := OpenRedis(t.Context(), server.Client(), Keyring{})
	require.NoError(t, err)
	defer s.Close()
	require.Len(t, s.Warnings(t.Context()), 2)
}

func TestSentinelsFindTheNewMaster(t *testing.T) {
	group := redistest.StartSentinels(t)
	s, err := OpenRedis(t.Context(), group.Client(), testKeys)
	require.NoError(t, err)
	defer s.Close()
	save := func(read turn.Etag, body string) (turn.Etag, error) {
		soon := time.Now().Add(time.Hour)
		return s.Commit(t.Context(), turn.Commit{User: "tg:1", Read: read, Body: []byte(body), Ends: soon, Next: soon})
	}
	etag, err := save(turn.Etag{}, `{"a":1}`)
	require.NoError(t, err)
	group.AwaitReplica(t)
	group.Master.Kill(t)
	require.Eventually(t, func() bool {
		stored, err := s.Load(t.Context(), "tg:1")
		return err == nil && string(stored.Body) == `{"a":1}`
	}, 30*time.Second, 50*time.Millisecond, "what was saved is there on the new master")
	require.Eventually(t, func() bool {
		_, err := save(etag, `{"a":2}`)
		return err == nil
	}, 30*time.Second, 50*time.Millisecond, "and it takes more")
}

func FuzzUnwrap(f *testing.F) {
	good, err := testKeys.wrap("tg:1", newEtag(), []byte("{}"))
	require.NoError(f, err)
	f.Add(good)
	f.Add([]byte("12345678\x01\x00{}"))
	f.Fuzz(func(_ *testing.T, raw []byte) {
		for _, k := range []Keyring{{}, testKeys} {
			_, _ = k.unwrap("tg:1", raw) // any bytes: no panic
		}
	})
}

func TestLateRedisWithAnotherKeyIsNotTouched(t *testing.T) {
	server := redistest.Start(t)
	first, err := OpenRedis(t.Context(), server.Client(), testKeys)
	require.NoError(t, err)
	soon := time.Now().Add(time.Hour)
	_, err = first.Commit(t.Context(), turn.Commit{User: "tg:1", Body: []byte("{}"), Ends: soon, Next: soon})
	require.NoError(t, err)
	before := server.Client().DBSize(t.Context()).Val()
	server.Kill(t)
	other, err := NewKeyring(bytes.Repeat([]byte{9}, keySize))
	require.NoError(t, err)
	late, err := OpenRedis(t.Context(), server.Client(), other)
	require.NoError(t, err, "an unreachable server is waited for")
	require.ErrorIs(t, late.Ping(t.Context()), turn.ErrUnavailable)
	server.Up(t)
	require.ErrorIs(t, late.Ping(t.Context()), ErrWrongKey)
	_, err = late.Load(t.Context(), "tg:1")
	require.ErrorIs(t, err, ErrWrongKey)
	_, err = late.Commit(t.Context(), turn.Commit{User: "tg:2", Body: []byte("{}"), Ends: soon, Next: soon})
	require.ErrorIs(t, err, ErrWrongKey)
	require.Equal(t, before, server.Client().DBSize(t.Context()).Val())
}

// TestFullRedisRefusesAndGoesOn: with noeviction a full server refuses what it cannot keep and loses nothing.
func TestFullRedisRefusesAndGoesOn(t *testing.T) {
	server := redistest.Start(t)
	s, err := OpenRedis(t.Context(), server.Client(), Keyring{})
	require.NoError(t, err)
	defer s.Close()
	soon := time.Now().Add(time.Hour)
	first := turn.Commit{User: "tg:1", Body: []byte("{}"), Ends: soon, Next: soon}
	etag, err := s.Commit(t.Context(), first)
	require.NoError(t, err)
	require.NoError(t, server.Client().ConfigSet(t.Context(), "maxmemory", "1").Err())
	first.Read = etag
	_, err = s.Commit(t.Context(), first)
	require.ErrorIs(t, err, turn.ErrUnavailable)
	require.ErrorIs(t, err, turn.ErrFull)
	stored, err := s.Load(t.Context(), "tg:1")
	require.NoError(t, err)
	require.Equal(t, etag, stored.Etag, "what was kept stays")
	require.NoError(t, server.Client().ConfigSet(t.Context(), "maxmemory", "0").Err())
	_, err = s.Commit(t.Context(), first)
	require.NoError(t, err, "and with room again it goes on")
}
