package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const emulatorVersion = "4.2.1"

// emulator is telegram-test-api from npm, a stand-in that others wrote. It knows less than the fake here (no
// offsets, no secret, no files), and serves only to see that both tell the same of a short talk.
func emulator(t *testing.T) (base string) {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("no node here")
	}
	dir, err := filepath.Abs("../../.tools/npm")
	require.NoError(t, err)
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "telegram-test-api")); err != nil {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		defer cancel()
		require.NoError(t, os.MkdirAll(dir, 0o755))
		install := exec.CommandContext(ctx, "npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", dir, "telegram-test-api@"+emulatorVersion)
		if out, err := install.CombinedOutput(); err != nil {
			t.Skipf("telegram-test-api cannot be installed here: %v\n%s", err, out)
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	port := l.Addr().(*net.TCPAddr).Port
	require.NoError(t, l.Close())
	script := fmt.Sprintf(`const Server = require('telegram-test-api'); new Server({port: %d, host: '127.0.0.1'}).start(); setInterval(() => {}, 1000)`, port)
	server := exec.Command(node, "-e", script)
	server.Dir, server.Stderr = dir, os.Stderr
	require.NoError(t, server.Start())
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	})
	base = fmt.Sprintf("http://127.0.0.1:%d", port)
	require.Eventually(t, func() bool {
		c, err := net.Dial("tcp", l.Addr().String())
		if err == nil {
			c.Close()
		}
		return err == nil
	}, 10*time.Second, 10*time.Millisecond)
	return base
}

// as sends what a person's client would send.
func as(t *testing.T, base, what string, body any) json.RawMessage {
	t.Helper()
	raw, err := json.Marshal(body)
	require.NoError(t, err)
	response, err := http.Post(base+"/"+what, "application/json", bytes.NewReader(raw))
	require.NoError(t, err)
	defer response.Body.Close()
	var answer struct{ Result json.RawMessage }
	require.NoError(t, json.NewDecoder(response.Body).Decode(&answer))
	return answer.Result
}

func TestIndependentEmulatorTellsTheSame(t *testing.T) {
	base := emulator(t)
	r := start(t, false, func(o *Options) { o.APIURL = base })
	type shown struct {
		ID      int `json:"messageId"`
		Message struct {
			Text   string
			Markup struct {
				Rows [][]key `json:"inline_keyboard"`
			} `json:"reply_markup"`
		}
		Token string `json:"botToken"`
	}
	history := func() (all []shown) {
		var items []struct {
			shown
			CallbackID int `json:"callbackId"`
		}
		require.NoError(t, json.Unmarshal(as(t, base, "getUpdatesHistory", map[string]any{"token": token}), &items))
		for _, i := range items {
			if i.Message.Markup.Rows != nil {
				all = append(all, i.shown)
			}
		}
		return all
	}
	eventually := func(n int, last string) {
		t.Helper()
		if !assert.Eventually(t, func() bool { h := history(); return len(h) == n && h[n-1].Message.Text == last }, 15*time.Second, 20*time.Millisecond) {
			t.Fatalf("have %+v, want %d messages, the last %q", history(), n, last)
		}
	}
	me := map[string]any{"id": 7, "is_bot": false, "first_name": "某"}
	room := map[string]any{"id": 7, "type": "private", "first_name": "某"}
	say := func(text string) {
		as(t, base, "sendMessage", map[string]any{"botToken": token, "from": me, "chat": room, "date": time.Now().Unix(), "text": text})
	}
	say("hello <b>&")
	eventually(1, "1 hello &lt;b&gt;&amp;") // it does not read entities
	first := history()[0]
	assert.Equal(t, [][]string{{"好"}, {"一个很长很长很长的按钮"}, {"打 110", "官网"}}, labels(first.Message.Markup.Rows))
	as(t, base, "sendCallback", map[string]any{
		"botToken": token, "from": me, "data": first.Message.Markup.Rows[0][0].Data, "message": map[string]any{"message_id": first.ID, "chat": room},
	})
	eventually(1, "2 pressed 1.ok")
	say("again")
	eventually(2, "3 again")
	assert.Equal(t, stateOK, r.channel.State())
}

func labels(rows [][]key) (all [][]string) {
	for _, row := range rows {
		var one []string
		for _, k := range row {
			one = append(one, k.Text)
		}
		all = append(all, one)
	}
	return all
}
