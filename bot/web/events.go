package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"wenzhu/bot/turn"
	"wenzhu/dialog"
)

const (
	lookEvery   = 15 * time.Second // an open page looks even when nobody nudges it
	streamWrite = 10 * time.Second // how long one write to a page may take
)

// linesAnswer is what the script gets.
type linesAnswer struct {
	Lines  []shownLine `json:"lines"`
	Gone   bool        `json:"gone,omitempty"`   // everything has been deleted
	Direct bool        `json:"direct,omitempty"` // said without the store; the message has to be sent again
	Retry  int         `json:"retry,omitempty"`  // seconds
	Error  string      `json:"error,omitempty"`  // a sentence for the person
}

func after(r *http.Request) int {
	for _, s := range []string{r.Header.Get("Last-Event-ID"), r.URL.Query().Get("after")} {
		if n, err := strconv.Atoi(s); err == nil && n >= 0 {
			return n
		}
	}
	return 0
}

// lines answers with what the page does not have yet.
func (c *Chat) lines(w http.ResponseWriter, r *http.Request) {
	v, known := c.known(r)
	if !known {
		c.writeJSON(w, http.StatusOK, linesAnswer{Lines: []shownLine{}})
		return
	}
	c.writeLines(w, r, v)
}

func (c *Chat) writeLines(w http.ResponseWriter, r *http.Request, v visitor) {
	n := after(r)
	if form, err := strconv.Atoi(r.PostFormValue("after")); err == nil && form >= 0 {
		n = form
	}
	lines, err := c.since(r.Context(), v, n)
	if err != nil {
		c.problem(w, r, http.StatusServiceUnavailable, "store")
		return
	}
	c.writeJSON(w, http.StatusOK, linesAnswer{Lines: lines})
}

// since reads the conversation after a number. A number from before a deletion starts it anew.
func (c *Chat) since(ctx context.Context, v visitor, n int) ([]shownLine, error) {
	items, err := c.Store.List(ctx, v.user(), dialog.Lines)
	if err != nil {
		return nil, err
	}
	lines := []shownLine{}
	for _, item := range items {
		line, err := turn.ReadLine(item)
		if err != nil {
			return nil, err
		}
		if line.N > n {
			lines = append(lines, shown(line))
		}
	}
	return lines, nil
}

// events streams lines as they come.
func (c *Chat) events(w http.ResponseWriter, r *http.Request) {
	v, known := c.known(r)
	if !known {
		w.WriteHeader(http.StatusNoContent) // tells the browser not to come again
		return
	}
	woken, leave, ok := c.listeners.open(v.user())
	if !ok {
		w.Header().Set("Retry-After", "5")
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	defer leave()
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")
	s := stream{w: w, control: http.NewResponseController(w)}
	if !s.comment("hello") {
		return
	}
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for n := after(r); ; {
		lines, err := c.since(r.Context(), v, n)
		if err != nil {
			s.comment("store")
		}
		for _, line := range lines {
			if !s.line(line) {
				return
			}
			n = line.N
		}
		select {
		case _, open := <-woken:
			if !open {
				return
			}
		case <-look.C:
			if !s.comment("still here") {
				return
			}
		case <-r.Context().Done():
			return
		}
	}
}

// stream writes server-sent events, each with a deadline of its own.
type stream struct {
	w       http.ResponseWriter
	control *http.ResponseController
}

func (s stream) comment(text string) bool { return s.write(": " + text + "\n\n") }

func (s stream) line(l shownLine) bool {
	body, err := json.Marshal(l)
	if err != nil {
		return false
	}
	return s.write(fmt.Sprintf("id: %d\ndata: %s\n\n", l.N, body))
}

func (s stream) write(text string) bool {
	if err := s.control.SetWriteDeadline(time.Now().Add(streamWrite)); err != nil {
		return false
	}
	if _, err := s.w.Write([]byte(text)); err != nil {
		return false
	}
	return s.control.Flush() == nil
}

// journey answers with the side column's content.
func (c *Chat) journey(w http.ResponseWriter, r *http.Request) {
	v, known := c.known(r)
	if !known || c.Journey == nil {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	s, err := c.Path.Standing(r.Context(), v.user())
	if err != nil {
		c.problem(w, r, http.StatusServiceUnavailable, "store")
		return
	}
	c.render(w, http.StatusOK, "journey", c.Journey(s.Session, c.Now()))
}

func (c *Chat) writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(v); err != nil {
		c.Log.Debug("write answer", "error", err)
	}
}
