package turn

import (
	"hash/fnv"
	"time"

	"wenzhu/bot/chat"
)

// spreadOver is how long after the quiet hours what waited for their end is spread.
const spreadOver = 50 * time.Minute

// spread is a person's place in that time: another one every day.
func spread(u chat.UserKey, now time.Time) time.Duration {
	h := fnv.New64a()
	h.Write([]byte(u))
	h.Write([]byte(now.UTC().Format(time.DateOnly)))
	return time.Duration(h.Sum64() % uint64(spreadOver))
}
