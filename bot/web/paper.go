package web

import (
	"mime"
	"net/http"
	"strconv"
	"strings"

	"wenzhu/bot/turn"
	"wenzhu/dialog"
)

// paperView is a page made for A4.
type paperView struct {
	List bool // the list of evidence, else one text of the conversation
	Text string
	Day  string
}

// paper shows a text for printing: the list of evidence, or what one line of the conversation offers to copy.
func (c *Chat) paper(w http.ResponseWriter, r *http.Request) {
	v, known := c.known(r)
	if !known {
		c.notFound(w, r)
		return
	}
	view := paperView{Day: c.today()}
	if number := r.PathValue("n"); number != "" {
		n, _ := strconv.Atoi(number) // no line has number 0
		view.Text = c.copied(r, v, n)
	} else if c.File != nil {
		_, list, err := c.File(r.Context(), v.user(), "list")
		if err != nil {
			c.Log.Warn("paper", "user", v.user(), "error", err)
			c.problem(w, r, http.StatusServiceUnavailable, "store")
			return
		}
		view.List, view.Text = true, strings.TrimSpace(string(list))
	}
	if view.Text == "" && !view.List {
		c.notFound(w, r)
		return
	}
	c.render(w, http.StatusOK, "paper", view)
}

// copied is the text to copy of one line; "" none.
func (c *Chat) copied(r *http.Request, v visitor, n int) string {
	items, err := c.Store.List(r.Context(), v.user(), dialog.Lines)
	if err != nil {
		return ""
	}
	for _, item := range items {
		if item.ID != turn.LineID(n) {
			continue
		}
		if line, err := turn.ReadLine(item); err == nil {
			return line.Reply.Copy
		}
	}
	return ""
}

// file sends a file made of the person's own data.
func (c *Chat) file(w http.ResponseWriter, r *http.Request) {
	v, known := c.known(r)
	if !known || c.File == nil {
		c.notFound(w, r)
		return
	}
	name, content, err := c.File(r.Context(), v.user(), r.PathValue("recipe"))
	if err != nil {
		c.Log.Warn("file", "user", v.user(), "error", err)
		c.notFound(w, r)
		return
	}
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	w.Header().Set("Content-Type", "application/octet-stream")
	_, _ = w.Write(content)
}
