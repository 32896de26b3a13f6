package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"wenzhu/bot/redistest"
)

// TestMain runs the tests or, started by a benchmark, the bare handler that the bot is compared with.
func TestMain(m *testing.M) {
	if os.Getenv("WENZHU_BARE_ACK") != "" {
		bareAck()
		return
	}
	code := m.Run()
	removeBuiltBot()
	os.Exit(code)
}

// bareAck is the least that any such bot does: one GET, one SET, one sendMessage and, for a press, one
// answerCallbackQuery, with net/http and go-redis.
func bareAck() {
	options, err := redis.ParseURL(os.Getenv("REDIS_URL"))
	if err != nil {
		panic(err)
	}
	client := redis.NewClient(options)
	record := bytes.Repeat([]byte("x"), 600)
	call := func(ctx context.Context, method string, form url.Values) {
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, os.Getenv("TELEGRAM_API_URL")+"/bot1:crash/"+method, strings.NewReader(form.Encode()))
		if err != nil {
			return
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			return
		}
		var answer map[string]any
		_ = json.NewDecoder(response.Body).Decode(&answer)
		response.Body.Close()
	}
	http.DefaultTransport.(*http.Transport).MaxIdleConnsPerHost = 64
	http.HandleFunc("/readyz", func(http.ResponseWriter, *http.Request) {})
	http.HandleFunc("/telegram/webhook", func(w http.ResponseWriter, r *http.Request) {
		var u struct {
			Message  *struct{ Chat struct{ ID int64 } }
			Callback *struct {
				ID   string
				From struct{ ID int64 }
			} `json:"callback_query"`
		}
		if json.NewDecoder(r.Body).Decode(&u) != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		var chat int64
		if u.Message != nil {
			chat = u.Message.Chat.ID
		} else if u.Callback != nil {
			chat = u.Callback.From.ID
			call(r.Context(), "answerCallbackQuery", url.Values{"callback_query_id": {u.Callback.ID}})
		}
		key := fmt.Sprintf("bare:%d", chat)
		client.Get(r.Context(), key)
		client.Set(r.Context(), key, record, time.Hour)
		call(r.Context(), "sendMessage", url.Values{"chat_id": {strconv.FormatInt(chat, 10)}, "text": {"好的，记下了。"}})
	})
	panic(http.ListenAndServe(os.Getenv("LISTEN_ADDR"), nil)) //nolint:gosec // a yardstick, not a server
}

const (
	benchPeople = 500
	benchTurns  = 8  // updates of each person in a round
	benchRounds = 15 // of each process, in turn
)

