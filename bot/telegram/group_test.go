package telegram

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wenzhu/dialog"
)

type heard struct {
	text, from           string
	forwarded, mentioned bool
}

func group(id int64) map[string]any {
	return map[string]any{"id": id, "type": "supergroup", "title": "群"}
}

func TestGroupHearsWhatIsMeantForTheBot(t *testing.T) {
	bothModes(t, func(t *testing.T, webhook bool) {
		got := make(chan heard, 10)
		r := start(t, webhook, func(o *Options) {
			o.Group = func(e dialog.Event, mentioned bool) dialog.Outcome {
				got <- heard{e.Text, e.From, e.Forwarded, mentioned}
				return dialog.Outcome{}
			}
		})
		require.Eventually(t, func() bool { return r.channel.name() != "" }, 5*time.Second, time.Millisecond)
		other := map[string]any{"message_id": 1, "date": 1, "from": map[string]any{"id": 5, "first_name": "某"}, "text": "您已被起诉 @wenzhu_bot"}
		own := map[string]any{"message_id": 2, "date": 1, "from": map[string]any{"id": 1, "is_bot": true}, "text": "我的话"}
		for _, c := range []struct {
			fields map[string]any
			want   heard
		}{
			{map[string]any{"text": "闲聊"}, heard{text: "闲聊"}},
			{map[string]any{"text": "@wenzhu_bot 看看这个", "reply_to_message": other}, heard{"您已被起诉 @wenzhu_bot", "某", true, true}},
			{map[string]any{"text": "看看@Wenzhu_Bot，"}, heard{text: "看看，", mentioned: true}},
			{map[string]any{"text": "/help@wenzhu_bot"}, heard{text: "/help", mentioned: true}},
			{map[string]any{"text": "/help"}, heard{text: "/help"}},
			{map[string]any{"text": "@wenzhu_bot2 你好"}, heard{text: "@wenzhu_bot2 你好"}},
			{map[string]any{"text": "那怎么办", "reply_to_message": own}, heard{text: "那怎么办", mentioned: true}},
			{map[string]any{"caption": "@wenzhu_bot 图", "photo": []any{}}, heard{text: "图", mentioned: true}},
		} {
			c.fields["chat"] = group(-100)
			r.fake.Message(-100, c.fields)
			select {
			case h := <-got:
				assert.Equal(t, c.want, h)
			case <-time.After(5 * time.Second):
				t.Fatalf("nothing heard of %v", c.fields)
			}
		}
		for _, silent := range []map[string]any{
			{"text": "/start@other_bot"}, {"sticker": map[string]any{"file_id": "x"}}, {"new_chat_members": []any{}}, {"text": "from a bot", "from": map[string]any{"id": 9, "is_bot": true}},
		} {
			silent["chat"] = group(-100)
			r.fake.Message(-100, silent)
		}
		assert.Eventually(t, func() bool { return r.fake.Waiting() == 0 || !webhook }, 5*time.Second, time.Millisecond)
		time.Sleep(50 * time.Millisecond)
		assert.Empty(t, got)
	})
}

func TestGroupAnswersLeadToThePrivateChat(t *testing.T) {
	r := start(t, true, func(o *Options) {
		o.Group = func(e dialog.Event, _ bool) dialog.Outcome {
			if e.Text == "panic" {
				panic("a bug")
			}
			return dialog.Outcome{Replies: []dialog.Reply{{Text: "请私下聊", Buttons: []dialog.Button{{Label: "首页", Data: "go:hub"}, {Label: "官网", URL: "https://www.gov.cn"}}}}}
		}
	})
	require.Eventually(t, func() bool { return r.channel.name() != "" }, 5*time.Second, time.Millisecond)
	r.fake.Migrate(-100, -200)
	r.fake.Message(-100, map[string]any{"chat": group(-100), "text": "@wenzhu_bot", "message_thread_id": 5})
	require.Eventually(t, func() bool { return len(r.fake.Sent(-200)) == 1 }, 5*time.Second, time.Millisecond, "the group moved")
	m := r.fake.Sent(-200)[0]
	assert.Equal(t, []string{"官网", "私下聊"}, m.Labels())
	assert.Equal(t, "https://t.me/wenzhu_bot?start=group", *m.Buttons[1].URL)
	assert.Equal(t, "5", m.Params["message_thread_id"])
	assert.Contains(t, m.Params["reply_parameters"], "message_id")
	r.fake.Message(-200, map[string]any{"chat": group(-200), "text": "panic"})
	assert.Eventually(t, func() bool { return r.fake.Waiting() == 0 }, 5*time.Second, time.Millisecond)
	for range 30 {
		r.fake.Message(-300, map[string]any{"chat": group(-300), "text": "@wenzhu_bot again"})
	}
	assert.Eventually(t, func() bool { return r.fake.Waiting() == 0 }, 5*time.Second, time.Millisecond)
	assert.LessOrEqual(t, len(r.fake.Sent(-300)), 2*groupMost, "a noisy group gets its share of a minute or, at its turn, of two")
	id := r.fake.PressData(-300, 1, "go:hub")
	assert.Eventually(t, func() bool { return r.fake.Answered(id) }, 5*time.Second, time.Millisecond)
}

func TestGroupLimitIsForAMinute(t *testing.T) {
	var g groupLimit
	now := time.Unix(600, 0)
	for n := range groupMost + 5 {
		assert.Equal(t, n < groupMost, g.allow(1, now))
	}
	assert.True(t, g.allow(2, now))
	assert.True(t, g.allow(1, now.Add(time.Minute)))
}
