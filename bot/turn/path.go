package turn

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"wenzhu/bot/chat"
	"wenzhu/dialog"
)

// Dialog is the conversation as the path sees it.
type Dialog interface {
	Step(s dialog.Session, e dialog.Event) dialog.Outcome
	// Stand says where the person stands; it takes the place of replies that grew too old or too many.
	Stand(s dialog.Session) dialog.Reply
}

// Meter counts what operators watch. Its arguments never hold anything of a person.
type Meter interface {
	Update(channel, result string)
	Stepped(d time.Duration)
	Conflict()
	Sent(channel, result string)
	Owed(channel string, age time.Duration) // a reply left the record after this time
	Late(d time.Duration)                   // a wake entry was visited this much after its time
	Noted(n dialog.Note)
}

// Options are what a Path needs from outside.
type Options struct {
	Store      Store
	Dialog     func() Dialog // the newest; asked once a step
	Channels   map[string]chat.Channel
	Now        func() time.Time
	Log        *slog.Logger
	Meter      Meter
	Replica    string        // this process, unique
	Retention  time.Duration // after the person's last word, where they allowed it
	FloodLimit int           // updates of a person in floodWindow; 0 none
}

// Path takes updates to their commit and replies to their channel.
type Path struct {
	Options

	order      order
	rescues    rescues
	limiters   sync.Map // channel name → *limiter
	delivering busy
	answering  answering
	waiting    waiting
	background sync.WaitGroup // deliverers, and notes being kept
	stopOnce   sync.Once
	stop       chan struct{}
	sends      context.Context // of every send; ends a while after Stop
	endSends   context.CancelFunc
}

// New returns a path that is ready for updates. Sweep has to run beside it.
func New(o Options) *Path {
	p := &Path{Options: o, stop: make(chan struct{})}
	p.sends, p.endSends = context.WithCancel(context.Background())
	return p
}

// stopWithin is how long a message in hand may take when the process stops.
const stopWithin = 2 * time.Second

// Stop lets the deliverers finish the message in hand and give back the rest, and waits for them. A message that
// takes longer than stopWithin is owed as before.
func (p *Path) Stop() {
	p.stopOnce.Do(func() { close(p.stop) })
	late := time.AfterFunc(stopWithin, p.endSends)
	defer late.Stop()
	p.background.Wait()
	p.endSends()
}

func (p *Path) stopped() bool {
	select {
	case <-p.stop:
		return true
	default:
		return false
	}
}

// sleep waits, and says false where the process stops before.
func (p *Path) sleep(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-p.stop:
		return false
	}
}

const (
	shortStay     = 24 * time.Hour   // how long anything is kept without leave
	farewellStay  = 10 * time.Minute // how long the remainder of a deletion stays
	conflictsMost = 50
	retryPause    = 100 * time.Millisecond
)

// Result says what became of an update.
type Result struct {
	Status  Status
	Replies []dialog.Reply // with channels whose conversation is the delivery
}

// Status names the outcomes of Handle.
type Status string

// The outcomes. All of them acknowledge the update.
const (
	Committed   Status = "committed"
	Redelivered Status = "redelivered" // seen before; nothing changed
	Flooded     Status = "flooded"     // too many at once; not looked at
	Failed      Status = "failed"      // can never succeed; the person has been told
)

// errNever marks a turn that would fail again.
var errNever = errors.New("the step panicked")

// Handle takes an update to its commit. An error means that the update is not acknowledged and has to come
// again: the store was out of reach, or the record is of a newer release, until ctx ended.
func (p *Path) Handle(ctx context.Context, u chat.Update) (Result, error) {
	return p.Queue(u)(ctx)
}

// Queue takes the update's place in its person's queue and returns the function that handles it. That
// function must be called exactly once; calls of different updates may run at the same time.
func (p *Path) Queue(u chat.Update) func(context.Context) (Result, error) {
	place := p.Place(u.User)
	return func(ctx context.Context) (Result, error) { return place(ctx, u) }
}

