package web

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	browsernet "github.com/chromedp/cdproto/network"
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
	err := chromedp.Do(within, chromedp.WaitVisible(`//ol[@id="lines"]/li[last()][not(contains(@class, "sending"))][contains(., "`+text+`")]`))
	if err != nil {
		shoot(t, ctx, "failed-"+t.Name())
	}
	require.NoError(t, err, "waiting for %q", text)
}

// script is what an expression gives in the page.
func script[T any](t *testing.T, ctx context.Context, expression string) T {
	t.Helper()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	require.NoError(t, err, expression)
	return value
}

// holds waits until an expression is true in the page; it survives the page's being loaded anew.
func holds(t *testing.T, ctx context.Context, expression string) {
	t.Helper()
	require.Eventually(t, func() bool {
		value, err := chromedp.Run(ctx, chromedp.Evaluate[bool](expression))
		return err == nil && value
	}, time.Minute, 20*time.Millisecond, "waiting for %s", expression)
}

// lost is a server in front of the site that drops requests for some paths.
type lost struct {
	*httptest.Server
	prefix atomic.Pointer[string] // paths that are dropped; nil none
}

func (l *lost) drop(prefix string) { l.prefix.Store(&prefix) }
func (l *lost) back()              { l.prefix.Store(nil) }

func between(t *testing.T, s *site) (context.Context, *lost) {
	t.Helper()
	l := &lost{}
	handler := s.chat.Handler()
	l.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if prefix := l.prefix.Load(); prefix != nil && strings.HasPrefix(r.URL.Path, *prefix) {
			if connection, _, err := http.NewResponseController(w).Hijack(); err == nil {
				connection.Close()
			}
			return
		}
		handler.ServeHTTP(w, r)
	}))
	ctx := chromium(t)
	t.Cleanup(func() { chromedp.Cancel(ctx); l.CloseClientConnections(); l.Close() })
	require.NoError(t, chromedp.Do(ctx, chromedp.Navigate(l.URL)))
	told(t, ctx, "greeting")
	return ctx, l
}

const ownWords = `[...document.querySelectorAll('#lines .said')].map((p) => p.textContent).join()`

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
	count, err := chromedp.Run(ctx, chromedp.Evaluate[int](`document.querySelectorAll('#lines > .line').length`))
	require.NoError(t, err)
	assert.Equal(t, 5, count, "greeting, press, answer, words, answer")
	require.NoError(t, chromedp.Do(ctx, chromedp.Reload()))
	told(t, ctx, "hello")
	count, err = chromedp.Run(ctx, chromedp.Evaluate[int](`document.querySelectorAll('#lines > .line').length`))
	require.NoError(t, err)
	assert.Equal(t, 5, count, "the same after a reload")
}

// TestBrowserLostConnection: what was written while the server was away is sent by itself, in order, each once.
func TestBrowserLostConnection(t *testing.T) {
	ctx, front := between(t, open(t, nil))
	typed(t, ctx, "first")
	told(t, ctx, "first")
	front.drop("/")
	typed(t, ctx, "second")
	holds(t, ctx, `document.getElementById('state').textContent.includes('恢复后自动发送')`)
	typed(t, ctx, "third")
	shoot(t, ctx, "lost-1-offline")
	front.back()
	told(t, ctx, "third")
	holds(t, ctx, `!document.querySelector('.sending')`)
	shoot(t, ctx, "lost-2-back")
	assert.Equal(t, "first,second,third", script[string](t, ctx, ownWords))
}

// TestBrowserRemembersOverAReload what was not taken yet, and what is only half written.
func TestBrowserRemembersOverAReload(t *testing.T) {
	ctx, front := between(t, open(t, nil))
	front.drop("/say")
	typed(t, ctx, "waiting")
	require.NoError(t, chromedp.Do(ctx, chromedp.SendKeys(chromedp.ID("text"), "half a sen"), chromedp.Reload()))
	holds(t, ctx, `!!document.querySelector('.sending')`)
	assert.Equal(t, "half a sen", script[string](t, ctx, `document.getElementById('text').value`))
	front.back()
	holds(t, ctx, `!document.querySelector('.sending')`)
	told(t, ctx, "waiting")
	assert.Equal(t, "waiting", script[string](t, ctx, ownWords))
}

