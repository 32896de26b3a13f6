package faketelegram

import (
	"maps"
	"slices"
	"time"
)

// Sent is a message as it stands, or stood, in a chat.
type Sent struct {
	ID       int
	Text     string // without entities
	Raw      string
	Marks    []Mark
	Buttons  []Button
	Rows     [][]Button
	Document string // name of the file
	Content  []byte
	Params   map[string]string // as they came
	Edits    int               // how often it was edited
	At       time.Time
}

// Mark is a part of a text that is not plain: b, i, pre, blockquote, …
type Mark struct{ Kind, Text string }

// Marked are the parts of a kind.
func (m Sent) Marked(kind string) []string {
	var parts []string
	for _, mark := range m.Marks {
		if mark.Kind == kind {
			parts = append(parts, mark.Text)
		}
	}
	return parts
}

// Labels are the labels of the buttons.
func (m Sent) Labels() []string {
	var labels []string
	for _, b := range m.Buttons {
		labels = append(labels, b.Text)
	}
	return labels
}

// Sent is what stands in a chat now.
func (s *Server) Sent(chat int64) []Sent { return s.of(chat, func(r *room) []Sent { return r.sent }) }

// Journal is everything that was ever shown in a chat, edits as well, in order.
func (s *Server) Journal(chat int64) []Sent {
	return s.of(chat, func(r *room) []Sent { return r.journal })
}

func (s *Server) of(chat int64, what func(*room) []Sent) []Sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r, ok := s.chats[chat]; ok {
		return slices.Clone(what(r))
	}
	return nil
}

// Texts are the texts that stand in a chat, in order.
func (s *Server) Texts(chat int64) []string { return texts(s.Sent(chat)) }

// History is Texts of the Journal.
func (s *Server) History(chat int64) []string { return texts(s.Journal(chat)) }

func texts(all []Sent) []string {
	var texts []string
	for _, m := range all {
		texts = append(texts, m.Text)
	}
	return texts
}

// Calls is how often a method was called.
func (s *Server) Calls(method string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[method]
}

// Profile is what the bot says of itself: the parameters of setMyCommands and its like, by method.
func (s *Server) Profile() map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.profile)
}

// Waiting is how many updates are not confirmed.
func (s *Server) Waiting() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.queue) + s.webhook.waiting()
}

// Answered says whether a press was answered.
func (s *Server) Answered(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.answered[id]
}
