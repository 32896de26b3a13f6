package faketelegram

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	delayFirst      = 100 * time.Millisecond
	delayMost       = 60 * time.Second
	retryAfterMost  = 3600
	connectionsMost = 100
	connections     = 40
)

// webhook delivers updates: messages in one queue a chat, presses in another one, each in order. A failed delivery
// blocks its own queue and comes again.
type webhook struct {
	url     string
	secret  string
	slots   chan struct{} // connections at once
	queues  map[queueKey][]queued
	busy    map[queueKey]bool
	failAt  int64
	failure string
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
	if !strings.HasPrefix(p["url"], "https://") && !strings.HasPrefix(p["url"], "http://127.0.0.1:") {
		return nil, bad("bad webhook: An HTTPS URL must be provided for webhook")
	}
	if p["secret_token"] != "" && !secretForm.MatchString(p["secret_token"]) {
		return nil, bad("secret token contains unallowed characters")
	}
	most := connections
	if p["max_connections"] != "" {
		if most = number(p["max_connections"]); most < 1 || most > connectionsMost {
			return nil, bad("max_connections is out of range")
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.allow(p["allowed_updates"])
	if s.webhook.queues == nil {
		s.webhook.queues, s.webhook.busy = make(map[queueKey][]queued), make(map[queueKey]bool)
	}
	s.webhook.url, s.webhook.secret, s.webhook.slots = p["url"], p["secret_token"], make(chan struct{}, most)
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
	slices.SortFunc(s.queue, func(a, b queued) int { return a.id - b.id })
}

func (s *Server) webhookInfo() any {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := s.webhook
	return map[string]any{
		"url": w.url, "has_custom_certificate": false, "pending_update_count": w.waiting(), "last_error_date": w.failAt, "last_error_message": w.failure,
	}
}

// add queues an update. The caller holds the lock.
func (w *webhook) add(s *Server, u queued) {
	key := queueKey{u.chat, u.press}
	w.queues[key] = append(w.queues[key], u)
	if !w.busy[key] {
		w.busy[key] = true
		go s.deliver(key)
	}
}

// deliver works on one queue until it is empty.
func (s *Server) deliver(key queueKey) {
	delay := delayFirst
	for {
		s.mu.Lock()
		q := s.webhook.queues[key]
		if len(q) == 0 || s.webhook.url == "" {
			s.webhook.busy[key] = false
			s.mu.Unlock()
			return
		}
		u, url, secret, slots := q[0], s.webhook.url, s.webhook.secret, s.webhook.slots
		s.mu.Unlock()
		if u.expired() {
			s.done(key, u.id)
			continue
		}
		slots <- struct{}{}
		wait, err := s.deliverOne(url, secret, u)
		<-slots
		if err == nil {
			s.done(key, u.id)
			delay = delayFirst
			continue
		}
		s.failed(err)
		if wait == 0 {
			wait = delay
			delay = min(2*delay, delayMost)
		}
		select {
		case <-time.After(wait):
		case <-s.stopped:
			return
		}
	}
}

func (s *Server) failed(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.webhook.failAt, s.webhook.failure = time.Now().Unix(), err.Error()
}

func (s *Server) done(key queueKey, id int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if q := s.webhook.queues[key]; len(q) > 0 && q[0].id == id {
		s.webhook.queues[key] = q[1:]
	}
}

func (s *Server) deliverOne(url, secret string, u queued) (retryAfter time.Duration, err error) {
	request, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(u.body))
	if err != nil {
		return 0, err
	}
	request.Header.Set("Content-Type", "application/json")
	if secret != "" {
		request.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
	}
	response, err := webhookClient.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return 0, err
	}
	if response.StatusCode/100 != 2 {
		if n, err := strconv.Atoi(response.Header.Get("Retry-After")); err == nil {
			retryAfter = time.Duration(min(n, retryAfterMost)) * time.Second
		}
		return retryAfter, fmt.Errorf("wrong response from the webhook: %s", response.Status)
	}
	s.inline(body)
	return 0, nil
}

// inline does the one call that an answer to a webhook may hold. What becomes of it nobody learns.
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
	if method := params["method"]; method != "" && method != "getUpdates" {
		_, _ = s.call(method, params, nil)
	}
}

// webhookClient follows no redirects, as the real server.
var webhookClient = &http.Client{
	Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}