// TestBrowserOwnsUpToALostPicture: one that waits does not outlive a reload, which is said before and after.
func TestBrowserOwnsUpToALostPicture(t *testing.T) {
	ctx, front := between(t, open(t, func(o *Options) {
		o.Read = func(context.Context, []byte) (string, error) { return "read", nil }
	}))
	front.drop("/say")
	script[any](t, ctx, `(() => {
		const d = new DataTransfer();
		d.items.add(new File(['x'], 'x.png', {type: 'image/png'}));
		document.body.dispatchEvent(new ClipboardEvent('paste', {clipboardData: d, bubbles: true, cancelable: true}));
		return null;
	})()`)
	holds(t, ctx, `(document.querySelector('.sending time') || {}).textContent === '等网络恢复，先别刷新，图片会丢'`)
	shoot(t, ctx, "picture-waits")
	require.NoError(t, chromedp.Do(ctx, chromedp.Reload()))
	holds(t, ctx, `document.getElementById('state').textContent.includes('请再发一次') && !document.querySelector('.sending')`)
	assert.Empty(t, script[string](t, ctx, `sessionStorage.getItem('queue') || ''`), "said once")
}

// TestBrowserSaysWhenToTryAgain after too many messages, and keeps what was written.
func TestBrowserSaysWhenToTryAgain(t *testing.T) {
	s := open(t, nil)
	s.chat.guards.messages.most = 1
	ctx, _ := between(t, s)
	typed(t, ctx, "first")
	told(t, ctx, "first")
	typed(t, ctx, "second")
	holds(t, ctx, `/消息太快了，\d\d:\d\d 以后再发/.test(document.getElementById('state').textContent)`)
	holds(t, ctx, `document.querySelector('.sending .said').textContent === 'second'`)
	shoot(t, ctx, "too-fast")
}

// TestBrowserGivesWordsBackThatAreNotTaken: the page is older than the cookie.
func TestBrowserGivesWordsBackThatAreNotTaken(t *testing.T) {
	ctx, _ := between(t, open(t, nil))
	typed(t, ctx, "first")
	told(t, ctx, "first")
	require.NoError(t, chromedp.Do(ctx, chromedp.SendKeys(chromedp.ID("text"), "precious")))
	_, err := chromedp.Call(ctx, browsernet.ClearBrowserCookies, cdp.Empty{})
	require.NoError(t, err)
	require.NoError(t, chromedp.Do(ctx, chromedp.KeyEvent(kb.Enter)))
	told(t, ctx, "greeting")
	holds(t, ctx, `document.getElementById('text').value === 'precious'`)
}

// TestBrowserClearsOtherTabs: what is deleted in one tab is gone from the others.
func TestBrowserClearsOtherTabs(t *testing.T) {
	ctx, front := between(t, open(t, nil))
	typed(t, ctx, "private")
	told(t, ctx, "private")
	other, cancel := chromedp.NewContext(ctx)
	defer cancel()
	require.NoError(t, chromedp.Do(other, chromedp.Navigate(front.URL)))
	told(t, other, "private")
	typed(t, other, "delete")
	told(t, other, "farewell")
	shoot(t, other, "deleted")
	for _, tab := range []context.Context{other, ctx} {
		holds(t, tab, `!document.body.textContent.includes('private')`)
	}
}

