package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wenzhu/bot/chat"
	"wenzhu/bot/turn"
	"wenzhu/dialog"
)

// chromium opens a tab of a real browser, as wide as a phone.
func chromium(t *testing.T) context.Context {
	t.Helper()
	path := ""
	for _, p := range []string{"/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"} {
		if _, err := os.Stat(p); err == nil {
			path = p
			break
		}
	}
	if path == "" && os.Getenv("CI") == "" {
		t.Skip("no chromium: make tools")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.WindowSize(390, 844))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(390, 844)))
	return ctx
}

// shoot keeps a screenshot where somebody will look at it.
func shoot(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	dir := os.Getenv("WENZHU_SHOTS")
	if dir == "" {
		dir = filepath.Join("..", "..", "shots")
	}
	require.NoError(t, os.MkdirAll(dir, 0o755))
	picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, name+".png"), picture, 0o644))
}

// told waits until the page shows a text in its newest line.
func told(t *testing.T, ctx context.Context, text string) {
	t.Helper()
	within, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	err := chromedp.Do(within, chromedp.WaitVisible(`//ol[@id="lines"]/li[last()][contains(., "`+text+`")]`))
	if err != nil {
		shoot(t, ctx, "failed-"+t.Name())
	}
	require.NoError(t, err, "waiting for %q", text)
}

func typed(t *testing.T, ctx context.Context, text string) {
	t.Helper()
	require.NoError(t, chromedp.Do(ctx, chromedp.SendKeys(chromedp.ID("text"), text+kb.Enter)))
}

// TestBrowserTalk drives the live page: typing, pressing, a reload, and no line twice.
func TestBrowserTalk(t *testing.T) {
	s := open(t, nil)
	ctx := chromium(t)
	require.NoError(t, chromedp.Do(ctx, chromedp.Navigate(s.URL)))
	told(t, ctx, "greeting")
	shoot(t, ctx, "talk-1-greeting")
	require.NoError(t, chromedp.Do(ctx, chromedp.Click(`//button[text()="yes"]`)))
	told(t, ctx, "pressed 1.yes")
	typed(t, ctx, "hello")
	told(t, ctx, "hello")
	shoot(t, ctx, "talk-2-said")
	left, err := chromedp.Run(ctx, chromedp.Value(chromedp.ID("text")))
	require.NoError(t, err)
	assert.Empty(t, left, "sending empties the line")
	count, err := chromedp.Run(ctx, chromedp.Evaluate[int](`document.querySelectorAll('#lines > li').length`))
	require.NoError(t, err)
	assert.Equal(t, 5, count, "greeting, press, answer, words, answer")
	require.NoError(t, chromedp.Do(ctx, chromedp.Reload()))
	told(t, ctx, "hello")
	count, err = chromedp.Run(ctx, chromedp.Evaluate[int](`document.querySelectorAll('#lines > li').length`))
	require.NoError(t, err)
	assert.Equal(t, 5, count, "the same after a reload")
}

// TestBrowserLostConnection: what was written while the server was away is sent by itself, once.
func TestBrowserLostConnection(t *testing.T) {
	s := open(t, nil)
	var down atomic.Bool
	handler := s.chat.Handler()
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if down.Load() {
			connection, _, err := http.NewResponseController(w).Hijack()
			if err == nil {
				connection.Close()
			}
			return
		}
		handler.ServeHTTP(w, r)
	}))
	ctx := chromium(t)
	t.Cleanup(func() { chromedp.Cancel(ctx); front.CloseClientConnections(); front.Close() })
	require.NoError(t, chromedp.Do(ctx, chromedp.Navigate(front.URL)))
	told(t, ctx, "greeting")
	typed(t, ctx, "first")
	told(t, ctx, "first")
	down.Store(true)
	typed(t, ctx, "second")
	require.NoError(t, chromedp.Do(ctx, chromedp.WaitVisible(`//p[@id="state"][contains(., "恢复后自动发送")]`)))
	shoot(t, ctx, "lost-1-offline")
	down.Store(false)
	told(t, ctx, "second")
	shoot(t, ctx, "lost-2-back")
	count, err := chromedp.Run(ctx, chromedp.Evaluate[int](`[...document.querySelectorAll('#lines .said')].filter((p) => p.textContent === 'second').length`))
	require.NoError(t, err)
	assert.Equal(t, 1, count)
}

