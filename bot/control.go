package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"wenzhu/bot/config"
	"wenzhu/bot/store"
	"wenzhu/bot/turn"
)

// A running bot with the embedded store answers what editors and operators ask over a socket in DATA_DIR, as
// no second process can open the file. Nothing of a person goes over it.

const socketName = "control.sock"

// listenControl opens the socket, for its owner only.
func listenControl(dir string) (net.Listener, error) {
	path := filepath.Join(dir, socketName)
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("control socket: %w", err)
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("control socket: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

func controlHandler(s turn.Store) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /notes/{journal}", func(w http.ResponseWriter, r *http.Request) {
		notes, err := s.Notes(r.Context(), r.PathValue("journal"))
		reply(w, notes, err)
	})
	mux.HandleFunc("GET /due", func(w http.ResponseWriter, r *http.Request) {
		hours, err := dueByHour(r.Context(), s)
		reply(w, hours, err)
	})
	return mux
}

func reply(w http.ResponseWriter, v any, err error) {
	if err != nil {
		http.Error(w, "the store is out of reach", http.StatusServiceUnavailable)
		return
	}
	if err := json.NewEncoder(w).Encode(v); err != nil {
		http.Error(w, "answer", http.StatusInternalServerError)
	}
}

// dueHour counts the people somebody looks at in one hour.
type dueHour struct {
	Hour  time.Time
	Count int
}

func dueByHour(ctx context.Context, s turn.Store) ([]dueHour, error) {
	counts := make(map[time.Time]int)
	err := s.WakeTimes(ctx, func(at time.Time) { counts[at.In(now().Location()).Truncate(time.Hour)]++ })
	if err != nil {
		return nil, err
	}
	var hours []dueHour
	for hour, n := range counts {
		hours = append(hours, dueHour{hour, n})
	}
	slices.SortFunc(hours, func(a, b dueHour) int { return a.Hour.Compare(b.Hour) })
	return hours, nil
}

// askStore gets an answer of the running bot, or of the store where none runs.
func askStore[T any](ctx context.Context, p process, path string, direct func(turn.Store) (T, error)) (T, error) {
	var answer T
	c, err := settings(p)
	if err != nil {
		return answer, err
	}
	s, err := openStore(ctx, c, logger(p, c))
	if errors.Is(err, store.ErrLocked) {
		return answer, askRunning(ctx, c, path, &answer)
	}
	if err != nil {
		return answer, err
	}
	answer, err = direct(s)
	return answer, errors.Join(err, s.Close())
}

func askRunning(ctx context.Context, c config.Config, path string, answer any) error {
	client := http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, "unix", filepath.Join(c.DataDir, socketName))
		},
	}}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://bot"+path, nil)
	if err != nil {
		return err
	}
	response, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("%s is in use, and nobody answers on its %s: is it a bot of this release? %w", c.DataDir, socketName, err)
	}
	defer response.Body.Close() //nolint:errcheck // read to its end
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("the running bot answers %s", response.Status)
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	return json.Unmarshal(body, answer)
}

// reminders lists how many people are due by hour.
func reminders(ctx context.Context, p process) error {
	flags := p.flags("reminders")
	due := flags.Bool("due", false, "count who is due, by hour")
	if err := p.parse(flags); err != nil {
		return err
	}
	if !*due {
		return exit{2, errors.New("usage: bot reminders --due")}
	}
	hours, err := askStore(ctx, p, "/due", func(s turn.Store) ([]dueHour, error) { return dueByHour(ctx, s) })
	if err != nil {
		return err
	}
	total := 0
	for _, h := range hours {
		total += h.Count
		fmt.Fprintf(p.stdout, "%s %6d %s\n", h.Hour.Format("2006-01-02 15:00"), h.Count, strings.Repeat("#", min(h.Count, 50)))
	}
	fmt.Fprintf(p.stdout, "%d people, reminders and housekeeping together\n", total)
	return nil
}
