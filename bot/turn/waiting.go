package turn

import (
	"sync"
	"time"

	"wenzhu/bot/chat"
)

// waiting counts the replies that this process last saw owed, for operators. A delivery that another process has
// taken over is forgotten a while after its lease.
type waiting struct {
	mu     sync.Mutex
	people map[chat.UserKey]owing
}

type owing struct {
	replies int
	since   int64 // Unix ms of the oldest
	until   int64 // Unix ms; after that somebody else may know better
}

// note remembers what a record that this process committed owes.
func (w *waiting) note(u chat.UserKey, r record) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(r.Owed) == 0 {
		delete(w.people, u)
		return
	}
	if w.people == nil {
		w.people = make(map[chat.UserKey]owing)
	}
	w.people[u] = owing{len(r.Owed), r.Owed[0].Since, r.Lease.Until + leaseTime.Milliseconds()}
}

// Waiting is how many replies this process knows to be owed, and how long the oldest of them has been.
func (p *Path) Waiting() (replies int, oldest time.Duration) {
	w, now := &p.waiting, p.Now().UnixMilli()
	w.mu.Lock()
	defer w.mu.Unlock()
	for u, o := range w.people {
		if o.until < now {
			delete(w.people, u)
			continue
		}
		replies += o.replies
		oldest = max(oldest, time.Duration(now-o.since)*time.Millisecond)
	}
	return replies, oldest
}
