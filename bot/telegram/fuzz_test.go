package telegram

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wenzhu/bot/chat"
	"wenzhu/bot/store"
	"wenzhu/bot/telegram/faketelegram"
	"wenzhu/bot/turn"
	"wenzhu/bot/turntest"
	"wenzhu/dialog"
)

// fuzzed is a channel in webhook mode whose server knows nobody.
func fuzzed(f *testing.F) *Telegram {
	f.Helper()
	file, err := store.OpenFile(f.TempDir(), store.Keyring{})
	require.NoError(f, err)
	fake := faketelegram.New(token)
	server := httptest.NewServer(fake)
	path := turn.New(turn.Options{
		Store: file, Dialog: func() turn.Dialog { return parrot{} }, Channels: make(map[string]chat.Channel), Now: time.Now,
		Log: slog.New(slog.DiscardHandler), Meter: turntest.Meter{}, Replica: "a", Retention: time.Hour,
	})
	channel := New(Options{
		Token: token, APIURL: server.URL, Secret: secret, Webhook: true, Path: path, Log: slog.New(slog.DiscardHandler),
		Group: func(dialog.Event, bool) dialog.Outcome {
			return dialog.Outcome{Replies: []dialog.Reply{{Text: "group"}}}
		},
	})
	channel.me.Store(&person{ID: 1, IsBot: true, Username: faketelegram.Username})
	path.Channels["tg"] = channel
	f.Cleanup(func() {
		path.Stop()
		fake.Close()
		server.Close()
		channel.api.transport.CloseIdleConnections()
		file.Close()
	})
	return channel
}

func FuzzWebhookBody(f *testing.F) {
	for _, seed := range []string{
		forged, `{"update_id":5,"callback_query":{"id":"1","from":{"id":7},"data":"\u0000","message":{"chat":{"id":7,"type":"private"}}}}`,
		`{"update_id":6,"message":{"message_id":1,"date":-1,"chat":{"id":-7,"type":"group"},"text":"@wenzhu_bot","reply_to_message":{"text":"x"}}}`,
		`{"update_id":7,"my_chat_member":{"chat":{"id":7,"type":"private"},"new_chat_member":{"status":"kicked"}}}`,
		`{"update_id":8,"message":{"chat":{"id":9223372036854775807,"type":"private"},"photo":[{}],"caption":"\ud800","forward_origin":{}}}`,
	} {
		f.Add([]byte(seed))
	}
	handler := fuzzed(f).Handler()
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

// FuzzTranslation: whatever a message holds, the event is one that the dialog can be given.
func FuzzTranslation(f *testing.F) {
	f.Add(`{"text":"/start@wenzhu_bot x"}`, "r1.safe")
	f.Add(`{"caption":"\u202e\u0000","photo":[{"file_id":"x"}],"media_group_id":"5"}`, "\xff")
	f.Add(`{"text":"x","entities":[{"type":"text_link","url":"http://x"}],"forward_sender_name":"\ud800"}`, "sos")
	f.Fuzz(func(t *testing.T, raw, data string) {
		var m message
		if json.Unmarshal([]byte(raw), &m) != nil {
			t.Skip()
		}
		e := m.event(5, "wenzhu_bot")
		switch {
		case e.Kind == dialog.Text && e.Text == "", e.Kind == dialog.Media && e.Medium == "", e.Kind != dialog.Text && e.Kind != dialog.Media:
			t.Errorf("%s: %+v", raw, e)
		case !utf8.ValidString(e.Text+e.From) || len(e.Text) > chat.TextMost+8 || strings.ContainsRune(e.Text+e.From, 0):
			t.Errorf("%s: not clean: %q", raw, e.Text)
		}
		c := callback{Data: data}
		if d := c.data(); !utf8.ValidString(d) || len(d) > 3*callbackMost {
			t.Errorf("data %q: %q", data, d)
		}
	})
}

// FuzzSend: whatever a reply holds, the strict server takes it and shows all of it.
func FuzzSend(f *testing.F) {
	f.Add("第一行\n> 引\n<b>", "抄&", "标签", "data", "https://www.gov.cn", false)
	f.Add(strings.Repeat("🙂", 5000), strings.Repeat("长", 9000), "", "", "javascript:", true)
	f.Add("> \n> ", "\n", "x", strings.Repeat("x", 65), "https://", false)
	fake := faketelegram.New(token)
	server := httptest.NewServer(fake)
	f.Cleanup(func() { fake.Close(); server.Close() })
	fake.Meet(7)
	channel := New(Options{Token: token, APIURL: server.URL, Log: slog.New(slog.DiscardHandler)})
	f.Cleanup(channel.api.transport.CloseIdleConnections)
	f.Fuzz(func(t *testing.T, text, copied, label, data, url string, plain bool) {
		text, copied, label = chat.Clean(text), chat.Clean(copied), chat.Clean(label)
		if text == "" || len(text)+len(copied) > 60_000 {
			t.Skip()
		}
		before := len(fake.Sent(7))
		reply := dialog.Reply{Text: text, Copy: copied, Buttons: []dialog.Button{{Label: label, Data: data}, {Label: label, URL: url}}}
		err := channel.Send(t.Context(), chat.Message{User: "tg:7", Reply: reply, Plain: plain})
		require.NoError(t, err)
		var got strings.Builder
		for _, m := range fake.Sent(7)[before:] {
			got.WriteString(m.Text)
		}
		if !plain {
			squeeze := func(s string) string {
				return strings.NewReplacer(">", "").Replace(strings.Join(strings.Fields(s), ""))
			}
			assert.Equal(t, squeeze(text+copied), squeeze(got.String()))
		}
	})
}