// TestBrowserHearsWhatTheBotSaysOnItsOwn, also when it was said by another replica.
func TestBrowserHearsWhatTheBotSaysOnItsOwn(t *testing.T) {
	s := open(t, nil)
	ctx := chromium(t)
	require.NoError(t, chromedp.Do(ctx, chromedp.Navigate(s.URL)))
	typed(t, ctx, "first")
	told(t, ctx, "first")
	var user chat.UserKey
	require.Eventually(t, func() bool {
		s.chat.listeners.mu.Lock()
		defer s.chat.listeners.mu.Unlock()
		for u := range s.chat.listeners.pages {
			user = u
		}
		return user != ""
	}, 5*time.Second, 5*time.Millisecond)
	other := turn.New(s.path.Options)
	_, err := other.Handle(t.Context(), chat.Update{User: user, Event: dialog.Event{ID: "elsewhere", Kind: dialog.Text, Text: "from afar"}})
	require.NoError(t, err)
	told(t, ctx, "from afar")
	cookie, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.cookie`))
	require.NoError(t, err)
	assert.Empty(t, cookie, "scripts do not see it")
}

// TestBrowserLeavesQuickly: Esc three times replaces the page, and back does not lead back to it.
func TestBrowserLeavesQuickly(t *testing.T) {
	s := open(t, nil)
	ctx := chromium(t)
	require.NoError(t, chromedp.Do(ctx, chromedp.Navigate("about:blank"), chromedp.Navigate(s.URL)))
	typed(t, ctx, "private")
	told(t, ctx, "private")
	require.NoError(t, chromedp.Do(ctx, chromedp.KeyEvent(kb.Escape), chromedp.KeyEvent(kb.Escape), chromedp.KeyEvent(kb.Escape),
		chromedp.WaitVisible(`//h1[contains(., "番茄")]`)))
	shoot(t, ctx, "left")
	title, err := chromedp.Run(ctx, chromedp.Title())
	require.NoError(t, err)
	assert.NotContains(t, title, "稳住")
	require.NoError(t, chromedp.Do(ctx, chromedp.NavigateBack()))
	address, err := chromedp.Run(ctx, chromedp.Location())
	require.NoError(t, err)
	assert.Equal(t, "about:blank", address)
}

// TestBrowserKeyboardOnly reaches and presses everything without a pointer.
func TestBrowserKeyboardOnly(t *testing.T) {
	s := open(t, nil)
	ctx := chromium(t)
	require.NoError(t, chromedp.Do(ctx, chromedp.Navigate(s.URL)))
	told(t, ctx, "greeting")
	for range 20 {
		require.NoError(t, chromedp.Do(ctx, chromedp.KeyEvent(kb.Tab)))
		focused, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.activeElement.textContent.trim()`))
		require.NoError(t, err)
		if focused == "yes" {
			require.NoError(t, chromedp.Do(ctx, chromedp.KeyEvent(kb.Enter)))
			told(t, ctx, "pressed 1.yes")
			return
		}
	}
	t.Fatal("the button is not reached by Tab")
}

// TestBrowserDarkAndTargets: both colour schemes have contrast, and what is pressed is large enough.
func TestBrowserDarkAndTargets(t *testing.T) {
	s := open(t, nil)
	ctx := chromium(t)
	_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}},
	})
	require.NoError(t, err)
	require.NoError(t, chromedp.Do(ctx, chromedp.Navigate(s.URL)))
	told(t, ctx, "greeting")
	shoot(t, ctx, "dark")
	small, err := chromedp.Run(ctx, chromedp.Evaluate[int](
		`[...document.querySelectorAll('button, nav a, .choice, textarea')].filter((e) => e.offsetParent && e.getBoundingClientRect().height < 44).length`))
	require.NoError(t, err)
	assert.Zero(t, small, "targets of at least 44 px")
	wide, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`document.documentElement.scrollWidth > innerWidth`))
	require.NoError(t, err)
	assert.False(t, wide, "nothing to scroll sideways")
}
