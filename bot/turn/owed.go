package turn

import (
	"errors"
	"math/rand/v2"
	"slices"
	"time"

	"wenzhu/bot/chat"
	"wenzhu/dialog"
)

const (
	quietAfter = time.Hour      // a reply older than this keeps the quiet hours
	staleAfter = 24 * time.Hour // a reply older than this is replaced by where the person stands
	dropAfter  = 24 * time.Hour // how long a send is tried again
)

// owe appends replies to what is owed. Where nothing was, this process takes the delivery.
func (p *Path) owe(r record, replies []dialog.Reply, edits string, now time.Time) record {
	if len(replies) == 0 {
		return r
	}
	free := len(r.Owed) == 0 || r.Lease.Until <= now.UnixMilli()
	r.Owed = slices.Clone(r.Owed)
	for _, reply := range replies {
		o := owed{Reply: reply, Since: now.UnixMilli()}
		if reply.Edit {
			o.Edits, edits = edits, "" // one message can be replaced once
		}
		r.Owed = append(r.Owed, o)
	}
	r.Owed = p.merge(r.Owed, r.Session, now)
	if free {
		r.Lease = lease{By: p.Replica, Until: now.Add(leaseTime).UnixMilli()}
	}
	return r
}

// merge keeps what is owed within its limits: the oldest replies, never a crisis answer, become one that says
// where the person stands.
func (p *Path) merge(all []owed, s dialog.Session, now time.Time) []owed {
	if len(all) <= owedMost && size(all) <= owedBytes {
		return all
	}
	stand := owed{Reply: p.Dialog().Stand(s), Since: now.UnixMilli()}
	for len(all) >= owedMost || size(all)+size([]owed{stand}) > owedBytes {
		oldest := slices.IndexFunc(all, func(o owed) bool { return !o.Reply.Crisis })
		if oldest < 0 {
			return all
		}
		all = slices.Delete(all, oldest, oldest+1)
	}
	return slices.Insert(all, 0, stand)
}

// size is about how many bytes replies take in the record.
func size(all []owed) int {
	sum := 0
	for _, o := range all {
		sum += owedFrame + len(o.Reply.Text) + len(o.Reply.Copy)
		for _, b := range o.Reply.Buttons {
			sum += buttonFrame + len(b.Label) + len(b.Data) + len(b.URL)
		}
	}
	return sum
}

// What the JSON around a reply and a button takes.
const (
	owedFrame   = 120
	buttonFrame = 40
)

// hold says until when the oldest owed reply has to wait for the end of the quiet hours.
func hold(o owed, s dialog.Session, u chat.UserKey, now time.Time) (until time.Time, held bool) {
	old := now.Sub(time.UnixMilli(o.Since)) > quietAfter
	if o.Reply.Crisis || !old && (!o.Reply.Own || o.Reply.Night) {
		return time.Time{}, false
	}
	return dialog.Quiet(now, s.Location(), spread(u, now))
}

// stale says whether a reply is too old to be sent as it is.
func (o owed) stale(now time.Time) bool {
	return !o.Reply.Crisis && now.Sub(time.UnixMilli(o.Since)) > staleAfter
}

// after says what a send's answer makes of the record: the reply leaves it, or waits.
func (r record) after(o owed, err error, now time.Time) (next record, wait time.Duration, result string) {
	var e *chat.SendError
	switch {
	case err == nil:
		return r.taken(), 0, "ok"
	case !errors.As(err, &e):
		e = &chat.SendError{Kind: chat.Transient}
	}
	switch e.Kind {
	case chat.Throttled:
		return r, max(e.RetryAfter, time.Second), string(e.Kind)
	case chat.Refused:
		if o.Plain {
			return r.taken(), 0, "dropped"
		}
		return r.change(func(o *owed) { o.Plain = true }), 0, string(e.Kind)
	case chat.Uneditable:
		return r.change(func(o *owed) { o.Edits = "" }), 0, string(e.Kind)
	case chat.Blocked:
		r.Owed, r.Blocked = nil, true
		r.Session = r.Session.Quieted()
		return r, 0, string(e.Kind)
	case chat.Broken:
		return r, time.Minute, string(e.Kind)
	default:
		if now.Sub(time.UnixMilli(o.Since)) > dropAfter {
			return r.taken(), 0, "dropped"
		}
		return r.change(func(o *owed) { o.Tries++ }), backoff(o.Tries), string(e.Kind)
	}
}

// backoff grows from half a second to ten minutes, with jitter.
func backoff(tries int) time.Duration {
	d := min(500*time.Millisecond<<min(tries, 12), 10*time.Minute)
	return d/2 + rand.N(d)
}

// taken is the record without its oldest owed reply.
func (r record) taken() record {
	r.Owed = r.Owed[1:]
	if len(r.Owed) == 0 {
		r.Owed, r.Lease = nil, lease{}
	}
	return r
}

// change is the record with its oldest owed reply changed.
func (r record) change(f func(*owed)) record {
	r.Owed = slices.Clone(r.Owed)
	f(&r.Owed[0])
	return r
}
