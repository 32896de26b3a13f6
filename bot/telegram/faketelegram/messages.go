package faketelegram

import (
	"encoding/json"
	"html"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
)

func (s *Server) sendMessage(p map[string]string) (any, *Failure) {
	chat, text, buttons, f := check(p, "text", textMost)
	if f != nil {
		return nil, f
	}
	return s.put(chat, Sent{Text: text, Raw: p["text"], Buttons: buttons}), nil
}

func (s *Server) sendDocument(p map[string]string, u *upload) (any, *Failure) {
	if u == nil || len(u.content) == 0 {
		return nil, bad("there is no document in the request")
	}
	if p["caption"] == "" {
		p["caption"] = " "
	}
	chat, text, buttons, f := check(p, "caption", captionMost)
	if f != nil {
		return nil, f
	}
	return s.put(chat, Sent{Text: strings.TrimSpace(text), Buttons: buttons, Document: u.name, Content: u.content}), nil
}

func (s *Server) put(chat int64, m Sent) any {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.message++
	m.ID, m.At = s.message, time.Now()
	s.sent[chat] = append(s.sent[chat], m)
	return map[string]any{"message_id": m.ID, "date": m.At.Unix(), "chat": map[string]any{"id": chat, "type": "private"}, "text": m.Text}
}

func (s *Server) editMessage(p map[string]string) (any, *Failure) {
	chat, text, buttons, f := check(p, "text", textMost)
	if f != nil {
		return nil, f
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.sent[chat] {
		m := &s.sent[chat][i]
		if m.ID != number(p["message_id"]) {
			continue
		}
		before, _ := json.Marshal(m.Buttons)
		after, _ := json.Marshal(buttons)
		if m.Text == text && string(before) == string(after) {
			return nil, bad("message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message")
		}
		m.Text, m.Raw, m.Buttons = text, p["text"], buttons
		m.Edits++
		return map[string]any{"message_id": m.ID, "date": m.At.Unix(), "chat": map[string]any{"id": chat, "type": "private"}}, nil
	}
	return nil, bad("message to edit not found")
}

func (s *Server) answerPress(p map[string]string) (any, *Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at, ok := s.presses[p["callback_query_id"]]
	if !ok || time.Since(at) > pressLifetime {
		return nil, bad("query is too old and response timeout expired or query ID is invalid")
	}
	s.answered[p["callback_query_id"]] = true
	return true, nil
}

func (s *Server) getFile(p map[string]string) (any, *Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	content, ok := s.files[p["file_id"]]
	if !ok {
		return nil, bad("wrong file_id or the file is temporarily unavailable")
	}
	if len(content) > 20<<20 {
		return nil, bad("file is too big")
	}
	return map[string]any{"file_id": p["file_id"], "file_size": len(content), "file_path": "photos/" + p["file_id"]}, nil
}

func (s *Server) serveFile(w http.ResponseWriter, name string) {
	s.mu.Lock()
	content, ok := s.files[strings.TrimPrefix(name, "photos/")]
	s.mu.Unlock()
	if !ok {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	_, _ = w.Write(content)
}

// check validates what all messages have in common.
func check(p map[string]string, field string, most int) (chat int64, text string, buttons []Button, f *Failure) {
	chat, err := strconv.ParseInt(p["chat_id"], 10, 64)
	if err != nil {
		return 0, "", nil, bad("chat_id is empty")
	}
	text = p[field]
	if strings.EqualFold(p["parse_mode"], "HTML") {
		if text, f = plain(text); f != nil {
			return 0, "", nil, f
		}
	}
	text = strings.TrimSpace(text)
	switch n := len(utf16.Encode([]rune(text))); {
	case n == 0 && field == "text":
		return 0, "", nil, bad("message text is empty")
	case n > most:
		return 0, "", nil, bad("message is too long")
	}
	buttons, f = readKeyboard(p["reply_markup"])
	return chat, text, buttons, f
}

var tags = regexp.MustCompile(`<(/?)([a-z-]+)>`)

var allowedTags = map[string]bool{"b": true, "i": true, "u": true, "s": true, "code": true, "pre": true, "blockquote": true}

// plain takes the entities out of HTML, as strictly as the real parser.
func plain(text string) (string, *Failure) {
	var open []string
	rest := tags.ReplaceAllStringFunc(text, func(tag string) string {
		m := tags.FindStringSubmatch(tag)
		switch {
		case !allowedTags[m[2]]:
			open = append(open, "unsupported")
		case m[1] == "":
			open = append(open, m[2])
		case len(open) > 0 && open[len(open)-1] == m[2]:
			open = open[:len(open)-1]
		default:
			open = append(open, "unmatched")
		}
		return ""
	})
	if len(open) > 0 || strings.ContainsAny(rest, "<>") {
		return "", bad("can't parse entities: unsupported or unclosed tag")
	}
	return html.UnescapeString(rest), nil
}

func readKeyboard(markup string) ([]Button, *Failure) {
	if markup == "" || markup == "null" {
		return nil, nil
	}
	var k struct {
		Rows [][]Button `json:"inline_keyboard"`
	}
	if err := json.Unmarshal([]byte(markup), &k); err != nil {
		return nil, bad("can't parse reply keyboard markup JSON object")
	}
	var all []Button
	for _, row := range k.Rows {
		if len(row) == 0 || len(row) > 8 {
			return nil, bad("keyboard row is empty or too long")
		}
		for _, b := range row {
			kinds := 0
			if b.Data != nil {
				kinds++
				if len(*b.Data) < 1 || len(*b.Data) > callbackMost {
					return nil, &Failure{Code: 400, Description: "Bad Request: BUTTON_DATA_INVALID"}
				}
			}
			if b.URL != nil {
				kinds++
				if !strings.HasPrefix(*b.URL, "https://") && !strings.HasPrefix(*b.URL, "http://") {
					return nil, bad("inline keyboard button URL is invalid")
				}
			}
			if b.Copy != nil {
				kinds++
			}
			if kinds != 1 || strings.TrimSpace(b.Text) == "" {
				return nil, bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
			}
			all = append(all, b)
		}
	}
	if len(all) > buttonsMost {
		return nil, bad("reply markup is too long")
	}
	return all, nil
}
