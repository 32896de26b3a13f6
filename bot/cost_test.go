package main

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wenzhu/bot/chat"
	"wenzhu/bot/redistest"
	"wenzhu/bot/turn"
	"wenzhu/dialog"
)

// open is a channel that takes everything.
type open struct{}

func (open) Name() string                             { return "tg" }
func (open) Limits() chat.Limits                      { return chat.Limits{} }
func (open) Run(context.Context) error                { return nil }
func (open) Send(context.Context, chat.Message) error { return nil }

// TestLongLogCostsATurnNothing: with 2,000 entries in the log a talk takes the same store calls, and reads as much,
// as with one.
func TestLongLogCostsATurnNothing(t *testing.T) {
	server := redistest.Start(t)
	env := map[string]string{"REDIS_URL": server.URL(), "FLOOD_LIMIT": "0"}
	a, err := newApp(t.Context(), process{getenv: func(name string) string { return env[name] }, stderr: &bytes.Buffer{}}, "")
	require.NoError(t, err)
	defer a.close()
	a.path.Channels["tg"] = open{}
	client := server.Client()
	defer client.Close()

	updates := 0
	say := func(u chat.UserKey, all ...string) {
		for _, text := range all {
			updates++
			_, err := a.path.Handle(t.Context(), chat.Update{User: u, Event: dialog.Event{ID: fmt.Sprintf("u%d", updates), Kind: dialog.Text, Text: text}})
			require.NoError(t, err)
			require.Eventually(t, func() bool { n, _ := a.path.Waiting(); return n == 0 }, 10*time.Second, time.Millisecond)
		}
	}
	cost := func(u chat.UserKey) (calls, read int) {
		calls, read = -figure(t, client, "total_commands_processed"), -figure(t, client, "total_net_output_bytes")
		say(u, "记一次骚扰", "电话", "跳过", "跳过", "我的进度", "夜里打电话合法吗", "首页")
		return calls + figure(t, client, "total_commands_processed"), read + figure(t, client, "total_net_output_bytes")
	}
	for _, u := range []chat.UserKey{"tg:1", "tg:2"} {
		say(u, "/start", "安全", "我自己欠款", "记一次骚扰", "可以", "电话", "跳过", "跳过", "首页")
	}
	fill(t, a.store, "tg:2", 2000)
	fewCalls, fewRead := cost("tg:1")
	manyCalls, manyRead := cost("tg:2")
	t.Logf("%d calls, %d bytes read; with 2,000 entries %d calls, %d bytes", fewCalls, fewRead, manyCalls, manyRead)
	assert.Equal(t, fewCalls, manyCalls)
	assert.InDelta(t, fewRead, manyRead, 300)
}

// fill puts entries into a person's log, as large as entries get.
func fill(t *testing.T, s turn.Store, u chat.UserKey, n int) {
	t.Helper()
	stored, err := s.Load(t.Context(), u)
	require.NoError(t, err)
	soon := time.Now().Add(time.Hour)
	c := turn.Commit{User: u, Read: stored.Etag, Body: stored.Body, Ends: soon, Next: soon}
	for i := range n {
		c.Changes = append(c.Changes, dialog.Change{List: dialog.Log, ID: fmt.Sprintf("a%04d", i), Value: bytes.Repeat([]byte("x"), 150)})
	}
	_, err = s.Commit(t.Context(), c)
	require.NoError(t, err)
}

// figure is one of the counters of a Redis server.
func figure(t *testing.T, client *redis.Client, name string) int {
	t.Helper()
	info, err := client.Info(t.Context(), "stats").Result()
	require.NoError(t, err)
	found := regexp.MustCompile(name + `:(\d+)`).FindStringSubmatch(info)
	require.NotNil(t, found, name)
	n, err := strconv.Atoi(found[1])
	require.NoError(t, err)
	return n
}
