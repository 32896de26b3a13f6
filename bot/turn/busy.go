package turn

import (
	"sync"

	"wenzhu/bot/chat"
)

// busy keeps it to one deliverer a person in this process.
type busy struct {
	mu    sync.Mutex
	again map[chat.UserKey]bool // at work; true: asked for again meanwhile
}

// begin says whether the caller is to do the work. Where somebody is at it, they will look again at the end.
func (b *busy) begin(u chat.UserKey) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.again == nil {
		b.again = make(map[chat.UserKey]bool)
	}
	_, taken := b.again[u]
	b.again[u] = taken
	return !taken
}

// end says whether the work has to be looked at again; if not, it is over.
func (b *busy) end(u chat.UserKey) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.again[u] {
		b.again[u] = false
		return true
	}
	delete(b.again, u)
	return false
}
