package verdict

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// line is a sentence with when it fits.
type line struct {
	Labels []Label  // empty: any
	About  []string // signals or eitherWay, one of which is present; empty: always
	Not    []string // signals or eitherWay, none of which is present
	Say    string
}

// eitherWay stands beside the signals in About and Not: the message is to be verified only because it may be harm as well
// as ordinary, and not because it claims something that can be looked up.
const eitherWay = "between"

// answers is rules/answers.yaml.
type answers struct {
	Headlines map[Label]map[Sureness]string
	Why       map[Label]map[Label]string // by the likelier label, and the likelier one of the other kind: harm or none
	Do        []line
	Dont      []line
	Verify    []line
	Origin    []line
	Manner    []line
	Topic     []line // ids of snippets
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
	for _, set := range [][]line{c.answers.Do, c.answers.Dont, c.answers.Verify, c.answers.Origin, c.answers.Manner, c.answers.Topic} {
		for _, l := range set {
			for _, name := range slices.Concat(l.About, l.Not) {
				if _, ok := c.denseIndex[name]; !ok && name != eitherWay {
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
	top, other := rivals(p)
	torn := label == Verify && top != Verify
	present := func(name string) bool {
		if name == eitherWay {
			return torn
		}
		_, ok := c.holds(r, name)
		return ok
	}
	fitting := func(lines []line, most int) []string { return fitting(lines, label, present, most) }
	first := func(lines []line) string { return strings.Join(fitting(lines, 1), "") }
	v := Verdict{
		Label: label, Confidence: p[slices.Index(Labels, label)], Harmful: harmful(label), Version: c.version,
		Advice: fitting(c.answers.Do, stepsMost),
		Avoid:  fitting(c.answers.Dont, stepsMost),
		Verify: fitting(c.answers.Verify, len(c.answers.Verify)),
		Origin: first(c.answers.Origin), Manner: first(c.answers.Manner), Topic: first(c.answers.Topic),
	}
	v.Sure = sureness(v.Confidence)
	v.Danger = present("topic-harm") && v.Harmful
	v.Headline = c.answers.Headlines[label][v.Sure]
	if torn {
		v.Why = c.answers.Why[top][other]
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

// rivals are the likeliest label, and the likeliest one of the other kind: harm where that is none, and the reverse. Verify
// is of neither kind.
func rivals(p [5]float64) (top, other Label) {
	best := func(fits func(Label) bool) Label {
		found := -1
		for k, l := range Labels {
			if fits(l) && (found < 0 || p[k] > p[found]) {
				found = k
			}
		}
		return Labels[found]
	}
	top = best(func(Label) bool { return true })
	if harmful(top) {
		return top, best(harmless)
	}
	return top, best(harmful)
}

// fitting are the first sentences that fit, at most so many.
func fitting(lines []line, label Label, present func(string) bool, most int) []string {
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
