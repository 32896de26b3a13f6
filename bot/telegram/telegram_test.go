package telegram

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

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

// parrot answers with what it hears.
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

type rig struct {
	fake    *faketelegram.Server
	store   *turntest.Away
	channel *Telegram
	log     *bytes.Buffer
	hook    *httptest.Server
}

// start runs the channel against the fake, in one of its modes.
func start(t *testing.T, webhook bool, change func(*Options)) *rig {
	t.Helper()
	file, err := store.OpenFile(t.TempDir(), store.Keyring{})
	require.NoError(t, err)
	r := &rig{fake: faketelegram.New(token), store: &turntest.Away{Store: file}, log: &bytes.Buffer{}}
	server := httptest.NewServer(r.fake)
	var guard sync.Mutex
	log := slog.New(slog.NewTextHandler(writer(func(b []byte) (int, error) {
		guard.Lock()
		defer guard.Unlock()
		return r.log.Write(b)
	}), &slog.HandlerOptions{Level: slog.LevelDebug}))
	path := turn.New(turn.Options{
		Store: r.store, Dialog: func() turn.Dialog { return parrot{} }, Channels: make(map[string]chat.Channel), Now: time.Now,
		Log: log, Meter: turntest.Meter{}, Replica: "a", Retention: time.Hour,
	})
	r.hook = httptest.NewUnstartedServer(nil)
	o := Options{Token: token, APIURL: server.URL, Webhook: webhook, Secret: secret, Path: path, Log: log}
	o.URL = "http://" + r.hook.Listener.Addr().String() + "/telegram/webhook"
	if change != nil {
		change(&o)
	}
	r.channel = New(o)
	path.Channels["tg"] = r.channel
	r.hook.Config.Handler = r.channel.Handler()
	r.hook.Start()
	r.fake.Meet(7)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- r.channel.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		r.fake.Close()
		assert.NoError(t, <-done)
		path.Stop()
		r.hook.Close()
		server.CloseClientConnections()
		server.Close()
		file.Close()
		assert.NotContains(t, r.log.String(), token, "no token in the log")
		assert.NotContains(t, r.log.String(), secret)
	})
	return r
}

type writer func([]byte) (int, error)

func (w writer) Write(b []byte) (int, error) { return w(b) }

func (r *rig) eventually(t *testing.T, chatID int64, want ...string) {
	t.Helper()
	if !assert.Eventually(t, func() bool { return assert.ObjectsAreEqual(want, r.fake.Texts(chatID)) }, 10*time.Second, 2*time.Millisecond) {
		t.Fatalf("chat %d has %q, want %q", chatID, r.fake.Texts(chatID), want)
	}
}

// bothModes runs a test in polling and in webhook mode.
func bothModes(t *testing.T, test func(t *testing.T, webhook bool)) {
	for name, webhook := range map[string]bool{"polling": false, "webhook": true} {
		t.Run(name, func(t *testing.T) { test(t, webhook) })
	}
}

func TestTalk(t *testing.T) {
	bothModes(t, func(t *testing.T, webhook bool) {
		r := start(t, webhook, nil)
		r.fake.Say(7, "hello <b>&")
		r.eventually(t, 7, "1 hello <b>&")
		id, ok := r.fake.Press(7, "好")
		require.True(t, ok)
		r.eventually(t, 7, "2 pressed 1.ok")
		assert.Equal(t, 1, r.fake.Sent(7)[0].Edits, "edited in place")
		assert.Eventually(t, func() bool { return r.fake.Answered(id) }, 5*time.Second, time.Millisecond)
		r.fake.Forward(7, "某催收", "快还钱")
		r.eventually(t, 7, "2 pressed 1.ok", "3 forwarded from 某催收\n快还钱")
		r.fake.Message(7, map[string]any{"voice": map[string]any{"file_id": "v"}})
		r.eventually(t, 7, "2 pressed 1.ok", "3 forwarded from 某催收\n快还钱", "4 medium voice")
		r.fake.Say(8, "/help@wenzhu_bot now")
		r.eventually(t, 8, "1 /help now")
	})
}

