package web

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"
)

const (
	newSessionsAnHour = 30 // of one address
	messagesAMinute   = 40 // of one session
	codeTriesAnHour   = 5  // of one address, and of one session
	streamsMost       = 6  // open event streams of one session
)

// guards count what one address or session may do. The counts live in this process only.
type guards struct {
	sessions *window
	messages *window
	codes    *window
}

func newGuards(now func() time.Time) guards {
	return guards{
		sessions: &window{now: now, most: newSessionsAnHour, per: time.Hour},
		messages: &window{now: now, most: messagesAMinute, per: time.Minute},
		codes:    &window{now: now, most: codeTriesAnHour, per: time.Hour},
	}
}

// window allows a number of events in a time, by key.
type window struct {
	now  func() time.Time
	most int
	per  time.Duration

	mu     sync.Mutex
	began  time.Time
	counts map[string]int
}

// allow counts an event and says whether it is still within the limit, and if not, how long to wait.
func (w *window) allow(key string) (wait time.Duration, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.now()
	if w.counts == nil || now.Sub(w.began) >= w.per {
		w.began, w.counts = now, make(map[string]int)
	}
	w.counts[key]++
	return w.began.Add(w.per).Sub(now), w.counts[key] <= w.most
}

// address is where a request comes from. Only behind a trusted proxy its word about that is taken.
func (c *Chat) address(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && c.trusted(host); i-- {
		hop := strings.TrimSpace(hops[i])
		if _, err := netip.ParseAddr(hop); err != nil {
			break
		}
		host = hop
	}
	return network(host)
}

func (c *Chat) trusted(host string) bool {
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	for _, p := range c.TrustedProxies {
		if p.Contains(addr.Unmap()) {
			return true
		}
	}
	return false
}

// network is an address, of IPv6 the /64 that one household has.
func network(host string) string {
	addr, err := netip.ParseAddr(host)
	if err != nil || addr.Unmap().Is4() {
		return host
	}
	prefix, err := addr.WithZone("").Prefix(64)
	if err != nil {
		return host
	}
	return prefix.String()
}
