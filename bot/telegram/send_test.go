package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wenzhu/bot/chat"
	"wenzhu/bot/telegram/faketelegram"
	"wenzhu/bot/turn"
	"wenzhu/dialog"
)

func (r *rig) send(t *testing.T, reply dialog.Reply) faketelegram.Sent {
	t.Helper()
	require.NoError(t, r.channel.Send(t.Context(), chat.Message{User: "tg:7", Reply: reply}))
	sent := r.fake.Sent(7)
	return sent[len(sent)-1]
}

func TestEachErrorHasItsKind(t *testing.T) {
	for _, c := range []struct {
		want chat.SendKind
		f    faketelegram.Failure
	}{
		{chat.Throttled, faketelegram.Failure{Code: 429, Description: "Too Many Requests: retry after 7", RetryAfter: 7}},
		{chat.Throttled, faketelegram.Failure{Code: 429, Description: "Too Many Requests"}},
		{chat.Transient, faketelegram.Failure{Code: 502, Body: "<html>"}},
		{chat.Transient, faketelegram.Failure{Code: 500, Description: "Internal Server Error: Not Found"}},
		{chat.Transient, faketelegram.Failure{Code: 200, Body: `{"ok":`}},
		{chat.Transient, faketelegram.Failure{Code: 200, Body: " "}},
		{chat.Refused, faketelegram.Failure{Code: 400, Description: "Bad Request: can't parse entities"}},
		{chat.Refused, faketelegram.Failure{Code: 400, Description: "Bad Request: BUTTON_DATA_INVALID"}},
		{chat.Refused, faketelegram.Failure{Code: 413, Description: "Request Entity Too Large"}},
		{chat.Uneditable, faketelegram.Failure{Code: 400, Description: "Bad Request: message to edit not found"}},
		{chat.Uneditable, faketelegram.Failure{Code: 400, Description: "Bad Request: message can't be edited"}},
		{chat.Uneditable, faketelegram.Failure{Code: 400, Description: "Bad Request: there is no text in the message to edit"}},
		{chat.Blocked, faketelegram.Failure{Code: 403, Description: "Forbidden: bot was blocked by the user"}},
		{chat.Blocked, faketelegram.Failure{Code: 403, Description: "Forbidden: user is deactivated"}},
		{chat.Blocked, faketelegram.Failure{Code: 400, Description: "Bad Request: chat not found"}},
		{chat.Broken, faketelegram.Failure{Code: 401, Description: "Unauthorized"}},
		{chat.Broken, faketelegram.Failure{Code: 404, Description: "Not Found"}},
	} {
		r := start(t, true, nil)
		r.channel.File = func(context.Context, chat.UserKey, string) (string, []byte, error) { return "a.txt", []byte("a"), nil }
		r.fake.Script(func(string, map[string]string) *faketelegram.Failure { return &c.f })
		for _, reply := range []dialog.Reply{{Text: "x"}, {Text: "x", File: "export"}} { // after an upload the code is always 0
			err := r.channel.Send(t.Context(), chat.Message{User: "tg:7", Reply: reply, Edits: "1"})
			var e *chat.SendError
			require.ErrorAs(t, err, &e, "%+v", c.f)
			if c.f.Code != 500 || reply.File == "" {
				assert.Equal(t, c.want, e.Kind, "%+v, file %q", c.f, reply.File)
			}
			assert.Equal(t, c.f.RetryAfter, int(e.RetryAfter.Seconds()))
			assert.NotContains(t, err.Error(), "secret-token")
		}
		r.stop()
	}
}

func TestWhatIsNotModifiedIsDone(t *testing.T) {
	r := start(t, true, nil)
	m := r.send(t, dialog.Reply{Text: "same"})
	edit := chat.Message{User: "tg:7", Reply: dialog.Reply{Text: "same"}, Edits: fmt.Sprint(m.ID)}
	assert.NoError(t, r.channel.Send(t.Context(), edit))
	assert.Zero(t, r.fake.Sent(7)[0].Edits)
}

func TestButtonUnderAFileMakesANewMessage(t *testing.T) {
	r := start(t, true, nil)
	r.channel.File = func(context.Context, chat.UserKey, string) (string, []byte, error) { return "a.txt", []byte("a"), nil }
	m := r.send(t, dialog.Reply{Text: "您的数据", File: "export", Buttons: []dialog.Button{{Label: "首页", Data: "go:hub"}}})
	err := r.channel.Send(t.Context(), chat.Message{User: "tg:7", Reply: dialog.Reply{Text: "首页"}, Edits: fmt.Sprint(m.ID)})
	var e *chat.SendError
	require.ErrorAs(t, err, &e)
	assert.Equal(t, chat.Uneditable, e.Kind)
}

