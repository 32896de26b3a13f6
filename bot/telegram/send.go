package telegram

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"strings"
	"unicode/utf8"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"wenzhu/bot/chat"
	"wenzhu/dialog"
)

const (
	copyRunes  = 256 // what a copy button can hold
	longLabel  = 9   // runes; longer ones get a row of their own
	noPreviews = `{"is_disabled":true}`
)

// Send implements chat.Channel.
func (t *Telegram) Send(ctx context.Context, m chat.Message) error {
	if m.Reply.File != "" {
		return t.sendFile(ctx, m)
	}
	pieces := chat.Split(m.Reply.Text, textRunes-copyLength(m.Reply.Copy))
	for i, piece := range pieces {
		last := i == len(pieces)-1
		params := tgbotapi.Params{"chat_id": chatID(m.User), "link_preview_options": noPreviews}
		text := piece
		if !m.Plain {
			params["parse_mode"] = "HTML"
			text = markup(piece, i == 0)
		}
		if last {
			text += copyBlock(m.Reply.Copy, m.Plain)
			if k := keyboard(m.Reply); k != "" {
				params["reply_markup"] = k
			}
		}
		params["text"] = text
		method := "sendMessage"
		if m.Edits != "" && len(pieces) == 1 {
			method, params["message_id"] = "editMessageText", m.Edits
		}
		if _, err := t.api.call(ctx, method, params); err != nil {
			if err = sendError(err); err != nil {
				return err
			}
		}
	}
	return nil
}

// markup makes the head bold and quotations quotations. Nothing of the text is markup itself.
func markup(text string, head bool) string {
	var b strings.Builder
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			b.WriteByte('\n')
		}
		quote, isQuote := strings.CutPrefix(line, "> ")
		switch {
		case isQuote:
			b.WriteString("<blockquote>" + html.EscapeString(quote) + "</blockquote>")
		case head && i == 0 && line != "":
			b.WriteString("<b>" + html.EscapeString(line) + "</b>")
		default:
			b.WriteString(html.EscapeString(line))
		}
	}
	return strings.ReplaceAll(b.String(), "</blockquote>\n<blockquote>", "</blockquote><blockquote>")
}

func copyLength(text string) int {
	if text == "" {
		return 0
	}
	return min(utf8.RuneCountInString(text)+2, textRunes/2)
}

// copyBlock is a text that one tap copies.
func copyBlock(text string, plain bool) string {
	if text == "" {
		return ""
	}
	if runes := []rune(text); len(runes) > textRunes/2-2 {
		text = string(runes[:textRunes/2-3]) + "…"
	}
	if plain {
		return "\n\n" + text
	}
	return "\n\n<pre>" + html.EscapeString(text) + "</pre>"
}

type key struct {
	Text string    `json:"text"`
	Data string    `json:"callback_data,omitempty"`
	URL  string    `json:"url,omitempty"`
	Copy *copyText `json:"copy_text,omitempty"`
}

type copyText struct {
	Text string `json:"text"`
}

// keyboard puts the buttons two a row, long ones alone. Telegram can place no calls: such a button is pressed.
func keyboard(r dialog.Reply) string {
	var rows [][]key
	full := true
	for _, b := range r.Buttons {
		k := key{Text: b.Label, Data: b.Data}
		if b.URL != "" {
			k = key{Text: b.Label, URL: b.URL}
		}
		if k.Data == "" && k.URL == "" {
			continue
		}
		long := utf8.RuneCountInString(b.Label) > longLabel
		if full || long {
			rows = append(rows, nil)
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], k)
		full = long || len(rows[len(rows)-1]) == 2
	}
	if len(rows) == 0 {
		return ""
	}
	markup, err := json.Marshal(map[string]any{"inline_keyboard": rows})
	if err != nil {
		return ""
	}
	return string(markup)
}

// sendFile makes the file of a recipe now and sends it.
func (t *Telegram) sendFile(ctx context.Context, m chat.Message) error {
	if t.File == nil {
		return &chat.SendError{Kind: chat.Refused, Err: fmt.Errorf("no recipe %q", m.Reply.File)}
	}
	name, content, err := t.File(ctx, m.User, m.Reply.File)
	if err != nil {
		return fmt.Errorf("make %s: %w", m.Reply.File, err)
	}
	params := tgbotapi.Params{"chat_id": chatID(m.User), "caption": m.Reply.Text}
	if k := keyboard(m.Reply); k != "" {
		params["reply_markup"] = k
	}
	return sendError(t.api.upload(ctx, "sendDocument", params, "document", name, content))
}
