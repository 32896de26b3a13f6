package telegram

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"wenzhu/bot/chat"
)

// The states that readyz shows.
const (
	stateOK       = "ok"
	stateAway     = "out of reach"
	stateConflict = "another process polls with this token, or a webhook is set"
	stateToken    = "the token is not valid"
)

const (
	retryFirst  = time.Second
	retryAway   = 8 * time.Second // the longest pause while the network is away
	retryLatest = time.Minute     // the longest pause when waiting will hardly help
)

// trouble says what is wrong with receiving, and gives the error back.
func (t *Telegram) trouble(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return err
	}
	var e *tgbotapi.Error
	state := stateAway
	if errors.As(err, &e) {
		switch e.Code {
		case http.StatusConflict:
			state = stateConflict
		case http.StatusUnauthorized, http.StatusNotFound:
			state = stateToken
		}
	}
	t.setState(state)
	t.Log.Warn("telegram", "state", state, "error", err)
	return err
}

// heed says what a failed send tells of the whole channel: without a valid token nothing goes out any more.
func (t *Telegram) heed(ctx context.Context, err error) {
	var e *chat.SendError
	if errors.As(err, &e) && e.Kind == chat.Broken && t.State() != stateToken {
		_ = t.trouble(ctx, e.Err)
	}
}

// backoff is how long to wait after one failure after another: 1 s, 2 s, … with jitter.
type backoff struct {
	tries int
	least time.Duration // asked for by the server
	most  time.Duration
}

// note remembers what went wrong.
func (b *backoff) note(err error) {
	b.tries++
	b.least, b.most = 0, retryAway
	var e *tgbotapi.Error
	if errors.As(err, &e) {
		b.least = time.Duration(e.RetryAfter) * time.Second
		if e.Code != 0 && e.Code < http.StatusInternalServerError {
			b.most = retryLatest
		}
	}
}

func (b *backoff) pause() time.Duration {
	d := min(retryFirst<<min(max(b.tries-1, 0), 10), b.most)
	return max(d/2+rand.N(d/2+1), b.least)
}

func (b *backoff) wait(ctx context.Context) { sleep(ctx, b.pause()) }
