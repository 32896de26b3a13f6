// Package verdict judges a message: what it is, which words show it, and what to do.
package verdict

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Label names what a message is.
type Label string

// The labels.
const (
	Scam              Label = "scam"
	IllegalCollection Label = "illegal_collection"
	Verify            Label = "verify"
	Routine           Label = "routine"
	Other             Label = "other"
)

// Labels are all, in the order of the weights.
var Labels = []Label{Scam, IllegalCollection, Verify, Routine, Other}

// Message is what somebody received.
type Message struct {
	Text      string
	Sender    string
	Forwarded bool
}

// Signal is something in the message that speaks for a label.
type Signal struct {
	Name       string
	Label      Label
	Quote      string // a substring of the text
	Start, End int    // byte offsets of Quote
	Meaning    string
	Basis      []string // law ids, channel ids or scam patterns
}

// Verdict is what is said about a message.
type Verdict struct {
	Label      Label
	Confidence float64 // probability of Label
	Headline   string
	Origin     string // whether it is from whom it says
	Manner     string // whether this way of pressing is allowed
	Signals    []Signal
	Basis      []string
	Advice     []string
	Avoid      []string
	Verify     []string
	Harmful    bool
	Version    string
}

//go:embed rules weights.bin
var files embed.FS

type rule struct {
	Name, Say string
	Label     Label
	Words     []string
	Basis     []string
}

type answer struct {
	Likely, Possible, Origin, Manner string
	Advice, Avoid                    []string
}

// Checker judges messages. It is safe for concurrent use.
type Checker struct {
	rules   []rule
	answers map[Label]answer
	verify  []string
	model   *Model
}

const version = "1"

// New returns a checker with the embedded rules and weights.
func New() (*Checker, error) {
	c := &Checker{answers: make(map[Label]answer)}
	content, err := files.ReadFile("rules/signals.yaml")
	if err != nil {
		return nil, err
	}
	if err := yaml.Unmarshal(content, &c.rules); err != nil {
		return nil, fmt.Errorf("rules/signals.yaml: %w", err)
	}
	if content, err = files.ReadFile("rules/answers.yaml"); err != nil {
		return nil, err
	}
	var raw map[string]yaml.Node
	if err := yaml.Unmarshal(content, &raw); err != nil {
		return nil, fmt.Errorf("rules/answers.yaml: %w", err)
	}
	for _, l := range Labels {
		node := raw[string(l)]
		var a answer
		if err := node.Decode(&a); err != nil {
			return nil, fmt.Errorf("rules/answers.yaml: %s: %w", l, err)
		}
		c.answers[l] = a
	}
	steps := raw["verify_steps"]
	if err := steps.Decode(&c.verify); err != nil {
		return nil, fmt.Errorf("rules/answers.yaml: %w", err)
	}
	weights, err := files.ReadFile("weights.bin")
	if err != nil {
		return nil, err
	}
	c.model, err = ReadModel(weights)
	return c, err
}

// A label below these probabilities is not said: what may be real is to be verified.
const (
	likely  = 0.75
	surely  = 0.45
	textMax = 20_000 // bytes that are judged; a contract says nothing more after that
)

// Check judges one message.
func (c *Checker) Check(m Message) Verdict {
	text := m.Text
	if len(text) > textMax {
		text = strings.ToValidUTF8(text[:textMax], "")
	}
	signals := c.signals(text)
	p := c.model.Probabilities(Features(text))
	best := 0
	for i := range p {
		if p[i] > p[best] {
			best = i
		}
	}
	label := Labels[best]
	if risk := p[0] + p[1]; (label == Routine || label == Other) && risk > 0.4 || p[best] < surely && label != Verify {
		label = Verify // when unsure, say so: calling a scam harmless is the worst error
		if p[0]+p[1] < 0.25 {
			label = Labels[best]
		}
	}
	return c.say(label, p[slices.Index(Labels, label)], signals)
}

func (c *Checker) say(label Label, confidence float64, signals []Signal) Verdict {
	a := c.answers[label]
	v := Verdict{
		Label: label, Confidence: confidence, Headline: a.Possible, Origin: a.Origin, Manner: a.Manner, Advice: a.Advice, Avoid: a.Avoid,
		Verify: c.verify, Harmful: label == Scam || label == IllegalCollection, Version: version,
	}
	if confidence >= likely {
		v.Headline = a.Likely
	}
	for _, s := range signals {
		if s.Label == label || s.Label != Routine && s.Label != Other && v.Harmful {
			v.Signals = append(v.Signals, s)
			for _, b := range s.Basis {
				if !slices.Contains(v.Basis, b) {
					v.Basis = append(v.Basis, b)
				}
			}
		}
	}
	return v
}

// signals finds the words of the rules, each rule once, in the order of the text.
func (c *Checker) signals(text string) []Signal {
	n := normalise(text)
	var found []Signal
	for _, r := range c.rules {
		for _, w := range r.Words {
			at := strings.Index(n.text, strings.ToLower(w))
			if at < 0 {
				continue
			}
			start, end := n.origin[at], n.end[at+len(strings.ToLower(w))-1]
			found = append(found, Signal{Name: r.Name, Label: r.Label, Quote: text[start:end], Start: start, End: end, Meaning: r.Say, Basis: r.Basis})
			break
		}
	}
	slices.SortStableFunc(found, func(a, b Signal) int { return a.Start - b.Start })
	return found
}

// Looks says from 0 to 1 how much a text looks like a message that somebody received rather than their own words.
func (c *Checker) Looks(text string) float64 {
	score := 0.0
	for _, mark := range []string{"【", "】", "http", "尊敬的", "您好，", "回T", "退订", "【"} {
		if strings.Contains(text, mark) {
			score += 0.35
		}
	}
	p := c.model.Probabilities(Features(text))
	if len([]rune(text)) > 15 {
		score += 0.6 * (1 - p[4])
	}
	for _, own := range []string{"怎么办", "吗？", "吗?", "怎么", "我该", "请问", "能不能", "是不是", "我想", "我被"} {
		if strings.Contains(text, own) {
			score -= 0.35
		}
	}
	return min(max(score, 0), 1)
}
