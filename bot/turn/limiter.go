package turn

import (
	"context"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"wenzhu/bot/chat"
)

// ownShare is what the bot may use of a channel's rate for what it says on its own.
const ownShare = 2.0 / 3

// limiter spends a channel's allowance, which lies in the store for all replicas. It fetches what a tenth of a
// second may need at a time.
type limiter struct {
	store   Store
	all     Bucket
	own     Bucket
	now     func() time.Time
	sleep   func(time.Duration) bool
	waiting atomic.Int64
	paused  atomic.Int64 // Unix ms until which this process has been told to be silent; the store tells the others

	asking    chan struct{} // holds who waits for leave to say something on the bot's own
	mu        sync.Mutex
	tokens    int
	ownTokens int
}

func (p *Path) limiter(c chat.Channel) *limiter {
	if l, ok := p.limiters.Load(c.Name()); ok {
		return l.(*limiter)
	}
	rate := c.Limits().Rate
	l, _ := p.limiters.LoadOrStore(c.Name(), &limiter{
		store: p.Store, now: p.Now, sleep: p.sleep, asking: make(chan struct{}, 1),
		all: Bucket{Name: c.Name(), Rate: rate},
		own: Bucket{Name: c.Name() + "/own", Rate: rate * ownShare},
	})
	return l.(*limiter)
}

// take spends one token on a reply. It waits for a short time; where that will not do it returns how long
// the caller has to come back later.
func (l *limiter) take(ctx context.Context) (wait time.Duration, err error) {
	if wait := time.UnixMilli(l.paused.Load()).Sub(l.now()); wait > 0 {
		return wait, nil
	}
	if l.all.Rate <= 0 {
		return 0, nil
	}
	ahead := l.waiting.Add(1)
	defer l.waiting.Add(-1)
	if wait := time.Duration(float64(ahead) / l.all.Rate * float64(time.Second)); wait > patience {
		return wait, nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for began := l.now(); ; {
		if l.tokens, err = l.fill(ctx, l.all, l.tokens); err != nil {
			return 0, err
		}
		if l.tokens > 0 {
			l.tokens--
			return 0, nil
		}
		if l.now().Sub(began) > patience {
			return patience + time.Second, nil
		}
		if !l.sleep(l.tick()) {
			return patience + time.Second, nil
		}
	}
}

// ownPatience is how long something that the bot says on its own waits for leave.
const ownPatience = 250 * time.Millisecond

// takeOwn spends one token of each bucket on something that the bot says on its own, or says that it cannot in a
// while: replies go first.
func (l *limiter) takeOwn(ctx context.Context) (bool, error) {
	if l.all.Rate <= 0 {
		return !l.silent(), nil
	}
	waiting, cancel := context.WithTimeout(ctx, ownPatience)
	defer cancel()
	select {
	case l.asking <- struct{}{}: // one asks the store for all
		defer func() { <-l.asking }()
	case <-waiting.Done():
		return false, ctx.Err()
	}
	for {
		if ok, err := l.tryOwn(ctx); ok || err != nil || l.silent() {
			return ok, err
		}
		select {
		case <-time.After(l.tick()):
		case <-waiting.Done():
			return false, ctx.Err()
		}
	}
}

// silent says whether the channel pauses.
func (l *limiter) silent() bool { return l.paused.Load() > l.now().UnixMilli() }

// tryOwn is takeOwn without waiting.
func (l *limiter) tryOwn(ctx context.Context) (ok bool, err error) {
	if l.silent() || l.waiting.Load() > 0 || !l.mu.TryLock() {
		return false, nil
	}
	defer l.mu.Unlock()
	if l.ownTokens, err = l.fill(ctx, l.own, l.ownTokens); err != nil || l.ownTokens == 0 {
		return false, err
	}
	if l.tokens, err = l.fill(ctx, l.all, l.tokens); err != nil || l.tokens == 0 {
		return false, err
	}
	l.ownTokens--
	l.tokens--
	return true, nil
}

// fill fetches tokens where there are none at hand.
func (l *limiter) fill(ctx context.Context, b Bucket, have int) (int, error) {
	if have > 0 {
		return have, nil
	}
	return l.store.Tokens(ctx, b, l.now(), max(1, int(math.Ceil(b.Rate/10))))
}

// tick is how long one token takes, within what is worth a look.
func (l *limiter) tick() time.Duration {
	return min(max(time.Duration(float64(time.Second)/l.all.Rate), 5*time.Millisecond), 100*time.Millisecond)
}

// pause keeps the whole channel from sending, on all replicas.
func (l *limiter) pause(ctx context.Context, until time.Time) error {
	l.paused.Store(max(until.UnixMilli(), l.paused.Load()))
	l.mu.Lock()
	l.tokens, l.ownTokens = 0, 0
	l.mu.Unlock()
	return l.store.Pause(ctx, l.all.Name, until)
}
