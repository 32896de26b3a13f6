package turn

import (
	"context"
	"time"

	"wenzhu/bot/chat"
	"wenzhu/dialog"
)

const (
	floodWindow = 10 * time.Second
	floodTell   = time.Minute // between two sentences about it
)

// flood counts a person's updates in the present window.
type flood struct {
	From int64 `json:"f,omitempty"` // Unix ms
	N    int   `json:"n,omitempty"`
	Told int64 `json:"t,omitempty"` // Unix ms
}

// when is the update's own time where it has one: a backlog delivered at once is no flood.
func when(u chat.Update, now time.Time) time.Time {
	if u.Sent.IsZero() {
		return now
	}
	return u.Sent
}

// over says whether the update is one too many, and whether the person is to be told.
func (f flood) over(u chat.Update, now time.Time, limit int) (over, tell bool) {
	if limit <= 0 || u.Event.Kind == dialog.Due || !f.within(when(u, now)) || f.N < limit {
		return false, false
	}
	if _, danger := dialog.Emergency(u.Event); danger {
		return false, false
	}
	return true, now.Sub(time.UnixMilli(f.Told)) >= floodTell
}

func (f flood) within(t time.Time) bool {
	d := t.Sub(time.UnixMilli(f.From))
	return d >= 0 && d < floodWindow
}

func (f flood) count(u chat.Update, now time.Time) flood {
	if u.Event.Kind == dialog.Due {
		return f
	}
	if t := when(u, now); !f.within(t) {
		f.From, f.N = t.UnixMilli(), 0
	}
	f.N++
	return f
}

// flooded acknowledges without a step. Only the sentence that it says once a minute is worth a commit.
func (p *Path) flooded(ctx context.Context, u chat.Update, read Etag, r record, tell bool) (Result, error) {
	if !tell {
		return Result{Status: Flooded}, nil
	}
	r.Flood.Told = p.Now().UnixMilli()
	result, err := p.commit(ctx, u, read, r, dialog.Outcome{
		Session: r.Session, Replies: []dialog.Reply{dialog.Fixed(dialog.SayFlooded)},
	})
	if err == nil {
		result.Status = Flooded
	}
	return result, err
}
