package faketelegram

import (
	"encoding/json"
	"fmt"
	"maps"
	"time"
)

// What people do. What makes an update returns its id, 0 where the bot did not ask for such updates.

// Say sends a text in a private chat.
func (s *Server) Say(chat int64, text string) int {
	return s.Message(chat, map[string]any{"text": text})
}

// Forward forwards somebody's message, as the real server tells it: with forward_origin and the old fields.
func (s *Server) Forward(chat int64, from, text string) int {
	return s.Message(chat, map[string]any{
		"text": text, "forward_sender_name": from, "forward_date": 1700000000,
		"forward_origin": map[string]any{"type": "hidden_user", "sender_user_name": from, "date": 1700000000},
	})
}

// Photo sends a picture.
func (s *Server) Photo(chat int64, content []byte) int {
	id := s.Upload(content)
	return s.Message(chat, map[string]any{"photo": []map[string]any{{"file_id": "small", "file_size": 1}, {"file_id": id, "file_size": len(content)}}})
}

// Upload makes a file that getFile gives.
func (s *Server) Upload(content []byte) (id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id = fmt.Sprintf("file%d", len(s.files)+1)
	s.files[id] = content
	return id
}

// Message sends a message with these fields in a private chat; with a field chat, there.
func (s *Server) Message(chat int64, fields map[string]any) int {
	s.mu.Lock()
	s.message++
	s.room(chat).own[s.message] = true
	m := map[string]any{
		"message_id": s.message, "date": time.Now().Unix(),
		"chat": map[string]any{"id": chat, "type": "private", "first_name": "某"},
		"from": map[string]any{"id": chat, "is_bot": false, "first_name": "某"},
	}
	s.mu.Unlock()
	maps.Copy(m, fields)
	return s.enqueue(chat, "message", m)
}

// Edit changes a message that a person wrote.
func (s *Server) Edit(chat int64, message int, text string) int {
	return s.enqueue(chat, "edited_message", map[string]any{
		"message_id": message, "date": time.Now().Unix(), "edit_date": time.Now().Unix(), "text": text,
		"chat": map[string]any{"id": chat, "type": "private"}, "from": map[string]any{"id": chat},
	})
}

// Press presses a button by its label under the newest message that has it; false where there is none.
func (s *Server) Press(chat int64, label string) (id string, ok bool) {
	sent := s.Sent(chat)
	for i := len(sent) - 1; i >= 0; i-- {
		for _, b := range sent[i].Buttons {
			if b.Text == label && b.Data != nil {
				return s.PressData(chat, sent[i].ID, *b.Data), true
			}
		}
	}
	return "", false
}

// PressData presses a button of a message with any data, as an attacker's client can. It returns the press's id.
func (s *Server) PressData(chat int64, message int, data string) string {
	s.mu.Lock()
	id := fmt.Sprintf("press%d", len(s.presses)+1)
	s.presses[id] = time.Now()
	s.room(chat)
	s.mu.Unlock()
	s.enqueue(chat, "callback_query", map[string]any{
		"id": id, "from": map[string]any{"id": chat, "is_bot": false, "first_name": "某"}, "chat_instance": "1", "data": data,
		"message": map[string]any{"message_id": message, "date": time.Now().Unix(), "chat": map[string]any{"id": chat, "type": "private"}},
	})
	return id
}

// Block makes a person block the bot, or come back.
func (s *Server) Block(chat int64, blocked bool) int {
	s.mu.Lock()
	s.room(chat).blocked = blocked
	s.mu.Unlock()
	status := "member"
	if blocked {
		status = "kicked"
	}
	return s.enqueue(chat, "my_chat_member", map[string]any{
		"chat": map[string]any{"id": chat, "type": "private"}, "from": map[string]any{"id": chat}, "date": time.Now().Unix(),
		"new_chat_member": map[string]any{"status": status, "user": map[string]any{"id": BotID, "is_bot": true}},
	})
}

// Migrate makes a group a supergroup with another number.
func (s *Server) Migrate(from, to int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.room(from).moved = to
	s.room(to)
}

// Meet makes a chat known as if its person had written at some time.
func (s *Server) Meet(chat int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.room(chat)
}

// room is a chat; the caller holds the lock.
func (s *Server) room(chat int64) *room {
	r, ok := s.chats[chat]
	if !ok {
		r = &room{own: make(map[int]bool)}
		s.chats[chat] = r
	}
	return r
}

func (s *Server) enqueue(chat int64, kind string, body map[string]any) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.allowed != nil && !s.allowed[kind] {
		return 0
	}
	s.updateID++
	raw, err := json.Marshal(map[string]any{"update_id": s.updateID, kind: body})
	if err != nil {
		panic(err)
	}
	u := queued{id: s.updateID, chat: chat, press: kind == "callback_query", body: raw, at: time.Now()}
	if s.webhook.url != "" {
		s.webhook.add(s, u)
		return u.id
	}
	s.queue = append(s.queue, u)
	close(s.arrived)
	s.arrived = make(chan struct{})
	return u.id
}