// Place is Queue for an update that is not complete yet, such as a picture still to be read.
func (p *Path) Place(who chat.UserKey) func(context.Context, chat.Update) (Result, error) {
	before, leave := p.order.join(who)
	return func(ctx context.Context, u chat.Update) (Result, error) {
		defer leave()
		if u.Event.Kind != dialog.Due {
			defer p.answering.begin()()
		}
		rescue := p.rescue(ctx, u)
		defer rescue.end()
		if before != nil {
			select {
			case <-before:
			case <-ctx.Done():
				return Result{}, ctx.Err()
			}
		}
		result, err := p.persist(ctx, u, rescue)
		status := string(result.Status)
		if err != nil {
			status = "unavailable"
		}
		p.Meter.Update(u.User.Channel(), status)
		return result, err
	}
}

// persist tries the turn until it stands, can never stand, or ctx ends.
func (p *Path) persist(ctx context.Context, u chat.Update, rescue *rescue) (Result, error) {
	waiting := false
	for conflicts := 0; ; {
		result, err := p.turn(ctx, u, rescue.sent())
		switch {
		case err == nil:
			p.rescues.storeBack()
			return result, nil
		case errors.Is(err, ErrConflict) && conflicts < conflictsMost:
			conflicts++
			p.Meter.Conflict()
			continue
		case errors.Is(err, errNever):
			p.say(ctx, u.User, dialog.Fixed(dialog.SayFailed))
			return Result{Status: Failed}, nil
		case errors.Is(err, ErrNewer): // another replica may know better
			p.Log.Error("record that this process cannot read", "user", u.User, "update", u.Event.ID, "error", err)
			rescue.now()
			return Result{}, err
		case ctx.Err() != nil:
			return Result{}, err
		}
		if !waiting {
			p.Log.Warn("turn waits for the store", "user", u.User, "update", u.Event.ID, "error", err)
		}
		waiting = true
		p.rescues.storeAway(p.Now())
		if !rescue.danger() && p.rescues.mayConsole(u.User, p.Now()) {
			p.say(ctx, u.User, dialog.Fixed(dialog.SayAway))
		}
		select {
		case <-time.After(retryPause):
		case <-ctx.Done():
			return Result{}, err
		}
	}
}

// turn loads, steps and commits once. ErrConflict means that it may simply be called again.
func (p *Path) turn(ctx context.Context, u chat.Update, answered bool) (Result, error) {
	read, r, damaged, err := p.load(ctx, u.User)
	if err != nil {
		return Result{}, err
	}
	if r.seen(u.Event.ID) {
		p.resume(u.User, read, r)
		return Result{Status: Redelivered}, nil
	}
	now := p.Now()
	if due, _ := r.Session.Due(); u.Event.Kind == dialog.Due && (r.Gone || due.IsZero() || due.After(now)) {
		return Result{Status: Committed}, nil // answered meanwhile
	}
	u.Event.At, u.Event.Answered, u.Event.Spread = now, answered, spread(u.User, now)
	u.Event.Visited = p.channel(u.User).Limits().Visited
	if over, tell := r.Flood.over(u, now, p.FloodLimit); over {
		return p.flooded(ctx, u, read, r, tell)
	}
	if r.Gone {
		r = record{Seen: r.Seen}
	}
	out, err := p.step(ctx, u, r.Session)
	if err != nil {
		return Result{}, err
	}
	if damaged {
		out.Replies = append([]dialog.Reply{dialog.Fixed(dialog.SayDamaged)}, out.Replies...)
	}
	r.Flood = r.Flood.count(u, now)
	return p.commit(ctx, u, read, r, out)
}

// load reads the record. Unreadable bytes are set aside, and the person starts anew.
func (p *Path) load(ctx context.Context, u chat.UserKey) (read Etag, r record, damaged bool, err error) {
	stored, err := p.Store.Load(ctx, u)
	if err == nil {
		r, err = decode(stored.Body)
	}
	if !errors.Is(err, ErrDamaged) {
		return stored.Etag, r, false, err
	}
	p.Log.Error("record set aside", "user", u)
	if err := p.Store.SetAside(ctx, u, stored.Etag); err != nil {
		return Etag{}, record{}, false, fmt.Errorf("set aside: %w", err)
	}
	return Etag{}, record{}, true, nil
}

// step runs the dialog, loading the lists it asks for. A panic stays within the turn.
func (p *Path) step(ctx context.Context, u chat.Update, s dialog.Session) (out dialog.Outcome, err error) {
	defer func() {
		if p.contained(recover(), "step", "user", u.User, "update", u.Event.ID, "state", s.State) {
			err = errNever
		}
	}()
	began := time.Now()
	d, e := p.Dialog(), u.Event
	for range len(dialog.AllLists) + 1 {
		out = d.Step(s, e)
		if len(out.Needs) == 0 {
			p.Meter.Stepped(time.Since(began))
			return out, nil
		}
		lists, err := p.lists(ctx, u.User, e.Lists, out.Needs)
		if err != nil {
			return dialog.Outcome{}, err
		}
		e.Lists = lists
	}
	return dialog.Outcome{}, fmt.Errorf("%w: it asks for the same lists for ever", errNever)
}