func TestMarkup(t *testing.T) {
	r := start(t, true, nil)
	m := r.send(t, dialog.Reply{Text: "很可能是诈骗。\n看得出来:\n> 第一句\n> 第<二>句\n所以别点 & 别回。\n> 末"})
	assert.Equal(t, []string{"很可能是诈骗。"}, m.Marked("b"))
	assert.Equal(t, []string{"第一句\n第<二>句", "末"}, m.Marked("blockquote"))
	assert.Equal(t, "很可能是诈骗。\n看得出来:\n第一句\n第<二>句\n所以别点 & 别回。\n末", m.Text)
	assert.JSONEq(t, noPreviews, m.Params["link_preview_options"])
	assert.Empty(t, r.send(t, dialog.Reply{Text: "只有一句话。"}).Marks)
	assert.Equal(t, "<b>&amp;</b>", r.send(t, dialog.Reply{Text: "<b>&amp;</b>"}).Text)
}

func TestCopyIsOneTapAway(t *testing.T) {
	r := start(t, true, nil)
	m := r.send(t, dialog.Reply{Text: "发给客服:\n如下", Copy: "我叫<姓名>,\n请提供明细。", Buttons: []dialog.Button{{Label: "首页", Data: "go:hub"}}})
	assert.Equal(t, []string{"我叫<姓名>,\n请提供明细。"}, m.Marked("pre"))
	require.Equal(t, []string{"复制这段", "首页"}, m.Labels())
	assert.Equal(t, "我叫<姓名>,\n请提供明细。", m.Buttons[0].Copy.Text)
	long := strings.Repeat("证据一条。\n", 1000)
	m = r.send(t, dialog.Reply{Text: "证据清单", Copy: long, Buttons: []dialog.Button{{Label: "首页", Data: "go:hub"}}})
	assert.Equal(t, []string{"首页"}, m.Labels(), "too long for a button")
	all := r.fake.Sent(7)[1:]
	var got []string
	for i, m := range all {
		got = append(got, m.Marked("pre")...)
		assert.Equal(t, i == len(all)-1, len(m.Buttons) > 0, "buttons under the last only")
	}
	assert.Equal(t, strings.TrimSpace(long), strings.Join(got, "\n"), "nothing is lost")
}

func TestKeyboard(t *testing.T) {
	rows := func(labels ...string) [][]string {
		var buttons []dialog.Button
		for _, l := range labels {
			buttons = append(buttons, dialog.Button{Label: l, Data: "x"})
		}
		var k struct {
			Rows [][]key `json:"inline_keyboard"`
		}
		require.NoError(t, json.Unmarshal([]byte(keyboard(dialog.Reply{Buttons: buttons})), &k))
		var got [][]string
		for _, row := range k.Rows {
			var labels []string
			for _, b := range row {
				labels = append(labels, b.Text)
			}
			got = append(got, labels)
		}
		return got
	}
	assert.Equal(t, [][]string{{"安全", "不安全"}, {"别的"}}, rows("安全", "不安全", "别的"))
	assert.Equal(t, [][]string{{"安全"}, {"他们找的是我的家人朋友"}, {"别的", "首页"}}, rows("安全", "他们找的是我的家人朋友", "别的", "首页"))
	assert.Empty(t, keyboard(dialog.Reply{Buttons: []dialog.Button{
		{Label: "", Data: "x"}, {Label: "long", Data: strings.Repeat("x", 65)}, {Label: "none"}, {Label: "unsafe", URL: "http://example.org"}, {Label: "worse", URL: "javascript:alert(1)"},
	}}))
}

func TestLongAndHostileTextsAreCarriedWhole(t *testing.T) {
	r := start(t, true, nil)
	for _, unit := range []string{"第一句<script>&amp;。", "🙂🙂\"'", "a", "> 引用\n", "没有句号的很长的一段", "\u0301\u200b"} {
		text := strings.Repeat(unit, 20_000/len([]rune(unit)))
		before := len(r.fake.Sent(7))
		r.send(t, dialog.Reply{Text: text, Copy: "<复制>", Buttons: []dialog.Button{{Label: "首页", Data: "go:hub"}}})
		got := strings.Join(r.fake.Texts(7)[before:], "")
		squeeze := func(s string) string { return strings.NewReplacer("\n", "", " ", "", ">", "").Replace(s) }
		assert.Equal(t, squeeze(text)+squeeze("<复制>"), squeeze(got), unit)
	}
}

