package telegram

import (
	"cmp"
	"context"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"wenzhu/bot/chat"
	"wenzhu/dialog"
	"wenzhu/dialog/words"
)

const (
	groupMost = 20 // messages a minute that Telegram lets into one group
	groupIn   = 5 * time.Second
)

// otherBots matches a command that names its bot; the name of this one has been taken off.
var otherBots = regexp.MustCompile(`^/\w+@`)

// group answers in a group without a record, once: a repeat or loss is accepted there.
func (t *Telegram) group(ctx context.Context, u update) {
	m := u.Message
	if t.Group == nil || t.name() == "" {
		return
	}
	e, mentioned := t.overhear(u)
	if e.Kind != dialog.Text || !mentioned && otherBots.MatchString(e.Text) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, groupIn)
	defer cancel()
	for _, reply := range t.Group(e, mentioned).Replies {
		if !t.groups.allow(m.Chat.ID, time.Now()) {
			return
		}
		reply.Buttons = t.inGroup(reply.Buttons)
		params := map[string]string{"reply_parameters": `{"message_id":` + strconv.Itoa(m.ID) + `,"allow_sending_without_reply":true}`}
		if m.Topic != 0 {
			params["message_thread_id"] = strconv.Itoa(m.Topic)
		}
		if err := t.send(ctx, chat.Message{User: user(m.Chat.ID), Reply: reply}, params); err != nil {
			t.Log.Info("group reply lost", "error", err)
			return
		}
	}
}

// overhear translates what is said in a group. When the bot is named in a reply, the message replied to is meant.
func (t *Telegram) overhear(u update) (e dialog.Event, mentioned bool) {
	m := u.Message
	e = m.event(u.ID, "")
	e.At = m.sent()
	text, named := withoutName(cmp.Or(m.Text, m.Caption), t.name())
	e.Text = chat.Clean(text)
	toBot := m.Reply != nil && m.Reply.From != nil && m.Reply.From.ID == t.me.Load().ID
	if named && m.Reply != nil && !toBot {
		if quoted := chat.Clean(cmp.Or(m.Reply.Text, m.Reply.Caption)); quoted != "" {
			e.Text, e.Forwarded, e.From = quoted, true, chat.Clean(m.Reply.From.name())
		}
	}
	if e.Text != "" {
		e.Kind, e.Medium = dialog.Text, ""
	}
	return e, named || toBot
}

// withoutName takes the bot's name out of a text, also off a command such as /help@wenzhu_bot.
func withoutName(text, name string) (rest string, named bool) {
	if !strings.Contains(text, "@") {
		return text, false
	}
	mention := regexp.MustCompile(`(?i)@` + regexp.QuoteMeta(name) + `\b`)
	return mention.ReplaceAllString(text, ""), mention.MatchString(text)
}

// inGroup keeps the buttons that work in a group, and adds the way to the private chat: a press there belongs to nobody.
func (t *Telegram) inGroup(buttons []dialog.Button) []dialog.Button {
	var kept []dialog.Button
	for _, b := range buttons {
		if b.URL != "" {
			kept = append(kept, b)
		}
	}
	return append(kept, dialog.Button{Label: words.Get("telegram.private"), URL: "https://t.me/" + t.name() + "?start=group"})
}

// groupLimit counts the answers of the present minute, so that a noisy group does not use up what people are owed.
type groupLimit struct {
	mu     sync.Mutex
	minute int64
	sent   map[int64]int
}

func (g *groupLimit) allow(chat int64, now time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if minute := now.Unix() / 60; minute != g.minute || g.sent == nil {
		g.minute, g.sent = minute, make(map[int64]int)
	}
	g.sent[chat]++
	return g.sent[chat] <= groupMost
}
