package web

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"strings"

	"wenzhu/bot/turn"
	"wenzhu/dialog"
)

// pageView is what the page template shows.
type pageView struct {
	Token   string
	ID      string // of the next form
	Lines   []shownLine
	Buttons []dialog.Button // of the newest line
	Journey any
	Gone    bool
	Picture bool // pictures can be read
}

// shownLine is a line of the conversation as the page and the script show it.
type shownLine struct {
	N       int             `json:"n"`
	Time    string          `json:"time"`
	Mine    string          `json:"mine,omitempty"`
	Blocks  []block         `json:"blocks,omitempty"`
	Copy    string          `json:"copy,omitempty"`
	File    string          `json:"file,omitempty"`
	Buttons []dialog.Button `json:"buttons,omitempty"`
	Crisis  bool            `json:"crisis,omitempty"`
}

// block is a paragraph: the head, a quotation, or plain.
type block struct {
	Kind string `json:"kind"` // head, quote, text
	Text string `json:"text"`
}

func shown(l turn.Line) shownLine {
	s := shownLine{
		N: l.N, Time: l.At.In(dialog.Session{}.Location()).Format("01-02 15:04"), Mine: l.Mine, Copy: l.Reply.Copy,
		File: l.Reply.File, Buttons: l.Reply.Buttons, Crisis: l.Reply.Crisis,
	}
	if l.Mine == "" {
		s.Blocks = blocks(l.Reply.Text)
	}
	return s
}

// blocks splits a reply into its head, quotations and the rest.
func blocks(text string) []block {
	var all []block
	for i, line := range strings.Split(text, "\n") {
		quote, isQuote := strings.CutPrefix(line, "> ")
		switch {
		case isQuote:
			all = append(all, block{"quote", quote})
		case i == 0:
			all = append(all, block{"head", line})
		case line != "":
			all = append(all, block{"text", line})
		}
	}
	return all
}

// home shows the conversation, or the greeting to somebody new.
func (c *Chat) home(w http.ResponseWriter, r *http.Request) {
	v := c.visitor(w, r)
	view := pageView{Token: v.token(), ID: formID(), Picture: c.Read != nil}
	if !v.fresh {
		lines, err := c.since(r.Context(), v, 0)
		if err != nil {
			c.Log.Warn("page", "error", err)
			c.problem(w, r, http.StatusServiceUnavailable, "store")
			return
		}
		view.Lines = lines
	}
	if s, err := c.Path.Standing(r.Context(), v.user()); err == nil && c.Journey != nil {
		view.Journey = c.Journey(s.Session, c.Now())
	}
	if len(view.Lines) == 0 {
		for i, reply := range c.Greet().Replies { // numbered as they will be kept, so that no page shows them twice
			view.Lines = append(view.Lines, shown(turn.Line{N: i + 1, At: c.Now(), Reply: reply}))
		}
	}
	view.Buttons = newest(view.Lines)
	c.render(w, http.StatusOK, "page", view)
}

// newest are the buttons that stand above the composer: those of the last line, if the bot said it.
func newest(lines []shownLine) []dialog.Button {
	if len(lines) == 0 {
		return nil
	}
	return lines[len(lines)-1].Buttons
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

// problem says kindly what went wrong; its sentences stand in pages/problem.html.
func (c *Chat) problem(w http.ResponseWriter, r *http.Request, status int, what string) {
	if !wantsJSON(r) {
		c.render(w, status, "problem", what)
		return
	}
	var sentence bytes.Buffer
	if err := c.pages.ExecuteTemplate(&sentence, "sentence", what); err != nil {
		c.Log.Error("page", "error", err)
	}
	answer := linesAnswer{Lines: []shownLine{}, Error: strings.TrimSpace(sentence.String())}
	if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
		answer.Retry = 2
	}
	c.writeJSON(w, status, answer)
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
