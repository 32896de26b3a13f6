package turn

import (
	"context"
	"sync"
	"time"

	"wenzhu/bot/chat"
	"wenzhu/dialog"
)

const (
	rescueAfter  = time.Second     // how long danger to life waits for the store
	rescueEvery  = time.Minute     // between two direct answers to one person
	consoleAfter = 5 * time.Second // how long the store is away before others are told
)

// rescues remembers who got an answer past the store.
type rescues struct {
	mu       sync.Mutex
	sentTo   map[chat.UserKey]time.Time
	sentFor  map[string]time.Time // user and update
	away     time.Time            // since when the store is away; zero: it is not
	consoled map[chat.UserKey]bool
}

// rescue watches one update.
type rescue struct {
	all     *rescues
	key     string
	replies func() []dialog.Reply // the answer to danger; none where there is none. Looked for only when it is needed
	answer  func()                // sends them; called once at most
	timer   *time.Timer           // nil: nothing is sent past the record
	done    chan struct{}         // closed when the timer's work is done
}

// rescue sends the answer to danger directly when the update has not been committed in time. This is the one
// exception to save-before-send.
func (p *Path) rescue(ctx context.Context, u chat.Update) *rescue {
	r := &rescue{all: &p.rescues, key: string(u.User) + "\x00" + u.Event.ID, done: make(chan struct{})}
	if p.channel(u.User).Limits().Conversation {
		r.replies = func() []dialog.Reply { return nil }
		return r
	}
	r.replies = sync.OnceValue(func() []dialog.Reply {
		replies, _ := dialog.Emergency(u.Event)
		return replies
	})
	r.answer = func() {
		defer close(r.done)
		defer func() { p.contained(recover(), "emergency", "user", u.User, "update", u.Event.ID) }()
		if !r.danger() || !p.rescues.mayRescue(u.User, r.key, p.Now()) {
			return
		}
		for _, reply := range r.replies() {
			p.say(ctx, u.User, reply)
		}
	}
	r.timer = time.AfterFunc(p.rescues.patience(), r.answer)
	return r
}

// now answers danger at once, where waiting for the turn is in vain.
func (r *rescue) now() {
	if r.timer != nil && r.timer.Stop() {
		r.answer()
	}
}

// danger says whether the update tells of danger, whose only words past the record are the answer to it.
func (r *rescue) danger() bool { return len(r.replies()) > 0 }

// end stops the watch. A direct answer that is on its way is waited for, so that the turn knows of it.
func (r *rescue) end() {
	if r.timer != nil && !r.timer.Stop() {
		<-r.done
	}
}

// sent says whether the update has got its direct answer, now or at an earlier delivery.
func (r *rescue) sent() bool {
	r.all.mu.Lock()
	defer r.all.mu.Unlock()
	_, ok := r.all.sentFor[r.key]
	return ok
}

func (r *rescues) mayRescue(u chat.UserKey, key string, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.sentTo == nil {
		r.sentTo, r.sentFor = make(map[chat.UserKey]time.Time), make(map[string]time.Time)
	}
	if last, ok := r.sentTo[u]; ok && now.Sub(last) < rescueEvery {
		return false
	}
	r.sentTo[u], r.sentFor[key] = now, now
	return true
}

// patience is how long the answer to danger waits for the turn: not at all while the store is known to be away.
func (r *rescues) patience() time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.away.IsZero() {
		return rescueAfter
	}
	return 0
}

// storeAway and storeBack keep the time since when the store is out of reach.
func (r *rescues) storeAway(now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.away.IsZero() {
		r.away, r.consoled = now, make(map[chat.UserKey]bool)
	}
}

func (r *rescues) storeBack() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.away = time.Time{}
	if len(r.sentFor) > 10_000 {
		clear(r.sentFor)
		clear(r.sentTo)
	}
}

// mayConsole says whether a person is to be told that the store is away: once an outage.
func (r *rescues) mayConsole(u chat.UserKey, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.away.IsZero() || now.Sub(r.away) < consoleAfter || r.consoled[u] {
		return false
	}
	if _, rescued := r.sentTo[u]; rescued {
		return false
	}
	r.consoled[u] = true
	return true
}

// say sends a reply past the record, once; nothing is tried again.
func (p *Path) say(ctx context.Context, u chat.UserKey, reply dialog.Reply) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := p.channel(u).Send(ctx, chat.Message{User: u, Reply: reply}); err != nil {
		p.Log.Warn("direct answer not sent", "user", u, "error", err)
	}
}
