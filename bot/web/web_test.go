package web

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wenzhu/bot/chat"
	"wenzhu/bot/store"
	"wenzhu/bot/turn"
	"wenzhu/bot/turntest"
	"wenzhu/dialog"
)

// parrot greets, answers with what it hears, and deletes when asked to.
type parrot struct{}

func (parrot) Step(s dialog.Session, e dialog.Event) dialog.Outcome {
	out := dialog.Outcome{Session: s}
	switch {
	case e.Kind == dialog.Start:
		out.Replies = []dialog.Reply{{Text: "greeting", Buttons: []dialog.Button{{Label: "yes", Data: "1.yes"}, {Label: "110", Data: "1.call", Tel: "110"}}}}
	case e.Text == "delete":
		out.Erase, out.Replies = true, []dialog.Reply{{Text: "farewell"}}
	case e.Kind == dialog.Media:
		out.Replies = []dialog.Reply{{Text: "media " + string(e.Medium)}}
	case e.Kind == dialog.Press:
		out.Replies = []dialog.Reply{{Text: "pressed " + e.Data}}
	default:
		out.Replies = []dialog.Reply{{Text: "heard\n> " + e.Text, Copy: "copy me"}}
	}
	return out
}

func (parrot) Stand(dialog.Session) dialog.Reply { return dialog.Reply{Text: "stand"} }

type site struct {
	*httptest.Server
	chat  *Chat
	store *turntest.Away
	path  *turn.Path
}

func open(t *testing.T, change func(*Options)) *site {
	t.Helper()
	file, err := store.OpenFile(t.TempDir(), store.Keyring{})
	require.NoError(t, err)
	s := &site{store: &turntest.Away{Store: file}}
	log := slog.New(slog.DiscardHandler)
	s.path = turn.New(turn.Options{
		Store: s.store, Dialog: func() turn.Dialog { return parrot{} }, Channels: make(map[string]chat.Channel), Now: time.Now, Log: log,
		Meter: turntest.Meter{}, Replica: "a", Retention: time.Hour, FloodLimit: 0,
	})
	o := Options{
		Path: s.path, Store: s.store, Log: log, Retention: time.Hour, Now: time.Now,
		Greet: func() dialog.Outcome { return parrot{}.Step(dialog.Session{}, dialog.Event{Kind: dialog.Start}) },
	}
	if change != nil {
		change(&o)
	}
	s.chat, err = New(o)
	require.NoError(t, err)
	s.path.Channels["web"] = s.chat
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.chat.Run(ctx) }()
	s.Server = httptest.NewServer(s.chat.Handler())
	t.Cleanup(func() {
		cancel()
		<-done
		s.Close()
		s.path.Stop()
		file.Close()
	})
	return s
}

// browser is a visitor without JavaScript.
type browser struct {
	t    *testing.T
	site *site
	http *http.Client
	page string
}

func (s *site) visit(t *testing.T) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	b := &browser{t: t, site: s, http: &http.Client{Jar: jar}}
	b.get("/")
	return b
}

func (b *browser) get(path string) int {
	b.t.Helper()
	r, err := b.http.Get(b.site.URL + path)
	require.NoError(b.t, err)
	return b.read(r)
}

func (b *browser) read(r *http.Response) int {
	b.t.Helper()
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	require.NoError(b.t, err)
	b.page = string(body)
	return r.StatusCode
}

var tokenField = regexp.MustCompile(`name="token" value="([0-9a-f]+)"`)

func (b *browser) token() string {
	b.t.Helper()
	m := tokenField.FindStringSubmatch(b.page)
	require.NotNil(b.t, m, b.page)
	return m[1]
}

func (b *browser) post(path string, fields url.Values) int {
	b.t.Helper()
	r, err := b.http.PostForm(b.site.URL+path, fields)
	require.NoError(b.t, err)
	return b.read(r)
}

func (b *browser) say(id, text string) int {
	b.t.Helper()
	return b.post("/say", url.Values{"token": {b.token()}, "id": {id}, "text": {text}})
}

func TestTalkWithoutJavaScript(t *testing.T) {
	b := open(t, nil).visit(t)
	assert.Contains(t, b.page, "greeting")
	assert.Contains(t, b.page, `href="tel:110"`)
	require.Equal(t, 200, b.say("form0001", "hello <b>&"))
	assert.Contains(t, b.page, "greeting")
	assert.Contains(t, b.page, "<blockquote>hello &lt;b&gt;&amp;</blockquote>")
	require.Equal(t, 200, b.post("/say", url.Values{"token": {b.token()}, "id": {"form0002"}, "press": {"1.yes"}}))
	assert.Contains(t, b.page, "pressed 1.yes")
	assert.Contains(t, b.page, `<p class="said">yes</p>`, "what was pressed is shown as said")
	other := b.site.visit(t)
	assert.NotContains(t, other.page, "hello", "another browser is another person")
}

