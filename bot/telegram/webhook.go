package telegram

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"time"
)

const (
	webhookBytes = 1 << 20
	webhookIn    = 3 * time.Second // how long an update waits for the store
)

// Handler takes the updates of webhook mode. It answers when the update is committed, never before.
func (t *Telegram) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if status := t.refuse(r); status != 0 {
			w.WriteHeader(status)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, webhookBytes))
		var long *http.MaxBytesError
		switch {
		case errors.As(err, &long):
			w.WriteHeader(http.StatusRequestEntityTooLarge)
			return
		case err != nil:
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		u, ok := t.parse(body)
		if !ok {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		t.take(r.Context(), w, u)
	})
}

// refuse checks everything that can be checked before the body is read; 0 lets it in.
func (t *Telegram) refuse(r *http.Request) int {
	given := r.Header.Get("X-Telegram-Bot-Api-Secret-Token")
	if subtle.ConstantTimeCompare([]byte(given), []byte(t.Secret)) != 1 || t.Secret == "" {
		return http.StatusUnauthorized
	}
	if r.Method != http.MethodPost {
		return http.StatusMethodNotAllowed
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return http.StatusUnsupportedMediaType
	}
	if r.ContentLength > webhookBytes {
		return http.StatusRequestEntityTooLarge
	}
	return 0
}

// take hands an update over. Telegram hanging up does not end it: it would only come again.
func (t *Telegram) take(ctx context.Context, w http.ResponseWriter, u update) {
	wait := webhookIn
	if u.Message != nil && u.Message.picture() != "" && t.Read != nil {
		wait += readWithin
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), wait)
	defer cancel()
	if err := t.do(ctx, t.prepare(u)); err != nil {
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	if u.Callback == nil {
		return
	}
	w.Header().Set("Content-Type", "application/json")
	answer := map[string]string{"method": "answerCallbackQuery", "callback_query_id": u.Callback.ID}
	if err := json.NewEncoder(w).Encode(answer); err != nil {
		t.Log.Debug("answer press", "error", err)
	}
}
