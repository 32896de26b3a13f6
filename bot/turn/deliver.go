package turn

import (
	"context"
	"errors"
	"time"

	"wenzhu/bot/chat"
	"wenzhu/dialog"
)

// patience is how long a deliverer waits with the lease in hand; for longer it gives the lease back.
const patience = 5 * time.Second

// resume starts delivering what is owed, if the delivery is this process's.
func (p *Path) resume(u chat.UserKey, etag Etag, r record) {
	if len(r.Owed) == 0 || r.Lease.By != p.Replica || p.stopped() || !p.delivering.begin(u) {
		return
	}
	p.background.Go(func() {
		if !r.Owed[0].Reply.Own {
			defer p.answering.begin()()
		}
		d := delivery{path: p, user: u, channel: p.channel(u), etag: etag, record: r}
		err := d.run(context.Background())
		for p.delivering.end(u) {
			if err = d.reload(context.Background()); err == nil {
				err = d.run(context.Background())
			}
		}
		if err != nil {
			p.Log.Warn("delivery interrupted", "user", u, "error", err) // the sweeper takes over when the lease ends
		}
	})
}

// delivery is one deliverer at work on one person's replies.
type delivery struct {
	path    *Path
	user    chat.UserKey
	channel chat.Channel
	etag    Etag
	record  record
}

// run sends what is owed in order, one commit an answer, until nothing is owed or the lease is given back.
func (d *delivery) run(ctx context.Context) error {
	for len(d.record.Owed) > 0 && d.record.Lease.By == d.path.Replica {
		if d.path.stopped() {
			return d.giveBack(ctx, 0)
		}
		wait, err := d.next(ctx)
		if errors.Is(err, ErrUnavailable) {
			err = d.reload(ctx) // somebody else may have taken over meanwhile
		}
		if err != nil {
			return err
		}
		if wait > patience {
			return d.giveBack(ctx, wait)
		}
		if wait > 0 && !d.path.sleep(wait) {
			return d.giveBack(ctx, 0)
		}
	}
	return nil
}

// next sends the oldest owed reply and commits what its answer means. It returns how long to wait before the next.
func (d *delivery) next(ctx context.Context) (time.Duration, error) {
	now, o := d.path.Now(), d.record.Owed[0]
	if until, held := hold(o, d.record.Session, d.user, now); held {
		return until.Sub(now), nil
	}
	if o.stale(now) {
		d.record = d.record.taken()
		d.path.Meter.Sent(d.channel.Name(), "stale")
		return 0, d.commit(ctx, o)
	}
	if wait := d.pace(now); wait > 0 {
		return wait, nil
	}
	if !o.Reply.Own { // what the bot says on its own had its token before it was stepped
		if wait, err := d.path.limiter(d.channel).take(ctx); err != nil || wait > 0 {
			return wait, err
		}
	}
	err := d.send(o)
	next, wait, result := d.record.after(o, err, d.path.Now())
	if next.Session.Blocked && !d.record.Session.Blocked {
		d.path.Meter.Noted(dialog.Note{Kind: "reminder", Value: "dropped"})
	}
	d.record = next
	d.path.Meter.Sent(d.channel.Name(), result)
	if err != nil {
		d.path.Log.Warn("send", "user", d.user, "reply", o.Reply.ID, "result", result, "error", err)
	}
	if result == string(chat.Throttled) || result == string(chat.Broken) {
		if err := d.path.limiter(d.channel).pause(ctx, now.Add(wait)); err != nil {
			d.path.Log.Warn("pause", "channel", d.channel.Name(), "error", err)
		}
	}
	if wait > patience {
		return wait, nil // giveBack commits
	}
	if len(next.Owed) == 0 || result == "ok" {
		d.path.Meter.Owed(d.channel.Name(), d.path.Now().Sub(time.UnixMilli(o.Since)))
	}
	return wait, d.commit(ctx, o)
}

