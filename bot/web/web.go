// Package web is the chat in the browser. The stored conversation is the delivery: the path appends lines to it,
// this package shows them, in a page that works without JavaScript and live with it.
package web

import (
	"context"
	"embed"
	"errors"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"wenzhu/bot/chat"
	"wenzhu/bot/turn"
	"wenzhu/dialog"
)

//go:embed pages static
var files embed.FS

// Options are what the web chat needs.
type Options struct {
	Path           *turn.Path
	Store          turn.Store
	Log            *slog.Logger
	PublicURL      string // https makes the cookie secure
	TrustedProxies []netip.Prefix
	Retention      time.Duration                                                       // how long the cookie stays
	Greet          func() dialog.Outcome                                               // what a newcomer is told, without a record
	Journey        func(dialog.Session) (dialog.Journey, bool)                         // what the side column shows, once it has begun; nil never
	File           func(context.Context, chat.UserKey, string) (string, []byte, error) // makes the file of a recipe
	Read           func(context.Context, []byte) (string, error)                       // reads a picture; nil: cannot
	Now            func() time.Time
}

// Chat is the channel.
type Chat struct {
	Options
	secure    bool
	pages     *template.Template
	assets    map[string]asset
	listeners listeners
	guards    guards
}

// New returns the channel, or an error in the embedded pages.
func New(o Options) (*Chat, error) {
	c := &Chat{Options: o, secure: strings.HasPrefix(o.PublicURL, "https://"), guards: newGuards(o.Now)}
	var err error
	if c.pages, err = template.New("").Funcs(template.FuncMap{"bars": bars, "quiet": quiet, "segments": segments}).ParseFS(files, "pages/*.html"); err != nil {
		return nil, err
	}
	static, err := fs.Sub(files, "static")
	if err != nil {
		return nil, err
	}
	c.assets, err = loadAssets(static)
	return c, err
}

// Name implements chat.Channel.
func (c *Chat) Name() string { return "web" }

// Limits implements chat.Channel.
func (c *Chat) Limits() chat.Limits {
	return chat.Limits{Conversation: true, Visited: true}
}

// Send implements chat.Channel. Nothing is ever owed here.
func (c *Chat) Send(context.Context, chat.Message) error {
	return &chat.SendError{Kind: chat.Broken, Err: errors.New("the conversation is the delivery")}
}

// Run implements chat.Channel: it tells open pages when their conversation grew, until ctx ends.
func (c *Chat) Run(ctx context.Context) error {
	defer c.listeners.closeAll()
	for ctx.Err() == nil {
		if err := c.Store.Nudges(ctx, c.listeners.wake); err != nil {
			c.Log.Debug("nudges", "error", err) // open pages also look by themselves
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
	}
	return nil
}

// Handler serves every path of the web chat.
func (c *Chat) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", c.home)
	mux.HandleFunc("POST /say", c.post(c.say))
	mux.HandleFunc("GET /lines", c.lines)
	mux.HandleFunc("GET /events", c.events)
	mux.HandleFunc("GET /journey", c.journey)
	mux.HandleFunc("GET /print", c.paper)
	mux.HandleFunc("GET /print/{n}", c.paper)
	mux.HandleFunc("GET /file/{recipe}", c.file)
	mux.HandleFunc("GET /device", c.devicePage)
	mux.HandleFunc("POST /device/code", c.post(c.newCode))
	mux.HandleFunc("POST /device/open", c.post(c.openCode))
	mux.HandleFunc("GET /away", c.away)
	mux.HandleFunc("GET /static/{name}", c.static)
	mux.HandleFunc("GET /favicon.ico", c.favicon)
	mux.HandleFunc("/", c.notFound)
	return headers(mux)
}

// headers keeps the page to itself: nothing from outside, nothing to outside.
func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}
