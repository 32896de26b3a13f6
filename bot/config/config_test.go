package config

import (
	"bytes"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func load(env map[string]string) (Config, error) {
	return Load(func(name string) string { return env[name] }, func(path string) ([]byte, error) {
		if path == "/secret" {
			return []byte("123:abc\n"), nil
		}
		return nil, fs.ErrNotExist
	})
}

func TestNothingSetIsTheWebChatOnThisMachine(t *testing.T) {
	c, err := load(nil)
	require.NoError(t, err)
	assert.Equal(t, "127.0.0.1:8080", c.ListenAddr)
	assert.Equal(t, "./data", c.DataDir)
	assert.Equal(t, 180*24*time.Hour, c.Retention)
	assert.Equal(t, 20, c.FloodLimit)
	assert.True(t, c.WebChat)
	assert.Empty(t, c.Telegram.Token)
	assert.Len(t, c.Warnings(), 2)
}

func TestAllProblemsAreReportedAtOnce(t *testing.T) {
	_, err := load(map[string]string{
		"LISTEN_ADDR": "8080", "RETENTION": "1.5", "DATA_KEY": "short", "REDIS_URL": "http://:pw@x", "LOG_LEVEL": "loud",
		"TELEGRAM_BOT_TOKEN": "123:abc", "TELEGRAM_MODE": "webhook", "TELEGRAM_WEBHOOK_URL": "http://example.org/x",
		"WECHAT_TOKEN": "x", "TRUSTED_PROXIES": "10.0.0.1", "WEB_CHAT": "maybe",
	})
	require.Error(t, err)
	for _, name := range []string{
		"LISTEN_ADDR", "RETENTION", "DATA_KEY", "REDIS_URL", "LOG_LEVEL", "path /telegram/webhook", "must be https",
		"TELEGRAM_WEBHOOK_SECRET", "WECHAT_TOKEN", "TRUSTED_PROXIES", "WEB_CHAT",
	} {
		assert.ErrorContains(t, err, name)
	}
	assert.NotContains(t, err.Error(), "pw@", "no secret in an error")
	var joined interface{ Unwrap() []error }
	require.ErrorAs(t, err, &joined)
	assert.Len(t, joined.Unwrap(), 11)
}

func TestSecretsComeFromFiles(t *testing.T) {
	c, err := load(map[string]string{"TELEGRAM_BOT_TOKEN_FILE": "/secret"})
	require.NoError(t, err)
	assert.Equal(t, "123:abc", c.Telegram.Token)
	_, err = load(map[string]string{"TELEGRAM_BOT_TOKEN_FILE": "/absent"})
	require.ErrorContains(t, err, "TELEGRAM_BOT_TOKEN_FILE")
}

func TestPlainWebhookIsForOtherServersOnly(t *testing.T) {
	_, err := load(map[string]string{
		"TELEGRAM_BOT_TOKEN": "1:a", "TELEGRAM_MODE": "webhook", "TELEGRAM_API_URL": "http://127.0.0.1:1/",
		"TELEGRAM_WEBHOOK_URL": "http://127.0.0.1:2/telegram/webhook", "TELEGRAM_WEBHOOK_SECRET": "s",
	})
	require.NoError(t, err)
}

func TestSecretsAreNotPrinted(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, Print(&out, func(name string) string { return "redis://:hidden@127.0.0.1/" + name }))
	assert.NotContains(t, out.String(), "hidden")
	for _, s := range Settings {
		assert.Contains(t, out.String(), s.Name)
	}
}

func TestSampleSetsNothing(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, PrintEnv(&out))
	for line := range strings.Lines(out.String()) {
		assert.True(t, line == "\n" || strings.HasPrefix(line, "#"), line)
	}
}
