// Package redistest starts real Redis servers for tests.
package redistest

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"
)

// Server is a redis-server process with the settings of the runbook.
type Server struct {
	Addr string
	Dir  string
	args []string
	cmd  *exec.Cmd
}

// Start starts a server that ends with the test. Extra arguments come last and win.
func Start(t testing.TB, args ...string) *Server {
	t.Helper()
	s := &Server{Addr: freeAddr(t), Dir: t.TempDir(), args: args}
	s.Up(t)
	t.Cleanup(func() { s.Kill(t) })
	return s
}

// Up starts the server (again) on the same address and data.
func (s *Server) Up(t testing.TB) {
	t.Helper()
	_, port, err := net.SplitHostPort(s.Addr)
	require.NoError(t, err)
	args := append([]string{"--port", port, "--bind", "127.0.0.1", "--dir", s.Dir, "--save", "",
		"--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", "noeviction"}, s.args...)
	s.run(t, args...)
}

// run starts the process and waits until it answers.
func (s *Server) run(t testing.TB, args ...string) {
	t.Helper()
	s.cmd = exec.Command("redis-server", args...)
	s.cmd.Stderr = os.Stderr
	require.NoError(t, s.cmd.Start(), "redis-server is needed: make tools installs it")
	client := s.Client()
	defer client.Close() // only a probe
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		err := client.Ping(context.Background()).Err()
		if err == nil {
			return
		}
		require.True(t, time.Now().Before(deadline), "redis-server does not answer: %v", err)
	}
}

// Kill ends the server at once, as kill -9 does.
func (s *Server) Kill(t testing.TB) {
	t.Helper()
	if s.cmd == nil {
		return
	}
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
	s.cmd = nil
}

// Signal stops the server with SIGSTOP, so that it accepts connections and answers nothing, or lets it go on.
func (s *Server) Signal(t testing.TB, signal os.Signal) {
	t.Helper()
	require.NoError(t, s.cmd.Process.Signal(signal))
}

// URL is the server's address as a setting.
func (s *Server) URL() string { return fmt.Sprintf("redis://%s/0", s.Addr) }

// Client is a new client; the caller closes it.
func (s *Server) Client() *redis.Client { return redis.NewClient(&redis.Options{Addr: s.Addr}) }

func freeAddr(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close() // only to learn the port
	return l.Addr().String()
}
