package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"regexp"
	"time"

	"wenzhu/bot/chat"
	"wenzhu/bot/turn"
	"wenzhu/dialog"
)

const (
	bodyMost    = 1 << 20 // bytes of a form without a picture
	pictureMost = 8 << 20 // bytes of a form with one
	answerIn    = 3 * time.Second
	dangerIn    = time.Second // what danger to life waits for the store
)

// idForm: what a page may choose as the id of a form.
var idForm = regexp.MustCompile(`^[A-Za-z0-9_-]{8,64}$`)

// post checks what all forms have in common: size, type, token.
func (c *Chat) post(next func(http.ResponseWriter, *http.Request, visitor)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
		if err != nil || kind != "application/x-www-form-urlencoded" && kind != "multipart/form-data" {
			c.problem(w, r, http.StatusUnsupportedMediaType, "type")
			return
		}
		most := int64(bodyMost)
		if kind == "multipart/form-data" {
			most = pictureMost
		}
		r.Body = http.MaxBytesReader(w, r.Body, most)
		if kind == "multipart/form-data" {
			err = r.ParseMultipartForm(1 << 20)
		} else {
			err = r.ParseForm()
		}
		var long *http.MaxBytesError
		switch {
		case errors.As(err, &long):
			c.problem(w, r, http.StatusRequestEntityTooLarge, "long")
			return
		case err != nil:
			c.problem(w, r, http.StatusBadRequest, "form")
			return
		}
		v, known := c.known(r)
		if !known || !v.holds(r.PostFormValue("token")) {
			c.problem(w, r, http.StatusForbidden, "expired")
			return
		}
		next(w, r, v)
	}
}

// say takes what the person wrote, pressed or showed.
func (c *Chat) say(w http.ResponseWriter, r *http.Request, v visitor) {
	u := v.user()
	if !c.guards.messages.allow(string(u)) {
		c.problem(w, r, http.StatusTooManyRequests, "fast")
		return
	}
	event, ok := c.event(r)
	if !ok {
		c.problem(w, r, http.StatusBadRequest, "form")
		return
	}
	replies, danger := dialog.Emergency(event)
	wait := answerIn
	if danger {
		wait = dangerIn
	}
	ctx, cancel := context.WithTimeout(r.Context(), wait)
	defer cancel()
	switch result, err := c.take(ctx, r, u, event); {
	case err == nil:
		c.answer(w, r, v, result)
	case errors.Is(err, errCrowded):
		c.problem(w, r, http.StatusTooManyRequests, "crowded")
	case danger:
		c.direct(w, r, v, replies)
	default:
		c.Log.Warn("say", "user", u, "error", err)
		w.Header().Set("Retry-After", "1")
		c.problem(w, r, http.StatusServiceUnavailable, "store")
	}
}

var errCrowded = errors.New("too many new sessions from one address")

// take steps the event; a newcomer's first word comes after the greeting that they have already seen.
func (c *Chat) take(ctx context.Context, r *http.Request, u chat.UserKey, e dialog.Event) (turn.Result, error) {
	standing, err := c.Path.Standing(ctx, u)
	if err != nil && !errors.Is(err, turn.ErrDamaged) {
		return turn.Result{}, err
	}
	if err == nil && standing.Lines == 0 && !standing.Gone {
		if !c.guards.sessions.allow(c.address(r)) {
			return turn.Result{}, errCrowded
		}
		if _, err := c.Path.Handle(ctx, chat.Update{User: u, Event: dialog.Event{ID: "start", Kind: dialog.Start}}); err != nil {
			return turn.Result{}, err
		}
	}
	return c.Path.Handle(ctx, chat.Update{User: u, Event: e})
}

// event is what a form says. A picture becomes text before anything else sees it.
func (c *Chat) event(r *http.Request) (dialog.Event, bool) {
	e := dialog.Event{ID: "w" + r.PostFormValue("id"), Kind: dialog.Text, Text: chat.Clean(r.PostFormValue("text"))}
	if !idForm.MatchString(r.PostFormValue("id")) {
		return e, false
	}
	if data := r.PostFormValue("press"); data != "" {
		e.Kind, e.Data = dialog.Press, data
		e.Text = chat.Clean(r.PostFormValue("label"))
		return e, len(data) <= 64 && len(e.Text) <= 300
	}
	if picture, ok := picture(r); ok {
		return c.pictured(r.Context(), e, picture), true
	}
	return e, e.Text != ""
}

func picture(r *http.Request) ([]byte, bool) {
	if r.MultipartForm == nil || len(r.MultipartForm.File["picture"]) == 0 {
		return nil, false
	}
	f, err := r.MultipartForm.File["picture"][0].Open()
	if err != nil {
		return nil, false
	}
	defer f.Close() //nolint:errcheck // only read
	content, err := io.ReadAll(f)
	return content, err == nil && len(content) > 0
}

func (c *Chat) pictured(ctx context.Context, e dialog.Event, content []byte) dialog.Event {
	text := ""
	if c.Read != nil {
		read, err := c.Read(ctx, content)
		if err != nil {
			c.Log.Info("picture not read", "error", err)
		}
		text = chat.Clean(read)
	}
	if text == "" {
		e.Kind, e.Medium = dialog.Media, dialog.Photo
		return e
	}
	e.Text, e.FromPicture = text, true
	return e
}

// answer shows the conversation as it stands now: to the script as lines, else by the page.
func (c *Chat) answer(w http.ResponseWriter, r *http.Request, v visitor, result turn.Result) {
	gone := false
	if s, err := c.Path.Standing(r.Context(), v.user()); err == nil {
		gone = s.Gone
	}
	if gone {
		c.farewell(w, r, v, result.Replies)
		return
	}
	if !wantsJSON(r) {
		http.Redirect(w, r, "/#end", http.StatusSeeOther)
		return
	}
	c.writeLines(w, r, v)
}

// farewell ends a deletion: it is the answer to the request and is kept nowhere.
func (c *Chat) farewell(w http.ResponseWriter, r *http.Request, v visitor, replies []dialog.Reply) {
	lines := make([]shownLine, 0, len(replies))
	for i, reply := range replies {
		lines = append(lines, shown(turn.Line{N: i + 1, At: c.Now(), Reply: reply}))
	}
	if wantsJSON(r) {
		c.writeJSON(w, http.StatusOK, linesAnswer{Gone: true, Lines: lines})
		return
	}
	c.render(w, http.StatusOK, "page", pageView{Token: v.token(), ID: formID(), Lines: lines, Gone: true})
}

// direct shows the answer to danger that could not wait for the store.
func (c *Chat) direct(w http.ResponseWriter, r *http.Request, v visitor, replies []dialog.Reply) {
	lines := make([]shownLine, 0, len(replies))
	for _, reply := range replies {
		lines = append(lines, shown(turn.Line{At: c.Now(), Reply: reply}))
	}
	if wantsJSON(r) {
		c.writeJSON(w, http.StatusServiceUnavailable, linesAnswer{Direct: true, Lines: lines})
		return
	}
	c.render(w, http.StatusServiceUnavailable, "page", pageView{Token: v.token(), ID: formID(), Lines: lines})
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
	_, _ = fmt.Fprintf(w, "%s", content)
}
