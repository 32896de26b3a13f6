package web

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"strings"
	"time"

	"wenzhu/dialog"
)

// pageView is what the page template shows.
type pageView struct {
	Token   string
	ID      string // of the next form
	Day     string // today
	Lines   []shownLine
	Newest  shownLine       // whose choices stand above the composer
	Journey *dialog.Journey // nil: not begun
	Gone    bool
	Picture bool // pictures can be read
}

// problemView is a problem: its sentence stands in pages/problem.html.
type problemView struct {
	What  string
	Until string // when to try again, such as 23:10; "" at any time
}

// view is the page with these lines.
func (c *Chat) view(v visitor, lines []shownLine) pageView {
	view := pageView{Token: v.token(), ID: formID(), Day: c.today(), Picture: c.Read != nil, Lines: lines}
	if len(lines) > 0 {
		view.Newest = lines[len(lines)-1]
	}
	return view
}

// today is the date as a person in the country reads it.
func (c *Chat) today() string { return c.Now().In(dialog.Session{}.Location()).Format(time.DateOnly) }

// home shows the conversation, or the greeting to somebody new.
func (c *Chat) home(w http.ResponseWriter, r *http.Request) {
	v := c.visitor(w, r)
	var lines []shownLine
	if !v.fresh {
		var err error
		if lines, _, err = c.since(r.Context(), v, 0); err != nil {
			c.Log.Warn("page", "error", err)
			c.problem(w, r, http.StatusServiceUnavailable, "store")
			return
		}
	}
	if len(lines) == 0 { // numbered as they will be kept, so that no page shows them twice
		lines = c.said(c.Greet().Replies, 1)
	}
	view := c.view(v, lines)
	view.Journey = c.standing(r, v)
	c.render(w, http.StatusOK, "page", view)
}

// quiet says whether a choice only leads around, so that those which do something come first to the eye.
func quiet(b dialog.Button) bool { return b.Data == "go:hub" || b.Data == "go:back" }

// segments are the parts of a bar: true the done ones.
func segments(done, of int) []bool {
	all := make([]bool, of)
	for i := range all {
		all[i] = i < done
	}
	return all
}

// formID names one form, so that sending it twice is one message.
func formID() string {
	var b [12]byte
	rand.Read(b[:]) // never fails, see crypto/rand
	return base64.RawURLEncoding.EncodeToString(b[:])
}

func (c *Chat) away(w http.ResponseWriter, _ *http.Request) { c.render(w, http.StatusOK, "away", nil) }

func (c *Chat) notFound(w http.ResponseWriter, r *http.Request) {
	c.problem(w, r, http.StatusNotFound, "missing")
}

func wantsJSON(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept"), "application/json")
}

// retryStore is how soon a page tries again when the store does not answer.
const retryStore = 2 * time.Second

// problem says kindly what went wrong.
func (c *Chat) problem(w http.ResponseWriter, r *http.Request, status int, what string) {
	wait := time.Duration(0)
	if status == http.StatusServiceUnavailable {
		wait = retryStore
	}
	c.refuse(w, r, status, problemView{What: what}, wait)
}

// busy says when to try again.
func (c *Chat) busy(w http.ResponseWriter, r *http.Request, what string, wait time.Duration) {
	until := c.Now().Add(wait + time.Minute - 1).In(dialog.Session{}.Location()).Format("15:04") // the full minute after it
	c.refuse(w, r, http.StatusTooManyRequests, problemView{what, until}, wait)
}

func (c *Chat) refuse(w http.ResponseWriter, r *http.Request, status int, view problemView, wait time.Duration) {
	seconds := retryAfter(w, wait)
	if !wantsJSON(r) {
		c.render(w, status, "problem", view)
		return
	}
	var sentence bytes.Buffer
	if err := c.pages.ExecuteTemplate(&sentence, "sentence", view); err != nil {
		c.Log.Error("page", "error", err)
	}
	c.writeJSON(w, status, linesAnswer{Lines: []lineHTML{}, Error: strings.TrimSpace(sentence.String()), Retry: seconds})
}

func (c *Chat) render(w http.ResponseWriter, status int, name string, view any) {
	var page bytes.Buffer
	if err := c.pages.ExecuteTemplate(&page, name, view); err != nil {
		c.Log.Error("page", "name", name, "error", err)
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(page.Bytes())
}
