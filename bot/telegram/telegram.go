// Package telegram is the channel to Telegram: polling or webhook in, the Bot API out. Only this package knows
// that a user key looks like tg:123.
package telegram

import (
	"context"
	"log/slog"
	"strconv"
	"strings"
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
	api      api
	username atomic.Pointer[string]
	state    atomic.Pointer[string]
}

const (
	chatBurst   = 5
	textRunes   = 4096
	sendTimeout = 15 * time.Second
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
	return chat.Limits{TextRunes: textRunes, Rate: t.Rate, ChatRate: t.ChatRate, ChatBurst: chatBurst, SendTimeout: sendTimeout}
}

// Run implements chat.Channel. It introduces the bot in the background and receives until ctx ends.
func (t *Telegram) Run(ctx context.Context) error {
	ready := make(chan struct{})
	go func() {
		defer close(ready)
		t.introduce(ctx)
	}()
	if !t.Webhook {
		t.poll(ctx)
	}
	<-ctx.Done()
	<-ready
	return nil
}

// State says in a word how the channel is: starting, ok, or what is wrong.
func (t *Telegram) State() string { return *t.state.Load() }

func (t *Telegram) setState(s string) { t.state.Store(&s) }

// user and chatID go between a chat's number and its key.
func user(chatID int64) chat.UserKey {
	return chat.UserKey("tg:" + strconv.FormatInt(chatID, 10))
}

func chatID(u chat.UserKey) string { return strings.TrimPrefix(string(u), "tg:") }
