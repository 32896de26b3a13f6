package web

import (
	"net/http"
	"strconv"
	"strings"

	"wenzhu/bot/turn"
	"wenzhu/dialog"
)

// journeyView is the page about where a person stands.
type journeyView struct {
	Token   string
	ID      string
	Journey any
}

// paperView is a page made for A4.
type paperView struct {
	List bool // the list of evidence, else one text of the conversation
	Text string
	Day  string
}

// standing is what the side column shows; nil before the journey has begun.
func (c *Chat) standing(r *http.Request, v visitor) any {
	if c.Journey == nil {
		return nil
	}
	s, err := c.Path.Standing(r.Context(), v.user())
	if err != nil {
		return nil // the page says so as soon as something is said
	}
	return c.Journey(s.Session, c.Now())
}

// journey shows where the person stands: as a page of its own, or its part for the side column.
func (c *Chat) journey(w http.ResponseWriter, r *http.Request) {
	v, known := c.known(r)
	if !known {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	view := journeyView{Token: v.token(), ID: formID(), Journey: c.standing(r, v)}
	if r.URL.Query().Has("part") {
		c.render(w, http.StatusOK, "journey", view.Journey)
		return
	}
	c.render(w, http.StatusOK, "journey_page", view)
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
