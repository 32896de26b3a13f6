// Package turntest holds what tests of the path and of channels have in common.
package turntest

import (
	"context"
	"sync/atomic"
	"time"

	"wenzhu/bot/chat"
	"wenzhu/bot/turn"
	"wenzhu/dialog"
)

// Meter counts nothing.
type Meter struct{}

// Update implements turn.Meter.
func (Meter) Update(string, string) {}

// Stepped implements turn.Meter.
func (Meter) Stepped(time.Duration) {}

// Conflict implements turn.Meter.
func (Meter) Conflict() {}

// Sent implements turn.Meter.
func (Meter) Sent(string, string) {}

// Owed implements turn.Meter.
func (Meter) Owed(string, time.Duration) {}

// Late implements turn.Meter.
func (Meter) Late(time.Duration) {}

// Noted implements turn.Meter.
func (Meter) Noted(dialog.Note) {}

// Away is a store that can be out of reach.
type Away struct {
	turn.Store
	gone atomic.Bool
}

// Set takes the store out of reach or brings it back.
func (a *Away) Set(gone bool) { a.gone.Store(gone) }

// Load implements turn.Store.
func (a *Away) Load(ctx context.Context, u chat.UserKey) (turn.Stored, error) {
	if a.gone.Load() {
		return turn.Stored{}, turn.ErrUnavailable
	}
	return a.Store.Load(ctx, u)
}
