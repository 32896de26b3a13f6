package turn

import (
	"context"
	"sync/atomic"
	"time"
)

// answering counts the people who wait for an answer of this process: they go before whoever is only due.
type answering struct{ people atomic.Int64 }

// begin counts one, until the function that it returns is called.
func (a *answering) begin() (end func()) {
	a.people.Add(1)
	return func() { a.people.Add(-1) }
}

// How often a visit looks whether somebody still waits, and how often at most: somebody always does where many people talk.
const (
	passLook  = 5 * time.Millisecond
	passLooks = 10
)

// pass lets those who wait go first, for a short time.
func (a *answering) pass(ctx context.Context) {
	for range passLooks {
		if a.people.Load() == 0 {
			return
		}
		select {
		case <-time.After(passLook):
		case <-ctx.Done():
			return
		}
	}
}