func TestSameFormTwiceIsOneMessage(t *testing.T) {
	b := open(t, nil).visit(t)
	b.say("form0001", "once")
	b.say("form0001", "once")
	assert.Equal(t, 1, strings.Count(b.page, "<blockquote>once"))
}

func TestLookingMakesNoRecord(t *testing.T) {
	s := open(t, nil)
	for range 3 {
		s.visit(t)
	}
	n := 0
	require.NoError(t, s.store.WakeTimes(t.Context(), func(time.Time) { n++ }))
	assert.Zero(t, n)
}

func TestForgedAndBrokenFormsChangeNothing(t *testing.T) {
	b := open(t, nil).visit(t)
	token := b.token()
	assert.Equal(t, 403, b.post("/say", url.Values{"token": {"0123"}, "id": {"form0001"}, "text": {"x"}}))
	assert.Equal(t, 400, b.post("/say", url.Values{"token": {token}, "id": {"'"}, "text": {"x"}}))
	assert.Equal(t, 400, b.post("/say", url.Values{"token": {token}, "id": {"form0001"}}))
	assert.Equal(t, 400, b.post("/say", url.Values{"token": {token}, "id": {"form0001"}, "press": {strings.Repeat("x", 65)}}))
	assert.Equal(t, 413, b.post("/say", url.Values{"token": {token}, "id": {"form0001"}, "text": {strings.Repeat("x", bodyMost)}}))
	r, err := b.http.Post(b.site.URL+"/say", "text/plain", strings.NewReader("x"))
	require.NoError(t, err)
	assert.Equal(t, 415, b.read(r))
	stranger := &http.Client{}
	r, err = stranger.PostForm(b.site.URL+"/say", url.Values{"token": {token}, "id": {"form0001"}, "text": {"x"}})
	require.NoError(t, err)
	assert.Equal(t, 403, b.read(r))
	for _, path := range []string{"/say", "/device/code"} {
		assert.Equal(t, 404, b.get(path), path)
	}
	b.get("/")
	assert.NotContains(t, b.page, "heard")
}

func TestLongTextComesThrough(t *testing.T) {
	b := open(t, nil).visit(t)
	require.Equal(t, 200, b.say("form0001", strings.Repeat("长", 100_000)[:240_000]))
	assert.Contains(t, b.page, "长长长")
}

func TestCookieIsAsStrictAsTheAddressAllows(t *testing.T) {
	for address, want := range map[string]string{"": "wenzhu=", "https://example.org": "__Host-wenzhu="} {
		s := open(t, func(o *Options) { o.PublicURL = address })
		r, err := http.Get(s.URL + "/")
		require.NoError(t, err)
		r.Body.Close()
		cookie := r.Header.Get("Set-Cookie")
		assert.True(t, strings.HasPrefix(cookie, want), cookie)
		for _, part := range []string{"HttpOnly", "SameSite=Lax", "Path=/"} {
			assert.Contains(t, cookie, part)
		}
		assert.Equal(t, address != "", strings.Contains(cookie, "Secure"))
		assert.Contains(t, r.Header.Get("Content-Security-Policy"), "default-src 'self'")
	}
}

func TestFirstLoadIsSmall(t *testing.T) {
	s := open(t, nil)
	b := s.visit(t)
	page, err := zip([]byte(b.page))
	require.NoError(t, err)
	total := len(page)
	for name := range s.chat.assets {
		total += len(s.chat.assets[name].zipped)
	}
	t.Logf("first load: %d bytes compressed", total)
	assert.LessOrEqual(t, total, 60_000)
	assert.NotRegexp(t, `(src|href)="https?://`, b.page, "nothing from outside")
}

func TestDeletionIsTheAnswer(t *testing.T) {
	b := open(t, nil).visit(t)
	b.say("form0001", "secret")
	require.Equal(t, 200, b.say("form0002", "delete"))
	assert.Contains(t, b.page, "farewell")
	assert.NotContains(t, b.page, "secret")
	b.get("/")
	assert.NotContains(t, b.page, "secret")
	require.Equal(t, 200, b.say("form0003", "back"))
	assert.Contains(t, b.page, "back")
}

