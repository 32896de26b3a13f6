package faketelegram

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// webhook delivers updates: messages in one queue a chat, presses in another one, each in order. A failed delivery
// blocks its own queue and comes again.
type webhook struct {
	url    string
	secret string
	queues map[queueKey][]Update
	busy   map[queueKey]bool
}

type queueKey struct {
	chat  int64
	press bool
}

var secretForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

func (w *webhook) waiting() int {
	n := 0
	for _, q := range w.queues {
		n += len(q)
	}
	return n
}

func (s *Server) setWebhook(p map[string]string) (any, *Failure) {
	if p["url"] == "" {
		s.dropWebhook()
		return true, nil
	}
	if p["secret_token"] != "" && !secretForm.MatchString(p["secret_token"]) {
		return nil, bad("secret token contains unallowed characters")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.webhook.queues == nil {
		s.webhook.queues, s.webhook.busy = make(map[queueKey][]Update), make(map[queueKey]bool)
	}
	s.webhook.url, s.webhook.secret = p["url"], p["secret_token"]
	for _, u := range s.queue {
		s.webhook.add(s, u)
	}
	s.queue = nil
	return true, nil
}

func (s *Server) dropWebhook() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.webhook.url = ""
	for key, q := range s.webhook.queues {
		s.queue = append(s.queue, q...)
		delete(s.webhook.queues, key)
	}
}

// add queues an update. The caller holds the lock.
func (w *webhook) add(s *Server, u Update) {
	key := queueKey{u.Chat, u.Press}
	w.queues[key] = append(w.queues[key], u)
	if !w.busy[key] {
		w.busy[key] = true
		go s.deliver(key)
	}
}

// deliver works on one queue until it is empty.
func (s *Server) deliver(key queueKey) {
	delay := 100 * time.Millisecond
	for {
		s.mu.Lock()
		q := s.webhook.queues[key]
		if len(q) == 0 || s.webhook.url == "" {
			s.webhook.busy[key] = false
			s.mu.Unlock()
			return
		}
		u, url, secret := q[0], s.webhook.url, s.webhook.secret
		s.mu.Unlock()
		if u.Press && time.Since(u.queued) > pressLifetime {
			s.done(key)
			continue
		}
		wait, ok := s.deliverOne(url, secret, u)
		if ok {
			s.done(key)
			delay = 100 * time.Millisecond
			continue
		}
		if wait == 0 {
			wait = delay
			delay = min(2*delay, 60*time.Second)
		}
		select {
		case <-time.After(wait):
		case <-s.stopped:
			return
		}
	}
}

func (s *Server) done(key queueKey) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if q := s.webhook.queues[key]; len(q) > 0 {
		s.webhook.queues[key] = q[1:]
	}
}

func (s *Server) deliverOne(url, secret string, u Update) (retryAfter time.Duration, ok bool) {
	request, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(u.Body))
	if err != nil {
		return 0, false
	}
	request.Header.Set("Content-Type", "application/json")
	if secret != "" {
		request.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
	}
	response, err := webhookClient.Do(request)
	if err != nil {
		return 0, false
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil || response.StatusCode/100 != 2 {
		if n, err := strconv.Atoi(response.Header.Get("Retry-After")); err == nil {
			return time.Duration(min(n, 3600)) * time.Second, false
		}
		return 0, false
	}
	s.inline(body)
	return 0, true
}

// inline does the one call that an answer to a webhook may hold.
func (s *Server) inline(body []byte) {
	var fields map[string]any
	if json.Unmarshal(body, &fields) != nil {
		return
	}
	params := make(map[string]string)
	for k, v := range fields {
		if text, ok := v.(string); ok {
			params[k] = text
		}
	}
	if strings.EqualFold(params["method"], "answerCallbackQuery") {
		_, _ = s.answerPress(params)
	}
}

var webhookClient = &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
