package faketelegram

import (
	"context"
	"encoding/json"
	"slices"
	"time"
)

const (
	limitMost    = 100
	timeoutMost  = 50
	sameTooSoon  = 500 * time.Millisecond
	sameSoon     = 3 * time.Second
	slowSeconds  = 3
	conflictPoll = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
	conflictHook = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)

// getUpdates forgets what lies below the offset and gives the rest, until then again and again.
func (s *Server) getUpdates(ctx context.Context, p map[string]string) (any, *Failure) {
	s.mu.Lock()
	if s.webhook.url != "" {
		s.mu.Unlock()
		return nil, &Failure{Code: 409, Description: conflictHook}
	}
	s.allow(p["allowed_updates"])
	limit, timeout := s.pollTerms(p)
	s.polling++
	mine := s.polling
	close(s.arrived) // an older poll wakes up and learns that it is not wanted any more
	s.arrived = make(chan struct{})
	s.mu.Unlock()
	deadline := time.After(time.Duration(timeout) * time.Second)
	for {
		s.mu.Lock()
		if s.polling != mine {
			s.mu.Unlock()
			return nil, &Failure{Code: 409, Description: conflictPoll}
		}
		batch := s.batch(limit)
		arrived := s.arrived
		s.mu.Unlock()
		if len(batch) > 0 || timeout == 0 {
			return batch, nil
		}
		select {
		case <-arrived:
		case <-deadline:
			return batch, nil
		case <-ctx.Done():
			return batch, nil
		case <-s.stopped:
			return batch, nil
		}
	}
}

// pollTerms reads the parameters, forgets what is confirmed, and slows down who asks the same too often. The
// caller holds the lock.
func (s *Server) pollTerms(p map[string]string) (limit, timeout int) {
	offset := number(p["offset"])
	limit, timeout = number(p["limit"]), min(max(number(p["timeout"]), 0), timeoutMost)
	if limit < 1 || limit > limitMost {
		limit = limitMost
	}
	if offset < 0 {
		offset = s.updateID + 1 + offset
	}
	if since := time.Since(s.lastPoll.at); offset == s.lastPoll.offset {
		if since < sameTooSoon {
			limit = 1
		}
		if since < sameSoon {
			timeout = max(timeout, slowSeconds)
		}
	}
	s.lastPoll = lastPoll{offset, time.Now()}
	s.queue = slices.DeleteFunc(s.queue, func(q queued) bool { return q.id < offset })
	return limit, timeout
}

// batch is the beginning of the queue without what is too old.
func (s *Server) batch(limit int) []json.RawMessage {
	batch := []json.RawMessage{}
	s.queue = slices.DeleteFunc(s.queue, queued.expired)
	for _, u := range s.queue[:min(limit, len(s.queue))] {
		batch = append(batch, u.body)
	}
	return batch
}

// allow sets which kinds of updates are wanted; null, or nothing, leaves that as it is. The caller holds the lock.
func (s *Server) allow(list string) {
	var kinds []string
	if json.Unmarshal([]byte(list), &kinds) != nil || kinds == nil {
		return
	}
	s.allowed = nil
	for _, k := range kinds {
		if s.allowed == nil {
			s.allowed = make(map[string]bool)
		}
		s.allowed[k] = true
	}
}
