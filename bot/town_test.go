package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wenzhu/bot/chat"
	"wenzhu/bot/telegram/faketelegram"
	"wenzhu/bot/turn"
	"wenzhu/dialog"
)

// The crash tests kill real processes: the bot as it is built, a real redis-server. WENZHU_CHAOS=1 makes them long.

const crashToken = "1:crash-token"

func chaos() bool { return os.Getenv("WENZHU_CHAOS") != "" }

// victim is a bot process that can be killed and started again.
type victim struct {
	t    *testing.T
	env  []string
	dir  string // of the embedded store
	cmd  *exec.Cmd
	log  *os.File
	live sync.Mutex
}

func newVictim(t *testing.T, addr string, env ...string) *victim {
	t.Helper()
	log, err := os.Create(filepath.Join(t.TempDir(), "bot.log"))
	require.NoError(t, err)
	v := &victim{t: t, dir: t.TempDir(), log: log}
	v.env = append([]string{"LISTEN_ADDR=" + addr, "WEB_CHAT=off", "FLOOD_LIMIT=0", "TELEGRAM_RATE=0", "TELEGRAM_CHAT_RATE=0",
		"TELEGRAM_BOT_TOKEN=" + crashToken, "DATA_DIR=" + v.dir, "LOG_LEVEL=debug"}, env...)
	t.Cleanup(func() {
		v.kill()
		v.inspectLog()
		log.Close()
	})
	v.start()
	return v
}

// inspectLog looks for what must never stand in a log.
func (v *victim) inspectLog() {
	content, err := os.ReadFile(v.log.Name())
	assert.NoError(v.t, err)
	for _, never := range []string{"crash-token", "DATA RACE", "panic", secretWord} {
		assert.False(v.t, bytes.Contains(content, []byte(never)), "the log has %q", never)
	}
	if v.t.Failed() {
		v.t.Logf("end of the log:\n%s", content[max(0, len(content)-4000):])
	}
}

func (v *victim) start() {
	v.live.Lock()
	defer v.live.Unlock()
	v.cmd = exec.Command(builtBot(v.t))
	v.cmd.Env = append(os.Environ(), v.env...)
	v.cmd.Stderr, v.cmd.Stdout = v.log, v.log
	assert.NoError(v.t, v.cmd.Start())
}

// kill ends the process as kill -9 does, stop as an operator does.
func (v *victim) kill() { v.end(syscall.SIGKILL) }

func (v *victim) stop() time.Duration {
	began := time.Now()
	v.end(syscall.SIGTERM)
	return time.Since(began)
}

func (v *victim) end(s os.Signal) {
	v.live.Lock()
	defer v.live.Unlock()
	if v.cmd != nil {
		_ = v.cmd.Process.Signal(s)
		_ = v.cmd.Wait()
		v.cmd = nil
	}
}

// secretWord is a person's word that no log may have.
const secretWord = "zzqq"

// journey is what everybody in town says; no two answers in a row are alike. The counts of the log tell whether
// a step was taken twice. Who taps presses the button of that name where there is one.
var journey = []string{
	"/start", "安全", "我自己欠款", "记一次骚扰", "可以", "短信", "加上号码", "跳过", "记一次骚扰", "微信", "他说了什么", "跳过",
	"/help", "记一次骚扰", "上门", "加上号码", "跳过", secretWord, "/progress",
}

// arrived is where in the journey the part begins that can be gone through again.
const arrived = 8

// town is a fake Telegram full of people.
type town struct {
	*faketelegram.Server
	t      *testing.T
	url    string
	words  []string
	due    []int             // how many answers there are in all after each word
	golden map[bool][]string // what is shown to who taps and who types, step by step, learnt while nothing is killed

	mu  sync.Mutex
	ids map[int64][]int // of the updates that people made
}

func newTown(t *testing.T, rounds int) *town {
	t.Helper()
	tw := &town{Server: faketelegram.New(crashToken), t: t, golden: make(map[bool][]string), ids: make(map[int64][]int)}
	server := httptest.NewServer(tw.Server)
	t.Cleanup(func() {
		tw.Close()
		server.CloseClientConnections()
		server.Close()
	})
	tw.url = server.URL
	tw.words = slices.Clone(journey)
	for range rounds - 1 {
		tw.words = append(tw.words, journey[arrived:]...)
	}
	tw.due = rehearse(t, tw.words)
	return tw
}

// rehearse says the words within this process and counts the answers.
func rehearse(t *testing.T, words []string) []int {
	t.Helper()
	env := map[string]string{"DATA_DIR": t.TempDir(), "FLOOD_LIMIT": "0"}
	a, err := newApp(t.Context(), process{getenv: func(name string) string { return env[name] }, stderr: io.Discard}, "")
	require.NoError(t, err)
	defer a.close()
	heard := &listener{}
	a.path.Channels["tg"] = heard
	var due []int
	for n, word := range words {
		_, err := a.path.Handle(t.Context(), chat.Update{User: "tg:1", Event: dialog.Event{ID: fmt.Sprint(n), Kind: dialog.Text, Text: word}})
		require.NoError(t, err)
		require.Eventually(t, func() bool { left, _ := a.path.Waiting(); return left == 0 }, 30*time.Second, time.Millisecond)
		due = append(due, int(heard.n.Load()))
	}
	return due
}

// listener is a channel that counts.
type listener struct {
	open
	n atomic.Int64
}

func (l *listener) Send(context.Context, chat.Message) error {
	l.n.Add(1)
	return nil
}

// do says a word, or presses the button of that name.
func (tw *town) do(person int64, word string, tap bool) {
	if tap {
		if _, ok := tw.Press(person, word); ok {
			return
		}
	}
	id := tw.Say(person, word)
	tw.mu.Lock()
	defer tw.mu.Unlock()
	tw.ids[person] = append(tw.ids[person], id)
}

