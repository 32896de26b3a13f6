package faketelegram

import (
	"encoding/json"
	"fmt"
	"time"
)

// What people do. Each returns the update's id.

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
	s.mu.Lock()
	id := fmt.Sprintf("file%d", len(s.files)+1)
	s.files[id] = content
	s.mu.Unlock()
	return s.Message(chat, map[string]any{"photo": []map[string]any{{"file_id": "small", "file_size": 1}, {"file_id": id, "file_size": len(content)}}})
}

// Message sends a message with these fields in a private chat.
func (s *Server) Message(chat int64, fields map[string]any) int {
	s.mu.Lock()
	s.message++
	m := map[string]any{
		"message_id": s.message, "date": time.Now().Unix(),
		"chat": map[string]any{"id": chat, "type": "private", "first_name": "某"},
		"from": map[string]any{"id": chat, "is_bot": false, "first_name": "某"},
	}
	s.mu.Unlock()
	for k, v := range fields {
		m[k] = v
	}
	return s.enqueue(chat, false, map[string]any{"message": m})
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

// PressData presses a button of a message with any data, as an attacker's client can.
func (s *Server) PressData(chat int64, message int, data string) string {
	s.mu.Lock()
	id := fmt.Sprintf("press%d", len(s.presses)+1)
	s.presses[id] = time.Now()
	s.mu.Unlock()
	s.enqueue(chat, true, map[string]any{"callback_query": map[string]any{
		"id": id, "from": map[string]any{"id": chat, "is_bot": false, "first_name": "某"}, "chat_instance": "1", "data": data,
		"message": map[string]any{"message_id": message, "date": time.Now().Unix(), "chat": map[string]any{"id": chat, "type": "private"}},
	}})
	return id
}

func (s *Server) enqueue(chat int64, press bool, body map[string]any) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.updateID++
	body["update_id"] = s.updateID
	raw, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	u := Update{ID: s.updateID, Chat: chat, Press: press, Body: raw, queued: time.Now()}
	if s.webhook.url != "" {
		s.webhook.add(s, u)
		return u.ID
	}
	s.queue = append(s.queue, u)
	close(s.arrived)
	s.arrived = make(chan struct{})
	return u.ID
}