func TestStoreAwayIsToldKindlyAndDangerIsAnswered(t *testing.T) {
	s := open(t, nil)
	b := s.visit(t)
	token := b.token()
	s.store.Set(true)
	assert.Equal(t, 503, b.post("/say", url.Values{"token": {token}, "id": {"form0001"}, "text": {"x"}}))
	began := time.Now()
	code := b.post("/say", url.Values{"token": {token}, "id": {"form0002"}, "press": {"sos"}})
	assert.Equal(t, 503, code, "the message has to come again")
	assert.Contains(t, b.page, "110")
	assert.Less(t, time.Since(began), 2*time.Second)
}

func TestEventsBringWhatIsNewAndNothingTwice(t *testing.T) {
	s := open(t, nil)
	b := s.visit(t)
	b.say("form0001", "first")
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/events", nil)
	require.NoError(t, err)
	request.Header.Set("Last-Event-ID", "2")
	r, err := b.http.Do(request)
	require.NoError(t, err)
	defer r.Body.Close()
	seen := make(chan lineHTML, 10)
	go func() {
		var buffer bytes.Buffer
		chunk := make([]byte, 4096)
		for {
			n, err := r.Body.Read(chunk)
			buffer.Write(chunk[:n])
			for {
				event, rest, ok := strings.Cut(buffer.String(), "\n\n")
				if !ok {
					break
				}
				buffer.Reset()
				buffer.WriteString(rest)
				if _, data, ok := strings.Cut(event, "data: "); ok {
					var l lineHTML
					if json.Unmarshal([]byte(data), &l) == nil {
						seen <- l
					}
				}
			}
			if err != nil {
				close(seen)
				return
			}
		}
	}()
	assert.Equal(t, 3, (<-seen).N, "1 is the greeting, 2 the own words, 3 the answer")
	b.say("form0002", "second")
	own := <-seen
	assert.True(t, own.Mine)
	assert.Contains(t, own.HTML, "second")
	assert.Equal(t, 5, (<-seen).N)
}

func TestRecoveryCodeOpensTheCaseElsewhere(t *testing.T) {
	s := open(t, nil)
	phone, laptop := s.visit(t), s.visit(t)
	phone.say("form0001", "my case")
	phone.get("/device")
	require.Equal(t, 200, phone.post("/device/code", url.Values{"token": {phone.token()}}))
	code := regexp.MustCompile(`class="code">([^<]+)<`).FindStringSubmatch(phone.page)
	require.NotNil(t, code)
	require.Len(t, strings.Fields(code[1]), codeWords)
	laptop.get("/device")
	token := laptop.token()
	require.Equal(t, 200, laptop.post("/device/open", url.Values{"token": {token}, "code": {"红山 红山 红山 红山 红山 红山"}}))
	assert.NotContains(t, laptop.page, "my case")
	require.Equal(t, 200, laptop.post("/device/open", url.Values{"token": {token}, "code": {"  " + strings.ReplaceAll(code[1], " ", "   ")}}))
	assert.Contains(t, laptop.page, "my case")
	last := 0
	laptop.get("/device")
	token = laptop.token()
	for range codeTriesAnHour {
		last = laptop.post("/device/open", url.Values{"token": {token}, "code": {"x"}})
	}
	assert.Equal(t, 429, last, "two tries were used before")
}

func TestTooManyNewSessionsOfOneAddress(t *testing.T) {
	s := open(t, func(o *Options) { o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} })
	last := 0
	for range newSessionsAnHour + 1 {
		last = s.visit(t).say("form0001", "x")
	}
	assert.Equal(t, 429, last)
	b := s.visit(t)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/say",
		strings.NewReader(url.Values{"token": {b.token()}, "id": {"form0001"}, "text": {"x"}}.Encode()))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("X-Forwarded-For", "203.0.113.9")
	r, err := b.http.Do(request)
	require.NoError(t, err)
	assert.Equal(t, 200, b.read(r), "behind the trusted proxy it is another address")
}

func TestPicturesBecomeWordsOrAreAskedFor(t *testing.T) {
	for name, read := range map[string]func(context.Context, []byte) (string, error){
		"media photo": nil,
		"read":        func(_ context.Context, b []byte) (string, error) { return "read " + string(b), nil },
	} {
		s := open(t, func(o *Options) { o.Read = read })
		b := s.visit(t)
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		require.NoError(t, form.WriteField("token", b.token()))
		require.NoError(t, form.WriteField("id", "form0001"))
		part, err := form.CreateFormFile("picture", "x.png")
		require.NoError(t, err)
		_, err = part.Write([]byte("pixels"))
		require.NoError(t, err)
		require.NoError(t, form.Close())
		r, err := b.http.Post(s.URL+"/say", form.FormDataContentType(), &body)
		require.NoError(t, err)
		require.Equal(t, 200, b.read(r))
		assert.Contains(t, b.page, name)
	}
}

