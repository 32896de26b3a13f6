package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"sync"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"wenzhu/bot/turn"
	"wenzhu/dialog"
)

const (
	batch     = 64 // never more than the record remembers; also how many turns run at once
	allowed   = `["message","callback_query","my_chat_member"]`
	heldEvery = 600 * time.Millisecond // the same offset more often than every 0.5 s is taken for a fault
	moveEvery = 50 * time.Millisecond  // the next offset while something is in hand
	idleEvery = 300 * time.Millisecond // between two answers with nothing new
)

// poll asks for updates until ctx ends. What it asks for next begins with the lowest update that is not committed:
// whatever happens to this process, the server still has it.
func (t *Telegram) poll(ctx context.Context) {
	p := poller{channel: t, pending: make(map[int]bool)}
	working, cancel := outlasting(ctx, stopWithin)
	defer cancel()
	var b backoff
	var answered time.Time
	for ctx.Err() == nil {
		asked := p.offset()
		p.told = asked
		updates, err := p.fetch(ctx, asked)
		if err != nil {
			p.told = 0 // it may never have arrived
			b.note(t.trouble(ctx, err))
			b.wait(ctx)
			continue
		}
		b = backoff{}
		t.setState(stateOK)
		began := time.Now()
		if p.start(working, updates) == 0 && began.Sub(answered) < idleEvery {
			sleep(ctx, idleEvery) // a server that does not hold the question is not asked all the time
		}
		answered = began
		p.settle(ctx, asked)
	}
	p.group.Wait()
	p.confirm(ctx)
}

// poller keeps which updates are on their way.
type poller struct {
	channel *Telegram
	group   sync.WaitGroup
	told    int // the last offset that the server has heard; 0 unknown

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

func (p *poller) fetch(ctx context.Context, offset int) ([]update, error) {
	seconds := pollSeconds
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
	var parts []json.RawMessage
	if err := json.Unmarshal(raw, &parts); err != nil {
		return nil, errors.New("getUpdates: not a list")
	}
	updates := make([]update, 0, len(parts))
	for _, part := range parts {
		if u, ok := p.channel.parse(part); ok {
			updates = append(updates, u)
		}
	}
	return updates, nil
}

// confirm tells the server at the end what has been committed, so that the next process need not see it again.
func (p *poller) confirm(ctx context.Context) {
	offset := p.offset()
	if offset == p.told {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	_, err := p.channel.api.call(ctx, "getUpdates", tgbotapi.Params{
		"offset": strconv.Itoa(offset), "limit": "1", "timeout": "0", "allowed_updates": allowed,
	})
	if err != nil {
		p.channel.Log.Debug("last offset not told", "error", err)
	}
}

// start runs a job for each update that has none yet, in the order in which they came, and returns how many.
func (p *poller) start(ctx context.Context, updates []update) (started int) {
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
		started++
		j := p.channel.prepare(u)
		p.group.Go(func() { p.run(ctx, j) })
	}
	return started
}

// run takes a job to its commit; one that failed is fetched and started again.
func (p *poller) run(ctx context.Context, j job) {
	err := p.channel.do(ctx, j)
	if errors.Is(err, turn.ErrNewer) { // no other replica takes it in this mode: say so and go on
		p.channel.tell(ctx, j.user, dialog.SayNewer)
		err = nil
	}
	p.settled(j.update.ID, err == nil)
	if err == nil && j.update.Callback != nil {
		p.channel.answerPress(ctx, j.update.Callback.ID)
	}
}

func (p *poller) settled(id int, committed bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if committed {
		delete(p.pending, id)
	} else {
		p.pending[id] = false
	}
	if p.changed != nil {
		close(p.changed)
		p.changed = nil
	}
}

// settle waits until all that was fetched is committed. While something is in hand it returns when it is time to
// look for others: soon where the offset has moved on, later where the server would be asked the same again.
func (p *poller) settle(ctx context.Context, asked int) {
	began := time.Now()
	for {
		changed, pending := p.change()
		if pending == 0 {
			return
		}
		due := heldEvery
		if p.offset() != asked {
			due = moveEvery
		}
		left := due - time.Since(began)
		if left <= 0 {
			return
		}
		timer := time.NewTimer(left)
		select {
		case <-changed:
		case <-timer.C:
		case <-ctx.Done():
		}
		timer.Stop()
		if ctx.Err() != nil {
			return
		}
	}
}

// change is closed when an update settles.
func (p *poller) change() (changed <-chan struct{}, pending int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.changed == nil {
		p.changed = make(chan struct{})
	}
	return p.changed, len(p.pending)
}
