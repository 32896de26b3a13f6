package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"wenzhu/bot/chat"
	"wenzhu/dialog"
)

// readWithin is how long a picture may take to become words; the person's next messages wait behind it.
const readWithin = 7 * time.Second

// job is one update on its way to its commit.
type job struct {
	update update
	user   chat.UserKey                // "" where nobody can be told anything
	run    func(context.Context) error // nil: a named silence, the update is acknowledged
}

// parse reads an update. What has an unexpected shape is read as far as possible; false where not even its number
// can be read.
func (t *Telegram) parse(raw []byte) (update, bool) {
	var u update
	err := json.Unmarshal(raw, &u)
	var shape *json.UnmarshalTypeError
	if err != nil && !errors.As(err, &shape) || u.ID <= 0 {
		return update{}, false
	}
	if err != nil {
		t.Log.Warn("update of an unexpected shape", "update", u.ID, "field", shape.Field)
	}
	return u, true
}

// prepare takes an update's place in its person's queue. Calls have to be made in the order of arrival; the jobs
// may then run at the same time.
func (t *Telegram) prepare(u update) job {
	m := u.Message
	switch {
	case u.Callback != nil:
		return t.preparePress(u)
	case u.Member != nil:
		t.moved(u.Member)
		return job{update: u}
	case m == nil || m.From != nil && m.From.IsBot || m.service():
		return job{update: u} // edits, channel posts, polls, pinned messages: not a word to the bot
	case !m.private():
		return job{update: u, run: func(ctx context.Context) error { t.group(ctx, u); return nil }}
	}
	who := user(m.Chat.ID)
	place := t.Path.Place(who)
	return job{update: u, user: who, run: func(ctx context.Context) error {
		_, err := place(ctx, chat.Update{User: who, Event: t.event(ctx, u), Sent: m.sent()})
		return err
	}}
}

func (t *Telegram) preparePress(u update) job {
	c := u.Callback
	if c.Message == nil || !c.Message.private() || c.Message.Chat.ID != c.From.ID {
		return job{update: u} // a button in a group, or one that is no longer anybody's
	}
	who := user(c.From.ID)
	place := t.Path.Place(who)
	return job{update: u, user: who, run: func(ctx context.Context) error {
		_, err := place(ctx, chat.Update{
			User: who, Edits: strconv.Itoa(c.Message.ID),
			Event: dialog.Event{ID: eventID(u.ID), Kind: dialog.Press, Data: c.data()},
		})
		return err
	}}
}

// do runs a job. A panic stays within it: the update is acknowledged, for it would fail again, and the person told.
func (t *Telegram) do(ctx context.Context, j job) (err error) {
	if j.run == nil {
		return nil
	}
	defer func() {
		if cause := recover(); cause != nil {
			t.Log.Error("panic in update", "update", j.update.ID, "stack", string(debug.Stack()))
			t.tell(ctx, j.user, dialog.SayFailed)
			err = nil
		}
	}()
	return j.run(ctx)
}

// event translates a message; a picture becomes its words where that is possible. Whatever goes wrong, there is
// an event, because the update holds a place in its person's queue.
func (t *Telegram) event(ctx context.Context, u update) (e dialog.Event) {
	defer func() {
		if cause := recover(); cause != nil {
			t.Log.Error("panic in translation", "update", u.ID, "stack", string(debug.Stack()))
			e = dialog.Event{ID: eventID(u.ID), Kind: dialog.Media, Medium: dialog.Unknown}
		}
	}()
	e = u.Message.event(u.ID, t.name())
	if id := u.Message.picture(); t.Read != nil && id != "" {
		e = t.read(ctx, u.Message, id, e)
	}
	return e
}

// read puts the words of a picture into the event. They come after the caption.
func (t *Telegram) read(ctx context.Context, m *message, fileID string, e dialog.Event) dialog.Event {
	ctx, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	t.beside.Go(func() { t.typing(ctx, m.Chat.ID) })
	content, err := t.api.download(ctx, fileID)
	text := ""
	if err == nil {
		text, err = t.Read(ctx, content)
	}
	if err != nil {
		t.Log.Info("picture not read", "update", e.ID, "error", err)
	}
	if text = chat.Clean(text); err != nil || text == "" {
		return e
	}
	e.Kind, e.Medium, e.FromPicture = dialog.Text, "", true
	e.Text = strings.TrimSpace(e.Text + "\n" + text)
	return e
}

// typing shows that the bot is at work.
func (t *Telegram) typing(ctx context.Context, chat int64) {
	params := map[string]string{"chat_id": strconv.FormatInt(chat, 10), "action": "typing"}
	if _, err := t.api.call(ctx, "sendChatAction", params); err != nil {
		t.Log.Debug("typing", "error", err)
	}
}

// moved notes that a person blocked the bot or came back. Nothing is to be done: the next send finds it blocked,
// and who comes back says /start.
func (t *Telegram) moved(m *member) {
	if m.Chat.Type == "private" {
		t.Log.Info("telegram", "user", user(m.Chat.ID), "is", m.New.Status)
	}
}
