package faketelegram

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

// Limits of the real server.
const (
	textMost    = 4096 // characters after entities
	captionMost = 1024
	rawMost     = 1 << 15 // bytes before entities
	fileMost    = 20 << 20
)

func (s *Server) sendMessage(p map[string]string) (any, *Failure) {
	m, f := content(p, "text", textMost)
	if f != nil {
		return nil, f
	}
	return s.put(p, m)
}

func (s *Server) sendDocument(p map[string]string, u *upload) (any, *Failure) {
	if u == nil || len(u.content) == 0 {
		return nil, bad("file must be non-empty")
	}
	m, f := content(p, "caption", captionMost)
	if f != nil {
		return nil, f
	}
	m.Document, m.Content = u.name, u.content
	return s.put(p, m)
}

// put takes a message into its chat.
func (s *Server) put(p map[string]string, m Sent) (any, *Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	chat, r, f := s.reach(p)
	if f != nil {
		return nil, f
	}
	s.message++
	m.ID, m.At, m.Params = s.message, time.Now(), p
	r.sent = append(r.sent, m)
	r.journal = append(r.journal, m)
	return told(chat, m), nil
}

func told(chat int64, m Sent) any {
	return map[string]any{"message_id": m.ID, "date": m.At.Unix(), "chat": map[string]any{"id": chat, "type": "private"}, "text": m.Text}
}

// reach finds the chat that may be written to. The caller holds the lock.
func (s *Server) reach(p map[string]string) (int64, *room, *Failure) {
	chat, err := strconv.ParseInt(p["chat_id"], 10, 64)
	if err != nil {
		return 0, nil, bad("chat_id is empty")
	}
	r, ok := s.chats[chat]
	switch {
	case !ok:
		return 0, nil, bad("chat not found")
	case r.blocked:
		return 0, nil, &Failure{Code: 403, Description: "Forbidden: bot was blocked by the user"}
	case r.moved != 0:
		f := bad("group chat was upgraded to a supergroup chat")
		f.MovedTo = r.moved
		return 0, nil, f
	}
	if s.limit > 0 {
		if now := time.Now().Unix(); now != s.second {
			s.second, s.inSecond = now, 0
		}
		if s.inSecond++; s.inSecond > s.limit {
			return 0, nil, &Failure{Code: 429, Description: "Too Many Requests: retry after 1", RetryAfter: 1}
		}
	}
	return chat, r, nil
}

func (s *Server) editMessage(p map[string]string) (any, *Failure) {
	next, f := content(p, "text", textMost)
	if f != nil {
		return nil, f
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	chat, r, f := s.reach(p)
	if f != nil {
		return nil, f
	}
	id := number(p["message_id"])
	if id <= 0 {
		return nil, bad("message identifier is not specified")
	}
	if r.own[id] {
		return nil, bad("message can't be edited")
	}
	for i := range r.sent {
		m := &r.sent[i]
		if m.ID != id {
			continue
		}
		if m.Document != "" {
			return nil, bad("there is no text in the message to edit")
		}
		if same(*m, next) {
			return nil, bad("message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message")
		}
		m.Text, m.Raw, m.Marks, m.Buttons, m.Rows, m.Params = next.Text, next.Raw, next.Marks, next.Buttons, next.Rows, p
		m.Edits++
		r.journal = append(r.journal, *m)
		return told(chat, *m), nil
	}
	return nil, bad("message to edit not found")
}

func same(a, b Sent) bool {
	of := func(m Sent) string {
		raw, _ := json.Marshal([]any{m.Text, m.Marks, m.Rows})
		return string(raw)
	}
	return of(a) == of(b)
}

func (s *Server) answerPress(p map[string]string) (any, *Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := p["callback_query_id"]
	at, ok := s.presses[id]
	if !ok || s.answered[id] || time.Since(at) > pressLifetime {
		return nil, bad("query is too old and response timeout expired or query ID is invalid")
	}
	if utf8.RuneCountInString(p["text"]) > 200 {
		return nil, bad("MESSAGE_TOO_LONG")
	}
	s.answered[id] = true
	return true, nil
}

func (s *Server) chatAction(p map[string]string) (any, *Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p["action"] != "typing" && p["action"] != "upload_document" {
		return nil, bad("wrong parameter action in request")
	}
	_, _, f := s.reach(p)
	return f == nil, f
}

func (s *Server) getFile(p map[string]string) (any, *Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	content, ok := s.files[p["file_id"]]
	if !ok {
		return nil, bad("wrong file_id or the file is temporarily unavailable")
	}
	if len(content) > fileMost {
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

var commandForm = regexp.MustCompile(`^[a-z0-9_]{1,32}$`)

func (s *Server) setProfile(method string, p map[string]string) (any, *Failure) {
	var commands []struct{ Command, Description string }
	value := p["description"]
	switch method {
	case "setMyCommands":
		value = p["commands"]
		if err := json.Unmarshal([]byte(value), &commands); err != nil || len(commands) > 100 {
			return nil, bad("can't parse commands")
		}
		for _, c := range commands {
			if n := utf8.RuneCountInString(c.Description); !commandForm.MatchString(c.Command) || n < 1 || n > 256 {
				return nil, bad("BOT_COMMAND_INVALID")
			}
		}
	case "setMyShortDescription":
		if value = p["short_description"]; utf8.RuneCountInString(value) > 120 {
			return nil, bad("SHORT_DESCRIPTION_TOO_LONG")
		}
	default:
		if utf8.RuneCountInString(value) > 512 {
			return nil, bad("DESCRIPTION_TOO_LONG")
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.profile[method] = value
	return true, nil
}

// content validates what all messages have in common.
func content(p map[string]string, field string, most int) (m Sent, f *Failure) {
	m.Raw = p[field]
	if len(m.Raw) > rawMost {
		return m, bad("text is too long")
	}
	if !utf8.ValidString(m.Raw) {
		return m, bad("strings must be encoded in UTF-8")
	}
	m.Text = m.Raw
	switch mode := strings.ToLower(p["parse_mode"]); mode {
	case "":
	case "html":
		if m.Text, m.Marks, f = parseHTML(m.Raw); f != nil {
			return m, f
		}
	default:
		return m, bad("unsupported parse_mode: this fake knows HTML only")
	}
	for _, name := range []string{"link_preview_options", "reply_parameters"} {
		if raw := p[name]; raw != "" && !json.Valid([]byte(raw)) {
			return m, bad("can't parse " + name)
		}
	}
	m.Text = strings.TrimSpace(m.Text)
	switch n := len(utf16.Encode([]rune(m.Text))); {
	case n == 0 && field == "text":
		return m, bad("message text is empty")
	case n > most && field == "caption":
		return m, bad("message caption is too long")
	case n > most:
		return m, bad("message is too long")
	}
	m.Rows, f = readKeyboard(p["reply_markup"])
	for _, row := range m.Rows {
		m.Buttons = append(m.Buttons, row...)
	}
	return m, f
}