// BenchmarkCPUPerUpdate compares the CPU of the bot and of the bare handler for the same updates: Redis store,
// Telegram webhook, 500 people, no rate limit. Both run all the time and take rounds in turn, so that what else the
// machine does falls on both; the figures are medians.
func BenchmarkCPUPerUpdate(b *testing.B) {
	var sent atomic.Int64
	telegram := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/sendMessage") || strings.HasSuffix(r.URL.Path, "/editMessageText") {
			sent.Add(1)
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"ok":true,"result":{"message_id":1,"date":1,"chat":{"id":1,"type":"private"},"username":"x"}}`)
	}))
	defer telegram.Close()
	server := redistest.Start(b)
	bare := startRunner(b, &sent, telegram.URL, server.URL(), os.Args[0], "WENZHU_BARE_ACK=1")
	own := startRunner(b, &sent, telegram.URL, server.URL(), builtBot(b))
	for b.Loop() {
		var bares, owns, ratios []float64
		bare.round(b)
		own.round(b)
		for range benchRounds {
			least, mine := bare.round(b), own.round(b)
			bares, owns, ratios = append(bares, least), append(owns, mine), append(ratios, mine/least)
		}
		b.ReportMetric(median(bares), "bare-µs/update")
		b.ReportMetric(median(owns), "bot-µs/update")
		b.ReportMetric(median(ratios), "ratio")
	}
}

func median(all []float64) float64 {
	slices.Sort(all)
	return all[len(all)/2]
}

// runner is a process that answers updates.
type runner struct {
	*replica
	sent *atomic.Int64
	next int // update id
}

func startRunner(b *testing.B, sent *atomic.Int64, telegramURL, redisURL, program string, env ...string) *runner {
	b.Helper()
	env = append(env, "TELEGRAM_RATE=0", "METRICS_ADDR="+os.Getenv("WENZHU_PROFILE_ADDR"))
	return &runner{startReplica(b, program, redisURL, telegramURL, env...), sent, 1}
}

// round sends updates of everybody, waits until they are answered, and returns the CPU used for one, in microseconds.
func (r *runner) round(b *testing.B) float64 {
	b.Helper()
	began, before := cpuTime(b, r.cmd.Process.Pid), r.sent.Load()
	var group sync.WaitGroup
	for worker := range 16 {
		group.Go(func() {
			for n := range benchTurns {
				for person := worker; person < benchPeople; person += 16 {
					postUpdate(r.addr, r.next+n*benchPeople+person, person+1, n)
				}
			}
		})
	}
	group.Wait()
	r.next += benchPeople * benchTurns
	require.Eventually(b, func() bool { return r.sent.Load()-before >= benchPeople*benchTurns*9/10 }, 60*time.Second, 5*time.Millisecond)
	time.Sleep(100 * time.Millisecond)
	return (cpuTime(b, r.cmd.Process.Pid) - began).Seconds() * 1e6 / (benchPeople * benchTurns)
}

// postUpdate sends a text or, every second time, a press.
func postUpdate(addr string, id, person, n int) {
	body := fmt.Sprintf(`{"update_id":%d,"message":{"message_id":%d,"date":%d,"chat":{"id":%d,"type":"private"},"from":{"id":%d},"text":"zzqq"}}`, id, id, time.Now().Unix(), person, person)
	if n%2 == 1 {
		body = fmt.Sprintf(`{"update_id":%d,"callback_query":{"id":"%d","from":{"id":%d},"data":"go:hub","message":{"message_id":1,"date":1,"chat":{"id":%d,"type":"private"}}}}`, id, id, person, person)
	}
	r, err := http.NewRequest(http.MethodPost, "http://"+addr+"/telegram/webhook", strings.NewReader(body))
	if err != nil {
		return
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Telegram-Bot-Api-Secret-Token", "s")
	response, err := benchClient.Do(r)
	if err == nil {
		_, _ = io.Copy(io.Discard, response.Body) // else the connection is not used again
		response.Body.Close()
	}
}

var benchClient = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}

// cpuTime is what a process has used so far, user and system.
func cpuTime(b *testing.B, pid int) time.Duration {
	b.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	require.NoError(b, err)
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+2:]))
	user, err := strconv.Atoi(fields[11])
	require.NoError(b, err)
	system, err := strconv.Atoi(fields[12])
	require.NoError(b, err)
	return time.Duration(user+system) * 10 * time.Millisecond
}

// BenchmarkStartToReady is from the start of the process until it says that it is ready, on the embedded store.
func BenchmarkStartToReady(b *testing.B) {
	path := builtBot(b)
	for b.Loop() {
		addr := freeAddr(b)
		cmd := exec.CommandContext(b.Context(), path)
		cmd.Env = append(os.Environ(), "LISTEN_ADDR="+addr, "DATA_DIR="+b.TempDir())
		require.NoError(b, cmd.Start())
		for !ready(addr) {
			time.Sleep(time.Millisecond)
		}
		b.StopTimer()
		time.Sleep(200 * time.Millisecond)
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid))
		require.NoError(b, err)
		for line := range strings.Lines(string(status)) {
			if kb, ok := strings.CutPrefix(line, "VmRSS:"); ok {
				n, err := strconv.Atoi(strings.Fields(kb)[0])
				require.NoError(b, err)
				b.ReportMetric(float64(n)/1024, "idle-MB")
			}
		}
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		b.StartTimer()
	}
}
