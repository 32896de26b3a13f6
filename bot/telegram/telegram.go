// Package telegram is the channel to Telegram: polling or webhook in, the Bot API out. Only this package knows
// that a user key looks like tg:123.
package telegram

import (
	"context"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"wenzhu/bot/chat"
	"wenzhu/bot/turn"
	"wenzhu/dialog"
)

// Options are what the channel needs.
type Options struct {
	Token    string
	APIURL   string // without a slash at the end
	Webhook  bool   // else polling
	URL      string // of the webhook
	Secret   string // of the webhook
	Rate     float64
	ChatRate float64
	Path     *turn.Path
	Group    func(e dialog.Event, mentioned bool) dialog.Outcome                              // nil: silence in groups
	File     func(ctx context.Context, u chat.UserKey, recipe string) (string, []byte, error) // makes a file at send time
	Read     func(ctx context.Context, picture []byte) (string, error)                        // reads a picture; nil: cannot
	Log      *slog.Logger
}

// Telegram is the channel.
type Telegram struct {
	Options
	api    api
	me     atomic.Pointer[person] // nil until Telegram has told it
	state  atomic.Pointer[string]
	groups groupLimit
	sent   progress
	beside sync.WaitGroup // what Run waits for before it returns
}

const (
	chatBurst   = 5
	textMost    = 4096 // UTF-16 units after entities
	captionMost = 1024
	sendTimeout = 15 * time.Second
	stopWithin  = 3 * time.Second // how long turns in hand may take when the bot stops
)

// New returns the channel; nothing is sent before Run.
func New(o Options) *Telegram {
	silenceLibrary()
	t := &Telegram{Options: o, api: newAPI(o.Token, o.APIURL)}
	t.setState("starting")
	return t
}

// Name implements chat.Channel.
func (t *Telegram) Name() string { return "tg" }

// Limits implements chat.Channel.
func (t *Telegram) Limits() chat.Limits {
	return chat.Limits{Rate: t.Rate, ChatRate: t.ChatRate, ChatBurst: chatBurst, SendTimeout: sendTimeout}
}

// Run implements chat.Channel. It introduces the bot in the background and receives until ctx ends. What is wrong
// with Telegram or the token is said in State and the log, and tried again.
func (t *Telegram) Run(ctx context.Context) error {
	t.beside.Go(func() { t.introduce(ctx) })
	if t.Webhook {
		t.watch(ctx)
	} else {
		t.poll(ctx)
	}
	t.beside.Wait()
	t.api.transport.CloseIdleConnections()
	return nil
}

// State says in a word how the channel is: starting, ok, or what is wrong.
func (t *Telegram) State() string { return *t.state.Load() }

func (t *Telegram) setState(s string) { t.state.Store(&s) }

// name is the bot's own username, "" until Telegram has told it.
func (t *Telegram) name() string {
	if me := t.me.Load(); me != nil {
		return me.Username
	}
	return ""
}

// user and chatID go between a chat's number and its key.
func user(chatID int64) chat.UserKey {
	return chat.UserKey("tg:" + strconv.FormatInt(chatID, 10))
}

func chatID(u chat.UserKey) string { return strings.TrimPrefix(string(u), "tg:") }

func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// outlasting is a context that ends a while after ctx does, so that what is in hand can be finished.
func outlasting(ctx context.Context, by time.Duration) (context.Context, context.CancelFunc) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(by, cancel) })
	return longer, func() { stop(); cancel() }
}
