package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"wenzhu/bot/chat"
	"wenzhu/bot/store"
)

// answersWithin is how long a graceful stop waits for the requests in hand; messages in hand have their own time.
const answersWithin = 6 * time.Second

// serve runs every configured channel until ctx ends.
func serve(ctx context.Context, p process) error {
	flags := p.flags("serve")
	content := flags.String("content", "", "directory of snippets and law that replaces the built-in knowledge; reloaded on save")
	if err := p.parse(flags); err != nil {
		return err
	}
	a, err := newApp(ctx, p, *content)
	if err != nil {
		return err
	}
	if *content != "" {
		go a.watch(ctx, *content)
	}
	return errors.Join(a.serve(ctx, p), a.close())
}

// server is what a running bot listens with.
type server struct {
	app      *app
	mux      *http.ServeMux
	channels []chat.Channel
	state    map[string]func() string // what readyz says of channels
	ready    atomic.Bool
}

func (a *app) serve(ctx context.Context, p process) error {
	for _, w := range a.config.Warnings() {
		a.log.Warn("setting", "warning", w)
	}
	s := &server{app: a, mux: http.NewServeMux(), state: make(map[string]func() string)}
	s.mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	s.mux.HandleFunc("GET /readyz", s.readyz)
	if err := s.addChannels(); err != nil {
		return err
	}
	endpoints, err := s.open()
	if err != nil {
		return err
	}
	return s.run(ctx, p, endpoints)
}

// awaitStore says in the operator's words what the store can and cannot keep, as soon as it can be asked. It fails
// where the store turns out to be sealed with another key.
func (a *app) awaitStore(ctx context.Context) error {
	if a.config.RedisURL == "" {
		a.log.Info("embedded store: durable, for this one process; set REDIS_URL for several", "dir", a.config.DataDir)
		return nil
	}
	for tries := 0; ctx.Err() == nil; tries++ {
		err := a.store.Ping(ctx)
		switch {
		case err == nil:
			for _, w := range a.store.Warnings(ctx) {
				a.log.Warn("setting", "warning", w)
			}
			return nil
		case errors.Is(err, store.ErrWrongKey):
			return err
		case tries == 0:
			a.log.Warn("Redis does not answer yet; updates wait until it does", "error", err)
		}
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
		}
	}
	return nil
}

// endpoint is an address that the bot answers on.
type endpoint struct {
	listener net.Listener
	server   *http.Server
}

// open opens every address: the public one, that of the metrics, and the socket for editors and operators.
func (s *server) open() ([]endpoint, error) {
	var all []endpoint
	var problems []error
	add := func(what string, h http.Handler, l net.Listener, err error) {
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", what, err))
			return
		}
		all = append(all, newEndpoint(l, h))
	}
	c := s.app.config
	l, err := net.Listen("tcp", c.ListenAddr)
	add("LISTEN_ADDR "+c.ListenAddr, s.mux, l, err)
	if c.MetricsAddr != "" {
		l, err := net.Listen("tcp", c.MetricsAddr)
		add("METRICS_ADDR "+c.MetricsAddr, s.figures(), l, err)
	}
	if c.RedisURL == "" {
		l, err := listenControl(c.DataDir)
		add("DATA_DIR "+c.DataDir, controlHandler(s.app.store), l, err)
	}
	if len(problems) > 0 {
		for _, e := range all {
			problems = append(problems, e.listener.Close())
		}
		return nil, errors.Join(problems...)
	}
	return all, nil
}

// figures are the metrics, and profiles of the running process.
func (s *server) figures() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", s.app.metrics.Handler())
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/heap", pprof.Handler("heap").ServeHTTP)
	return mux
}

// run serves until ctx ends and then stops in the order of the path: stop receiving, finish the turns in hand. What
// is owed then is delivered or left in the records by close.
func (s *server) run(ctx context.Context, p process, endpoints []endpoint) error {
	group, receiving := errgroup.WithContext(ctx)
	for _, e := range endpoints {
		group.Go(e.serve)
		group.Go(func() error { return e.stop(receiving) })
	}
	group.Go(func() error { return s.app.awaitStore(receiving) })
	group.Go(func() error { return s.app.path.Sweep(receiving) })
	for _, c := range s.channels {
		group.Go(func() error { return c.Run(receiving) })
	}
	context.AfterFunc(receiving, func() {
		s.ready.Store(false)
		s.app.log.Info("stopping: turns in hand are finished, what is owed stays in the records")
	})
	s.ready.Store(true)
	s.sayReady(p, endpoints[0].listener.Addr().String())
	debug.FreeOSMemory() // reading the knowledge left twice its size behind
	return group.Wait()
}

// sayReady is the one line of a start that has everything an operator asks for first.
func (s *server) sayReady(p process, addr string) {
	c, names := s.app.config, make([]string, 0, len(s.channels))
	for _, channel := range s.channels {
		names = append(names, channel.Name())
	}
	kind := "file"
	if c.RedisURL != "" {
		kind = "redis"
	}
	s.app.log.Info("ready", "version", version, "addr", addr, "channels", strings.Join(names, ","), "store", kind,
		"encrypted", len(c.DataKeys) > 0, "pictures", s.app.read != nil, "metrics", c.MetricsAddr)
	if c.WebChat {
		fmt.Fprintf(p.stdout, "http://%s\n", addr)
	}
}

// newEndpoint has every timeout set; event streams lift their own write timeout.
func newEndpoint(l net.Listener, h http.Handler) endpoint {
	return endpoint{l, &http.Server{
		Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 60 * time.Second,
		WriteTimeout: 60 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
	}}
}

func (e endpoint) serve() error {
	if err := e.server.Serve(e.listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve %s: %w", e.listener.Addr(), err)
	}
	return nil
}

// stop waits for the end of receiving, and then for the requests in hand.
func (e endpoint) stop(receiving context.Context) error {
	<-receiving.Done()
	ctx, cancel := context.WithTimeout(context.Background(), answersWithin)
	defer cancel()
	err := e.server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		return e.server.Close()
	}
	return err
}

// readyz answers 200 when the store is reachable; channels are only told of.
func (s *server) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), time.Second)
	defer cancel()
	body, status := "store: ok\n", http.StatusOK
	if err := s.app.store.Ping(ctx); err != nil {
		body, status = "store: out of reach\n", http.StatusServiceUnavailable
	}
	if !s.ready.Load() {
		body, status = body+"stopping\n", http.StatusServiceUnavailable
	}
	w.WriteHeader(status)
	for name, state := range s.state {
		body += name + ": " + state() + "\n"
	}
	fmt.Fprint(w, body)
}
