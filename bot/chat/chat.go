// Package chat holds the words that all channels share: what comes in, what goes out, what a channel
// can carry, and the cleaning and splitting of text.
package chat

import (
	"context"
	"strings"
	"time"

	"wenzhu/dialog"
)

// UserKey names a person: channel, colon, the channel's own id, such as "tg:123". Only the channel
// knows what stands behind the colon.
type UserKey string

// Channel is the name of the channel that the person uses.
func (u UserKey) Channel() string {
	name, _, _ := strings.Cut(string(u), ":")
	return name
}

// Update is one thing that came in from a channel, checked and cleaned.
type Update struct {
	User  UserKey
	Event dialog.Event // its ID is the channel's stable id of the update
	Sent  time.Time    // when the channel says it was made; zero unknown
	Edits string       // reference of the message whose button was pressed; "" none
}

// Channel carries replies to people. It translates and decides nothing.
type Channel interface {
	Name() string
	Limits() Limits
	// Run receives until ctx ends. It returns nil then, and an error only for what cannot be mended by waiting.
	Run(ctx context.Context) error
	// Send delivers one message. Its errors are *SendError or are treated as transient.
	Send(ctx context.Context, m Message) error
}

// Message is a reply on its way.
type Message struct {
	User  UserKey
	Reply dialog.Reply
	Edits string // reference of the message to edit in place; "" sends a new one
	Plain bool   // without markup, because the channel refused the marked-up form
}

// Limits says what a channel can carry.
type Limits struct {
	Conversation bool    // the stored conversation is the delivery: nothing is sent, lines are appended
	Visited      bool    // the bot cannot reach the person later: what is due is seen when they come back
	Rate         float64 // messages a second for all replicas; 0 none
	ChatRate     float64 // messages a second to one person; 0 none
	ChatBurst    int
	SendTimeout  time.Duration // of one Send
}

// SendError is an answer of the channel other than success.
type SendError struct {
	Kind       SendKind
	RetryAfter time.Duration // with Throttled
	Err        error         // never carries a token or the person's words
}

func (e *SendError) Error() string {
	if e.Err == nil {
		return string(e.Kind)
	}
	return string(e.Kind) + ": " + e.Err.Error()
}

func (e *SendError) Unwrap() error { return e.Err }

// SendKind says what the path does about a failed send.
type SendKind string

// The kinds of failure. What is not a SendError counts as Transient.
const (
	Throttled  SendKind = "throttled"  // 429: the whole channel pauses RetryAfter
	Transient  SendKind = "transient"  // 5xx, timeout, broken body: again with backoff
	Refused    SendKind = "refused"    // 400 on text or markup: once more plain, then dropped
	Uneditable SendKind = "uneditable" // the message to edit is gone: sent as a new one
	Blocked    SendKind = "blocked"    // 403: the person does not want messages
	Broken     SendKind = "broken"     // 401, 404: the channel stops
)
