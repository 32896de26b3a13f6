package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wenzhu/bot/redistest"
	"wenzhu/bot/telegram/faketelegram"
)

// The crash tests kill real processes: the bot as it is built, a real redis-server. WENZHU_CHAOS=1 makes them long.

const crashToken = "1:crash"

// scale is how many people talk and how often somebody is killed.
type scale struct {
	people, words, kills int
	outage               time.Duration
}

func crashScale() scale {
	if os.Getenv("WENZHU_CHAOS") != "" {
		return scale{people: 100, words: 20, kills: 25, outage: 30 * time.Second}
	}
	return scale{people: 12, words: 6, kills: 3, outage: 4 * time.Second}
}

var buildOnce struct {
	sync.Once
	path string
	err  error
}

// builtBot is the bot's binary.
func builtBot(t *testing.T) string {
	t.Helper()
	buildOnce.Do(func() {
		dir, err := os.MkdirTemp("", "wenzhu-bot")
		if err != nil {
			buildOnce.err = err
			return
		}
		buildOnce.path = filepath.Join(dir, "bot")
		out, err := exec.Command("go", "build", "-o", buildOnce.path, ".").CombinedOutput()
		if err != nil {
			buildOnce.err = fmt.Errorf("%w: %s", err, out)
		}
	})
	require.NoError(t, buildOnce.err)
	return buildOnce.path
}

// victim is a bot process that can be killed and started again.
type victim struct {
	t    *testing.T
	env  []string
	addr string
	cmd  *exec.Cmd
	log  *os.File
}

func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	return l.Addr().String()
}

func newVictim(t *testing.T, addr string, env ...string) *victim {
	t.Helper()
	log, err := os.Create(filepath.Join(t.TempDir(), "bot.log"))
	require.NoError(t, err)
	v := &victim{t: t, addr: addr, log: log}
	v.env = append([]string{"LISTEN_ADDR=" + addr, "WEB_CHAT=off", "FLOOD_LIMIT=0", "TELEGRAM_RATE=0", "TELEGRAM_CHAT_RATE=0",
		"TELEGRAM_BOT_TOKEN=" + crashToken, "DATA_DIR=" + t.TempDir()}, env...)
	t.Cleanup(func() {
		v.kill()
		if t.Failed() {
			content, _ := os.ReadFile(log.Name())
			t.Logf("log of %s:\n%s", addr, tail(string(content), 3000))
		}
		log.Close()
	})
	v.start()
	return v
}

func tail(s string, n int) string { return s[max(0, len(s)-n):] }

func (v *victim) start() {
	v.t.Helper()
	v.cmd = exec.Command(builtBot(v.t))
	v.cmd.Env = append(os.Environ(), v.env...)
	v.cmd.Stderr, v.cmd.Stdout = v.log, v.log
	require.NoError(v.t, v.cmd.Start())
}

func (v *victim) kill() {
	if v.cmd != nil {
		_ = v.cmd.Process.Kill()
		_ = v.cmd.Wait()
		v.cmd = nil
	}
}

// town is a fake Telegram full of people who say "1", "2", … and are answered by one reply each.
type town struct {
	*faketelegram.Server
	url string
}

func newTown(t *testing.T) *town {
	t.Helper()
	fake := faketelegram.New(crashToken)
	server := httptest.NewServer(fake)
	t.Cleanup(func() {
		fake.Close()
		server.CloseClientConnections()
		server.Close()
	})
	return &town{fake, server.URL}
}

// talk lets everybody say their words while kill is called now and then.
func (tw *town) talk(s scale, kill func(n int)) {
	var group sync.WaitGroup
	for person := range s.people {
		group.Go(func() {
			for word := range s.words {
				tw.Say(int64(person+1), fmt.Sprintf("zzqq%d", word))
				time.Sleep(time.Duration(20+rand.IntN(150)) * time.Millisecond)
			}
		})
	}
	for n := range s.kills {
		time.Sleep(time.Duration(100+rand.IntN(400)) * time.Millisecond)
		kill(n)
	}
	group.Wait()
}

// settled waits until nothing is unanswered: every person has at least one reply a word.
func (tw *town) settled(t *testing.T, s scale, within time.Duration) {
	t.Helper()
	missing := func() string {
		for person := range s.people {
			if got := len(tw.Texts(int64(person + 1))); got < s.words {
				return fmt.Sprintf("person %d has %d replies, want %d", person+1, got, s.words)
			}
		}
		return ""
	}
	for end := time.Now().Add(within); missing() != ""; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal(missing())
		}
	}
}

// noStepTwice: a message more than there were words can only be one that was in flight at a kill.
func (tw *town) noStepTwice(t *testing.T, s scale, kills int) {
	t.Helper()
	extra := 0
	for person := range s.people {
		extra += len(tw.Texts(int64(person+1))) - s.words
	}
	t.Logf("%d people, %d words each, %d kills: %d messages repeated", s.people, s.words, kills, extra)
	assert.LessOrEqual(t, extra, s.people*(kills+1), "at most the one in flight a person and kill")
}

