package telegram

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"wenzhu/bot/chat"
	"wenzhu/bot/store"
	"wenzhu/bot/telegram/faketelegram"
	"wenzhu/bot/turn"
	"wenzhu/bot/turntest"
	"wenzhu/dialog"
)

const (
	token  = "123456:secret-token"
	secret = "webhook-secret"
)

// parrot answers with what it hears, and how many things it has heard.
type parrot struct{}

func (parrot) Step(s dialog.Session, e dialog.Event) dialog.Outcome {
	s.Round++
	text := fmt.Sprintf("%d %s", s.Round, e.Text)
	switch {
	case e.Kind == dialog.Press:
		text = fmt.Sprintf("%d pressed %s", s.Round, e.Data)
	case e.Kind == dialog.Media:
		text = fmt.Sprintf("%d medium %s", s.Round, e.Medium)
	case e.Forwarded:
		text = fmt.Sprintf("%d forwarded from %s\n> %s", s.Round, e.From, e.Text)
	}
	return dialog.Outcome{Session: s, Replies: []dialog.Reply{{Text: text, Edit: e.Kind == dialog.Press, Buttons: []dialog.Button{
		{Label: "好", Data: "1.ok"}, {Label: "一个很长很长很长的按钮", Data: "1.long"}, {Label: "打 110", Data: "1.call", Tel: "110"}, {Label: "官网", URL: "https://www.nfra.gov.cn"},
	}}}}
}

func (parrot) Stand(dialog.Session) dialog.Reply { return dialog.Reply{Text: "stand"} }

// safeBuffer is a log that may be read while it is written.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// rig is the fake, a store, and one bot beside it; more can be started.
type rig struct {
	fake    *faketelegram.Server
	api     *httptest.Server
	store   *turntest.Away
	channel *Telegram
	log     *safeBuffer
	hook    *httptest.Server
	stop    func()
}

// start runs the channel against the fake, in one of its modes.
func start(t *testing.T, webhook bool, change func(*Options)) *rig {
	t.Helper()
	file, err := store.OpenFile(t.TempDir(), store.Keyring{})
	require.NoError(t, err)
	r := &rig{fake: faketelegram.New(token), store: &turntest.Away{Store: file}, log: &safeBuffer{}}
	r.api = httptest.NewServer(r.fake)
	r.fake.Meet(7)
	t.Cleanup(func() { file.Close() })
	t.Cleanup(func() {
		r.fake.Close()
		r.api.CloseClientConnections()
		r.api.Close()
		assert.NotContains(t, r.log.String(), "secret-token", "no token in the log")
		assert.NotContains(t, r.log.String(), secret)
	})
	r.channel, r.hook, r.stop = r.replica(t, "a", webhook, change)
	return r
}

// replica runs one more bot on the same store.
func (r *rig) replica(t *testing.T, name string, webhook bool, change func(*Options)) (*Telegram, *httptest.Server, func()) {
	t.Helper()
	log := slog.New(slog.NewTextHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	path := turn.New(turn.Options{
		Store: r.store, Dialog: func() turn.Dialog { return parrot{} }, Channels: make(map[string]chat.Channel), Now: time.Now,
		Log: log, Meter: turntest.Meter{}, Replica: name, Retention: time.Hour,
	})
	hook := httptest.NewUnstartedServer(nil)
	o := Options{Token: token, APIURL: r.api.URL, Webhook: webhook, Secret: secret, Path: path, Log: log}
	o.URL = "http://" + hook.Listener.Addr().String() + "/telegram/webhook"
	if change != nil {
		change(&o)
	}
	channel := New(o)
	path.Channels["tg"] = channel
	hook.Config.Handler = channel.Handler()
	hook.Start()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- channel.Run(ctx) }()
	stop := sync.OnceFunc(func() {
		cancel()
		assert.NoError(t, <-done)
		hook.Close()
		path.Stop()
	})
	t.Cleanup(stop)
	return channel, hook, stop
}

func (r *rig) eventually(t *testing.T, chatID int64, want ...string) {
	t.Helper()
	if !assert.Eventually(t, func() bool { return assert.ObjectsAreEqual(want, r.fake.Texts(chatID)) }, 15*time.Second, 2*time.Millisecond) {
		t.Fatalf("chat %d has %q, want %q", chatID, r.fake.Texts(chatID), want)
	}
}

// post sends a body to the webhook.
func (r *rig) post(t *testing.T, secret, kind, body string) *http.Response {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.hook.URL, strings.NewReader(body))
	require.NoError(t, err)
	if secret != "" {
		request.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
	}
	request.Header.Set("Content-Type", kind)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	_, _ = io.Copy(io.Discard, response.Body)
	response.Body.Close()
	return response
}

// bothModes runs a test in polling and in webhook mode.
func bothModes(t *testing.T, test func(t *testing.T, webhook bool)) {
	for name, webhook := range map[string]bool{"polling": false, "webhook": true} {
		t.Run(name, func(t *testing.T) { test(t, webhook) })
	}
}

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.Cleanup(func(int) { http.DefaultClient.CloseIdleConnections() }))
}