// learn goes through the journey calmly, once by typing and once by tapping.
func (tw *town) learn() {
	tw.t.Helper()
	for _, tap := range []bool{false, true} {
		person := int64(1)
		if tap {
			person = 2
		}
		for n, word := range tw.words {
			tw.do(person, word, tap)
			require.Eventually(tw.t, func() bool { return len(tw.shown(person)) >= tw.due[n] }, 30*time.Second, time.Millisecond,
				"calm: no new answer to %q (%d of %v)", word, n, tw.shown(person))
		}
		tw.golden[tap] = tw.shown(person)
		require.Len(tw.t, tw.golden[tap], tw.answers(), "every answer, and no two in a row alike")
	}
	tw.Latency(5*time.Millisecond, 60*time.Millisecond)
}

// answers is how many there are to all that is said.
func (tw *town) answers() int { return tw.due[len(tw.due)-1] }

var clock = regexp.MustCompile(`\d\d-\d\d 周.|\d\d:\d\d`)

// shown is all that a person was ever shown, without times, repeats and sentences about the outage.
func (tw *town) shown(person int64) []string {
	var all []string
	for _, text := range tw.History(person) {
		if text = clock.ReplaceAllString(text, "…"); text != dialog.Fixed(dialog.SayAway).Text {
			all = append(all, text)
		}
	}
	return slices.Compact(all)
}

// live lets people talk, every second by tapping, while trouble is made. Who types says a few words ahead of the
// answers; who taps waits for each.
func (tw *town) live(people int, trouble func()) {
	var group sync.WaitGroup
	for n := range people {
		person, tap, ahead := int64(100+n), n%2 == 1, 6
		if tap {
			ahead = 0
		}
		group.Go(func() {
			for n, word := range tw.words {
				for end := time.Now().Add(90 * time.Second); n > ahead && len(tw.shown(person)) < tw.due[n-ahead-1] && time.Now().Before(end); {
					time.Sleep(5 * time.Millisecond)
				}
				tw.do(person, word, tap)
				time.Sleep(time.Duration(10+rand.IntN(120)) * time.Millisecond)
			}
		})
	}
	trouble()
	group.Wait()
}

// whole waits until everybody has been told everything, and checks that it was what a calm town would have seen.
func (tw *town) whole(people, troubles int) {
	tw.t.Helper()
	missing := func() string {
		for n := range people {
			if got := tw.shown(int64(100 + n)); len(got) < tw.answers() {
				return fmt.Sprintf("person %d: %d of %d answers", 100+n, len(got), tw.answers())
			}
		}
		if n := tw.Waiting(); n > 0 {
			return fmt.Sprint(n, " updates not confirmed")
		}
		return ""
	}
	for end := time.Now().Add(150 * time.Second); missing() != "" && time.Now().Before(end); {
		time.Sleep(10 * time.Millisecond)
	}
	time.Sleep(200 * time.Millisecond) // anything more would be wrong
	assert.Empty(tw.t, missing())
	repeats := 0
	for n := range people {
		person := int64(100 + n)
		assert.Equal(tw.t, tw.golden[n%2 == 1], tw.shown(person), "person %d", person)
		repeats += len(slices.DeleteFunc(tw.History(person), func(s string) bool { return s == dialog.Fixed(dialog.SayAway).Text })) - tw.answers()
	}
	tw.t.Logf("%d people, %d words each, %d kills or outages: nothing missing, nothing twice, %d messages repeated", people, len(tw.words), troubles, repeats)
	assert.LessOrEqual(tw.t, repeats, people*troubles, "only what was in flight may come again")
}

// recorded checks in the records that each update was committed once, and that nothing is owed.
func (tw *town) recorded(s turn.Store, people int) {
	tw.t.Helper()
	for n := range people {
		person := int64(100 + n)
		stored, err := s.Load(tw.t.Context(), chat.UserKey(fmt.Sprintf("tg:%d", person)))
		require.NoError(tw.t, err)
		var r struct {
			Seen []byte            `json:"n"`
			Owed []json.RawMessage `json:"o"`
		}
		require.NoError(tw.t, json.Unmarshal(stored.Body, &r))
		assert.Empty(tw.t, r.Owed, "person %d is owed something", person)
		times := make(map[string]int)
		for hash := range slices.Chunk(r.Seen, 8) {
			times[string(hash)]++
		}
		for _, id := range tw.ids[person] {
			h := fnv.New64a()
			fmt.Fprintf(h, "u%d", id)
			if n := times[string(h.Sum(nil))]; n != 1 && len(tw.words) <= len(r.Seen)/8 {
				tw.t.Errorf("person %d: update %d is in the record %d times", person, id, n)
			}
		}
	}
}

func modes(addr string) map[string][]string {
	return map[string][]string{
		"polling": {"TELEGRAM_MODE=polling"},
		"webhook": {"TELEGRAM_MODE=webhook", "TELEGRAM_WEBHOOK_SECRET=s", "TELEGRAM_WEBHOOK_URL=http://" + addr + "/telegram/webhook"},
	}
}

// balancer hands requests to replicas in turn; one that does not answer is a bad gateway.
type balancer struct {
	addr string
	mu   sync.Mutex
	to   []http.Handler
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
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: addr})
	proxy.ErrorHandler = func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) }
	b.mu.Lock()
	defer b.mu.Unlock()
	b.to = append(b.to, proxy)
}

func (b *balancer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	next := b.to[b.n%len(b.to)]
	b.n++
	b.mu.Unlock()
	next.ServeHTTP(w, r)
}
