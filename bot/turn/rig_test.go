package turn_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wenzhu/bot/chat"
	"wenzhu/bot/store"
	"wenzhu/bot/turn"
	"wenzhu/bot/turntest"
	"wenzhu/dialog"
)

// echo is a dialog that says back what it hears and counts it.
type echo struct{}

func (echo) Step(s dialog.Session, e dialog.Event) dialog.Outcome {
	s.Round++
	out := dialog.Outcome{Session: s}
	switch {
	case e.Text == "panic":
		panic("on purpose")
	case e.Text == "twice":
		out.Replies = []dialog.Reply{{Text: "one"}, {Text: "two"}}
	case e.Text == "erase":
		out.Erase, out.Replies = true, []dialog.Reply{{Text: "farewell"}}
	case e.Text == "log":
		out.Changes = []dialog.Change{{List: dialog.Log, ID: e.ID, Value: []byte(e.Text)}}
		out.Replies = []dialog.Reply{{Text: "logged"}}
	case e.Text == "count" && e.Lists == nil:
		out.Needs = []dialog.List{dialog.Log}
	case e.Text == "count":
		out.Replies = []dialog.Reply{{Text: fmt.Sprint(len(e.Lists[dialog.Log]))}}
	case strings.HasPrefix(e.Text, "in "):
		d, _ := time.ParseDuration(e.Text[3:])
		out.Session.Wakes = []dialog.Wake{{ID: "w", At: e.At.Add(d)}}
		out.Silence = dialog.Gathering
	case e.Kind == dialog.Due:
		out.Session.Wakes = nil
		out.Replies = []dialog.Reply{{Text: "due"}}
	default:
		out.Replies = []dialog.Reply{{Text: fmt.Sprintf("%d %s", s.Round, e.Text), Edit: true}}
	}
	return out
}

func (echo) Stand(dialog.Session) dialog.Reply { return dialog.Reply{Text: "stand"} }

// script is a channel whose answers are set by the test.
type script struct {
	mu     sync.Mutex
	limits chat.Limits
	sent   []chat.Message
	answer func(n int, m chat.Message) error
	calls  int
}

func (c *script) Name() string              { return "tg" }
func (c *script) Limits() chat.Limits       { return c.limits }
func (c *script) Run(context.Context) error { return nil }
func (c *script) Send(_ context.Context, m chat.Message) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls++
	if c.answer != nil {
		if err := c.answer(c.calls, m); err != nil {
			return err
		}
	}
	c.sent = append(c.sent, m)
	return nil
}

func (c *script) texts() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var texts []string
	for _, m := range c.sent {
		texts = append(texts, m.Reply.Text)
	}
	return texts
}

type bench struct {
	store   *turntest.Away
	channel *script
	path    *turn.Path
	shift   time.Duration
	mu      sync.Mutex
}

func setUp(t *testing.T) *bench {
	file, err := store.OpenFile(t.TempDir(), store.Keyring{})
	require.NoError(t, err)
	t.Cleanup(func() { file.Close() })
	return setUpOn(t, file)
}

func setUpOn(t *testing.T, s turn.Store) *bench {
	b := &bench{store: &turntest.Away{Store: s}, channel: &script{}}
	b.path = b.replica(t, "a")
	return b
}

func (b *bench) replica(t *testing.T, name string) *turn.Path {
	p := turn.New(turn.Options{
		Store: b.store, Dialog: func() turn.Dialog { return echo{} }, Channels: map[string]chat.Channel{"tg": b.channel},
		Now: func() time.Time {
			b.mu.Lock()
			defer b.mu.Unlock()
			return time.Now().Add(b.shift)
		},
		Log: slog.New(slog.DiscardHandler), Meter: turntest.Meter{}, Replica: name, Retention: 180 * 24 * time.Hour, FloodLimit: 20,
	})
	t.Cleanup(p.Stop)
	return p
}

func (b *bench) advance(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.shift += d
}

func update(id, text string) chat.Update {
	return chat.Update{User: "tg:1", Event: dialog.Event{ID: id, Kind: dialog.Text, Text: text}, Edits: "77"}
}

func (b *bench) handle(t *testing.T, id, text string) turn.Result {
	t.Helper()
	r, err := b.path.Handle(t.Context(), update(id, text))
	require.NoError(t, err)
	return r
}

func (b *bench) eventually(t *testing.T, want ...string) {
	t.Helper()
	if !assert.Eventually(t, func() bool { return slices.Equal(b.channel.texts(), want) }, 5*time.Second, time.Millisecond) {
		t.Fatalf("sent %q, want %q", b.channel.texts(), want)
	}
}
