// Package config turns the environment into a Config. Only this package knows the names of variables.
package config

import (
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Config is every setting, checked.
type Config struct {
	ListenAddr      string
	PublicURL       string
	TrustedProxies  []netip.Prefix
	DataDir         string
	RedisURL        string
	DataKeys        [][]byte
	Retention       time.Duration
	FloodLimit      int
	LogFormat       string
	LogLevel        slog.Level
	MetricsAddr     string
	OperatorName    string
	OperatorContact string
	WebChat         bool
	Telegram        Telegram
}

// Telegram is the settings of that channel; without a token it is off.
type Telegram struct {
	Token         string
	APIURL        string
	Webhook       bool // else polling
	WebhookURL    string
	WebhookSecret string
	Rate          float64
	ChatRate      float64
}

// publicTelegram is the API that Telegram runs itself.
const publicTelegram = "https://api.telegram.org"

// Load reads the environment and reports all problems at once. readFile is used for the …_FILE forms.
func Load(getenv func(string) string, readFile func(string) ([]byte, error)) (Config, error) {
	r := reader{getenv: getenv, readFile: readFile}
	c := Config{
		ListenAddr:      r.address("LISTEN_ADDR"),
		PublicURL:       r.url("PUBLIC_URL", "http", "https"),
		TrustedProxies:  r.prefixes("TRUSTED_PROXIES"),
		DataDir:         r.text("DATA_DIR"),
		RedisURL:        r.url("REDIS_URL", "redis", "rediss", "redis+cluster", "rediss+cluster", "redis+sentinel", "rediss+sentinel"),
		DataKeys:        r.keys("DATA_KEY"),
		Retention:       time.Duration(r.number("RETENTION", 1, 3650)) * 24 * time.Hour,
		FloodLimit:      int(r.number("FLOOD_LIMIT", 0, 1e6)),
		LogFormat:       r.choice("LOG_FORMAT", "text", "json"),
		LogLevel:        r.level("LOG_LEVEL"),
		MetricsAddr:     r.address("METRICS_ADDR"),
		OperatorName:    r.text("OPERATOR_NAME"),
		OperatorContact: r.text("OPERATOR_CONTACT"),
		WebChat:         r.onOff("WEB_CHAT"),
		Telegram: Telegram{
			Token:         r.pattern("TELEGRAM_BOT_TOKEN", telegramToken, "looks like 123456:ABC-def, as @BotFather gives it"),
			APIURL:        strings.TrimRight(r.url("TELEGRAM_API_URL", "http", "https"), "/"),
			Webhook:       r.choice("TELEGRAM_MODE", "polling", "webhook") == "webhook",
			WebhookURL:    r.url("TELEGRAM_WEBHOOK_URL", "http", "https"),
			WebhookSecret: r.pattern("TELEGRAM_WEBHOOK_SECRET", webhookSecret, "takes 1 to 256 of A-Z a-z 0-9 _ -"),
			Rate:          r.number("TELEGRAM_RATE", 0, 1e6),
			ChatRate:      r.number("TELEGRAM_CHAT_RATE", 0, 1e6),
		},
	}
	for _, name := range later {
		if r.text(name) != "" {
			r.problem(name, "belongs to WeChat, which this release does not have yet: unset it")
		}
	}
	c.validate(&r)
	return c, errors.Join(r.problems...)
}

var (
	telegramToken = regexp.MustCompile(`^[0-9]+:[A-Za-z0-9_-]+$`)
	webhookSecret = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)
)

// validate checks what concerns several settings.
func (c Config) validate(r *reader) {
	t := c.Telegram
	if t.Token == "" && !c.WebChat {
		r.problem("WEB_CHAT", "is off and no TELEGRAM_BOT_TOKEN is set: nobody could reach the bot; set one of them")
	}
	if t.Token == "" || !t.Webhook {
		return
	}
	if t.WebhookURL == "" {
		r.problem("TELEGRAM_WEBHOOK_URL", "is needed with TELEGRAM_MODE=webhook: the whole public URL, with path /telegram/webhook")
	} else if u, err := url.Parse(t.WebhookURL); err == nil {
		if u.Path != "/telegram/webhook" {
			r.problem("TELEGRAM_WEBHOOK_URL", "must have the path /telegram/webhook")
		}
		if u.Scheme != "https" && t.APIURL == publicTelegram {
			r.problem("TELEGRAM_WEBHOOK_URL", "must be https: Telegram delivers to nothing else")
		}
	}
	if t.WebhookSecret == "" {
		r.problem("TELEGRAM_WEBHOOK_SECRET", "is needed with TELEGRAM_MODE=webhook, else anybody could pose as Telegram; make one with: openssl rand -hex 32")
	}
}