func modes(addr string) map[string][]string {
	return map[string][]string{
		"polling": {"TELEGRAM_MODE=polling"},
		"webhook": {"TELEGRAM_MODE=webhook", "TELEGRAM_WEBHOOK_SECRET=s", "TELEGRAM_WEBHOOK_URL=http://" + addr + "/telegram/webhook"},
	}
}

func TestCrashOfTheBot(t *testing.T) {
	s := crashScale()
	for name := range modes("") {
		for _, backend := range []string{"file", "redis"} {
			t.Run(name+" on "+backend, func(t *testing.T) {
				addr, tw := freeAddr(t), newTown(t)
				env := append(modes(addr)[name], "TELEGRAM_API_URL="+tw.url)
				if backend == "redis" {
					env = append(env, "REDIS_URL="+redistest.Start(t).URL())
				}
				v := newVictim(t, addr, env...)
				tw.talk(s, func(int) { v.kill(); v.start() })
				tw.settled(t, s, 90*time.Second)
				tw.noStepTwice(t, s, s.kills)
			})
		}
	}
}

func TestCrashOfRedis(t *testing.T) {
	s := crashScale()
	addr, tw, server := freeAddr(t), newTown(t), redistest.Start(t)
	newVictim(t, addr, append(modes(addr)["webhook"], "TELEGRAM_API_URL="+tw.url, "REDIS_URL="+server.URL())...)
	tw.talk(s, func(int) { server.Kill(t); server.Up(t) })
	tw.settled(t, s, 90*time.Second)
	tw.noStepTwice(t, s, s.kills)
}

// TestReplicaDiesBesideAnother: behind one address, as a load balancer would do it.
func TestReplicaDiesBesideAnother(t *testing.T) {
	s := crashScale()
	tw, server := newTown(t), redistest.Start(t)
	front := newBalancer(t)
	var replicas []*victim
	for range 2 {
		addr := freeAddr(t)
		replicas = append(replicas, newVictim(t, addr, append(modes(front.addr)["webhook"], "TELEGRAM_API_URL="+tw.url, "REDIS_URL="+server.URL())...))
		front.add(addr)
	}
	tw.talk(s, func(n int) { replicas[n%2].kill(); replicas[n%2].start() })
	tw.settled(t, s, 90*time.Second)
	tw.noStepTwice(t, s, s.kills)
}

// balancer hands requests to replicas in turn; one that does not answer is a bad gateway.
type balancer struct {
	addr string
	mu   sync.Mutex
	to   []string
	n    int
}

func newBalancer(t *testing.T) *balancer {
	t.Helper()
	b := &balancer{}
	server := httptest.NewServer(b)
	t.Cleanup(server.Close)
	b.addr = strings.TrimPrefix(server.URL, "http://")
	return b
}

func (b *balancer) add(addr string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.to = append(b.to, addr)
}

func (b *balancer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	addr := b.to[b.n%len(b.to)]
	b.n++
	b.mu.Unlock()
	onward, err := http.NewRequestWithContext(r.Context(), r.Method, "http://"+addr+r.URL.Path, r.Body)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	onward.Header = r.Header
	response, err := http.DefaultClient.Do(onward)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	defer response.Body.Close()
	for name, values := range response.Header {
		w.Header()[name] = values
	}
	w.WriteHeader(response.StatusCode)
	_, _ = io.Copy(w, response.Body)
}

// TestCrashLeavesDangerAnswered: while Redis is out of reach a cry for help is answered within two seconds, and
// nothing that was said meanwhile is lost.
func TestCrashLeavesDangerAnswered(t *testing.T) {
	s := crashScale()
	for name := range modes("") {
		t.Run(name, func(t *testing.T) {
			addr, tw, server := freeAddr(t), newTown(t), redistest.Start(t)
			newVictim(t, addr, append(modes(addr)[name], "TELEGRAM_API_URL="+tw.url, "REDIS_URL="+server.URL())...)
			tw.Say(1, "zzqq")
			require.Eventually(t, func() bool { return len(tw.Texts(1)) == 1 }, 20*time.Second, 5*time.Millisecond)
			server.Kill(t)
			began := time.Now()
			tw.PressData(1, 1, "sos")
			tw.Say(2, "zzqq")
			answered := func() bool {
				texts := tw.Texts(1)
				return len(texts) > 1 && strings.Contains(texts[1], "110")
			}
			require.Eventually(t, answered, 5*time.Second, 5*time.Millisecond)
			took := time.Since(began)
			t.Logf("answered after %s", took.Round(time.Millisecond))
			assert.Less(t, took, 2*time.Second)
			time.Sleep(time.Until(began.Add(s.outage)))
			server.Up(t)
			require.Eventually(t, func() bool { return len(tw.Texts(2)) >= 1 }, 20*time.Second, 5*time.Millisecond)
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			for tw.Waiting() > 0 && ctx.Err() == nil && name == "webhook" {
				time.Sleep(10 * time.Millisecond)
			}
			require.NoError(t, ctx.Err(), "everything is acknowledged in the end")
		})
	}
}