func FuzzEvent(f *testing.F) {
	f.Add("text=a&id=form0001&press=&label=")
	f.Add("press=%ff&label=%e4%bd&id=abcdefgh")
	f.Fuzz(func(_ *testing.T, body string) {
		r := httptest.NewRequest(http.MethodPost, "/say", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if r.ParseForm() == nil {
			written(r) // any form: no panic
		}
	})
}

// TestDangerPassesEveryLimit: who sends too much is told when to go on, and who is in danger is answered all the same.
func TestDangerPassesEveryLimit(t *testing.T) {
	s := open(t, nil)
	s.chat.guards.messages.most = 1
	b := s.visit(t)
	token := b.token()
	b.say("form0001", "first")
	r, err := b.http.PostForm(s.URL+"/say", url.Values{"token": {token}, "id": {"form0002"}, "text": {"second"}})
	require.NoError(t, err)
	wait := r.Header.Get("Retry-After")
	assert.Equal(t, 429, b.read(r))
	assert.Regexp(t, `^[1-9]\d?$`, wait)
	assert.Regexp(t, `\d\d:\d\d 以后再发`, b.page)
	require.Equal(t, 200, b.post("/say", url.Values{"token": {token}, "id": {"form0003"}, "press": {"sos"}}))
	assert.Contains(t, b.page, "pressed sos")
}

// TestPapersWithoutJavaScript: the list of evidence, and each text to copy of one's own conversation.
func TestPapersWithoutJavaScript(t *testing.T) {
	s := open(t, func(o *Options) {
		o.File = func(_ context.Context, _ chat.UserKey, recipe string) (string, []byte, error) {
			return "x", []byte("recipe " + recipe), nil
		}
	})
	b := s.visit(t)
	b.say("form0001", "hello")
	assert.Contains(t, b.page, `href="/print/3"`)
	require.Equal(t, 200, b.get("/print/3"))
	assert.Contains(t, b.page, "copy me")
	require.Equal(t, 200, b.get("/print"))
	assert.Contains(t, b.page, "recipe list")
	for _, path := range []string{"/print/2", "/print/99", "/print/x"} {
		assert.Equal(t, 404, b.get(path), path)
	}
	stranger := s.visit(t)
	assert.Equal(t, 404, stranger.get("/print/3"), "another person's conversation")
}

// TestJourneyWithoutJavaScript: a tick on the page leads back to it, and what is ticked there is said in the talk.
func TestJourneyWithoutJavaScript(t *testing.T) {
	s := open(t, func(o *Options) {
		o.Journey = func(dialog.Session) (dialog.Journey, bool) {
			return dialog.Overview(dialog.Session{Person: dialog.Borrower, Steps: [5]dialog.Progress{{Ticks: 1}}})
		}
	})
	b := s.visit(t)
	require.Equal(t, 200, b.get("/journey"))
	assert.Contains(t, b.page, `value="unmark:0.0"`)
	r, err := b.http.PostForm(s.URL+"/say", url.Values{"token": {b.token()}, "id": {"form0001"}, "press": {"mark:0.1"}, "back": {"journey"}})
	require.NoError(t, err)
	assert.Equal(t, "/journey", r.Request.URL.Path)
	require.Equal(t, 200, b.read(r))
	b.get("/")
	assert.Contains(t, b.page, "pressed mark:0.1")
}

// TestChoicesOfOneBreathStayOpen: two replies to one event leave the choices of both, the ways around last and once.
func TestChoicesOfOneBreathStayOpen(t *testing.T) {
	button := func(data string) dialog.Button { return dialog.Button{Label: data, Data: data} }
	lines := shown([]turn.Line{
		{N: 1, Reply: dialog.Reply{ID: "a/0", Text: "before", Buttons: []dialog.Button{button("old")}}},
		{N: 2, Mine: "again"},
		{N: 3, Reply: dialog.Reply{ID: "b/0", Text: "noted", Buttons: []dialog.Button{button("undo"), button("go:hub")}}},
		{N: 4, Reply: dialog.Reply{ID: "b/1", Text: "daily?", Buttons: []dialog.Button{button("daily"), button("go:hub")}}},
	}, 3)
	require.Len(t, lines, 1)
	assert.Equal(t, []dialog.Button{button("daily"), button("undo"), button("go:hub")}, lines[0].Choices)
}
