package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"sync"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"wenzhu/bot/chat"
	"wenzhu/dialog"
)

const (
	batch       = 64 // never more than the record remembers
	allowed     = `["message","callback_query"]`
	heldEvery   = 600 * time.Millisecond // slower than what the server takes for a fault
	retryFirst  = time.Second
	retryLatest = time.Minute
)

// poll asks for updates until ctx ends. What it asks for next begins with the lowest update that is not committed:
// whatever happens to this process, the server still has it.
func (t *Telegram) poll(ctx context.Context) {
	p := poller{channel: t, pending: make(map[int]bool)}
	wait := retryFirst
	for ctx.Err() == nil {
		updates, err := p.fetch(ctx)
		if err != nil {
			t.trouble(ctx, err)
			sleep(ctx, wait)
			wait = min(2*wait, retryLatest)
			continue
		}
		wait = retryFirst
		t.setState("ok")
		p.start(ctx, updates)
		p.settle(ctx)
	}
	p.group.Wait()
}

// poller keeps which updates are on their way.
type poller struct {
	channel *Telegram
	group   sync.WaitGroup

	mu      sync.Mutex
	next    int          // one more than the highest update seen
	pending map[int]bool // updates not committed; true while a job runs
	changed chan struct{}
}

// offset is the lowest update that is not committed.
func (p *poller) offset() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	lowest := p.next
	for id := range p.pending {
		lowest = min(lowest, id)
	}
	return lowest
}

func (p *poller) fetch(ctx context.Context) ([]update, error) {
	offset, seconds := p.offset(), pollSeconds
	p.mu.Lock()
	if len(p.pending) > 0 {
		seconds = 0 // only to see what else there is
	}
	p.mu.Unlock()
	raw, err := p.channel.api.call(ctx, "getUpdates", tgbotapi.Params{
		"offset": strconv.Itoa(offset), "limit": strconv.Itoa(batch), "timeout": strconv.Itoa(seconds), "allowed_updates": allowed,
	})
	if err != nil {
		return nil, err
	}
	var updates []update
	if err := json.Unmarshal(raw, &updates); err != nil {
		return p.oneByOne(raw)
	}
	return updates, nil
}

// oneByOne reads what can be read of a batch with something unexpected in it.
func (p *poller) oneByOne(raw []byte) ([]update, error) {
	var parts []json.RawMessage
	if err := json.Unmarshal(raw, &parts); err != nil {
		return nil, errors.New("getUpdates: not a list")
	}
	var updates []update
	for _, part := range parts {
		var u update
		if err := json.Unmarshal(part, &u); err != nil {
			var id struct {
				ID int `json:"update_id"`
			}
			if json.Unmarshal(part, &id) != nil {
				continue
			}
			p.channel.Log.Warn("update not understood", "update", id.ID)
			u = update{ID: id.ID}
		}
		updates = append(updates, u)
	}
	return updates, nil
}

// start runs a job for each update that has none yet.
func (p *poller) start(ctx context.Context, updates []update) {
	for _, u := range updates {
		p.mu.Lock()
		running, known := p.pending[u.ID]
		fresh := u.ID >= p.next || known && !running
		p.next = max(p.next, u.ID+1)
		if fresh {
			p.pending[u.ID] = true
		}
		p.mu.Unlock()
		if !fresh {
			continue
		}
		j := p.channel.prepare(u)
		p.group.Go(func() { p.run(ctx, j) })
	}
}

// run takes a job to its commit; one that failed is fetched and started again.
func (p *poller) run(ctx context.Context, j job) {
	var err error
	if j.run != nil {
		err = j.run(ctx)
	}
	if err == nil && j.update.Callback != nil {
		p.channel.answerPress(ctx, j.update.Callback.ID)
	}
	if refused(err) { // no other replica takes it in this mode: say so and go on
		p.channel.Log.Error("record of a newer release", "user", j.user)
		if err := p.channel.Send(ctx, chat.Message{User: j.user, Reply: dialog.Fixed(dialog.SayNewer)}); err != nil {
			p.channel.Log.Warn("send", "user", j.user, "error", err)
		}
		err = nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if err == nil {
		delete(p.pending, j.update.ID)
	} else {
		p.pending[j.update.ID] = false
	}
	if p.changed != nil {
		close(p.changed)
		p.changed = nil
	}
}

// settle waits until all that was fetched is committed, but not longer than asking again is due.
func (p *poller) settle(ctx context.Context) {
	until := time.NewTimer(heldEvery)
	defer until.Stop()
	for {
		p.mu.Lock()
		if len(p.pending) == 0 {
			p.mu.Unlock()
			return
		}
		if p.changed == nil {
			p.changed = make(chan struct{})
		}
		changed := p.changed
		p.mu.Unlock()
		select {
		case <-changed:
		case <-until.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

// answerPress stops the button's waiting sign; nothing depends on it.
func (t *Telegram) answerPress(ctx context.Context, id string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if _, err := t.api.call(ctx, "answerCallbackQuery", tgbotapi.Params{"callback_query_id": id}); err != nil {
		t.Log.Debug("answer press", "error", err)
	}
}

// trouble says what is wrong with receiving.
func (t *Telegram) trouble(ctx context.Context, err error) {
	if ctx.Err() != nil {
		return
	}
	var e *tgbotapi.Error
	state := "out of reach"
	if errors.As(err, &e) {
		switch e.Code {
		case http.StatusConflict:
			state = "another process polls with this token, or a webhook is set"
		case http.StatusUnauthorized, http.StatusNotFound:
			state = "the token is not valid"
		}
	}
	t.setState(state)
	t.Log.Warn("telegram", "state", state, "error", err)
}

func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}
