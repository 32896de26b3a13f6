// Package faketelegram is a strict stand-in for the Bot API server. It behaves as the documentation and the
// server's source (tdlib/telegram-bot-api 10.0) say, refuses what the real one refuses, and remembers what was sent.
package faketelegram

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Limits of the real server.
const (
	textMost      = 4096 // characters after entities
	captionMost   = 1024
	callbackMost  = 64 // bytes
	buttonsMost   = 100
	limitMost     = 100
	timeoutMost   = 50
	pressLifetime = 150 * time.Second
)

// Server is the fake. It is an http.Handler below any base address.
type Server struct {
	Token string

	mu       sync.Mutex
	script   func(method string, params map[string]string) *Failure
	updateID int
	message  int
	queue    []Update      // not confirmed, oldest first
	arrived  chan struct{} // closed when something is queued
	polling  int           // number of the poll that counts; an older one is told to stop
	lastPoll lastPoll
	webhook  webhook
	sent     map[int64][]Sent // by chat
	presses  map[string]time.Time
	answered map[string]bool
	files    map[string][]byte
	calls    map[string]int
	stopped  chan struct{}
}

type lastPoll struct {
	offset int
	at     time.Time
}

// Failure is an error answer.
type Failure struct {
	Code        int
	Description string
	RetryAfter  int
	Body        string // instead of JSON, as a gateway would answer
}

// Update is an update as the server queues it.
type Update struct {
	ID     int
	Chat   int64
	Press  bool
	Body   json.RawMessage
	queued time.Time
}

// Sent is a message as it stands now in a chat.
type Sent struct {
	ID       int
	Text     string // without entities
	Raw      string
	Buttons  []Button
	Document string // name of the file
	Content  []byte
	Edits    int // how often it was edited
	At       time.Time
}

// Button is one of an inline keyboard.
type Button struct {
	Text string          `json:"text"`
	Data *string         `json:"callback_data"`
	URL  *string         `json:"url"`
	Copy json.RawMessage `json:"copy_text"`
}

// New returns a server for one bot.
func New(token string) *Server {
	return &Server{
		Token: token, updateID: 1000, arrived: make(chan struct{}), sent: make(map[int64][]Sent), presses: make(map[string]time.Time),
		answered: make(map[string]bool), files: make(map[string][]byte), calls: make(map[string]int), stopped: make(chan struct{}),
	}
}

// Close ends the deliveries to the webhook and waiting polls.
func (s *Server) Close() { close(s.stopped) }

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if name, ok := strings.CutPrefix(r.URL.Path, "/file/bot"+s.Token+"/"); ok {
		s.serveFile(w, name)
		return
	}
	method, ok := strings.CutPrefix(r.URL.Path, "/bot"+s.Token+"/")
	if !ok {
		answer(w, nil, &Failure{Code: 401, Description: "Unauthorized"})
		return
	}
	params, upload, err := readParams(r)
	if err != nil {
		answer(w, nil, bad("can't parse request: "+err.Error()))
		return
	}
	s.mu.Lock()
	s.calls[method]++
	script := s.script
	s.mu.Unlock()
	if script != nil {
		if f := script(method, params); f != nil {
			answer(w, nil, f)
			return
		}
	}
	result, failure := s.call(r, method, params, upload)
	answer(w, result, failure)
}

func (s *Server) call(r *http.Request, method string, p map[string]string, upload *upload) (any, *Failure) {
	switch method {
	case "getMe":
		return map[string]any{"id": 1, "is_bot": true, "first_name": "稳住", "username": "wenzhu_bot"}, nil
	case "getUpdates":
		return s.getUpdates(r.Context(), p)
	case "setWebhook":
		return s.setWebhook(p)
	case "deleteWebhook":
		s.dropWebhook()
		return true, nil
	case "sendMessage":
		return s.sendMessage(p)
	case "editMessageText":
		return s.editMessage(p)
	case "answerCallbackQuery":
		return s.answerPress(p)
	case "sendDocument":
		return s.sendDocument(p, upload)
	case "getFile":
		return s.getFile(p)
	case "sendChatAction", "setMyCommands", "setMyDescription", "setMyShortDescription":
		return true, nil
	}
	return nil, &Failure{Code: 404, Description: "Not Found: method not found"}
}

type upload struct {
	name    string
	content []byte
}

func readParams(r *http.Request) (map[string]string, *upload, error) {
	params := make(map[string]string)
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		if err := r.ParseMultipartForm(32 << 20); err != nil {
			return nil, nil, err
		}
		for k, v := range r.MultipartForm.Value {
			params[k] = v[0]
		}
		for _, files := range r.MultipartForm.File {
			f, err := files[0].Open()
			if err != nil {
				return nil, nil, err
			}
			content := make([]byte, files[0].Size)
			if _, err := f.Read(content); err != nil {
				return nil, nil, err
			}
			return params, &upload{files[0].Filename, content}, nil
		}
		return params, nil, nil
	}
	if err := r.ParseForm(); err != nil {
		return nil, nil, err
	}
	for k, v := range r.Form {
		params[k] = v[0]
	}
	return params, nil, nil
}

func bad(description string) *Failure {
	return &Failure{Code: 400, Description: "Bad Request: " + description}
}

func answer(w http.ResponseWriter, result any, f *Failure) {
	w.Header().Set("Content-Type", "application/json")
	switch {
	case f == nil:
		_ = json.NewEncoder(w).Encode(map[string]any{"ok": true, "result": result})
	case f.Body != "":
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(f.Code)
		fmt.Fprint(w, f.Body)
	default:
		body := map[string]any{"ok": false, "error_code": f.Code, "description": f.Description}
		if f.RetryAfter > 0 {
			body["parameters"] = map[string]any{"retry_after": f.RetryAfter}
		}
		w.WriteHeader(f.Code)
		_ = json.NewEncoder(w).Encode(body)
	}
}

// Script sets what may answer a call instead of the server: nil of it goes on as usual.
func (s *Server) Script(script func(method string, params map[string]string) *Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.script = script
}

// Calls is how often a method was called.
func (s *Server) Calls(method string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[method]
}

// Sent is what stands in a chat now.
func (s *Server) Sent(chat int64) []Sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Sent(nil), s.sent[chat]...)
}

// Texts are the texts of a chat in order.
func (s *Server) Texts(chat int64) []string {
	var texts []string
	for _, m := range s.Sent(chat) {
		texts = append(texts, m.Text)
	}
	return texts
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

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}
