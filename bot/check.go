package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"wenzhu/bot/chat"
	"wenzhu/dialog"
	"wenzhu/knowledge/verdict"
)

type checkIn struct {
	ID     json.RawMessage `json:"id"`
	Text   string          `json:"text"`
	Sender string          `json:"sender"`
}

type checkOut struct {
	ID         json.RawMessage `json:"id"`
	Label      verdict.Label   `json:"label"`
	Confidence float64         `json:"confidence"`
	Signals    []checkSignal   `json:"signals"`
	Advice     []string        `json:"advice"`
}

type checkSignal struct {
	Name  string   `json:"name"`
	Quote string   `json:"quote"`
	Basis []string `json:"basis"`
}

// check gives a verdict on one message.
func check(_ context.Context, p process) error {
	text, jsonl, err := textArgs(p, "check")
	if err != nil {
		return err
	}
	c, err := verdict.New()
	if err != nil {
		return err
	}
	if jsonl {
		return eachJSON(p.stdin, p.stdout, func(in checkIn) any { return checkLine(c, in) })
	}
	text = chat.Clean(text)
	if text == "" {
		return exit{2, errors.New("nothing to check: give the message as an argument or on standard input")}
	}
	o := judge{c}.Judge(text, "", true)
	colour := isTerminal(p.stdout) && p.getenv("NO_COLOR") == ""
	for i, line := range append([]string{o.Headline}, o.Lines...) {
		if quote, ok := strings.CutPrefix(line, "> "); ok {
			line = "  │ " + quote
			if colour {
				line = "\x1b[33m" + line + "\x1b[0m"
			}
		} else if i == 0 && colour {
			line = "\x1b[1m" + line + "\x1b[0m"
		}
		fmt.Fprintln(p.stdout, line)
	}
	for _, line := range append(o.Advice, o.Avoid...) {
		fmt.Fprintln(p.stdout, "·", line)
	}
	return nil
}

func checkLine(c *verdict.Checker, in checkIn) checkOut {
	v := c.Check(verdict.Message{Text: in.Text, Sender: in.Sender, Forwarded: true})
	out := checkOut{ID: in.ID, Label: v.Label, Confidence: v.Confidence, Signals: []checkSignal{}, Advice: append([]string{}, v.Advice...)}
	for _, s := range v.Signals {
		basis := s.Basis
		if basis == nil {
			basis = []string{}
		}
		out.Signals = append(out.Signals, checkSignal{s.Name, s.Quote, basis})
	}
	return out
}

// evaluate prints quality figures of the verdict on labelled messages.
func evaluate(_ context.Context, p process) error {
	if len(p.args) != 1 {
		return exit{2, errors.New("usage: bot eval FILE")}
	}
	f, err := os.Open(p.args[0])
	if err != nil {
		return exit{2, err}
	}
	defer f.Close() //nolint:errcheck // only read
	c, err := verdict.New()
	if err != nil {
		return err
	}
	report, err := verdict.Evaluate(c, f)
	if err != nil {
		return err
	}
	return report.Write(p.stdout)
}

// judge is the verdict as the dialog asks for it.
type judge struct{ checker *verdict.Checker }

const reasonsMost = 3

// Judge implements dialog.Judge.
func (j judge) Judge(text, sender string, forwarded bool) dialog.Opinion {
	v := j.checker.Check(verdict.Message{Text: text, Sender: sender, Forwarded: forwarded})
	o := dialog.Opinion{
		Label: string(v.Label), Headline: v.Headline, Advice: v.Advice, Avoid: v.Avoid, Verify: v.Verify, Basis: v.Basis, Harmful: v.Harmful, Version: v.Version,
	}
	for _, s := range v.Signals[:min(reasonsMost, len(v.Signals))] {
		o.Lines = append(o.Lines, "> "+strings.ReplaceAll(s.Quote, "\n", " "), s.Meaning)
	}
	for _, line := range []string{v.Origin, v.Manner} {
		if line != "" {
			o.Lines = append(o.Lines, line)
		}
	}
	return o
}

// Looks implements dialog.Judge.
func (j judge) Looks(text string) float64 { return j.checker.Looks(text) }
