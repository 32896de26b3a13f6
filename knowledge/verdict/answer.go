package verdict

import (
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"
)

// line is a sentence with when it fits.
type line struct {
	Labels []Label  // empty: any
	About  []string // signals, one of which is present; empty: always
	Not    []string // signals, none of which is present
	Say    string
}

// answers is rules/answers.yaml.
type answers struct {
	Headlines map[Label]map[Sureness]string
	Why       map[Label]string
	Do        []line
	Dont      []line
	Verify    []line
	Origin    []line
	Manner    []line
}

// Sureness is how sure a verdict is, in three steps.
type Sureness string

// The steps of sureness: 很可能, 可能, 不能确定.
const (
	Likely   Sureness = "likely"
	Possible Sureness = "possible"
	Unsure   Sureness = "unsure"
)

// From these probabilities of the label on a verdict is likely, or possible. What was said with them was right in so
// many cases: see the reliability table in docs/measurements.md.
const (
	likelyFrom   = 0.8
	possibleFrom = 0.5
)

func sureness(p float64) Sureness {
	switch {
	case p >= likelyFrom:
		return Likely
	case p >= possibleFrom:
		return Possible
	}
	return Unsure
}

// readAnswers reads the sentences. What they are about has to exist.
func (c *Checker) readAnswers(content []byte) error {
	if err := yaml.Unmarshal(content, &c.answers); err != nil {
		return fmt.Errorf("rules/answers.yaml: %w", err)
	}
	for _, set := range [][]line{c.answers.Do, c.answers.Dont, c.answers.Verify, c.answers.Origin, c.answers.Manner} {
		for _, l := range set {
			for _, name := range slices.Concat(l.About, l.Not) {
				if _, ok := c.denseIndex[name]; !ok {
					return fmt.Errorf("rules/answers.yaml: %s: no signal %s", l.Say, name)
				}
			}
		}
	}
	return nil
}

// Most of what is said at once.
const (
	stepsMost   = 3
	reasonsMost = 3
)

// say puts the answer together.
func (c *Checker) say(label Label, p [5]float64, r *reading) Verdict {
	v := Verdict{
		Label: label, Confidence: p[slices.Index(Labels, label)], Harmful: harmful(label), Version: c.version,
		Advice: c.fitting(c.answers.Do, label, r, stepsMost),
		Avoid:  c.fitting(c.answers.Dont, label, r, stepsMost),
		Verify: c.fitting(c.answers.Verify, label, r, len(c.answers.Verify)),
	}
	v.Sure = sureness(v.Confidence)
	_, threatened := c.holds(r, "topic-harm")
	v.Danger = threatened && v.Harmful
	v.Headline = c.answers.Headlines[label][v.Sure]
	if top := likeliest(p); label == Verify && top != Verify {
		v.Why = c.answers.Why[top]
	}
	if lines := c.fitting(c.answers.Origin, label, r, 1); len(lines) > 0 {
		v.Origin = lines[0]
	}
	if lines := c.fitting(c.answers.Manner, label, r, 1); len(lines) > 0 {
		v.Manner = lines[0]
	}
	v.Signals = shown(r.signals(c), label)
	v.Reasons = reasons(v.Signals, label)
	for _, s := range v.Signals {
		for _, b := range s.Basis {
			if !slices.Contains(v.Basis, b) {
				v.Basis = append(v.Basis, b)
			}
		}
	}
	return v
}

func likeliest(p [5]float64) Label {
	best := 0
	for k := range p {
		if p[k] > p[best] {
			best = k
		}
	}
	return Labels[best]
}

// fitting are the first sentences that fit, at most so many.
func (c *Checker) fitting(lines []line, label Label, r *reading, most int) []string {
	present := func(name string) bool { _, ok := c.holds(r, name); return ok }
	var out []string
	for _, l := range lines {
		if len(out) == most {
			break
		}
		if len(l.Labels) > 0 && !slices.Contains(l.Labels, label) || len(l.About) > 0 && !slices.ContainsFunc(l.About, present) ||
			slices.ContainsFunc(l.Not, present) {
			continue
		}
		out = append(out, l.Say)
	}
	return out
}

// shown are the signals that speak for a label, and what speaks of harm beside them.
func shown(all []Signal, label Label) []Signal {
	var out []Signal
	for _, s := range all {
		if s.Label == label || (harmful(label) || label == Verify) && !harmless(s.Label) {
			out = append(out, s)
		}
	}
	return out
}

// reasons are the strongest signals, those for the label itself first, at distinct places.
func reasons(all []Signal, label Label) []Signal {
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b Signal) int {
		if own := weigh(b, label) - weigh(a, label); own != 0 {
			return own
		}
		return a.Start - b.Start
	})
	var out []Signal
	for _, s := range sorted {
		if len(out) == reasonsMost {
			break
		}
		if !slices.ContainsFunc(out, func(o Signal) bool { return o.Meaning == s.Meaning || s.Start < o.End && o.Start < s.End }) {
			out = append(out, s)
		}
	}
	return out
}

// weigh is how strong a reason a signal is for a label.
func weigh(s Signal, label Label) int {
	if s.Label == label {
		return s.Weight + mostWeight
	}
	return s.Weight
}
