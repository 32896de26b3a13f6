package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wenzhu/bot/chat"
	"wenzhu/dialog"
)

// blocking is a channel whose person may block the bot.
type blocking struct {
	open
	blocked atomic.Bool
}

func (b *blocking) Send(context.Context, chat.Message) error {
	if b.blocked.Load() {
		return &chat.SendError{Kind: chat.Blocked}
	}
	return nil
}

// TestFiguresOfReminders: operators see how many reminders wait and since when, how many were sent, came late, or were
// dropped by a block.
func TestFiguresOfReminders(t *testing.T) {
	env := map[string]string{"DATA_DIR": t.TempDir(), "FLOOD_LIMIT": "0"}
	a, err := newApp(t.Context(), process{getenv: func(name string) string { return env[name] }, stderr: &bytes.Buffer{}}, "")
	require.NoError(t, err)
	defer a.close()
	channel := new(blocking)
	a.path.Channels["tg"] = channel
	clock := time.Date(time.Now().Year()+1, 3, 2, 12, 0, 0, 0, dialog.Session{}.Location())
	a.path.Now = func() time.Time { return clock }
	settled := func() {
		require.Eventually(t, func() bool { n, _ := a.path.Waiting(); return n == 0 }, 10*time.Second, time.Millisecond)
	}
	figures := func() string {
		answer := httptest.NewRecorder()
		a.metrics.Handler().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/metrics", nil))
		return answer.Body.String()
	}
	for person := range 3 {
		for i, text := range []string{"/start", "安全", "我自己欠款", "提醒", "可以", "每天下午三点问一下客服"} {
			u := chat.Update{User: chat.UserKey(fmt.Sprintf("tg:%d", person)), Event: dialog.Event{ID: fmt.Sprint(i), Kind: dialog.Text, Text: text}}
			_, err := a.path.Handle(t.Context(), u)
			require.NoError(t, err)
			settled()
		}
	}
	assert.Contains(t, figures(), "wenzhu_due_lag_seconds 0\n")

	sweep := func() {
		_, err := a.path.SweepOnce(t.Context())
		require.NoError(t, err)
		settled()
	}
	clock = clock.Add(3*time.Hour + 40*time.Second)
	said := figures()
	assert.Contains(t, said, "wenzhu_due_depth 3\n")
	assert.Contains(t, said, "wenzhu_due_lag_seconds 40\n")
	sweep()
	said = figures()
	assert.Contains(t, said, `wenzhu_said_total{kind="reminder",value="sent"} 3`)
	assert.NotContains(t, said, `wenzhu_said_total{kind="reminder",value="late"}`)
	assert.Contains(t, said, "wenzhu_due_lag_seconds 0\n")

	clock = clock.Add(24*time.Hour + 20*time.Minute)
	channel.blocked.Store(true)
	sweep()
	said = figures()
	assert.Contains(t, said, `wenzhu_said_total{kind="reminder",value="late"} 3`)
	assert.Contains(t, said, `wenzhu_said_total{kind="reminder",value="dropped"} 3`)
}
