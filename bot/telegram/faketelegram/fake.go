// Package faketelegram is a strict stand-in for the Bot API server. It behaves as the documentation and the
// server's source (tdlib/telegram-bot-api 10.0) say, refuses what the real one refuses, and remembers what was sent.
package faketelegram

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Username is the bot's name, BotID its number.
const (
	Username = "wenzhu_bot"
	BotID    = 1
)

// Server is the fake. It is an http.Handler below any base address.
type Server struct {
	Token string

	mu       sync.Mutex
	script   func(method string, params map[string]string) *Failure
	limit    int // sends a second; 0 none
	second   int64
	inSecond int
	least    time.Duration // how long a send takes
	most     time.Duration

	updateID int
	message  int
	allowed  map[string]bool // nil: all
	queue    []queued        // not confirmed, oldest first
	arrived  chan struct{}   // closed when something is queued
	polling  int             // number of the poll that counts; an older one is told to stop
	lastPoll lastPoll
	webhook  webhook

	chats    map[int64]*room
	presses  map[string]time.Time
	answered map[string]bool
	files    map[string][]byte
	calls    map[string]int
	profile  map[string]string
	stopped  chan struct{}
}

// room is one chat as the server knows it.
type room struct {
	blocked bool
	moved   int64 // to this number
	sent    []Sent
	journal []Sent
	own     map[int]bool // ids of messages that people wrote
}

type lastPoll struct {
	offset int
	at     time.Time
}

// queued is an update that waits.
type queued struct {
	id    int
	chat  int64
	press bool
	body  json.RawMessage
	at    time.Time
}

const (
	pressLifetime   = 150 * time.Second
	messageLifetime = 24 * time.Hour
)

func (q queued) expired() bool {
	age := time.Since(q.at)
	return age > messageLifetime || q.press && age > pressLifetime
}

// Failure is an error answer.
type Failure struct {
	Code        int
	Description string
	RetryAfter  int
	MovedTo     int64
	Body        string // instead of JSON, as a gateway would answer
}

// New returns a server for one bot.
func New(token string) *Server {
	return &Server{
		Token: token, updateID: 1000, arrived: make(chan struct{}), chats: make(map[int64]*room), presses: make(map[string]time.Time),
		answered: make(map[string]bool), files: make(map[string][]byte), calls: make(map[string]int), profile: make(map[string]string),
		stopped: make(chan struct{}),
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
	params, file, err := readParams(r)
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
	if method == "getUpdates" {
		result, failure := s.getUpdates(r.Context(), params)
		answer(w, result, failure)
		return
	}
	if s.lost(r, method) {
		return
	}
	result, failure := s.call(method, params, file)
	answer(w, result, failure)
}

// lost lets a send take its time. One whose sender died meanwhile arrives or is lost, as it happens.
func (s *Server) lost(r *http.Request, method string) bool {
	s.mu.Lock()
	least, most := s.least, s.most
	s.mu.Unlock()
	if most == 0 || !strings.HasPrefix(method, "send") && !strings.HasPrefix(method, "edit") {
		return false
	}
	time.Sleep(least + rand.N(most-least+1))
	return r.Context().Err() != nil && rand.IntN(2) == 0
}

func (s *Server) call(method string, p map[string]string, file *upload) (any, *Failure) {
	switch method {
	case "getMe":
		return map[string]any{"id": BotID, "is_bot": true, "first_name": "稳住", "username": Username}, nil
	case "setWebhook":
		return s.setWebhook(p)
	case "deleteWebhook":
		s.dropWebhook()
		return true, nil
	case "getWebhookInfo":
		return s.webhookInfo(), nil
	case "sendMessage":
		return s.sendMessage(p)
	case "editMessageText":
		return s.editMessage(p)
	case "answerCallbackQuery":
		return s.answerPress(p)
	case "sendDocument":
		return s.sendDocument(p, file)
	case "getFile":
		return s.getFile(p)
	case "sendChatAction":
		return s.chatAction(p)
	case "setMyCommands", "setMyDescription", "setMyShortDescription":
		return s.setProfile(method, p)
	}
	return nil, &Failure{Code: 404, Description: "Not Found: method not found"}
}

type upload struct {
	name    string
	content []byte
}

const uploadMost = 50 << 20 // bytes

func readParams(r *http.Request) (map[string]string, *upload, error) {
	params := make(map[string]string)
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		if err := r.ParseMultipartForm(uploadMost); err != nil {
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
			defer f.Close()
			content, err := io.ReadAll(f)
			return params, &upload{files[0].Filename, content}, err
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
		if f.MovedTo != 0 {
			body["parameters"] = map[string]any{"migrate_to_chat_id": f.MovedTo}
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

// LimitRate makes the server answer 429 to more than n sends a second, edits included; 0 ends it.
func (s *Server) LimitRate(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limit = n
}

// Latency makes every send take a while.
func (s *Server) Latency(least, most time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.least, s.most = least, most
}

// Age makes everything that waits or can be answered older.
func (s *Server) Age(by time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.queue {
		s.queue[i].at = s.queue[i].at.Add(-by)
	}
	for _, q := range s.webhook.queues {
		for i := range q {
			q[i].at = q[i].at.Add(-by)
		}
	}
	for id, at := range s.presses {
		s.presses[id] = at.Add(-by)
	}
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}
