package turn

import (
	"sync"

	"wenzhu/bot/chat"
)

// order lets the turns of one person happen one after the other, in the order in which they joined.
type order struct {
	mu    sync.Mutex
	tails map[chat.UserKey]chan struct{}
}

// join takes the next place in a person's queue. The turn may begin when before is closed (nil: at once);
// leave must be called exactly once, and lets the next one begin.
func (o *order) join(u chat.UserKey) (before <-chan struct{}, leave func()) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.tails == nil {
		o.tails = make(map[chat.UserKey]chan struct{})
	}
	previous, mine := o.tails[u], make(chan struct{})
	o.tails[u] = mine
	return previous, func() {
		o.mu.Lock()
		if o.tails[u] == mine {
			delete(o.tails, u)
		}
		o.mu.Unlock()
		close(mine)
	}
}
