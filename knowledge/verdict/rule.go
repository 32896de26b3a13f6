package verdict

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// Rule is a named sign in a message. Its format is described in rules/README.md.
type Rule struct {
	Name   string
	Speaks Label // empty: it only serves other rules and the model
	Weight int
	Says   string
	Basis  []string
	Any    []string
	All    []string
	Unless []string
	None   []string
	Only   struct{ Senders []string }
	Built  bool // found by the program, not by patterns
	Catch  []Sample
	Leave  []Sample

	file string
}

// Sample is a message in a rule: a text alone, or with its sender.
type Sample struct{ Text, Sender string }

// UnmarshalYAML reads a text, or a map of text and sender.
func (s *Sample) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		s.Text = n.Value
		return nil
	}
	type plain Sample
	return n.Decode((*plain)(s))
}

// notRules are the other files beside the rules.
var notRules = []string{"words.yaml", "disguises.yaml", "answers.yaml", "senders.yaml", "hosts.yaml", "concepts.yaml"}

// readRules reads all rules, in an order in which each comes after those that it names.
func readRules(files fs.FS) ([]Rule, error) {
	paths, err := fs.Glob(files, "*.yaml")
	if err != nil {
		return nil, err
	}
	var all []Rule
	var problems []error
	for _, path := range paths {
		if slices.Contains(notRules, path) {
			continue
		}
		content, err := fs.ReadFile(files, path)
		if err != nil {
			return nil, err
		}
		var rules []Rule
		d := yaml.NewDecoder(bytes.NewReader(content))
		d.KnownFields(true)
		if err := d.Decode(&rules); err != nil {
			problems = append(problems, fmt.Errorf("rules/%s: %w", path, err))
		}
		for i := range rules {
			rules[i].file = path
		}
		all = append(all, rules...)
	}
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	return inOrder(all)
}

const (
	longestSays = 40
	mostWeight  = 5
)

var ruleName = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// checkRules finds what a person who writes rules gets wrong. Tests call it; a running program makes do.
func checkRules(rules []Rule) []error {
	var problems []error
	seen := make(map[string]string)
	for _, r := range rules {
		complain := func(format string, args ...any) {
			problems = append(problems, fmt.Errorf("rules/%s: %s: %s", r.file, r.Name, fmt.Sprintf(format, args...)))
		}
		if !ruleName.MatchString(r.Name) {
			complain("the name is not in lower case with hyphens")
		}
		if other := seen[r.Name]; other != "" {
			complain("the name is taken in rules/%s", other)
		}
		seen[r.Name] = r.file
		if r.Speaks != "" && !slices.Contains(Labels, r.Speaks) {
			complain("speaks for %q, which is no label", r.Speaks)
		}
		if r.Weight < 0 || r.Weight > mostWeight || r.Speaks != "" && r.Weight == 0 {
			complain("weight %d is not from 1 to %d", r.Weight, mostWeight)
		}
		if n := utf8.RuneCountInString(r.Says); n > longestSays || n == 0 && r.Speaks != "" {
			complain("says has %d characters, not 1 to %d", n, longestSays)
		}
		if !r.Built && len(r.Any) == 0 && len(r.All) == 0 && len(r.Only.Senders) == 0 {
			complain("nothing says when it holds")
		}
	}
	for _, r := range rules {
		for _, name := range slices.Concat(r.All, r.None) {
			if seen[name] == "" && !strings.HasPrefix(name, senderPrefix) {
				problems = append(problems, fmt.Errorf("rules/%s: %s: no signal %s", r.file, r.Name, name))
			}
		}
	}
	return problems
}

// inOrder sorts rules so that each comes after those that it names.
func inOrder(rules []Rule) ([]Rule, error) {
	byName := make(map[string]int)
	for i, r := range rules {
		byName[r.Name] = i
	}
	var out []Rule
	state := make([]int, len(rules)) // 1 begun, 2 done
	var visit func(i int) error
	visit = func(i int) error {
		switch state[i] {
		case 1:
			return fmt.Errorf("rules/%s: %s: all and none go round in a circle", rules[i].file, rules[i].Name)
		case 2:
			return nil
		}
		state[i] = 1
		for _, name := range slices.Concat(rules[i].All, rules[i].None) {
			if at, ok := byName[name]; ok {
				if err := visit(at); err != nil {
					return err
				}
			}
		}
		state[i] = 2
		out = append(out, rules[i])
		return nil
	}
	for i := range rules {
		if err := visit(i); err != nil {
			return nil, err
		}
	}
	return out, nil
}