// TestPartsThatArrivedAreNotSentAgain: a message of several parts is throttled in the middle.
func TestPartsThatArrivedAreNotSentAgain(t *testing.T) {
	r := start(t, true, nil)
	var sends atomic.Int64
	r.fake.Script(func(method string, _ map[string]string) *faketelegram.Failure {
		if method == "sendMessage" && sends.Add(1) == 2 {
			return &faketelegram.Failure{Code: 502, Body: "<html>"}
		}
		return nil
	})
	m := chat.Message{User: "tg:7", Reply: dialog.Reply{ID: "u1/0", Text: strings.Repeat("一句话。", 3000)}}
	require.Error(t, r.channel.Send(t.Context(), m))
	require.NoError(t, r.channel.Send(t.Context(), m))
	assert.Equal(t, 3000, strings.Count(strings.Join(r.fake.Texts(7), ""), "一句话。"))
	require.NoError(t, r.channel.Send(t.Context(), m))
	assert.Equal(t, 6000, strings.Count(strings.Join(r.fake.Texts(7), ""), "一句话。"), "forgotten when done")
}

func TestPlainHasNumbersToType(t *testing.T) {
	r := start(t, true, nil)
	require.NoError(t, r.channel.Send(t.Context(), chat.Message{User: "tg:7", Plain: true, Reply: dialog.Reply{
		Text: "a<b>\n> c", Copy: "copy", Buttons: []dialog.Button{{Label: "好", Data: "x"}, {Label: "官网", URL: "https://www.gov.cn"}},
	}}))
	m := r.fake.Sent(7)[0]
	assert.Equal(t, "a<b>\n> c\n\ncopy\n\n1. 好\n2. 官网 https://www.gov.cn", m.Text)
	assert.Empty(t, m.Buttons)
	assert.Empty(t, m.Params["parse_mode"])
	err := r.channel.Send(t.Context(), chat.Message{User: "tg:7"})
	var e *chat.SendError
	require.ErrorAs(t, err, &e)
	assert.Equal(t, chat.Refused, e.Kind, "nothing to send")
}

func TestFilesAreMadeAtSendTime(t *testing.T) {
	fail := error(nil)
	r := start(t, true, func(o *Options) {
		o.File = func(_ context.Context, u chat.UserKey, recipe string) (string, []byte, error) {
			return recipe + ".txt", []byte(u), fail
		}
	})
	m := r.send(t, dialog.Reply{Text: "您的数据", File: "export", Buttons: []dialog.Button{{Label: "首页", Data: "go:hub"}}})
	assert.Equal(t, "export.txt", m.Document)
	assert.Equal(t, "tg:7", string(m.Content))
	assert.Equal(t, "您的数据", m.Text)
	assert.Equal(t, []string{"首页"}, m.Labels())
	r.send(t, dialog.Reply{Text: strings.Repeat("很长。", 500), File: "export"})
	assert.Len(t, r.fake.Sent(7), 3, "a long text goes before its file")

	for want, err := range map[chat.SendKind]error{chat.Transient: fmt.Errorf("list: %w", turn.ErrUnavailable), chat.Refused: errors.New("no such recipe")} {
		fail = err
		var e *chat.SendError
		require.ErrorAs(t, r.channel.Send(t.Context(), chat.Message{User: "tg:7", Reply: dialog.Reply{Text: "x", File: "export"}}), &e)
		assert.Equal(t, want, e.Kind)
	}
	fail = errors.New("no such recipe")
	require.NoError(t, r.channel.Send(t.Context(), chat.Message{User: "tg:7", Plain: true, Reply: dialog.Reply{Text: "alone", File: "export"}}))
	assert.Equal(t, "alone", r.fake.Sent(7)[3].Text)
	r.channel.File = func(context.Context, chat.UserKey, string) (string, []byte, error) { panic("a bug") }
	assert.Error(t, r.channel.Send(t.Context(), chat.Message{User: "tg:7", Reply: dialog.Reply{Text: "x", File: "export"}}))
}

func TestErrorsRepeatNothingOfAMessage(t *testing.T) {
	a := newAPI(token, "http://127.0.0.1:1")
	err := a.fault("sendMessage", &tgbotapi.Error{Code: 400, Message: `Bad Request: can't parse entities: unsupported start tag "欠款" at byte offset 5, "cut`})
	assert.Equal(t, `sendMessage: Bad Request: can't parse entities: unsupported start tag "…" at byte offset 5, "…"`, err.Error())
}
