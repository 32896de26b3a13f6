package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"wenzhu/bot/chat"
)

// stopWithin is how long a graceful stop may take.
const stopWithin = 10 * time.Second

// serve runs every configured channel until ctx ends.
func serve(ctx context.Context, p process) error {
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	flags.SetOutput(p.stderr)
	content := flags.String("content", "", "directory of snippets and law that replaces the built-in knowledge; reloaded on save")
	if err := flags.Parse(p.args); err != nil {
		return exit{2, nil}
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
	for _, w := range append(a.config.Warnings(), a.storeNews(ctx)...) {
		a.log.Warn("setting", "warning", w)
	}
	s := &server{app: a, mux: http.NewServeMux(), state: make(map[string]func() string)}
	s.mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	s.mux.HandleFunc("GET /readyz", s.readyz)
	if err := s.addChannels(); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", a.config.ListenAddr)
	if err != nil {
		return fmt.Errorf("LISTEN_ADDR %s: %w; another program may use it", a.config.ListenAddr, err)
	}
	return s.run(ctx, p, listener)
}

// storeNews says in the operator's words what the store can and cannot keep.
func (a *app) storeNews(ctx context.Context) []string {
	if a.config.RedisURL == "" {
		a.log.Info("embedded store: durable, for this one process; set REDIS_URL for several", "dir", a.config.DataDir)
		return nil
	}
	if err := a.store.Ping(ctx); err != nil {
		return []string{"Redis does not answer yet; updates wait until it does"}
	}
	return a.store.Warnings(ctx)
}

// run serves until ctx ends and then stops in the order of the path: stop receiving, finish the turns in hand.
func (s *server) run(ctx context.Context, p process, listener net.Listener) error {
	receiving, stopReceiving := context.WithCancel(ctx)
	defer stopReceiving()
	group, receiving := errgroup.WithContext(receiving)
	public := s.listen(s.mux)
	group.Go(func() error { return serveHTTP(public, listener) })
	var private *http.Server
	if addr := s.app.config.MetricsAddr; addr != "" {
		l, err := net.Listen("tcp", addr)
		if err != nil {
			return fmt.Errorf("METRICS_ADDR %s: %w", addr, err)
		}
		mux := http.NewServeMux()
		mux.Handle("GET /metrics", s.app.metrics.Handler())
		mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
		mux.HandleFunc("GET /debug/pprof/heap", pprof.Handler("heap").ServeHTTP)
		private = s.listen(mux)
		group.Go(func() error { return serveHTTP(private, l) })
	}
	if s.app.config.RedisURL == "" {
		l, err := listenControl(s.app.config.DataDir)
		if err != nil {
			return err
		}
		control := s.listen(controlHandler(s.app.store))
		group.Go(func() error { return serveHTTP(control, l) })
		defer control.Close() //nolint:errcheck // at the end of the process
		context.AfterFunc(receiving, func() {
			if err := control.Close(); err != nil {
				s.app.log.Debug("control socket", "error", err)
			}
		})
	}
	group.Go(func() error { return s.app.path.Sweep(receiving) })
	for _, c := range s.channels {
		group.Go(func() error { return c.Run(receiving) })
	}
	s.ready.Store(true)
	s.app.log.Info("ready", "addr", listener.Addr().String(), "channels", len(s.channels))
	if s.app.config.WebChat {
		fmt.Fprintf(p.stdout, "http://%s\n", listener.Addr())
	}
	group.Go(func() error {
		<-receiving.Done()
		s.ready.Store(false)
		ctx, cancel := context.WithTimeout(context.Background(), stopWithin-2*time.Second)
		defer cancel()
		err := public.Shutdown(ctx)
		if private != nil {
			err = errors.Join(err, private.Shutdown(ctx))
		}
		if errors.Is(err, context.DeadlineExceeded) {
			return public.Close()
		}
		return err
	})
	return group.Wait()
}

// listen is a server with every timeout set; event streams lift their own write timeout.
func (s *server) listen(h http.Handler) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 60 * time.Second,
		WriteTimeout: 60 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
	}
}

func serveHTTP(s *http.Server, l net.Listener) error {
	if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve %s: %w", l.Addr(), err)
	}
	return nil
}

// readyz answers 200 when the store is reachable; channels are only told of.
func (s *server) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), time.Second)
	defer cancel()
	body := "store: ok\n"
	if err := s.app.store.Ping(ctx); err != nil || !s.ready.Load() {
		body = "store: out of reach\n"
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	for name, state := range s.state {
		body += name + ": " + state() + "\n"
	}
	fmt.Fprint(w, body)
}
