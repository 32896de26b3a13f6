package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"path"
	"sync"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

const (
	pollSeconds  = 25               // how long the server holds a question without news; dead connections are noticed as soon
	callTimeout  = 40 * time.Second // longer than a poll
	connections  = 64
	downloadMost = 20 << 20 // bytes; the server gives no larger files
)

// api calls the Bot API with a context each, and keeps the token out of every error.
type api struct {
	token     string
	base      string
	transport *http.Transport // follows no redirect: that would take the address with the token along as its Referer
}

func newAPI(token, base string) api {
	return api{token: token, base: base, transport: &http.Transport{ // the default one keeps two connections and would dial for most sends
		Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: connections, IdleConnTimeout: 90 * time.Second,
		DialContext: (&net.Dialer{Timeout: 10 * time.Second}).DialContext, TLSHandshakeTimeout: 10 * time.Second,
	}}
}

// call makes one request.
func (a api) call(ctx context.Context, method string, params tgbotapi.Params) (json.RawMessage, error) {
	ctx, cancel := limited(ctx)
	defer cancel()
	r, err := a.bot(ctx).MakeRequest(method, params)
	if err != nil {
		return nil, a.fault(method, err)
	}
	return r.Result, nil
}

// upload makes one request with a file.
func (a api) upload(ctx context.Context, method string, params tgbotapi.Params, field, name string, content []byte) error {
	ctx, cancel := limited(ctx)
	defer cancel()
	_, err := a.bot(ctx).UploadFiles(method, params, []tgbotapi.RequestFile{
		{Name: field, Data: tgbotapi.FileReader{Name: name, Reader: bytes.NewReader(content)}},
	})
	if err != nil {
		return a.fault(method, err)
	}
	return nil
}

// bot is the library's client for one call. It is made without its getMe, which would fail where Telegram is away.
func (a api) bot(ctx context.Context) *tgbotapi.BotAPI {
	b := &tgbotapi.BotAPI{Token: a.token, Client: scoped{ctx, a.transport}}
	b.SetAPIEndpoint(a.base + "/bot%s/%s")
	return b
}

// limited ends what has no end of its own.
func limited(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, ends := ctx.Deadline(); ends {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, callTimeout)
}

// scoped gives every request a context.
type scoped struct {
	ctx       context.Context
	transport *http.Transport
}

func (s scoped) Do(r *http.Request) (*http.Response, error) {
	return s.transport.RoundTrip(r.WithContext(s.ctx))
}

// download fetches a file that a person sent.
func (a api) download(ctx context.Context, fileID string) ([]byte, error) {
	raw, err := a.call(ctx, "getFile", tgbotapi.Params{"file_id": fileID})
	if err != nil {
		return nil, err
	}
	var file tgbotapi.File
	if err := json.Unmarshal(raw, &file); err != nil {
		return nil, a.fault("getFile", err)
	}
	address := a.base + "/file/bot" + a.token + path.Clean("/"+file.FilePath)
	ctx, cancel := limited(ctx)
	defer cancel()
	content, err := a.get(ctx, address)
	if err != nil {
		return nil, a.fault("download", err)
	}
	return content, nil
}

func (a api) get(ctx context.Context, address string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, errors.New("bad path")
	}
	response, err := a.transport.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close() //nolint:errcheck // read to its end or dropped
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("status %d", response.StatusCode)
	}
	content, err := io.ReadAll(io.LimitReader(response.Body, downloadMost+1))
	if err == nil && len(content) > downloadMost {
		err = errors.New("too large")
	}
	return content, err
}

// silenceLibrary keeps the library from writing a log of its own: it would hold the token and people's words.
var silenceLibrary = sync.OnceFunc(func() { _ = tgbotapi.SetLogger(noLog{}) })

type noLog struct{}

func (noLog) Println(...any)        {}
func (noLog) Printf(string, ...any) {}
