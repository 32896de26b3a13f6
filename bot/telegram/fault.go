package telegram

import (
	"errors"
	"net/http"
	"regexp"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"wenzhu/bot/chat"
)

// fault is an error of a call as it may be logged: without the token and without a word of a person's.
type fault struct {
	text  string
	cause error
}

func (f *fault) Error() string { return f.text }

// Unwrap gives what went wrong for errors.As and errors.Is only: its text may hold what must not be logged.
func (f *fault) Unwrap() error { return f.cause }

// quoted is what the server repeats of a message that it does not understand.
var quoted = regexp.MustCompile(`"[^"]*"?`)

func (a api) fault(method string, err error) error {
	text := quoted.ReplaceAllString(err.Error(), `"…"`)
	if a.token != "" {
		text = strings.ReplaceAll(text, a.token, "token")
		if _, secret, ok := strings.Cut(a.token, ":"); ok && secret != "" {
			text = strings.ReplaceAll(text, secret, "token")
		}
	}
	return &fault{text: method + ": " + text, cause: err}
}

// answers are what the server says in words, for the path. They come first where the code says less: after an
// upload it is always 0.
var answers = []struct {
	kind  chat.SendKind
	words []string
}{
	{chat.Throttled, []string{"Too Many Requests"}},
	{chat.Uneditable, []string{
		"message to edit not found", "message can't be edited", "no text in the message to edit", "MESSAGE_ID_INVALID",
		"message identifier is not specified",
	}},
	{chat.Blocked, []string{"Forbidden", "chat not found", "user is deactivated", "PEER_ID_INVALID", "USER_IS_BLOCKED"}},
	{chat.Broken, []string{"Unauthorized", "Not Found"}},
	{chat.Refused, []string{"Bad Request", "Request Entity Too Large"}},
}

var codes = map[int]chat.SendKind{
	http.StatusTooManyRequests: chat.Throttled, http.StatusForbidden: chat.Blocked, http.StatusUnauthorized: chat.Broken,
	http.StatusNotFound: chat.Broken, http.StatusBadRequest: chat.Refused, http.StatusRequestEntityTooLarge: chat.Refused,
}

// sendError says what the path is to do about an error of the Bot API; nil where there is nothing to do.
func sendError(err error) error {
	var e *tgbotapi.Error
	if err == nil || errors.As(err, &e) && strings.Contains(e.Message, "message is not modified") {
		return nil
	}
	if e == nil { // timeouts, resets, a gateway's HTML
		return &chat.SendError{Kind: chat.Transient, Err: err}
	}
	return &chat.SendError{Kind: kindOf(e), RetryAfter: time.Duration(e.RetryAfter) * time.Second, Err: err}
}

func kindOf(e *tgbotapi.Error) chat.SendKind {
	if e.RetryAfter > 0 {
		return chat.Throttled
	}
	if e.Code < http.StatusInternalServerError {
		for _, a := range answers {
			for _, w := range a.words {
				if strings.Contains(e.Message, w) {
					return a.kind
				}
			}
		}
	}
	if kind, ok := codes[e.Code]; ok {
		return kind
	}
	return chat.Transient
}

// movedTo is the new number of a group that became a supergroup; 0 where that is not what went wrong.
func movedTo(err error) int64 {
	var e *tgbotapi.Error
	if errors.As(err, &e) {
		return e.MigrateToChatID
	}
	return 0
}
