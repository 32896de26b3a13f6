package faketelegram

import (
	"context"
	"encoding/json"
	"time"
)

var conflict = &Failure{Code: 409, Description: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"}

// getUpdates forgets what lies below the offset and gives the rest, until then again and again.
func (s *Server) getUpdates(ctx context.Context, p map[string]string) (any, *Failure) {
	offset, limit, timeout := max(number(p["offset"]), 0), number(p["limit"]), min(max(number(p["timeout"]), 0), timeoutMost)
	if limit < 1 || limit > limitMost {
		limit = limitMost
	}
	s.mu.Lock()
	if s.webhook.url != "" {
		s.mu.Unlock()
		return nil, &Failure{Code: 409, Description: "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"}
	}
	if s.lastPoll.offset == offset && time.Since(s.lastPoll.at) < 500*time.Millisecond && offset > 0 {
		limit = 1
	}
	s.lastPoll = lastPoll{offset, time.Now()}
	s.polling++
	mine := s.polling
	close(s.arrived) // an older poll wakes up and learns that it is not wanted any more
	s.arrived = make(chan struct{})
	for len(s.queue) > 0 && s.queue[0].ID < offset {
		s.queue = s.queue[1:]
	}
	s.mu.Unlock()
	deadline := time.After(time.Duration(timeout) * time.Second)
	for {
		s.mu.Lock()
		if s.polling != mine {
			s.mu.Unlock()
			return nil, conflict
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

// batch is the beginning of the queue without presses that are too old.
func (s *Server) batch(limit int) []json.RawMessage {
	batch := []json.RawMessage{}
	for _, u := range s.queue {
		if u.Press && time.Since(u.queued) > pressLifetime {
			continue
		}
		if len(batch) == limit {
			break
		}
		batch = append(batch, u.Body)
	}
	return batch
}
