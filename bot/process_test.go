package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var built struct {
	sync.Once
	dir string
	err error
}

// builtBot is the bot's binary; in a long run with the race detector.
func builtBot(t testing.TB) string {
	t.Helper()
	built.Do(func() {
		if built.dir, built.err = os.MkdirTemp("", "wenzhu-bot"); built.err != nil {
			return
		}
		args := []string{"build", "-o", filepath.Join(built.dir, "bot"), "."}
		if chaos() {
			args = slices.Insert(args, 1, "-race")
		}
		if out, err := exec.Command("go", args...).CombinedOutput(); err != nil {
			built.err = fmt.Errorf("%w: %s", err, out)
		}
	})
	require.NoError(t, built.err)
	return filepath.Join(built.dir, "bot")
}

func removeBuiltBot() {
	if built.dir != "" {
		_ = os.RemoveAll(built.dir)
	}
}

// freeAddr is an address on this machine that nobody listens on.
func freeAddr(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	return l.Addr().String()
}

// awaitReady waits until the bot on an address says that it is ready.
func awaitReady(t testing.TB, addr string) {
	t.Helper()
	require.Eventually(t, func() bool { return ready(addr) }, 20*time.Second, 5*time.Millisecond)
}

func ready(addr string) bool {
	r, err := http.Get("http://" + addr + "/readyz")
	if err != nil {
		return false
	}
	r.Body.Close()
	return r.StatusCode == http.StatusOK
}

// replica is a process behind the webhook.
type replica struct {
	addr string
	cmd  *exec.Cmd
	once sync.Once
}

// startReplica starts a program on a Redis, with more of the environment, and waits until it is ready. It ends with the test.
func startReplica(tb testing.TB, program, redisURL, telegramURL string, env ...string) *replica {
	tb.Helper()
	addr := freeAddr(tb)
	r := &replica{addr: addr, cmd: exec.Command(program)}
	r.cmd.Env = append(os.Environ(), "LISTEN_ADDR="+addr, "REDIS_URL="+redisURL, "TELEGRAM_API_URL="+telegramURL, "TELEGRAM_BOT_TOKEN=1:crash",
		"TELEGRAM_MODE=webhook", "TELEGRAM_WEBHOOK_SECRET=s", "TELEGRAM_WEBHOOK_URL=http://"+addr+"/telegram/webhook",
		"TELEGRAM_CHAT_RATE=0", "FLOOD_LIMIT=0", "WEB_CHAT=off", "LOG_LEVEL=error")
	r.cmd.Env = append(r.cmd.Env, env...)
	require.NoError(tb, r.cmd.Start())
	tb.Cleanup(r.kill)
	awaitReady(tb, addr)
	return r
}

func (r *replica) kill() {
	r.once.Do(func() {
		_ = r.cmd.Process.Kill()
		_ = r.cmd.Wait()
	})
}
