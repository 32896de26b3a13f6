package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"wenzhu/bot/chat"
	"wenzhu/dialog"
	"wenzhu/dialog/words"
	"wenzhu/knowledge"
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
	base, err := knowledge.Load(knowledge.Embedded())
	if err != nil {
		return fmt.Errorf("knowledge: %w", err)
	}
	colour := isTerminal(p.stdout) && p.getenv("NO_COLOR") == ""
	for _, part := range received(c, verdict.Message{Text: text, Forwarded: true}) {
		showVerdict(p.stdout, text[part.Start:part.End], part.Verdict, base.Basis(part.Verdict.Basis), colour)
	}
	return nil
}

// paint is how the terminal shows a kind of line.
type paint string

// The paints, as ANSI sequences.
const (
	bold   paint = "\x1b[1m"
	yellow paint = "\x1b[33m"
	plain  paint = "\x1b[0m"
)

func (p paint) on(s string, colour bool) string {
	if !colour || s == "" {
		return s
	}
	return string(p) + s + string(plain)
}

// showVerdict prints one message with its quotes marked, and what is said about it.
func showVerdict(w io.Writer, text string, v verdict.Verdict, basis string, colour bool) {
	fmt.Fprintln(w, bold.on(v.Headline, colour))
	for line := range strings.SplitSeq(strings.TrimSpace(marked(text, v.Reasons, colour)), "\n") {
		fmt.Fprintln(w, "  │ "+line)
	}
	for _, line := range reasonLines(v) {
		fmt.Fprintln(w, line)
	}
	for _, set := range []struct {
		head  string
		lines []string
	}{{words.Get("verdict.do"), v.Advice}, {words.Get("verdict.dont"), v.Avoid}} {
		if len(set.lines) == 0 {
			continue
		}
		fmt.Fprintln(w, bold.on(set.head, colour))
		for _, line := range set.lines {
			fmt.Fprintln(w, "·", line)
		}
	}
	if basis != "" && (v.Harmful || v.Label == verdict.Verify) {
		fmt.Fprintln(w, basis)
	}
	fmt.Fprintln(w)
}

// reasonLines are the reasons, why it is not surer, and the two questions about sender and manner.
func reasonLines(v verdict.Verdict) []string {
	var all []string
	for _, s := range v.Reasons {
		if s.Quote == "" {
			all = append(all, "- "+s.Meaning)
			continue
		}
		all = append(all, "- 「"+strings.ReplaceAll(s.Quote, "\n", " ")+"」 "+s.Meaning)
	}
	for _, line := range []string{v.Why, v.Origin, v.Manner} {
		if line != "" {
			all = append(all, line)
		}
	}
	return all
}

// marked is a text with the quotes of its signals painted, or in brackets without colours.
func marked(text string, signals []verdict.Signal, colour bool) string {
	signals = slices.Clone(signals)
	slices.SortFunc(signals, func(a, b verdict.Signal) int { return a.Start - b.Start })
	var b strings.Builder
	at := 0
	for _, s := range signals {
		if s.Start < at || s.Start == s.End {
			continue
		}
		b.WriteString(text[at:s.Start])
		if colour {
			b.WriteString(yellow.on(s.Quote, true))
		} else {
			b.WriteString("〔" + s.Quote + "〕")
		}
		at = s.End
	}
	return b.String() + text[at:]
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
	switch {
	case err != nil:
		return exit{2, fmt.Errorf("%s: %w", p.args[0], err)}
	case report.N() == 0:
		return exit{2, fmt.Errorf("%s holds no messages", p.args[0])}
	}
	return report.Write(p.stdout)
}

// judge is the verdict as the dialog asks for it.
type judge struct {
	checker *verdict.Checker
	version string
}

func newJudge(c *verdict.Checker) judge { return judge{c, c.Check(verdict.Message{}).Version} }

// Version implements dialog.Judge.
func (j judge) Version() string { return j.version }

// received are the messages of a text, the worst first. What the person says in a conversation is not judged beside what
// was said to them.
func received(c *verdict.Checker, m verdict.Message) []verdict.Part {
	all := c.CheckAll(m)
	theirs := slices.DeleteFunc(slices.Clone(all), func(p verdict.Part) bool { return dialog.OwnLine(m.Text[p.Start:p.End]) })
	if len(theirs) == 0 {
		return all[:1]
	}
	return theirs
}

// Judge implements dialog.Judge.
func (j judge) Judge(m dialog.Received) []dialog.Opinion {
	var all []dialog.Opinion
	for _, p := range received(j.checker, verdict.Message{Text: m.Text, Sender: m.Sender, Said: verdict.Said(m.Said), Forwarded: true}) {
		all = append(all, opinion(strings.TrimSpace(m.Text[p.Start:p.End]), p.Verdict))
	}
	return all
}

// opinion is a verdict in the dialog's terms.
func opinion(text string, v verdict.Verdict) dialog.Opinion {
	o := dialog.Opinion{
		Label: string(v.Label), Sure: string(v.Sure), Harmful: v.Harmful, Danger: v.Danger, Risky: risky(v), Text: text, Headline: v.Headline,
		Why: v.Why, Origin: v.Origin, Manner: v.Manner, Advice: v.Advice, Avoid: v.Avoid, Verify: v.Verify, Topic: v.Topic, Version: v.Version,
	}
	for _, s := range v.Reasons {
		o.Reasons = append(o.Reasons, dialog.Reason{Quote: s.Quote, Meaning: s.Meaning})
		if s.Label == v.Label { // what is beside the point has its own laws
			o.Weight = max(o.Weight, s.Weight)
			o.Basis = append(o.Basis, s.Basis...)
		}
	}
	return o
}

// risky says whether clicking, paying or giving away something would do harm.
func risky(v verdict.Verdict) bool {
	return v.Label == verdict.Scam || slices.ContainsFunc(v.Signals, func(s verdict.Signal) bool { return s.Label == verdict.Scam })
}

// Looks implements dialog.Judge.
func (j judge) Looks(text string) float64 { return j.checker.Looks(text) }
