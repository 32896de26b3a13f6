package web

import (
	"net/http"

	"wenzhu/dialog"
)

// journeyView is the page about where a person stands.
type journeyView struct {
	Token   string
	ID      string
	Journey *dialog.Journey // nil: not begun
}

// standing is what the side column shows; nil before the journey has begun.
func (c *Chat) standing(r *http.Request, v visitor) *dialog.Journey {
	if c.Journey == nil {
		return nil
	}
	s, err := c.Path.Standing(r.Context(), v.user())
	if err != nil {
		return nil // the page says so as soon as something is said
	}
	if j, begun := c.Journey(s.Session); begun {
		return &j
	}
	return nil
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
