package turn

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"golang.org/x/sync/errgroup"

	"wenzhu/bot/chat"
	"wenzhu/dialog"
)

const (
	sweepEvery = 250 * time.Millisecond
	sweepBatch = 128
	sweepers   = 8                // mostly waiting for the store
	soonest    = 10 * time.Second // what is due sooner is also watched by a timer here
)

// Sweep visits whoever is due, until ctx ends: reminders, gathered forwards, deliveries that a dead process
// left behind, the end of retention. Any number of replicas may sweep.
func (p *Path) Sweep(ctx context.Context) error {
	for failed := false; ; {
		n, err := p.SweepOnce(ctx)
		switch {
		case ctx.Err() != nil:
			return nil //nolint:nilerr // asked to stop
		case err != nil && !failed:
			p.Log.Warn("nobody who is due is visited until the store answers", "error", err)
		case err == nil && failed:
			p.Log.Info("who is due is visited again")
		}
		failed = err != nil
		if n > sweepBatch/2 { // there are more, or so many are due all the time
			continue
		}
		select {
		case <-time.After(sweepEvery):
		case <-ctx.Done():
			return nil
		}
	}
}

// SweepOnce visits one batch and returns how many that were.
func (p *Path) SweepOnce(ctx context.Context) (int, error) {
	wakes, err := p.Store.Take(ctx, p.Now(), sweepBatch)
	if err != nil {
		return 0, fmt.Errorf("take wake entries: %w", err)
	}
	var group errgroup.Group
	group.SetLimit(sweepers)
	for _, w := range wakes {
		group.Go(func() error {
			defer func() { p.contained(recover(), "visit", "user", w.User) }()
			p.answering.pass(ctx)
			if err := p.visit(ctx, w); err != nil && !errors.Is(err, ErrConflict) { // somebody else is at it
				p.Log.Warn("visit of somebody due goes on in a minute", "user", w.User, "error", err) // when the claim ends
			}
			return nil
		})
	}
	return len(wakes), group.Wait()
}

// visit does what is due for one person and gives the entry its next time.
func (p *Path) visit(ctx context.Context, w Wake) error {
	etag, r, _, err := p.load(ctx, w.User)
	if err != nil {
		return err
	}
	if etag == (Etag{}) {
		return p.Store.Settle(ctx, w, time.Time{})
	}
	now := p.Now()
	if due, own := r.Session.Due(); !r.Gone && !due.IsZero() && !due.After(now) {
		return p.fire(ctx, w, due, own)
	}
	if len(r.Owed) > 0 && r.Lease.Until <= now.UnixMilli() {
		return p.takeOver(ctx, w.User, etag, r)
	}
	return p.Store.Settle(ctx, w, r.next())
}

// fire steps a Due event; its commit writes the next time. What the bot says on its own needs leave to send first.
func (p *Path) fire(ctx context.Context, w Wake, due time.Time, own bool) error {
	if own {
		l := p.limiter(p.channel(w.User))
		switch ok, err := l.takeOwn(ctx); {
		case err != nil:
			return err
		case !ok:
			return p.postpone(ctx, w, l)
		}
	}
	p.Meter.Late(p.Now().Sub(due))
	_, err := p.Handle(ctx, dueUpdate(w.User, p.Now()))
	return err
}

// postpone spreads what cannot be sent now over the time that the backlog will take, so that a burst waits as
// index entries and whatever else is due stays in between.
func (p *Path) postpone(ctx context.Context, w Wake, l *limiter) error {
	now := p.Now()
	depth, err := p.Store.WakeDepth(ctx, now)
	if err != nil {
		return err
	}
	backlog := time.Second // the channel pauses
	if l.own.Rate > 0 {
		backlog = time.Duration(float64(depth) / l.own.Rate * float64(time.Second))
	}
	return p.Store.Settle(ctx, w, now.Add(rand.N(backlog+100*time.Millisecond)))
}

// takeOver continues a delivery whose process is gone or gave it back.
func (p *Path) takeOver(ctx context.Context, u chat.UserKey, read Etag, r record) error {
	r.Lease = lease{By: p.Replica, Until: p.Now().Add(leaseTime).UnixMilli()}
	c, err := r.commit(u, read)
	if err != nil {
		return err
	}
	etag, err := p.Store.Commit(ctx, c)
	if err != nil {
		return err
	}
	p.waiting.note(u, r)
	p.resume(u, etag, r)
	return nil
}

// soon sets a timer for what is due in a moment, so that it does not wait for the sweeper.
func (p *Path) soon(u chat.UserKey, r record) {
	due, own := r.Session.Due()
	wait := due.Sub(p.Now())
	if r.Gone || due.IsZero() || own || wait > soonest {
		return
	}
	time.AfterFunc(max(wait, 0), func() {
		defer func() { p.contained(recover(), "visit", "user", u) }()
		if p.stopped() {
			return
		}
		ctx, cancel := context.WithTimeout(context.Background(), leaseTime)
		defer cancel()
		if _, err := p.Handle(ctx, dueUpdate(u, p.Now())); err != nil {
			p.Log.Warn("what is due waits for the sweeper", "user", u, "error", err)
		}
	})
}

func dueUpdate(u chat.UserKey, now time.Time) chat.Update {
	return chat.Update{User: u, Event: dialog.Event{ID: fmt.Sprintf("due/%d", now.UnixMilli()), Kind: dialog.Due}}
}
