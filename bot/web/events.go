package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

const (
	lookEvery   = 15 * time.Second // an open page looks even when nobody nudges it
	streamWrite = 10 * time.Second // how long one write to a page may take
)

// linesAnswer is what the script gets.
type linesAnswer struct {
	Lines  []lineHTML `json:"lines"`
	Anew   bool       `json:"anew,omitempty"`   // what the page shows has been deleted: load it again
	Gone   bool       `json:"gone,omitempty"`   // everything has been deleted, by this very request
	Direct bool       `json:"direct,omitempty"` // said without the store; the message has to be sent again
	Retry  int        `json:"retry,omitempty"`  // seconds
	Error  string     `json:"error,omitempty"`  // a sentence for the person
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
		c.writeJSON(w, http.StatusOK, linesAnswer{Lines: []lineHTML{}})
		return
	}
	c.writeLines(w, r, v)
}

func (c *Chat) writeLines(w http.ResponseWriter, r *http.Request, v visitor) {
	n := after(r)
	if form, err := strconv.Atoi(r.PostFormValue("after")); err == nil && form >= 0 {
		n = form
	}
	lines, anew, err := c.since(r.Context(), v, n)
	if err != nil {
		c.problem(w, r, http.StatusServiceUnavailable, "store")
		return
	}
	c.writeDrawn(w, http.StatusOK, lines, linesAnswer{Anew: anew})
}

// writeDrawn completes an answer with lines.
func (c *Chat) writeDrawn(w http.ResponseWriter, status int, lines []shownLine, answer linesAnswer) {
	var err error
	if answer.Lines, err = c.drawn(lines); err != nil {
		c.Log.Error("page", "error", err)
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	c.writeJSON(w, status, answer)
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
		lines, anew, err := c.since(r.Context(), v, n)
		if err != nil {
			s.comment("store")
		}
		if anew {
			s.write("event: anew\ndata: \n\n")
			return
		}
		if !s.lines(c.drawn(lines)) {
			return
		}
		if len(lines) > 0 {
			n = lines[len(lines)-1].N
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

func (s stream) lines(all []lineHTML, err error) bool {
	for _, l := range all {
		body, err := json.Marshal(l)
		if err != nil || !s.write(fmt.Sprintf("id: %d\ndata: %s\n\n", l.N, body)) {
			return false
		}
	}
	return err == nil
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

func (c *Chat) writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(v); err != nil {
		c.Log.Debug("write answer", "error", err)
	}
}
