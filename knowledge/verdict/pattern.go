package verdict

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// pattern is an ordered list of slots. In each slot one of several words stands; between two at most so many characters
// of the same sentence.
type pattern struct {
	slots [][]string
	gaps  []int // gaps[i] stands before slots[i+1]
}

// The limits of a pattern.
const (
	usualGap  = 8
	widestGap = 60
	mostSlots = 12
	mostWords = 4000 // in one slot, after groups are filled in
)

// groups are the words of rules/words.yaml by name, with groups inside filled in.
type groups map[string][]string

// parsePatterns reads the syntax described in rules/README.md. Alternatives with gaps make patterns of their own.
func parsePatterns(s string, g groups) ([]pattern, error) {
	var all []pattern
	for _, one := range spread(s) {
		p, err := parsePattern(one, g)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

// mostSpread is how many patterns one may become.
const mostSpread = 200

// spread takes alternatives with gaps out of brackets: a(b…c|d)e becomes ab…ce and a(d)e.
func spread(s string) []string {
	open, depth, bars := -1, 0, []int(nil)
	for i, c := range s {
		switch {
		case c == '(':
			if depth++; depth == 1 {
				open, bars = i, []int{i}
			}
		case c == '|' && depth == 1:
			bars = append(bars, i)
		case c == ')' && depth > 0:
			if depth--; depth == 0 && strings.Contains(s[open:i], "…") {
				return spreadChoice(s[:open], s[i+1:], s, append(bars, i))
			}
		}
	}
	return []string{s}
}

// spreadChoice is spread for brackets whose bars, first and last included, are known.
func spreadChoice(head, tail, s string, bars []int) []string {
	var plain, all []string
	for i, at := range bars[:len(bars)-1] {
		if choice := s[at+1 : bars[i+1]]; strings.Contains(choice, "…") {
			all = append(all, spread(head+choice+tail)...)
		} else {
			plain = append(plain, choice)
		}
	}
	if len(plain) > 0 {
		all = append(all, spread(head+"("+strings.Join(plain, "|")+")"+tail)...)
	}
	return all[:min(len(all), mostSpread)]
}

// parsePattern reads one pattern without gaps in brackets.
func parsePattern(s string, g groups) (pattern, error) {
	p := reader{rest: s, groups: g}
	var out pattern
	for {
		parts, err := p.part()
		if err != nil {
			return out, err
		}
		for i, words := range parts {
			if i > 0 {
				out.gaps = append(out.gaps, 0)
			}
			out.slots = append(out.slots, words)
		}
		if p.rest == "" {
			break
		}
		width, err := p.gap()
		if err != nil {
			return out, err
		}
		out.gaps = append(out.gaps, width)
	}
	if len(out.slots) > mostSlots {
		return out, fmt.Errorf("more than %d parts", mostSlots)
	}
	return out, nil
}

// reader reads a pattern from left to right.
type reader struct {
	rest   string
	groups groups
}

// part reads up to a gap or the end. Where there are too many ways to say it, it becomes several slots side by side.
func (p *reader) part() ([][]string, error) {
	var parts [][]string
	all := []string{""}
	for p.rest != "" && !strings.HasPrefix(p.rest, "…") {
		if p.rest[0] == '|' || p.rest[0] == ')' {
			return nil, fmt.Errorf("%q outside brackets", p.rest[:1])
		}
		next, err := p.item()
		if err != nil {
			return nil, err
		}
		if len(all)*len(next) > manyWays && len(all) > 1 && len(next) > 1 && !slices.Contains(all, "") && !slices.Contains(next, "") {
			parts, all = append(parts, all), next
			continue
		}
		if all = product(all, next); len(all) > mostWords {
			return nil, fmt.Errorf("more than %d ways to say one part", mostWords)
		}
	}
	if slices.Contains(all, "") {
		return nil, errors.New("an empty part")
	}
	return append(parts, all), nil
}

// manyWays are too many to write out.
const manyWays = 60

// item reads one word, group or choice: all ways to say it.
func (p *reader) item() ([]string, error) {
	switch p.rest[0] {
	case '(':
		return p.choice()
	case '{':
		return p.group()
	}
	return []string{p.plain()}, nil
}

// sequence reads what stands in brackets up to a bar or the closing bracket.
func (p *reader) sequence() ([]string, error) {
	all := []string{""}
	for p.rest != "" && p.rest[0] != '|' && p.rest[0] != ')' {
		next, err := p.item()
		if err != nil {
			return nil, err
		}
		if all = product(all, next); len(all) > mostWords {
			return nil, fmt.Errorf("more than %d ways to say one part", mostWords)
		}
	}
	return all, nil
}

func (p *reader) plain() string {
	end := strings.IndexAny(p.rest, "(){}|")
	if gap := strings.Index(p.rest, "…"); gap >= 0 && (end < 0 || gap < end) {
		end = gap
	}
	if end < 0 {
		end = len(p.rest)
	}
	if end == 0 { // a closing brace alone
		end = 1
	}
	word := p.rest[:end]
	p.rest = p.rest[end:]
	return word
}

func (p *reader) choice() ([]string, error) {
	var all []string
	for {
		p.rest = p.rest[1:] // the bracket or bar
		words, err := p.sequence()
		if err != nil {
			return nil, err
		}
		all = append(all, words...)
		if p.rest == "" {
			return nil, errors.New("a bracket is not closed")
		}
		if p.rest[0] == ')' {
			p.rest = p.rest[1:]
			return all, nil
		}
	}
}

func (p *reader) group() ([]string, error) {
	name, rest, ok := strings.Cut(p.rest[1:], "}")
	if !ok {
		return nil, errors.New("a brace is not closed")
	}
	words := p.groups[name]
	if words == nil {
		return nil, fmt.Errorf("no group {%s} in words.yaml", name)
	}
	p.rest = rest
	return words, nil
}

func (p *reader) gap() (int, error) {
	p.rest = strings.TrimPrefix(p.rest, "…")
	width := usualGap
	if strings.HasPrefix(p.rest, "{") {
		number, rest, _ := strings.Cut(p.rest[1:], "}")
		if n, err := strconv.Atoi(number); err == nil {
			width, p.rest = n, rest
		}
	}
	if width < 0 || width > widestGap {
		return 0, fmt.Errorf("a gap of %d: at most %d", width, widestGap)
	}
	return width, nil
}

func product(heads, tails []string) []string {
	if len(heads) == 1 && heads[0] == "" {
		return tails // the same words: see builder.slot
	}
	all := make([]string, 0, len(heads)*len(tails))
	for _, h := range heads {
		for _, t := range tails {
			all = append(all, h+t)
		}
	}
	return all
}

// fillGroups reads words.yaml: words may name other groups.
func fillGroups(raw map[string][]string) (groups, error) {
	done := make(groups)
	var fill func(name string, path []string) error
	fill = func(name string, path []string) error {
		if done[name] != nil {
			return nil
		}
		if len(path) > 8 {
			return fmt.Errorf("groups name each other in a circle: %v", path)
		}
		words := []string{}
		for _, w := range raw[name] {
			for _, part := range strings.Split(w, "{")[1:] {
				inner, _, _ := strings.Cut(part, "}")
				if _, ok := raw[inner]; ok {
					if err := fill(inner, append(path, name)); err != nil {
						return err
					}
				}
			}
			p, err := parsePattern(w, done)
			if err != nil {
				return fmt.Errorf("%s: %q: %w", name, w, err)
			}
			if strings.Contains(w, "…") {
				return fmt.Errorf("%s: %q: no gaps in groups", name, w)
			}
			all := p.slots[0]
			for _, next := range p.slots[1:] {
				all = product(all, next)
			}
			words = append(words, all...)
		}
		done[name] = words
		return nil
	}
	for name := range raw {
		if err := fill(name, nil); err != nil {
			return nil, err
		}
	}
	return done, nil
}
