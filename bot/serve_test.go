package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// stopWithin is how long a graceful stop may take, as the runbook says.
const stopWithin = 10 * time.Second

// running is a bot in this process, on a free port.
func running(t *testing.T, env map[string]string) (base string, stop func() error) {
	t.Helper()
	addr := freeAddr(t)
	env["LISTEN_ADDR"] = addr
	if env["DATA_DIR"] == "" {
		env["DATA_DIR"] = t.TempDir()
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		done <- run(ctx, process{getenv: func(name string) string { return env[name] }, stdout: io.Discard, stderr: io.Discard})
	}()
	awaitReady(t, addr)
	stop = func() error {
		cancel()
		return <-done
	}
	t.Cleanup(func() { cancel() })
	return "http://" + addr, stop
}

func TestServeStopsWithinItsTime(t *testing.T) {
	base, stop := running(t, map[string]string{})
	r, err := http.Get(base + "/")
	require.NoError(t, err)
	r.Body.Close()
	assert.Equal(t, http.StatusOK, r.StatusCode)
	began := time.Now()
	require.NoError(t, stop())
	assert.Less(t, time.Since(began), stopWithin)
}

func TestOperatorsAskARunningBotOverItsSocket(t *testing.T) {
	dir := t.TempDir()
	_, stop := running(t, map[string]string{"DATA_DIR": dir})
	info, err := os.Stat(filepath.Join(dir, socketName))
	require.NoError(t, err)
	assert.EqualValues(t, 0o600, info.Mode().Perm())
	out, err := bot(t, map[string]string{"DATA_DIR": dir}, "", "reminders", "--due")
	require.NoError(t, err)
	assert.Contains(t, out, "0 people")
	require.NoError(t, stop())
	out, err = bot(t, map[string]string{"DATA_DIR": dir}, "", "reminders", "--due")
	require.NoError(t, err, "without a running bot the store itself answers")
	assert.Contains(t, out, "0 people")
}

func TestHealthSaysNoToWhatIsNotThere(t *testing.T) {
	_, err := bot(t, nil, "", "health", "http://127.0.0.1:1/readyz")
	require.Error(t, err)
}

func TestProblemsOfSettingsComeTogether(t *testing.T) {
	_, err := bot(t, map[string]string{"RETENTION": "x", "LOG_LEVEL": "y"}, "", "serve")
	require.ErrorContains(t, err, "RETENTION")
	require.ErrorContains(t, err, "LOG_LEVEL")
}

func TestMetricsHaveTheirOwnAddress(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	addr := l.Addr().String()
	require.NoError(t, l.Close())
	base, _ := running(t, map[string]string{"METRICS_ADDR": addr})
	r, err := http.Get("http://" + addr + "/metrics")
	require.NoError(t, err)
	defer r.Body.Close()
	var body bytes.Buffer
	_, err = body.ReadFrom(r.Body)
	require.NoError(t, err)
	for _, figure := range []string{"wenzhu_due_depth 0", "wenzhu_due_lag_seconds 0", "wenzhu_owed_depth 0", "wenzhu_owed_oldest_seconds 0"} {
		assert.Contains(t, body.String(), figure)
	}
	public, err := http.Get(base + "/metrics")
	require.NoError(t, err)
	public.Body.Close()
	assert.Equal(t, http.StatusNotFound, public.StatusCode)
}
