// Package terminal is the dialog on standard input and output, for one person.
package terminal

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"wenzhu/bot/chat"
	"wenzhu/bot/turn"
	"wenzhu/dialog"
)

// User is the one person at the terminal.
const User = chat.UserKey("term:me")

// prompt shows somebody who types that it is their turn.
const prompt = "› "

const (
	pasteGap = 40 * time.Millisecond // lines that come faster than this were pasted together
	lineMost = 1 << 20               // bytes

	answers     = 2 * time.Second // how long the next line waits for what is owed
	lastAnswers = 5 * time.Second // and the end, for answers still to come, such as the one to gathered messages
	lookEvery   = 2 * time.Millisecond
)

// Options are what the terminal needs.
type Options struct {
	In     io.Reader
	Out    io.Writer
	Live   bool // somebody types; else a pipe, each line an update
	Colour bool
	Path   *turn.Path
	Idle   func(context.Context) bool                                        // nothing is owed any more
	Prefix string                                                            // of update ids, unique to this run
	File   func(ctx context.Context, recipe string) (path string, err error) // saves the file of a recipe; nil: none are saved
}

// Terminal is the channel.
type Terminal struct {
	Options
	style style
	n     int // updates so far

	mu    sync.Mutex
	asked bool // the prompt stands at the end of the screen
}

// New returns the channel.
func New(o Options) *Terminal { return &Terminal{Options: o, style: style{colour: o.Colour}} }

// Name implements chat.Channel.
func (t *Terminal) Name() string { return "term" }

// Limits implements chat.Channel.
func (t *Terminal) Limits() chat.Limits { return chat.Limits{Visited: true} }

// Send implements chat.Channel.
func (t *Terminal) Send(ctx context.Context, m chat.Message) error {
	text := t.style.render(m.Reply)
	if m.Reply.File != "" && t.File != nil {
		path, err := t.File(ctx, m.Reply.File)
		if err != nil {
			return fmt.Errorf("save file: %w", err)
		}
		text += "→ " + path + "\n"
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.asked { // it comes while the person may be typing
		text += prompt
	}
	_, err := io.WriteString(t.Out, text)
	return err
}

// turnOf says whether it is the person's turn to speak.
func (t *Terminal) turnOf(person bool) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.Live || t.asked == person {
		return nil
	}
	t.asked = person
	if !person {
		return nil
	}
	_, err := io.WriteString(t.Out, prompt)
	return err
}

// Run implements chat.Channel: it reads until the input ends and everything owed has been printed.
func (t *Terminal) Run(ctx context.Context) error {
	if err := t.take(ctx, dialog.Event{Kind: dialog.Start}); err != nil {
		return err
	}
	lines := make(chan string)
	failed := make(chan error, 1)
	go func() { failed <- read(ctx, t.In, lines) }()
	for {
		text, ok := t.next(ctx, lines)
		if !ok {
			break
		}
		if strings.TrimSpace(text) == "" {
			if err := errors.Join(t.turnOf(false), t.turnOf(true)); err != nil {
				return err
			}
			continue
		}
		if err := t.take(ctx, dialog.Event{Kind: dialog.Text, Text: chat.Clean(text)}); err != nil {
			return err
		}
	}
	if ctx.Err() != nil {
		return nil //nolint:nilerr // asked to stop
	}
	t.settle(ctx, lastAnswers)
	return <-failed
}

// take handles one event and waits for its replies, so that they are printed before the next line is read.
func (t *Terminal) take(ctx context.Context, e dialog.Event) error {
	if err := t.turnOf(false); err != nil {
		return err
	}
	t.n++
	e.ID = fmt.Sprintf("%s-%d", t.Prefix, t.n)
	_, err := t.Path.Handle(ctx, chat.Update{User: User, Event: e})
	if err != nil && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("handle input: %w", err)
	}
	t.settle(ctx, answers)
	return t.turnOf(true)
}

// settle waits until nothing is owed, for a time.
func (t *Terminal) settle(ctx context.Context, most time.Duration) {
	for end := time.Now().Add(most); time.Now().Before(end) && ctx.Err() == nil && !t.Idle(ctx); {
		time.Sleep(lookEvery)
	}
}

// next is the next line, or with somebody typing all lines that were pasted together.
func (t *Terminal) next(ctx context.Context, lines <-chan string) (string, bool) {
	var text []string
	var pasted <-chan time.Time
	for {
		select {
		case line, ok := <-lines:
			if !ok {
				return strings.Join(text, "\n"), len(text) > 0
			}
			text = append(text, line)
			if !t.Live {
				return line, true
			}
			pasted = time.After(pasteGap)
		case <-pasted:
			return strings.Join(text, "\n"), true
		case <-ctx.Done():
			return "", false
		}
	}
}

func read(ctx context.Context, in io.Reader, lines chan<- string) error {
	defer close(lines)
	scanner := bufio.NewScanner(in)
	scanner.Buffer(nil, lineMost)
	for scanner.Scan() {
		select {
		case lines <- scanner.Text():
		case <-ctx.Done():
			return nil
		}
	}
	if err := scanner.Err(); err != nil {
		return fmt.Errorf("read input: %w", err)
	}
	return nil
}
