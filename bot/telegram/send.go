package telegram

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"sync"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"wenzhu/bot/chat"
	"wenzhu/bot/turn"
	"wenzhu/dialog"
)

const (
	noPreviews = `{"is_disabled":true}`
	pressIn    = 3 * time.Second // for the answer to a press
	tellIn     = 5 * time.Second // for a sentence past the record
)

// Send implements chat.Channel.
func (t *Telegram) Send(ctx context.Context, m chat.Message) error { return t.send(ctx, m, nil) }

// send sends a message in as many parts as it needs. Of one that failed half-way, a second try sends the rest.
func (t *Telegram) send(ctx context.Context, m chat.Message, extra tgbotapi.Params) error {
	parts, err := t.parts(ctx, m)
	if err != nil {
		return err
	}
	to, key := chatID(m.User), string(m.User)+" "+m.Reply.ID
	first := 0
	if m.Reply.ID != "" && len(parts) > 1 {
		first = min(t.sent.get(key), len(parts)-1)
	}
	for i, p := range parts[first:] {
		maps.Copy(p.params, extra)
		err := t.post(ctx, to, p)
		if moved := movedTo(err); moved != 0 {
			to = strconv.FormatInt(moved, 10)
			err = t.post(ctx, to, p)
		}
		if err = sendError(err); err != nil {
			t.sent.set(key, first+i)
			t.heed(ctx, err)
			return err
		}
	}
	t.sent.set(key, 0)
	if t.State() == stateToken {
		t.setState(stateOK)
	}
	return nil
}

// part is one message of Telegram's.
type part struct {
	method  string
	params  tgbotapi.Params
	name    string // of the file
	content []byte // of the file; nil: none
}

func (t *Telegram) post(ctx context.Context, to string, p part) error {
	p.params["chat_id"] = to
	if p.content != nil {
		return t.api.upload(ctx, p.method, p.params, "document", p.name, p.content)
	}
	_, err := t.api.call(ctx, p.method, p.params)
	return err
}

// parts says how a message is sent: its text, split where it must, what is to be copied, its file; buttons under the last.
func (t *Telegram) parts(ctx context.Context, m chat.Message) ([]part, error) {
	texts := layout(m)
	var parts []part
	for _, text := range texts {
		params := tgbotapi.Params{"text": text.text, "link_preview_options": noPreviews}
		if !m.Plain {
			params["parse_mode"] = "HTML"
		}
		parts = append(parts, part{method: "sendMessage", params: params})
	}
	if m.Reply.File != "" {
		var err error
		if parts, err = t.withFile(ctx, m, texts, parts); err != nil {
			return nil, err
		}
	} else if m.Edits != "" && len(parts) == 1 {
		parts[0].method, parts[0].params["message_id"] = "editMessageText", m.Edits
	}
	if len(parts) == 0 {
		return nil, &chat.SendError{Kind: chat.Refused, Err: errors.New("nothing to send")}
	}
	if k := keyboard(m.Reply); k != "" && !m.Plain {
		parts[len(parts)-1].params["reply_markup"] = k
	}
	return parts, nil
}

// withFile makes the file of a recipe now. A short text becomes its caption. A file that cannot be made must not
// hold up what comes after it: the path tries once more, and then the text goes alone.
func (t *Telegram) withFile(ctx context.Context, m chat.Message, texts []piece, parts []part) ([]part, error) {
	name, content, err := t.makeFile(ctx, m)
	switch {
	case errors.Is(err, turn.ErrUnavailable) || ctx.Err() != nil:
		return nil, &chat.SendError{Kind: chat.Transient, Err: err}
	case err != nil && !m.Plain:
		return nil, &chat.SendError{Kind: chat.Refused, Err: err}
	case err != nil:
		t.Log.Error("file not made", "recipe", m.Reply.File, "error", err)
		return parts, nil
	}
	document := part{method: "sendDocument", params: tgbotapi.Params{}, name: name, content: append([]byte{}, content...)}
	if len(parts) == 1 && texts[0].units <= captionMost {
		document.params["caption"] = texts[0].text
		if !m.Plain {
			document.params["parse_mode"] = "HTML"
		}
		parts = nil
	}
	return append(parts, document), nil
}

func (t *Telegram) makeFile(ctx context.Context, m chat.Message) (name string, content []byte, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("make %s: it panicked", m.Reply.File)
		}
	}()
	if t.File == nil {
		return "", nil, errors.New("no files are made here")
	}
	if name, content, err = t.File(ctx, m.User, m.Reply.File); err != nil {
		return "", nil, fmt.Errorf("make %s: %w", m.Reply.File, err)
	}
	return name, content, nil
}

// answerPress stops the button's waiting sign; nothing depends on it.
func (t *Telegram) answerPress(ctx context.Context, id string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), pressIn)
	defer cancel()
	if _, err := t.api.call(ctx, "answerCallbackQuery", tgbotapi.Params{"callback_query_id": id}); err != nil {
		t.Log.Debug("answer press", "error", err)
	}
}

// tell says a fixed sentence past the record, once.
func (t *Telegram) tell(ctx context.Context, who chat.UserKey, k dialog.FixedKey) {
	if who == "" {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), tellIn)
	defer cancel()
	if err := t.Send(ctx, chat.Message{User: who, Reply: dialog.Fixed(k)}); err != nil {
		t.Log.Warn("send", "user", who, "error", err)
	}
}

// progress remembers how many parts of a message have been taken, while it is tried again.
type progress struct {
	mu    sync.Mutex
	parts map[string]int
}

const progressMost = 10_000 // messages; beyond that all is forgotten, and a part may come twice

func (p *progress) get(key string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.parts[key]
}

func (p *progress) set(key string, n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.parts == nil || len(p.parts) > progressMost {
		p.parts = make(map[string]int)
	}
	if n == 0 {
		delete(p.parts, key)
		return
	}
	p.parts[key] = n
}
