package knowledge

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"

	"go.yaml.in/yaml/v3"
)

// TestLines are the lines of the test sets beside the knowledge: none where there are no test sets.
func TestLines(files fs.FS) ([]string, error) {
	var lines []string
	for _, name := range []string{"testdata/own-questions.yaml", "testdata/adviser-questions.yaml"} {
		var questions []struct{ Text string }
		if content, err := fs.ReadFile(files, name); err == nil {
			if err := yaml.Unmarshal(content, &questions); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
		for _, q := range questions {
			lines = append(lines, q.Text)
		}
	}
	var asks map[string][]string
	if content, err := fs.ReadFile(files, "testdata/asks-test.yaml"); err == nil {
		if err := yaml.Unmarshal(content, &asks); err != nil {
			return nil, fmt.Errorf("testdata/asks-test.yaml: %w", err)
		}
	}
	for _, set := range asks {
		lines = append(lines, set...)
	}
	names, err := fs.Glob(files, "*/testdata/*.jsonl")
	if err != nil {
		return nil, fmt.Errorf("test sets: %w", err)
	}
	for _, name := range names {
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("test set: %w", err)
		}
		for line := range bytes.Lines(content) {
			var m struct{ Text string }
			if json.Unmarshal(line, &m) == nil && m.Text != "" {
				lines = append(lines, m.Text)
			}
		}
	}
	return lines, nil
}

// ask is one way of asking for a snippet.
type ask struct {
	owner *Snippet
	text  string
	pairs int // how many pairs of neighbouring characters it has
}

// asks finds which ways of asking are nearly the same, by their pairs of characters.
type asks struct {
	all    []ask
	byPair map[string][]int // places in all
}

// add adds an ask with the pairs of its text.
func (a *asks) add(owner *Snippet, text string, pairs map[string]bool) {
	for p := range pairs {
		a.byPair[p] = append(a.byPair[p], len(a.all))
	}
	a.all = append(a.all, ask{owner, text, len(pairs)})
}

// near are the asks of which so great a share of the pairs of both is in common.
func (a *asks) near(pairs map[string]bool, least float64) []ask {
	common := make(map[int]int)
	for p := range pairs {
		for _, i := range a.byPair[p] {
			common[i]++
		}
	}
	var near []ask
	for i, n := range common {
		if float64(n)/float64(max(1, len(pairs)+a.all[i].pairs-n)) >= least {
			near = append(near, a.all[i])
		}
	}
	return near
}

// asks checks that no two snippets ask the same, and that none repeats a test.
func (l *linter) asks(tests []string) {
	known := asks{byPair: make(map[string][]int)}
	for _, s := range l.base.snippets {
		for _, text := range s.Asks {
			pairs := pairsOf(l.base.words.normalise(text))
			for _, other := range known.near(pairs, nearAsk) {
				l.add("error", s, text, "「%s」 is asked by %s too (「%s」): let it be asked in one place", text, other.owner.ID, other.text)
			}
			known.add(s, text, pairs)
		}
	}
	for _, t := range tests {
		for _, a := range known.near(pairsOf(l.base.words.normalise(t)), nearTest) {
			l.add("error", a.owner, a.text, "「%s」 repeats a line of a test set: write how people ask, not what is tested", a.text)
		}
	}
}

// pairsOf are the pairs of neighbouring characters of a text.
func pairsOf(text string) map[string]bool {
	pairs := make(map[string]bool)
	runes := []rune(strings.ReplaceAll(text, " ", ""))
	for i := range len(runes) - 1 {
		pairs[string(runes[i:i+2])] = true
	}
	return pairs
}