// TestBrowserComposes: what is pasted or dropped anywhere lands in the field, shift-enter breaks the line, and an
// Enter that belongs to an input method sends nothing.
func TestBrowserComposes(t *testing.T) {
	ctx, _ := between(t, open(t, nil))
	for kind, event := range map[string]string{
		"paste": `new ClipboardEvent('paste', {clipboardData: d, bubbles: true, cancelable: true})`,
		"drop":  `new DragEvent('drop', {dataTransfer: d, bubbles: true, cancelable: true})`,
	} {
		script[any](t, ctx, `(() => { const d = new DataTransfer(); d.setData('text/plain', '`+kind+`'); document.body.dispatchEvent(`+event+`); return null; })()`)
	}
	field := `document.getElementById('text').value`
	assert.Contains(t, script[string](t, ctx, field), "paste")
	assert.Contains(t, script[string](t, ctx, field), "drop")
	require.NoError(t, chromedp.Do(ctx, chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(chromedp.ModifierShift)), chromedp.KeyEvent("x")))
	assert.True(t, strings.HasSuffix(script[string](t, ctx, field), "\nx"))
	script[any](t, ctx, `(() => { document.getElementById('text').dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true, cancelable: true})); return null; })()`)
	assert.NotEmpty(t, script[string](t, ctx, field))
	require.NoError(t, chromedp.Do(ctx, chromedp.KeyEvent(kb.Enter)))
	holds(t, ctx, field+` === '' && !document.querySelector('.sending') && !!document.querySelector('.line.mine')`)
	script[any](t, ctx, `(() => { const t = document.getElementById('text'); t.value = '长'.repeat(100000); t.form.requestSubmit(); return null; })()`)
	holds(t, ctx, `!document.querySelector('.sending') && document.querySelectorAll('.line.mine').length === 2`)
	assert.Equal(t, 100000, script[int](t, ctx, `(document.querySelector('details.said').textContent.match(/长/g) || []).length - 100`), "folded, and whole")
	shoot(t, ctx, "long")
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

// TestBrowserLeavesQuickly: Esc three times empties the page at once and replaces it, and going back never shows it,
// nor the pages before it.
func TestBrowserLeavesQuickly(t *testing.T) {
	s := open(t, nil)
	ctx := chromium(t)
	require.NoError(t, chromedp.Do(ctx, chromedp.Navigate("about:blank"), chromedp.Navigate(s.URL)))
	typed(t, ctx, "private")
	told(t, ctx, "private")
	require.NoError(t, chromedp.Do(ctx, chromedp.Navigate(s.URL+"/device"), chromedp.Navigate(s.URL)))
	told(t, ctx, "private")
	require.NoError(t, chromedp.Do(ctx, chromedp.KeyEvent(kb.Escape), chromedp.KeyEvent(kb.Escape), chromedp.KeyEvent(kb.Escape)))
	holds(t, ctx, `document.title.includes('番茄')`)
	shoot(t, ctx, "left")
	assert.NotContains(t, script[string](t, ctx, `document.title + document.querySelector('link[rel=icon]').href`), "稳住")
	for range 2 {
		script[any](t, ctx, `(history.back(), null)`)
		holds(t, ctx, `document.title.includes('番茄')`)
		assert.NotContains(t, script[string](t, ctx, `document.documentElement.textContent`), "private")
	}
	assert.Equal(t, "left", script[string](t, ctx, `Object.keys(sessionStorage).join()`), "nothing else is remembered")
	require.NoError(t, chromedp.Do(ctx, chromedp.Navigate(s.URL)))
	told(t, ctx, "private")
	require.NoError(t, chromedp.Do(ctx, chromedp.Click(chromedp.ID("leave"))))
	holds(t, ctx, `document.title.includes('番茄')`)
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

// TestBrowserEveryPageAtEveryWidth: what is pressed is large enough and nothing scrolls sideways, from a phone enlarged
// to twice its letters to a desk.
func TestBrowserEveryPageAtEveryWidth(t *testing.T) {
	s := open(t, func(o *Options) {
		o.Journey = func(dialog.Session) (dialog.Journey, bool) { return dialog.Overview(walking) }
		o.File = func(context.Context, chat.UserKey, string) (string, []byte, error) {
			return "list", []byte("1. 2026-11-23 23:10"), nil
		}
		o.Read = func(context.Context, []byte) (string, error) { return "read", nil }
	})
	ctx := chromium(t)
	require.NoError(t, chromedp.Do(ctx, chromedp.Navigate(s.URL)))
	typed(t, ctx, "hello")
	told(t, ctx, "hello")
	for _, size := range [][2]int64{{195, 422}, {320, 568}, {390, 844}, {768, 1024}, {1280, 900}} {
		require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(size[0], size[1])))
		for _, path := range []string{"/", "/journey", "/print", "/device", "/nothing"} {
			require.NoError(t, chromedp.Do(ctx, chromedp.Navigate(s.URL+path)))
			where := fmt.Sprint(path, " ", size)
			assert.Empty(t, script[string](t, ctx, `[...document.querySelectorAll('button, a:not(.skip), textarea, .field, label.picture')].filter((e) => {
				const b = e.getBoundingClientRect(); return e.offsetParent && (b.height < 44 || b.width < 44); }).map((e) => e.outerHTML).join()`), "targets under 44 px: %s", where)
			assert.LessOrEqual(t, script[int](t, ctx, `document.documentElement.scrollWidth - innerWidth`), 0, "sideways: %s", where)
			assert.Empty(t, script[string](t, ctx, `[...document.querySelectorAll('textarea, input:not([type=hidden]), svg, [role=img]')].filter((e) =>
				!e.labels?.length && !e.getAttribute('aria-label')).map((e) => e.outerHTML).join()`), "nameless: %s", where)
		}
		require.NoError(t, chromedp.Do(ctx, chromedp.Navigate(s.URL)))
		for _, scheme := range []string{"light", "dark"} {
			_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
				Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
			})
			require.NoError(t, err)
			shoot(t, ctx, fmt.Sprint("width-", size[0], "-", scheme))
		}
	}
}

