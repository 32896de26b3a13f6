package web

import (
	"sync"

	"wenzhu/bot/chat"
)

// listeners are the open pages of this process.
type listeners struct {
	mu     sync.Mutex
	pages  map[chat.UserKey]map[chan struct{}]bool
	closed bool
}

// open registers a page; ok is false where the person has too many or the process stops. The channel gets a value
// when there may be something new and is closed when the process stops.
func (l *listeners) open(u chat.UserKey) (woken <-chan struct{}, leave func(), ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed || len(l.pages[u]) >= streamsMost {
		return nil, nil, false
	}
	if l.pages == nil {
		l.pages = make(map[chat.UserKey]map[chan struct{}]bool)
	}
	if l.pages[u] == nil {
		l.pages[u] = make(map[chan struct{}]bool)
	}
	page := make(chan struct{}, 1)
	l.pages[u][page] = true
	return page, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.pages[u], page)
		if len(l.pages[u]) == 0 {
			delete(l.pages, u)
		}
	}, true
}

// wake tells a person's open pages to look.
func (l *listeners) wake(u chat.UserKey) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for page := range l.pages[u] {
		select {
		case page <- struct{}{}:
		default:
		}
	}
}

// closeAll ends all streams, so that the server can stop.
func (l *listeners) closeAll() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	for _, pages := range l.pages {
		for page := range pages {
			close(page)
		}
	}
	l.pages = nil
}