func TestButtonOfSomebodyElseIsNobodys(t *testing.T) {
	r := start(t, false, nil)
	r.fake.Say(7, "hello")
	r.eventually(t, 7, "1 hello")
	r.fake.PressData(8, 1, strings.Repeat("x", 500)) // a forged press comes as the presser's own
	r.eventually(t, 8, "1 pressed")
	r.eventually(t, 7, "1 hello")
}

func TestHeldUpdatesComeWhenTheStoreIsBack(t *testing.T) {
	bothModes(t, func(t *testing.T, webhook bool) {
		r := start(t, webhook, nil)
		r.fake.Say(7, "one")
		r.eventually(t, 7, "1 one")
		r.store.Set(true)
		r.fake.Say(7, "two")
		r.fake.Say(9, "other")
		time.Sleep(300 * time.Millisecond)
		r.store.Set(false)
		r.eventually(t, 7, "1 one", "2 two")
		r.eventually(t, 9, "1 other")
		assert.Eventually(t, func() bool { return r.fake.Waiting() == 0 || !webhook }, 5*time.Second, 5*time.Millisecond)
	})
}

func TestErrorsOfTheServer(t *testing.T) {
	for name, f := range map[string]faketelegram.Failure{
		"throttled": {Code: 429, Description: "Too Many Requests: retry after 1", RetryAfter: 1},
		"gateway":   {Code: 502, Body: "<html>bad gateway</html>"},
		"internal":  {Code: 500, Description: "Internal Server Error"},
	} {
		t.Run(name, func(t *testing.T) {
			r := start(t, false, nil)
			var once sync.Once
			r.fake.Script(func(method string, _ map[string]string) *faketelegram.Failure {
				var failure *faketelegram.Failure
				if method == "sendMessage" {
					once.Do(func() { failure = &f })
				}
				return failure
			})
			r.fake.Say(7, "hello")
			r.eventually(t, 7, "1 hello")
		})
	}
}

func TestEachErrorHasItsKind(t *testing.T) {
	r := start(t, false, nil)
	for want, f := range map[chat.SendKind]faketelegram.Failure{
		chat.Throttled: {Code: 429, Description: "Too Many Requests: retry after 7", RetryAfter: 7}, chat.Transient: {Code: 502, Body: "<html>"},
		chat.Refused: {Code: 400, Description: "Bad Request: can't parse entities"}, chat.Uneditable: {Code: 400, Description: "Bad Request: message to edit not found"},
		chat.Blocked: {Code: 403, Description: "Forbidden: bot was blocked by the user"}, chat.Broken: {Code: 401, Description: "Unauthorized"},
	} {
		for _, reply := range []dialog.Reply{{Text: "x"}, {Text: "x", File: "export"}} {
			r.channel.File = func(context.Context, chat.UserKey, string) (string, []byte, error) { return "a.txt", []byte("a"), nil }
			r.fake.Script(func(string, map[string]string) *faketelegram.Failure { failure := f; return &failure })
			err := r.channel.Send(t.Context(), chat.Message{User: "tg:7", Reply: reply, Edits: "1"})
			var e *chat.SendError
			require.ErrorAs(t, err, &e)
			assert.Equal(t, want, e.Kind, "%s, file %q", want, reply.File)
			assert.NotContains(t, err.Error(), token)
		}
	}
	r.fake.Script(nil)
}

func TestDeadServerTellsNoToken(t *testing.T) {
	a := newAPI(token, "http://127.0.0.1:1")
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	_, err := a.call(ctx, "getMe", nil)
	require.Error(t, err)
	assert.NotContains(t, err.Error(), "secret-token")
	_, err = a.download(ctx, "x")
	require.Error(t, err)
	assert.NotContains(t, err.Error(), "secret-token")
	cancelled, stop := context.WithCancel(t.Context())
	stop()
	_, err = a.call(cancelled, "getUpdates", nil)
	require.ErrorIs(t, err, context.Canceled)
	assert.NotContains(t, err.Error(), "secret-token")
}