// contained keeps a panic within one step, send or visit, and says whether there was one. The log says where it
// happened and never what was said.
func (p *Path) contained(cause any, in string, about ...any) bool {
	if cause == nil {
		return false
	}
	p.Log.Error("panic", append(about, "in", in, "stack", string(debug.Stack()))...)
	return true
}

func (p *Path) lists(ctx context.Context, u chat.UserKey, have map[dialog.List][]dialog.Item, need []dialog.List) (map[dialog.List][]dialog.Item, error) {
	lists := make(map[dialog.List][]dialog.Item, len(have)+len(need))
	for l, items := range have {
		lists[l] = items
	}
	for _, l := range need {
		items, err := p.Store.List(ctx, u, l)
		if err != nil {
			return nil, fmt.Errorf("load %s: %w", l, err)
		}
		lists[l] = items
	}
	return lists, nil
}

// commit saves what the step decided and starts the delivery.
func (p *Path) commit(ctx context.Context, u chat.Update, read Etag, r record, out dialog.Outcome) (Result, error) {
	now := p.Now()
	r = r.see(u.Event.ID)
	r.Session = out.Session
	if u.Event.Kind != dialog.Due {
		r.Blocked = false
		r.Ends = p.ends(out.Session, now).UnixMilli()
	}
	for i := range out.Replies {
		out.Replies[i].ID = fmt.Sprintf("%s/%d", u.Event.ID, i)
	}
	if out.Erase {
		r = record{Seen: r.Seen, Gone: true, Ends: now.Add(farewellStay).UnixMilli()}
	}
	channel, changes := p.channel(u.User), out.Changes
	switch {
	case !channel.Limits().Conversation:
		r = p.owe(r, out.Replies, u.Edits, now)
	case !out.Erase:
		var lines []dialog.Change
		r, lines = r.converse(u.Event, out.Replies, now)
		changes = append(lines, changes...)
	}
	c, err := r.commit(u.User, read)
	if err != nil {
		return Result{}, err
	}
	c.Erase, c.Changes = out.Erase, changes
	etag, err := p.Store.Commit(ctx, c)
	if err != nil {
		return Result{}, fmt.Errorf("commit turn: %w", err)
	}
	p.waiting.note(u.User, r)
	p.committed(ctx, u, etag, r, out)
	return Result{Status: Committed, Replies: out.Replies}, nil
}

// committed does what may follow a commit: all of it is found again by the sweeper if this process dies here.
func (p *Path) committed(ctx context.Context, u chat.Update, etag Etag, r record, out dialog.Outcome) {
	p.note(out.Notes)
	if p.channel(u.User).Limits().Conversation {
		if err := p.Store.Nudge(ctx, u.User); err != nil {
			p.Log.Debug("nudge", "user", u.User, "error", err)
		}
	}
	p.resume(u.User, etag, r)
	p.soon(u.User, r)
}

// ends is when everything of the person ends after a word of theirs.
func (p *Path) ends(s dialog.Session, now time.Time) time.Time {
	ends := now.Add(shortStay)
	if s.Keeps() {
		ends = now.Add(p.Retention)
	}
	for _, w := range s.Wakes {
		if after := w.At.Add(time.Hour); w.Hold && after.After(ends) {
			ends = after
		}
	}
	return ends
}

func (p *Path) channel(u chat.UserKey) chat.Channel {
	if c, ok := p.Channels[u.Channel()]; ok {
		return c
	}
	return silent{}
}

// Idle says whether nothing is owed to a person and nothing is due in a moment.
func (p *Path) Idle(ctx context.Context, u chat.UserKey) bool {
	stored, err := p.Store.Load(ctx, u)
	if err != nil {
		return false
	}
	r, err := decode(stored.Body)
	if err != nil {
		return true
	}
	due, own := r.Session.Due()
	pending := !due.IsZero() && !own && due.Sub(p.Now()) < soonest
	return len(r.Owed) == 0 && !pending
}
