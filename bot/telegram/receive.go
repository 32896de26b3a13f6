package telegram

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"wenzhu/bot/chat"
	"wenzhu/bot/turn"
	"wenzhu/dialog"
)

// job is one update on its way to its commit.
type job struct {
	update update
	user   chat.UserKey
	run    func(context.Context) error // nil: nothing to do, the update is acknowledged
}

// prepare takes an update's place in its person's queue. Calls have to be made in the order of arrival; the jobs
// may then run at the same time.
func (t *Telegram) prepare(u update) job {
	switch {
	case u.Callback != nil:
		return t.prepareCallback(u)
	case u.Message == nil || u.Message.From != nil && u.Message.From.IsBot:
		return job{update: u} // edits, channel posts, polls: not a word to the bot
	case !u.Message.private():
		return job{update: u, run: func(ctx context.Context) error { t.group(ctx, u); return nil }}
	}
	who := user(u.Message.Chat.ID)
	place := t.Path.Place(who)
	return job{update: u, user: who, run: func(ctx context.Context) error {
		e := t.read(ctx, u.Message, u.Message.event(u.ID, t.name()))
		_, err := place(ctx, chat.Update{User: who, Event: e, Sent: time.Unix(u.Message.Date, 0)})
		return err
	}}
}

func (t *Telegram) prepareCallback(u update) job {
	c := u.Callback
	if c.Message == nil || !c.Message.private() || c.Message.Chat.ID != c.From.ID {
		return job{update: u} // a button in a group, or one that is no longer anybody's
	}
	who := user(c.From.ID)
	place := t.Path.Place(who)
	return job{update: u, user: who, run: func(ctx context.Context) error {
		_, err := place(ctx, chat.Update{
			User: who, Edits: strconv.Itoa(c.Message.ID),
			Event: dialog.Event{ID: eventID(u.ID), Kind: dialog.Press, Data: chat.Clean(c.Data)},
		})
		return err
	}}
}

// read turns a picture into its words where that is possible.
func (t *Telegram) read(ctx context.Context, m *message, e dialog.Event) dialog.Event {
	id := m.picture()
	if t.Read == nil || id == "" {
		return e
	}
	if _, err := t.api.call(ctx, "sendChatAction", tgbotapi.Params{"chat_id": strconv.FormatInt(m.Chat.ID, 10), "action": "typing"}); err != nil {
		t.Log.Debug("typing", "error", err)
	}
	content, err := t.api.download(ctx, id)
	text := ""
	if err == nil {
		text, err = t.Read(ctx, content)
	}
	if err != nil {
		t.Log.Info("picture not read", "error", err)
	}
	if text = chat.Clean(text); text == "" {
		return e
	}
	e.Kind, e.Medium, e.FromPicture = dialog.Text, "", true
	e.Text = strings.TrimSpace(e.Text + "\n" + text)
	return e
}

// group answers in a group without a record, once: a repeat or loss is accepted there.
func (t *Telegram) group(ctx context.Context, u update) {
	if t.Group == nil {
		return
	}
	m := u.Message
	e := m.event(u.ID, t.name())
	e.At = time.Unix(m.Date, 0)
	mention := "@" + t.name()
	mentioned := t.name() != "" && strings.Contains(strings.ToLower(m.Text), strings.ToLower(mention)) ||
		m.Reply != nil && m.Reply.From != nil && m.Reply.From.IsBot && m.Reply.From.Username == t.name()
	e.Text = strings.TrimSpace(strings.ReplaceAll(e.Text, mention, ""))
	if mentioned && m.Reply != nil && (m.Reply.From == nil || !m.Reply.From.IsBot) {
		if quoted := chat.Clean(firstOf(m.Reply.Text, m.Reply.Caption)); quoted != "" {
			e.Text, e.Forwarded = quoted, true
		}
	}
	for _, reply := range t.Group(e, mentioned).Replies {
		if err := t.Send(ctx, chat.Message{User: user(m.Chat.ID), Reply: reply}); err != nil {
			t.Log.Info("group reply lost", "error", err)
		}
	}
}

// name is the bot's own username, "" until Telegram has told it.
func (t *Telegram) name() string {
	if n := t.username.Load(); n != nil {
		return *n
	}
	return ""
}

// refused says whether another replica may know what to do with an update.
func refused(err error) bool { return errors.Is(err, turn.ErrNewer) }
