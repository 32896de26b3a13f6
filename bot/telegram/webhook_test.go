package telegram

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const forged = `{"update_id":5,"message":{"message_id":1,"date":1,"chat":{"id":7,"type":"private"},"from":{"id":7},"text":"forged"}}`

func TestWebhookLetsOnlyTelegramIn(t *testing.T) {
	r := start(t, true, nil)
	const kind = "application/json"
	for _, refused := range []struct {
		status             int
		secret, kind, body string
	}{
		{401, "", kind, forged}, {401, "wrong", kind, forged}, {401, secret + "x", kind, forged}, {401, "", "", ""},
		{415, secret, "text/plain", forged}, {415, secret, "", forged}, {415, secret, ";;", forged},
		{400, secret, kind, forged[:30]}, {400, secret, kind, "[]"}, {400, secret, kind, "null"}, {400, secret, kind, ""}, {400, secret, kind, "\xff"},
		{400, secret, kind, `{"update_id":-1}`}, {400, secret, kind, `{"update_id":"5"}`}, {400, secret, kind, `{"update_id":1e99}`},
		{400, secret, kind, strings.Repeat("[", 100_000)}, {400, secret, kind, `{"update_id":5,"message":` + strings.Repeat(`{"reply_to_message":`, 20_000)},
		{413, secret, kind, `{"x":"` + strings.Repeat("x", webhookBytes) + `"}`},
	} {
		got := r.post(t, refused.secret, refused.kind, refused.body).StatusCode
		assert.Equal(t, refused.status, got, "secret %q, type %q, body %.40q", refused.secret, refused.kind, refused.body)
	}
	response, err := http.Get(r.hook.URL)
	require.NoError(t, err)
	response.Body.Close()
	assert.Equal(t, 401, response.StatusCode)
	assert.Empty(t, r.fake.Texts(7))
	assert.NotContains(t, r.log.String(), "forged", "nothing of a refused body is logged")
}

func TestWebhookTakesAnUpdateOnce(t *testing.T) {
	r := start(t, true, nil)
	assert.Equal(t, 200, r.post(t, secret, "application/json; charset=utf-8", forged).StatusCode)
	assert.Equal(t, 200, r.post(t, secret, "application/json", forged).StatusCode)
	r.eventually(t, 7, "1 forged")
	for n, odd := range []string{
		`"edited_message":{"text":"x"}`, `"message":{"chat":{"id":-5,"type":"group"},"text":"x","date":1}`,
		`"callback_query":{"id":"1","from":{"id":7},"data":"x"}`, `"message":null`, `"poll":{}`, `"channel_post":{"text":"x"}`,
		`"callback_query":{"id":"1","from":{"id":7},"data":"x","message":{"chat":{"id":8,"type":"private"}}}`,
		`"message":{"chat":{"id":7},"text":"no type"}`,
	} {
		body := fmt.Sprintf(`{"update_id":%d,%s}`, 10+n, odd)
		assert.Equal(t, 200, r.post(t, secret, "application/json", body).StatusCode, body)
	}
	r.eventually(t, 7, "1 forged")
}

func TestHostileTextsAreCleaned(t *testing.T) {
	r := start(t, true, nil)
	say := func(id int, quoted string) {
		body := fmt.Sprintf(`{"update_id":%d,"message":{"message_id":1,"date":1,"chat":{"id":7,"type":"private"},"from":{"id":7},"text":%s}}`, id, quoted)
		assert.Equal(t, 200, r.post(t, secret, "application/json", body).StatusCode)
	}
	say(5, `"a\u0000\u001b[31mb"`)
	r.eventually(t, 7, "1 a[31mb")
	say(6, `"\u202e反\u2066"`)
	say(7, "\"\xff\xfe坏\"")
	say(8, `"\ud800"`)
	say(9, `"法\u200b院"`)
	say(10, `"\u200b"`)
	r.eventually(t, 7, "1 a[31mb", "2 反", "3 \uFFFD\uFFFD坏", "4 \uFFFD", "5 法\u200b院", "6 \u200b")
	say(11, `"`+strings.Repeat("长", 100_000)+`"`)
	assert.Eventually(t, func() bool { return len(r.fake.Texts(7)) > 6 }, 10*time.Second, 5*time.Millisecond, "answered, within what may be owed")
}

func TestWebhookSaysLaterWhenTheStoreIsAway(t *testing.T) {
	r := start(t, true, nil)
	r.store.Set(true)
	began := time.Now()
	response := r.post(t, secret, "application/json", forged)
	assert.Equal(t, 503, response.StatusCode)
	assert.Equal(t, "1", response.Header.Get("Retry-After"))
	assert.InDelta(t, webhookIn.Seconds(), time.Since(began).Seconds(), 0.5)
	r.store.Set(false)
	assert.Equal(t, 200, r.post(t, secret, "application/json", forged).StatusCode)
	r.eventually(t, 7, "1 forged")
}

func TestPressIsAnsweredInTheWebhooksOwnAnswer(t *testing.T) {
	r := start(t, true, nil)
	r.fake.Say(7, "one")
	r.eventually(t, 7, "1 one")
	id, ok := r.fake.Press(7, "好")
	require.True(t, ok)
	assert.Eventually(t, func() bool { return r.fake.Answered(id) }, 5*time.Second, time.Millisecond)
	assert.Zero(t, r.fake.Calls("answerCallbackQuery"))
}

func TestLostWebhookIsSetAgain(t *testing.T) {
	r := start(t, true, nil)
	require.Eventually(t, func() bool { return r.channel.State() == stateOK }, 5*time.Second, time.Millisecond)
	_, err := r.channel.api.call(t.Context(), "deleteWebhook", nil)
	require.NoError(t, err)
	r.fake.Say(7, "lost?")
	time.Sleep(50 * time.Millisecond)
	assert.Equal(t, 1, r.fake.Waiting())
	r.channel.lookAfter(t.Context(), 0)
	r.eventually(t, 7, "1 lost?")
	assert.Contains(t, r.log.String(), "webhook was removed")
}

// TestTwoReplicasBehindOneAddress: each update goes to either of them; a third of the answers gets lost on the way.
func TestTwoReplicasBehindOneAddress(t *testing.T) {
	var behind [2]*url.URL
	var n atomic.Int64
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		turn := n.Add(1)
		proxy := httputil.NewSingleHostReverseProxy(behind[turn%2])
		if turn%3 == 0 {
			proxy.ServeHTTP(httptest.NewRecorder(), q) // done, but Telegram does not learn it
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		proxy.ServeHTTP(w, q)
	}))
	defer front.Close()
	at := func(o *Options) { o.URL = front.URL + "/telegram/webhook" }
	listening := func(hook *httptest.Server) *url.URL {
		u, err := url.Parse(hook.URL)
		require.NoError(t, err)
		return u
	}
	r := start(t, true, at)
	_, second, _ := r.replica(t, "b", true, at)
	behind = [2]*url.URL{listening(r.hook), listening(second)}
	const people, words = 15, 8
	for person := range people {
		for word := range words {
			r.fake.Say(int64(100+person), fmt.Sprint("w", word))
		}
	}
	for person := range people {
		var want []string
		for word := range words {
			want = append(want, fmt.Sprintf("%d w%d", word+1, word))
		}
		r.eventually(t, int64(100+person), want...)
	}
}
