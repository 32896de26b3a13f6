package store

import "time"

// What both stores keep to with the wake index.
const (
	wakeWithin = 30 * time.Second // a commit is looked at again no later than this, where the index lies on another server
	claimFor   = time.Minute      // longer than wakeWithin, so that every commit changes the time of a taken entry

	latestShare = 4 // one in so many entries taken from a backlog is one that came due last
)

// wakeAt is the time that goes into the wake index before a commit.
func wakeAt(next, now time.Time) time.Time {
	if latest := now.Add(wakeWithin); next.After(latest) {
		return latest
	}
	return next
}