func TestLongAndHostileTextsAreCarriedWhole(t *testing.T) {
	r := start(t, false, nil)
	text := strings.Repeat("第一句<script>&amp;。", 900)
	require.NoError(t, r.channel.Send(t.Context(), chat.Message{User: "tg:7", Reply: dialog.Reply{Text: text, Copy: "<复制>"}}))
	texts := r.fake.Texts(7)
	require.Greater(t, len(texts), 2)
	joined := strings.Join(texts, "")
	assert.Contains(t, joined, "<复制>")
	assert.Equal(t, 900, strings.Count(joined, "第一句<script>&amp;。"))
	require.NoError(t, r.channel.Send(t.Context(), chat.Message{User: "tg:7", Plain: true, Reply: dialog.Reply{Text: "a<b", Copy: "c"}}))
}

func TestFilesAreMadeAtSendTime(t *testing.T) {
	r := start(t, false, func(o *Options) {
		o.File = func(_ context.Context, u chat.UserKey, recipe string) (string, []byte, error) {
			return recipe + ".txt", []byte(u), nil
		}
	})
	require.NoError(t, r.channel.Send(t.Context(), chat.Message{User: "tg:7", Reply: dialog.Reply{Text: "您的数据", File: "export"}}))
	sent := r.fake.Sent(7)
	require.Len(t, sent, 1)
	assert.Equal(t, "export.txt", sent[0].Document)
	assert.Equal(t, "tg:7", string(sent[0].Content))
}

func TestPicturesBecomeWords(t *testing.T) {
	bothModes(t, func(t *testing.T, webhook bool) {
		r := start(t, webhook, func(o *Options) {
			o.Read = func(_ context.Context, b []byte) (string, error) {
				if string(b) == "dark" {
					return "", errors.New("nothing to read")
				}
				return "read " + string(b), nil
			}
		})
		r.fake.Photo(7, []byte("pixels"))
		r.eventually(t, 7, "1 read pixels")
		r.fake.Photo(7, []byte("dark"))
		r.eventually(t, 7, "1 read pixels", "2 medium photo")
	})
}

func TestWebhookLetsOnlyTelegramIn(t *testing.T) {
	r := start(t, true, nil)
	good := `{"update_id":5,"message":{"message_id":1,"date":1,"chat":{"id":7,"type":"private"},"from":{"id":7},"text":"forged"}}`
	post := func(secret, kind, body string) int {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.hook.URL, strings.NewReader(body))
		require.NoError(t, err)
		if secret != "" {
			request.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
		}
		request.Header.Set("Content-Type", kind)
		response, err := http.DefaultClient.Do(request)
		require.NoError(t, err)
		response.Body.Close()
		return response.StatusCode
	}
	assert.Equal(t, 401, post("", "application/json", good))
	assert.Equal(t, 401, post("wrong", "application/json", good))
	assert.Equal(t, 415, post(secret, "text/plain", good))
	assert.Equal(t, 400, post(secret, "application/json", good[:30]))
	assert.Equal(t, 400, post(secret, "application/json", "[]"))
	assert.Equal(t, 400, post(secret, "application/json", "\xff"))
	assert.Equal(t, 413, post(secret, "application/json", `{"x":"`+strings.Repeat("x", webhookBytes)+`"}`))
	assert.Empty(t, r.fake.Texts(7))
	assert.NotContains(t, r.log.String(), "forged", "nothing of a refused body is logged")
	assert.Equal(t, 200, post(secret, "application/json", good))
	assert.Equal(t, 200, post(secret, "application/json", good))
	r.eventually(t, 7, "1 forged")
	for _, odd := range []string{
		`{"update_id":6,"edited_message":{"text":"x"}}`, `{"update_id":7,"message":{"chat":{"id":-5,"type":"group"},"text":"x","date":1}}`,
		`{"update_id":8,"message":{"chat":{"id":9,"type":"private"},"date":1}}`, `{"update_id":9,"callback_query":{"id":"1","from":{"id":7},"data":"x"}}`,
	} {
		assert.Equal(t, 200, post(secret, "application/json", odd), odd)
	}
}

