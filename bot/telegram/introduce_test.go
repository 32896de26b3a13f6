package telegram

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wenzhu/bot/telegram/faketelegram"
)

func TestBotIntroducesItself(t *testing.T) {
	bothModes(t, func(t *testing.T, webhook bool) {
		r := start(t, webhook, nil)
		require.Eventually(t, func() bool { return len(r.fake.Profile()) == 3 }, 10*time.Second, time.Millisecond)
		assert.Contains(t, r.fake.Profile()["setMyCommands"], `"command":"help"`)
		assert.Contains(t, r.fake.Profile()["setMyDescription"], "110")
	})
}

// TestServerThatKnowsLittleIsGoodEnough: some servers answer HTTP 500 without words to what they do not know.
func TestServerThatKnowsLittleIsGoodEnough(t *testing.T) {
	r := start(t, false, nil)
	r.fake.Script(func(method string, _ map[string]string) *faketelegram.Failure {
		if strings.HasPrefix(method, "setMy") || method == "sendChatAction" {
			return &faketelegram.Failure{Code: 500}
		}
		return nil
	})
	r.fake.Say(7, "hello")
	r.eventually(t, 7, "1 hello")
}

func TestIntroductionIsTriedAgain(t *testing.T) {
	var away atomic.Bool
	away.Store(true)
	server := faketelegram.New(token)
	defer server.Close()
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if away.Load() {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		server.ServeHTTP(w, q)
	}))
	defer api.Close()
	r := start(t, true, func(o *Options) { o.APIURL = api.URL })
	require.Eventually(t, func() bool { return r.channel.State() == stateAway }, 5*time.Second, time.Millisecond)
	away.Store(false)
	require.Eventually(t, func() bool { return r.channel.State() == stateOK && len(server.Profile()) == 3 }, 10*time.Second, time.Millisecond)
}

// TestNoErrorHoldsTheToken goes through everything that can go wrong with an address that holds it.
func TestNoErrorHoldsTheToken(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, q *http.Request) {
		t.Errorf("followed a redirect with Referer %q", q.Header.Get("Referer"))
	}))
	defer elsewhere.Close()
	echo := func(w http.ResponseWriter, q *http.Request) {
		_, _ = io.WriteString(w, `{"ok":false,"error_code":400,"description":"no `+q.URL.Path+`"}`)
	}
	for name, c := range map[string]struct {
		base   string
		answer http.HandlerFunc
	}{
		"nobody listens": {"http://127.0.0.1:1", nil},
		"no such host":   {"http://nowhere.invalid", nil},
		"bad address":    {"http://bad host\x7f", nil},
		"bad scheme":     {"gopher://x", nil},
		"echo":           {"", echo},
		"redirect": {"", func(w http.ResponseWriter, q *http.Request) {
			http.Redirect(w, q, elsewhere.URL+q.URL.Path, http.StatusFound)
		}},
		"hangs up": {"", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }},
		"html":     {"", func(w http.ResponseWriter, q *http.Request) { _, _ = io.WriteString(w, "<html>"+q.URL.Path) }},
		"slow":     {"", func(_ http.ResponseWriter, q *http.Request) { <-q.Context().Done() }},
	} {
		t.Run(name, func(t *testing.T) {
			if c.base == "" {
				server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
					_, _ = io.Copy(io.Discard, q.Body)
					c.answer(w, q)
				}))
				defer server.Close()
				c.base = server.URL
			}
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			a := newAPI(token, c.base)
			defer a.transport.CloseIdleConnections()
			_, called := a.call(ctx, "getMe", nil)
			_, downloaded := a.download(ctx, "x")
			uploaded := a.upload(ctx, "sendDocument", map[string]string{}, "document", "a.txt", []byte("a"))
			for _, err := range []error{called, downloaded, uploaded} {
				require.Error(t, err)
				assert.NotContains(t, err.Error(), "secret-token")
			}
		})
	}
	cancelled, stop := context.WithCancel(t.Context())
	stop()
	_, err := newAPI(token, elsewhere.URL).call(cancelled, "getUpdates", nil)
	require.ErrorIs(t, err, context.Canceled)
}