// walking is somebody at the second step with harassment logged.
var walking = dialog.Session{
	Person: dialog.Borrower, Step: 1, Steps: [5]dialog.Progress{{Done: true}, {Ticks: 1}},
	Counts: dialog.Counts{Log: 5, Night: 2, Days: map[string]dialog.Day{"2026-11-22": {All: 2}, "2026-11-23": {All: 3, Night: 2}}},
}

// TestBrowserTicksBesideTheTalk: an item of the column is a button that says the same as the one in the talk.
func TestBrowserTicksBesideTheTalk(t *testing.T) {
	s := open(t, func(o *Options) {
		o.Journey = func(dialog.Session) (dialog.Journey, bool) { return dialog.Overview(walking) }
	})
	ctx := chromium(t)
	require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(s.URL)))
	require.NoError(t, chromedp.Do(ctx, chromedp.Click(`//aside//ul/li[2]/button`)))
	told(t, ctx, "pressed mark:1.1")
	shoot(t, ctx, "column")
}

// TestBrowserPrintsTheTalkAlone: what can be pressed is not on paper.
func TestBrowserPrintsTheTalkAlone(t *testing.T) {
	ctx, _ := between(t, open(t, nil))
	_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
	require.NoError(t, err)
	assert.Equal(t, 0, script[int](t, ctx, `[...document.querySelectorAll('button, a, textarea')].filter((e) => e.offsetParent).length`))
	assert.True(t, script[bool](t, ctx, `document.querySelector('.printhead').offsetHeight > 0`))
	assert.Equal(t, "rgb(255, 255, 255)", script[string](t, ctx, `getComputedStyle(document.body).backgroundColor`))
	shoot(t, ctx, "printed")
}

// TestBrowserKeepsStillForWhoAsked: no movement with reduced motion.
func TestBrowserKeepsStillForWhoAsked(t *testing.T) {
	ctx, _ := between(t, open(t, nil))
	_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}},
	})
	require.NoError(t, err)
	typed(t, ctx, "hello")
	told(t, ctx, "hello")
	assert.Equal(t, "none", script[string](t, ctx, `getComputedStyle(document.querySelector('.line.fresh')).animationName`))
}

// TestBrowserLeavesTheKeyboardClosed on a touch screen: after a choice the talk stays in sight.
func TestBrowserLeavesTheKeyboardClosed(t *testing.T) {
	s := open(t, nil)
	ctx := chromium(t)
	require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile, chromedp.EmulateTouch), chromedp.Navigate(s.URL)))
	told(t, ctx, "greeting")
	require.NoError(t, chromedp.Do(ctx, chromedp.Click(`//button[text()="yes"]`)))
	told(t, ctx, "pressed 1.yes")
	assert.NotEqual(t, "text", script[string](t, ctx, `document.activeElement.id`))
}
