package web

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strconv"
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

// say takes what the person wrote, pressed or showed. Danger to life passes every limit.
func (c *Chat) say(w http.ResponseWriter, r *http.Request, v visitor) {
	u := v.user()
	pause, allowed := c.guards.messages.allow(string(u))
	event, ok := written(r)
	replies, danger := dialog.Emergency(event)
	if !allowed && !danger {
		c.busy(w, r, "fast", pause)
		return
	}
	if shot, shown := picture(r); ok && shown && event.Kind == dialog.Text && !danger {
		event = c.pictured(r.Context(), event, shot)
		replies, danger = dialog.Emergency(event)
	}
	if !ok || event.Kind == dialog.Text && event.Text == "" {
		c.problem(w, r, http.StatusBadRequest, "form")
		return
	}
	wait := answerIn
	if danger {
		wait = dangerIn
	}
	ctx, cancel := context.WithTimeout(r.Context(), wait)
	defer cancel()
	var crowded crowdedError
	if event.Kind == dialog.Press && event.Text == "" && !danger {
		event.Text = c.label(ctx, u, event.Data)
	}
	switch result, err := c.take(ctx, r, u, event); {
	case err == nil:
		c.answer(w, r, v, result)
	case danger:
		c.direct(w, r, v, replies)
	case errors.As(err, &crowded):
		c.busy(w, r, "crowded", crowded.wait)
	default:
		c.Log.Warn("say", "user", u, "error", err)
		c.problem(w, r, http.StatusServiceUnavailable, "store")
	}
}

// label is what a choice says on the page, for a form that was sent without the script; "" it is not there any more.
func (c *Chat) label(ctx context.Context, u chat.UserKey, data string) string {
	items, err := c.Store.List(ctx, u, dialog.Lines)
	if err != nil {
		return ""
	}
	replies := c.Greet().Replies
	for _, item := range items {
		if l, err := turn.ReadLine(item); err == nil {
			replies = append(replies, l.Reply)
		}
	}
	for _, reply := range slices.Backward(replies) {
		for _, b := range reply.Buttons {
			if b.Data == data {
				return b.Label
			}
		}
	}
	return ""
}

// crowdedError says that one address has begun too many sessions.
type crowdedError struct{ wait time.Duration }

func (crowdedError) Error() string { return "too many new sessions from one address" }

// take steps the event; a newcomer's first word comes after the greeting that they have already seen.
func (c *Chat) take(ctx context.Context, r *http.Request, u chat.UserKey, e dialog.Event) (turn.Result, error) {
	standing, err := c.Path.Standing(ctx, u)
	if err != nil && !errors.Is(err, turn.ErrDamaged) {
		return turn.Result{}, err
	}
	if err == nil && standing.Lines == 0 && !standing.Gone {
		if wait, ok := c.guards.sessions.allow(c.address(r)); !ok {
			return turn.Result{}, crowdedError{wait}
		}
		if _, err := c.Path.Handle(ctx, chat.Update{User: u, Event: dialog.Event{ID: "start", Kind: dialog.Start}}); err != nil {
			return turn.Result{}, err
		}
	}
	return c.Path.Handle(ctx, chat.Update{User: u, Event: e})
}

// written is what a form says without its picture; false: no form of ours.
func written(r *http.Request) (dialog.Event, bool) {
	e := dialog.Event{ID: "w" + r.PostFormValue("id"), Kind: dialog.Text, Text: chat.Clean(r.PostFormValue("text"))}
	if data := r.PostFormValue("press"); data != "" {
		e.Kind, e.Data, e.Text = dialog.Press, data, chat.Clean(r.PostFormValue("label"))
	}
	ok := idForm.MatchString(r.PostFormValue("id")) && len(e.Data) <= 64 && (e.Kind == dialog.Text || len(e.Text) <= 300)
	return e, ok
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

// pictured makes words of a picture before anything else sees it.
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
	if wantsJSON(r) {
		c.writeLines(w, r, v)
		return
	}
	back := "/#new"
	if r.PostFormValue("back") == "journey" {
		back = "/journey"
	}
	http.Redirect(w, r, back, http.StatusSeeOther)
}

// farewell ends a deletion: it is the answer to the request and is kept nowhere.
func (c *Chat) farewell(w http.ResponseWriter, r *http.Request, v visitor, replies []dialog.Reply) {
	lines := c.said(replies, 0)
	if wantsJSON(r) {
		c.writeDrawn(w, http.StatusOK, lines, linesAnswer{Gone: true})
		return
	}
	view := c.view(v, lines)
	view.Gone = true
	c.render(w, http.StatusOK, "page", view)
}

// direct shows the answer to danger that could not wait. The message has to come again.
func (c *Chat) direct(w http.ResponseWriter, r *http.Request, v visitor, replies []dialog.Reply) {
	lines := c.said(replies, 0)
	if wantsJSON(r) {
		c.writeDrawn(w, http.StatusServiceUnavailable, lines, linesAnswer{Direct: true, Retry: retryAfter(w, retryStore)})
		return
	}
	retryAfter(w, retryStore)
	c.render(w, http.StatusServiceUnavailable, "page", c.view(v, lines))
}

// retryAfter says in whole seconds when to come again; 0 nothing.
func retryAfter(w http.ResponseWriter, wait time.Duration) int {
	seconds := int((wait + time.Second - 1) / time.Second)
	if seconds > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(seconds))
	}
	return seconds
}
