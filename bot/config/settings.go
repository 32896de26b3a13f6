package config

import (
	"fmt"
	"io"
	"net/url"
	"strings"
	"text/tabwriter"
)

// Setting describes one variable.
type Setting struct {
	Name    string
	Default string
	Meaning string
	Secret  bool // never printed; may come from NAME_FILE
	Whole   bool
}

// Settings are all variables in the order of the documentation.
var Settings = []Setting{
	{Name: "LISTEN_ADDR", Default: "127.0.0.1:8080", Meaning: "address of the web chat, webhooks and health checks"},
	{Name: "PUBLIC_URL", Meaning: "address under which people reach the web chat; https makes its cookie secure"},
	{Name: "TRUSTED_PROXIES", Meaning: "networks of reverse proxies, such as 10.0.0.0/8; only behind these X-Forwarded-For is read"},
	{Name: "DATA_DIR", Default: "./data", Meaning: "directory of the embedded store, used without REDIS_URL"},
	{Name: "REDIS_URL", Secret: true, Meaning: "redis://, rediss://, redis+cluster:// or redis+sentinel://; empty: the embedded store"},
	{Name: "DATA_KEY", Secret: true, Meaning: "32 bytes in base64 that encrypt what people write; several, separated by commas: the first writes, all read"},
	{Name: "RETENTION", Default: "180", Whole: true, Meaning: "days after a person's last word until their data ends"},
	{Name: "FLOOD_LIMIT", Default: "20", Whole: true, Meaning: "updates of one person in 10 s that are looked at; 0: no limit"},
	{Name: "LOG_FORMAT", Default: "text", Meaning: "text or json"},
	{Name: "LOG_LEVEL", Default: "info", Meaning: "debug, info, warn or error"},
	{Name: "METRICS_ADDR", Meaning: "address of the Prometheus metrics and of profiles, for operators only; empty: none"},
	{Name: "OPERATOR_NAME", Meaning: "who runs this bot, shown in its help"},
	{Name: "OPERATOR_CONTACT", Meaning: "how to reach them, shown in the bot's help"},
	{Name: "TELEGRAM_BOT_TOKEN", Secret: true, Meaning: "token from @BotFather; empty: no Telegram"},
	{Name: "TELEGRAM_API_URL", Default: publicTelegram, Meaning: "address of the Bot API"},
	{Name: "TELEGRAM_MODE", Default: "polling", Meaning: "polling or webhook"},
	{Name: "TELEGRAM_WEBHOOK_URL", Meaning: "whole public URL of the webhook, path /telegram/webhook"},
	{Name: "TELEGRAM_WEBHOOK_SECRET", Secret: true, Meaning: "proves that a webhook call comes from Telegram"},
	{Name: "TELEGRAM_RATE", Default: "30", Meaning: "messages a second, for all replicas together; 0: no limit"},
	{Name: "TELEGRAM_CHAT_RATE", Default: "1", Meaning: "messages a second to one chat, with a burst of 5; 0: no limit"},
	{Name: "WEB_CHAT", Default: "on", Meaning: "on or off"},
}

// later are the variables of channels that come with a later release.
var later = []string{"WECHAT_APP_ID", "WECHAT_APP_SECRET", "WECHAT_TOKEN", "WECHAT_AES_KEY", "WECHAT_API_URL", "WECHAT_TEMPLATE_ID"}

func find(name string) Setting {
	for _, s := range Settings {
		if s.Name == name {
			return s
		}
	}
	return Setting{Name: name}
}

// Print lists every setting with its present value; secrets are only said to be set.
func Print(w io.Writer, getenv func(string) string) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "NAME\tVALUE\tDEFAULT\tMEANING")
	for _, s := range Settings {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", s.Name, shown(s, getenv), s.Default, s.Meaning)
	}
	return table.Flush()
}

func shown(s Setting, getenv func(string) string) string {
	switch value := getenv(s.Name); {
	case s.Secret && getenv(s.Name+"_FILE") != "":
		return "(from file)"
	case value == "":
		return "-"
	case s.Secret:
		return "(set)"
	default:
		if u, err := url.Parse(value); err == nil && u.User != nil {
			return u.Redacted()
		}
		return value
	}
}

// PrintEnv writes a sample environment file: every setting with its meaning, commented out.
func PrintEnv(w io.Writer) error {
	var b strings.Builder
	b.WriteString("# Settings of wenzhu. Uncomment what you change.\n")
	for _, s := range Settings {
		fmt.Fprintf(&b, "\n# %s\n", s.Meaning)
		if s.Secret {
			fmt.Fprintf(&b, "# May come from a file: %s_FILE=/run/secrets/%s\n", s.Name, strings.ToLower(s.Name))
		}
		fmt.Fprintf(&b, "#%s=%s\n", s.Name, s.Default)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
