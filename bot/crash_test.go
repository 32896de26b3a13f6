package main

import (
	"math/rand/v2"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wenzhu/bot/redistest"
	"wenzhu/bot/store"
	"wenzhu/dialog"
)

// scale is how many people talk for how long, and how often somebody is killed.
type scale struct {
	people, rounds, kills int
	outage                time.Duration
}

func crashScale() scale {
	if chaos() {
		return scale{people: 60, rounds: 3, kills: 12, outage: 30 * time.Second}
	}
	return scale{people: 10, rounds: 1, kills: 3, outage: 7 * time.Second}
}

// now and then does something a few times while people talk.
func (s scale) nowAndThen(do func(n int)) func() {
	return func() {
		for n := range s.kills {
			time.Sleep(time.Duration(200+rand.IntN(500)) * time.Millisecond)
			do(n)
		}
	}
}

func openRedis(t *testing.T, server *redistest.Server) *store.Redis {
	t.Helper()
	s, err := store.OpenRedis(t.Context(), server.Client(), store.Keyring{})
	require.NoError(t, err)
	t.Cleanup(func() { s.Close() })
	return s
}

// TestCrashOfTheBot kills the bot at random moments. What a dead process owed is taken over when its lease ends,
// so each of these takes at least half a minute; they run side by side.
func TestCrashOfTheBot(t *testing.T) {
	t.Parallel()
	s := crashScale()
	for name := range modes("") {
		for _, backend := range []string{"file", "redis"} {
			t.Run(name+" on "+backend, func(t *testing.T) {
				t.Parallel()
				addr, tw := freeAddr(t), newTown(t, s.rounds)
				env := append(modes(addr)[name], "TELEGRAM_API_URL="+tw.url)
				var server *redistest.Server
				if backend == "redis" {
					server = redistest.Start(t)
					env = append(env, "REDIS_URL="+server.URL())
				}
				v := newVictim(t, addr, env...)
				tw.learn()
				tw.live(s.people, s.nowAndThen(func(int) { v.kill(); v.start() }))
				tw.whole(s.people, s.kills)
				v.kill()
				if backend == "redis" {
					tw.recorded(openRedis(t, server), s.people)
					return
				}
				f, err := store.OpenFile(v.dir, store.Keyring{})
				require.NoError(t, err)
				defer f.Close()
				tw.recorded(f, s.people)
			})
		}
	}
	t.Run("two replicas", func(t *testing.T) {
		t.Parallel()
		twoReplicas(t, s, func(v *victim) { v.kill() })
	})
}

// twoReplicas behind one address, as a load balancer would have them; now one of them ends, now the other.
func twoReplicas(t *testing.T, s scale, end func(*victim)) {
	tw, server, front := newTown(t, s.rounds), redistest.Start(t), newBalancer(t)
	var replicas []*victim
	for range 2 {
		addr := freeAddr(t)
		replicas = append(replicas, newVictim(t, addr, append(modes(front.addr)["webhook"], "TELEGRAM_API_URL="+tw.url, "REDIS_URL="+server.URL())...))
		front.add(addr)
	}
	tw.learn()
	tw.live(s.people, s.nowAndThen(func(n int) { end(replicas[n%2]); replicas[n%2].start() }))
	tw.whole(s.people, s.kills)
	tw.recorded(openRedis(t, server), s.people)
}

// onRedis is a town and its bot, which keeps its records in a Redis of its own.
func onRedis(t *testing.T, mode string, rounds int) (*town, *victim, *redistest.Server) {
	t.Helper()
	addr, tw, server := freeAddr(t), newTown(t, rounds), redistest.Start(t)
	v := newVictim(t, addr, append(modes(addr)[mode], "TELEGRAM_API_URL="+tw.url, "REDIS_URL="+server.URL())...)
	tw.learn()
	return tw, v, server
}

// TestCrashFreeRestart stops the bot as an operator does: nothing is even repeated, and nobody waits for a lease.
func TestCrashFreeRestart(t *testing.T) {
	t.Parallel()
	s := crashScale()
	for name := range modes("") {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tw, v, server := onRedis(t, name, s.rounds)
			tw.live(s.people, s.nowAndThen(func(int) {
				assert.Less(t, v.stop(), stopWithin)
				v.start()
			}))
			tw.whole(s.people, 0)
			tw.recorded(openRedis(t, server), s.people)
		})
	}
}

func TestCrashOfRedis(t *testing.T) {
	t.Parallel()
	s := crashScale()
	for name := range modes("") {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tw, _, server := onRedis(t, name, s.rounds)
			tw.live(s.people, s.nowAndThen(func(int) { server.Kill(t); server.Up(t) }))
			tw.whole(s.people, s.kills)
			tw.recorded(openRedis(t, server), s.people)
		})
	}
}

// TestCrashLeavesDangerAnswered: while Redis is out of reach, or hangs, a cry for help in the middle is answered
// within two seconds (measured in the long run), and nothing that was said meanwhile is lost.
func TestCrashLeavesDangerAnswered(t *testing.T) {
	t.Parallel()
	s := crashScale()
	s.people = 10 // more held updates than one getUpdates brings would hide the cry
	for name := range modes("") {
		for _, outage := range []string{"gone", "hanging"} {
			t.Run(name+" "+outage, func(t *testing.T) {
				t.Parallel()
				tw, _, server := onRedis(t, name, 1)
				away, back := func() { server.Kill(t) }, func() { server.Up(t) }
				if outage == "hanging" {
					away, back = func() { server.Signal(t, syscall.SIGSTOP) }, func() { server.Signal(t, syscall.SIGCONT) }
				}
				tw.live(s.people, func() {
					time.Sleep(300 * time.Millisecond)
					away()
					began := time.Now()
					time.Sleep(s.outage / 2)
					danger(t, tw)
					time.Sleep(time.Until(began.Add(s.outage)))
					back()
				})
				tw.whole(s.people, 1)
				tw.recorded(openRedis(t, server), s.people)
				assert.Eventually(t, func() bool { return len(tw.Texts(50)) == 2 }, 20*time.Second, 10*time.Millisecond, "the turn of the cry comes later")
			})
		}
	}
}

// danger is a cry for help, by words and by the button.
func danger(t *testing.T, tw *town) {
	began := time.Now()
	tw.Say(50, "我不想活了")
	tw.PressData(51, 1, "sos")
	for person, number := range map[int64]string{50: "12356", 51: "110"} {
		answered := func() bool { texts := tw.Texts(person); return len(texts) > 0 && strings.Contains(texts[0], number) }
		require.Eventually(t, answered, 5*time.Second, 2*time.Millisecond)
	}
	took := time.Since(began)
	t.Logf("answered after %s", took.Round(time.Millisecond))
	if chaos() { // a busy test machine proves nothing
		assert.Less(t, took, 2*time.Second)
	}
	assert.NotEqual(t, dialog.Fixed(dialog.SayAway).Text, tw.Texts(50)[0])
}