// Warnings says what an operator should know of settings that are allowed.
func (c Config) Warnings() []string {
	var warnings []string
	if c.OperatorName == "" || c.OperatorContact == "" {
		warnings = append(warnings, "OPERATOR_NAME or OPERATOR_CONTACT is empty: people cannot see who runs this bot")
	}
	if len(c.DataKeys) == 0 {
		warnings = append(warnings, "DATA_KEY is empty: what people write is stored unencrypted")
	}
	return warnings
}

// reader reads variables and collects problems.
type reader struct {
	getenv   func(string) string
	readFile func(string) ([]byte, error)
	problems []error
}

func (r *reader) problem(name, format string, args ...any) {
	r.problems = append(r.problems, fmt.Errorf("%s %s", name, fmt.Sprintf(format, args...)))
}

// text is the setting's value, its file's content for secrets, or its default.
func (r *reader) text(name string) string {
	s := find(name)
	value := strings.TrimSpace(r.getenv(name))
	if s.Secret {
		if path := r.getenv(name + "_FILE"); path != "" {
			content, err := r.readFile(path)
			if err != nil {
				r.problem(name+"_FILE", "cannot be read: %v", err)
			}
			if value != "" {
				r.problem(name, "and %s_FILE are both set: unset one", name)
			}
			value = strings.TrimSpace(string(content))
		}
	}
	if value == "" {
		return s.Default
	}
	return value
}

func (r *reader) address(name string) string {
	value := r.text(name)
	if value == "" {
		return ""
	}
	if _, port, err := net.SplitHostPort(value); err != nil || port == "" {
		r.problem(name, "is %q, want host:port, such as 127.0.0.1:8080 or :8080", value)
	}
	return value
}

func (r *reader) url(name string, schemes ...string) string {
	value := r.text(name)
	if value == "" {
		return ""
	}
	u, err := url.Parse(value)
	if err != nil || u.Host == "" {
		r.problem(name, "is not a URL with a host") // the value may hold a password
		return ""
	}
	for _, s := range schemes {
		if u.Scheme == s {
			return value
		}
	}
	r.problem(name, "must begin with %s://", strings.Join(schemes, ":// or "))
	return ""
}

func (r *reader) prefixes(name string) []netip.Prefix {
	var prefixes []netip.Prefix
	for _, part := range strings.FieldsFunc(r.text(name), func(c rune) bool { return c == ',' || c == ' ' }) {
		p, err := netip.ParsePrefix(part)
		if err != nil {
			r.problem(name, "has %q, want networks such as 10.0.0.0/8, separated by commas", part)
			continue
		}
		prefixes = append(prefixes, p)
	}
	return prefixes
}

func (r *reader) keys(name string) [][]byte {
	var keys [][]byte
	for i, part := range strings.FieldsFunc(r.text(name), func(c rune) bool { return c == ',' || c == ' ' || c == '\n' }) {
		key, err := base64.StdEncoding.DecodeString(part)
		if err != nil || len(key) != 32 {
			r.problem(name, "key %d is not 32 bytes in base64; make one with: openssl rand -base64 32", i+1)
			continue
		}
		keys = append(keys, key)
	}
	return keys
}

func (r *reader) number(name string, least, most float64) float64 {
	n, err := strconv.ParseFloat(r.text(name), 64)
	if err != nil || n < least || n > most {
		r.problem(name, "is %q, want a number from %g to %g", r.text(name), least, most)
	}
	if s := find(name); s.Whole && n != float64(int64(n)) {
		r.problem(name, "is %q, want a whole number", r.text(name))
	}
	return n
}

func (r *reader) choice(name string, values ...string) string {
	value := strings.ToLower(r.text(name))
	for _, v := range values {
		if value == v {
			return v
		}
	}
	r.problem(name, "is %q, want %s", value, strings.Join(values, " or "))
	return ""
}

func (r *reader) onOff(name string) bool {
	switch strings.ToLower(r.text(name)) {
	case "on", "1", "true", "yes":
		return true
	case "off", "0", "false", "no":
		return false
	}
	r.problem(name, "is %q, want on or off", r.text(name))
	return false
}

func (r *reader) level(name string) slog.Level {
	var l slog.Level
	if err := l.UnmarshalText([]byte(r.text(name))); err != nil {
		r.problem(name, "is %q, want debug, info, warn or error", r.text(name))
	}
	return l
}

func (r *reader) pattern(name string, p *regexp.Regexp, want string) string {
	value := r.text(name)
	if value != "" && !p.MatchString(value) {
		r.problem(name, "%s", want)
	}
	return value
}