func TestWebhookSaysLaterWhenTheStoreIsAway(t *testing.T) {
	r := start(t, true, nil)
	r.store.Set(true)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.hook.URL, strings.NewReader(`{"update_id":5,"message":{"date":1,"chat":{"id":7,"type":"private"},"from":{"id":7},"text":"x"}}`))
	require.NoError(t, err)
	request.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	response.Body.Close()
	assert.Equal(t, 503, response.StatusCode)
	assert.Equal(t, "1", response.Header.Get("Retry-After"))
}

func TestGroupsAreAnsweredOnlyWhenAddressed(t *testing.T) {
	type heard struct {
		text      string
		mentioned bool
	}
	got := make(chan heard, 10)
	r := start(t, false, func(o *Options) {
		o.Group = func(e dialog.Event, mentioned bool) dialog.Outcome {
			got <- heard{e.Text, mentioned}
			return dialog.Outcome{}
		}
	})
	require.Eventually(t, func() bool { return r.channel.name() != "" }, 5*time.Second, time.Millisecond)
	group := map[string]any{"id": -100, "type": "supergroup"}
	r.fake.Message(-100, map[string]any{"chat": group, "text": "闲聊"})
	assert.Equal(t, heard{"闲聊", false}, <-got)
	r.fake.Message(-100, map[string]any{"chat": group, "text": "@wenzhu_bot 看看这个", "reply_to_message": map[string]any{
		"message_id": 1, "date": 1, "chat": group, "from": map[string]any{"id": 5, "first_name": "某"}, "text": "您已被起诉",
	}})
	assert.Equal(t, heard{"您已被起诉", true}, <-got)
}

func TestForwardsAreReadFromOldAndNewServers(t *testing.T) {
	for name, m := range map[string]message{
		"new hidden":  {Origin: &origin{Type: "hidden_user", HiddenName: "某", Date: 5}},
		"new channel": {Origin: &origin{Type: "channel", Chat: &room{Title: "某"}, Date: 5}},
		"old hidden":  {OldName: "某", OldDate: 5},
		"old user":    {OldFrom: &person{FirstName: "某"}, OldDate: 5},
	} {
		from, at, forwarded := m.forward()
		assert.True(t, forwarded, name)
		assert.Equal(t, "某", from, name)
		assert.EqualValues(t, 5, at.Unix(), name)
	}
	_, _, forwarded := (&message{Text: "x"}).forward()
	assert.False(t, forwarded)
}

func FuzzWebhookBody(f *testing.F) {
	f.Add([]byte(`{"update_id":5,"message":{"message_id":1,"date":1,"chat":{"id":7,"type":"private"},"from":{"id":7},"text":"x"}}`))
	f.Add([]byte(`{"update_id":5,"callback_query":{"id":"1","from":{"id":7},"data":"\u0000","message":{"chat":{"id":7,"type":"private"}}}}`))
	file, err := store.OpenFile(f.TempDir(), store.Keyring{})
	require.NoError(f, err)
	defer file.Close()
	path := turn.New(turn.Options{
		Store: file, Dialog: func() turn.Dialog { return parrot{} }, Channels: make(map[string]chat.Channel), Now: time.Now,
		Log: slog.New(slog.DiscardHandler), Meter: turntest.Meter{}, Replica: "a", Retention: time.Hour,
	})
	handler := New(Options{Token: token, Secret: secret, Webhook: true, Path: path, Log: slog.New(slog.DiscardHandler)}).Handler()
	f.Fuzz(func(t *testing.T, body []byte) {
		request := httptest.NewRequest(http.MethodPost, "/telegram/webhook", bytes.NewReader(body))
		request.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
		request.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, request)
		if w.Code != 200 && w.Code != 400 && w.Code != 413 {
			t.Errorf("%q: %d", body, w.Code)
		}
	})
}