// send gives one reply to the channel. What makes it panic counts as refused, and is dropped when it does so again.
func (d *delivery) send(o owed) (err error) {
	defer func() {
		if d.path.contained(recover(), "send", "user", d.user, "reply", o.Reply.ID) {
			err = &chat.SendError{Kind: chat.Refused}
		}
	}()
	timeout := d.channel.Limits().SendTimeout
	if timeout == 0 {
		timeout = 20 * time.Second
	}
	ctx, cancel := context.WithTimeout(d.path.sends, timeout)
	defer cancel()
	return d.channel.Send(ctx, chat.Message{User: d.user, Reply: o.Reply, Edits: o.Edits, Plain: o.Plain})
}

// pace keeps one person's messages apart, with the burst that the channel allows.
func (d *delivery) pace(now time.Time) time.Duration {
	l := d.channel.Limits()
	if l.ChatRate <= 0 {
		return 0
	}
	gap := time.Duration(float64(time.Second) / l.ChatRate)
	at := max(d.record.Paced, now.UnixMilli())
	ahead := time.UnixMilli(at).Sub(now)
	if wait := ahead - gap*time.Duration(max(l.ChatBurst, 1)-1); wait > 0 {
		return wait
	}
	d.record.Paced = at + gap.Milliseconds()
	return 0
}

// giveBack lets go of the lease, and names the time before which nobody needs to try again.
func (d *delivery) giveBack(ctx context.Context, wait time.Duration) error {
	o := d.record.Owed[0]
	d.record.Lease = lease{Until: d.path.Now().Add(wait).UnixMilli()}
	return d.commit(ctx, o)
}

// commit saves the record. When something was appended meanwhile it brings what was decided about the reply o
// into the newer record.
func (d *delivery) commit(ctx context.Context, o owed) error {
	for {
		if d.record.Lease.By == d.path.Replica {
			d.record.Lease.Until = d.path.Now().Add(leaseTime).UnixMilli()
		}
		c, err := d.record.commit(d.user, d.etag)
		if err != nil {
			return err
		}
		// Unless the lease was given back, the turn that owed this wrote an entry no later than what is next.
		c.Settles = len(d.record.Owed) == 0 || d.record.Lease.By == d.path.Replica
		etag, err := d.path.Store.Commit(ctx, c)
		switch {
		case err == nil:
			d.etag = etag
			d.path.waiting.note(d.user, d.record)
			return nil
		case errors.Is(err, ErrConflict):
			if err := d.rebase(ctx, o); err != nil {
				return err
			}
		case errors.Is(err, ErrUnavailable):
			// The reply is out and its acknowledgement is not in: try while this process lives.
			if !d.path.sleep(retryPause) {
				return err
			}
		default:
			return err
		}
	}
}

// rebase loads the newer record and applies to it what this delivery decided about the reply o.
func (d *delivery) rebase(ctx context.Context, o owed) error {
	mine := d.record
	if err := d.reload(ctx); err != nil {
		return err
	}
	newer := d.record
	switch {
	case newer.Lease.By != d.path.Replica:
		return errSuperseded
	case len(newer.Owed) == 0 || newer.Owed[0].Reply.ID != o.Reply.ID:
		return nil // the reply has been merged away or deleted with all the rest
	}
	d.record.Paced = mine.Paced
	if len(mine.Owed) > 0 && mine.Owed[0].Reply.ID == o.Reply.ID {
		d.record.Owed[0], d.record.Lease = mine.Owed[0], mine.Lease
		return nil
	}
	// Taken, dropped or refused by a person who had blocked the bot: whether they still do, the next send tells.
	d.record = d.record.taken()
	if len(d.record.Owed) > 0 {
		d.record.Lease = lease{By: d.path.Replica}
	}
	return nil
}

var errSuperseded = errors.New("somebody else delivers now")

// reload reads the record again, and waits for the store while this process lives.
func (d *delivery) reload(ctx context.Context) error {
	for {
		stored, err := d.path.Store.Load(ctx, d.user)
		if errors.Is(err, ErrUnavailable) && d.path.sleep(retryPause) {
			continue
		}
		if err != nil {
			return err
		}
		d.etag = stored.Etag
		d.record, err = decode(stored.Body)
		return err
	}
}
