package telegram

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wenzhu/bot/chat"
	"wenzhu/bot/telegram/faketelegram"
	"wenzhu/dialog"
)

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
		require.Eventually(t, func() bool { return r.channel.State() == stateOK }, 5*time.Second, time.Millisecond)
	})
}

func TestOnePersonIsAnsweredInOrder(t *testing.T) {
	bothModes(t, func(t *testing.T, webhook bool) {
		r := start(t, webhook, nil)
		var want []string
		for n := range 18 { // more than 20 owed would become one
			r.fake.Say(7, fmt.Sprint("word ", n))
			want = append(want, fmt.Sprintf("%d word %d", n+1, n))
		}
		r.eventually(t, 7, want...)
	})
}

func TestButtonOfSomebodyElseIsNobodys(t *testing.T) {
	r := start(t, false, nil)
	r.fake.Say(7, "hello")
	r.eventually(t, 7, "1 hello")
	r.fake.PressData(8, 1, strings.Repeat("x", 500)) // a forged press comes as the presser's own
	r.eventually(t, 8, "1 pressed")
	r.fake.PressData(8, 1, "\u202e1.\x00ok\xff")
	r.eventually(t, 8, "1 pressed", "2 pressed 1.ok\uFFFD")
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
	})
}

// TestDangerIsAnsweredWhileTheStoreIsAway: the person is answered within two seconds, and the turn comes later.
func TestDangerIsAnsweredWhileTheStoreIsAway(t *testing.T) {
	bothModes(t, func(t *testing.T, webhook bool) {
		r := start(t, webhook, nil)
		require.Eventually(t, func() bool { return r.channel.State() == stateOK }, 5*time.Second, time.Millisecond)
		r.store.Set(true)
		r.fake.Say(8, "你好")
		began := time.Now()
		r.fake.Say(7, "我不想活了")
		require.Eventually(t, func() bool { return len(r.fake.Texts(7)) > 0 }, 5*time.Second, time.Millisecond)
		assert.Less(t, time.Since(began), 2*time.Second)
		assert.Contains(t, r.fake.Texts(7)[0], "12356")
		r.store.Set(false)
		r.eventually(t, 8, "1 你好")
		assert.Eventually(t, func() bool { return len(r.fake.Texts(7)) == 2 }, 10*time.Second, time.Millisecond)
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

// TestThrottledServerGetsEverythingInTheEnd: more is to be sent than the server lets through in a second.
func TestThrottledServerGetsEverythingInTheEnd(t *testing.T) {
	r := start(t, true, nil)
	r.fake.LimitRate(10)
	for chatID := int64(100); chatID < 125; chatID++ {
		r.fake.Say(chatID, "hello")
	}
	for chatID := int64(100); chatID < 125; chatID++ {
		r.eventually(t, chatID, "1 hello")
	}
}

func TestWhoBlocksTheBotIsLeftAlone(t *testing.T) {
	bothModes(t, func(t *testing.T, webhook bool) {
		r := start(t, webhook, nil)
		r.fake.Say(7, "one")
		r.eventually(t, 7, "1 one")
		r.fake.Block(7, true)
		r.fake.Say(7, "written before")
		assert.Eventually(t, func() bool { return r.fake.Waiting() == 0 }, 5*time.Second, time.Millisecond)
		r.fake.Block(7, false)
		r.fake.Say(7, "back")
		assert.Eventually(t, func() bool { return strings.Contains(strings.Join(r.fake.Texts(7), "|"), "3 back") }, 10*time.Second, time.Millisecond)
		assert.Contains(t, r.log.String(), "is=kicked")
	})
}

func TestPicturesBecomeWords(t *testing.T) {
	bothModes(t, func(t *testing.T, webhook bool) {
		r := start(t, webhook, func(o *Options) {
			o.Read = func(_ context.Context, b []byte) (string, error) {
				switch string(b) {
				case "dark":
					return "", errors.New("nothing to read")
				case "bomb":
					panic("a decoder's bug")
				}
				return "read " + string(b), nil
			}
		})
		r.fake.Photo(7, []byte("pixels"))
		r.eventually(t, 7, "1 read pixels")
		r.fake.Photo(7, []byte("dark"))
		r.eventually(t, 7, "1 read pixels", "2 medium photo")
		r.fake.Photo(7, make([]byte, downloadMost+1))
		r.eventually(t, 7, "1 read pixels", "2 medium photo", "3 medium photo")
		r.fake.Photo(7, []byte("bomb"))
		r.eventually(t, 7, "1 read pixels", "2 medium photo", "3 medium photo", "4 medium unknown")
		id := r.fake.Upload([]byte("screenshot"))
		r.fake.Message(7, map[string]any{"caption": "这是真的吗", "document": map[string]any{"file_id": id, "mime_type": "image/png", "file_size": 10}})
		r.eventually(t, 7, "1 read pixels", "2 medium photo", "3 medium photo", "4 medium unknown", "5 这是真的吗\nread screenshot")
	})
}

// TestSlowPictureHoldsUpOnlyItsPerson: others are answered meanwhile, and the person's next words come after it.
func TestSlowPictureHoldsUpOnlyItsPerson(t *testing.T) {
	bothModes(t, func(t *testing.T, webhook bool) {
		release := make(chan struct{})
		r := start(t, webhook, func(o *Options) {
			o.Read = func(ctx context.Context, b []byte) (string, error) {
				select {
				case <-release:
				case <-ctx.Done():
				}
				return string(b), ctx.Err()
			}
		})
		r.fake.Photo(7, []byte("slow"))
		r.fake.Say(7, "and then")
		for chatID := int64(8); chatID < 20; chatID++ {
			r.fake.Say(chatID, "hello")
		}
		for chatID := int64(8); chatID < 20; chatID++ {
			r.eventually(t, chatID, "1 hello")
		}
		assert.Empty(t, r.fake.Texts(7))
		close(release)
		r.eventually(t, 7, "1 slow", "2 and then")
	})
}

func TestPanicStaysWithinItsUpdate(t *testing.T) {
	bothModes(t, func(t *testing.T, webhook bool) {
		r := start(t, webhook, nil)
		j := job{update: update{ID: 5}, user: "tg:7", run: func(context.Context) error { panic("a bug") }}
		assert.NoError(t, r.channel.do(t.Context(), j), "acknowledged: it would fail again")
		assert.Contains(t, r.fake.Texts(7)[0], "没能处理好")
		assert.NotContains(t, r.log.String(), "msg=\"a bug", "what a panic says may be a person's words")
		r.fake.Say(7, "goes on")
		assert.Eventually(t, func() bool { return len(r.fake.Texts(7)) == 2 }, 5*time.Second, time.Millisecond)
	})
}

func TestRevokedTokenIsSaidUntilItWorksAgain(t *testing.T) {
	r := start(t, true, nil)
	r.fake.Say(7, "hello")
	r.eventually(t, 7, "1 hello")
	broken := &faketelegram.Failure{Code: 401, Description: "Unauthorized"}
	r.fake.Script(func(string, map[string]string) *faketelegram.Failure { return broken })
	require.Error(t, r.channel.Send(t.Context(), chat.Message{User: "tg:7", Reply: dialog.Reply{Text: "x"}}))
	assert.Equal(t, stateToken, r.channel.State())
	assert.Contains(t, r.log.String(), stateToken)
	r.fake.Script(nil)
	require.NoError(t, r.channel.Send(t.Context(), chat.Message{User: "tg:7", Reply: dialog.Reply{Text: "x"}}))
	assert.Equal(t, stateOK, r.channel.State())
}
