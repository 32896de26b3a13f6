package verdict

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// samplesLeast is how many messages a rule must catch, and how many it must leave alone.
const samplesLeast = 2

// TestRules checks what each rule says of itself. It reads the files of the folder, so that whoever writes rules sees
// what is wrong, with file, rule and message, after each change:
//
//	go test ./knowledge/verdict -run Rules
func TestRules(t *testing.T) {
	c, err := load(os.DirFS("rules"))
	require.NoError(t, err)
	for _, problem := range append(c.problems, checkRules(c.rules)...) {
		t.Error(problem)
	}
	for _, r := range c.rules {
		if len(r.Catch) < samplesLeast || len(r.Leave) < samplesLeast {
			t.Errorf("rules/%s: %s: %d messages to catch and %d to leave alone, not %d each", r.file, r.Name, len(r.Catch), len(r.Leave), samplesLeast)
		}
		for _, s := range r.Catch {
			if !c.has(s, r.Name) {
				t.Errorf("rules/%s: %s: does not catch %q (found: %s)", r.file, r.Name, s.Text, strings.Join(c.names(s), ", "))
			}
		}
		for _, s := range r.Leave {
			if c.has(s, r.Name) {
				t.Errorf("rules/%s: %s: does not leave alone %q: sees %q", r.file, r.Name, s.Text, c.quote(s, r.Name))
			}
		}
	}
}

func (c *Checker) has(s Sample, name string) bool {
	r := c.read(Message{Text: s.Text, Sender: s.Sender})
	defer r.release(c)
	return r.present[c.byName[name]]
}

func (c *Checker) names(s Sample) []string {
	r := c.read(Message{Text: s.Text, Sender: s.Sender})
	defer r.release(c)
	var all []string
	for i, ok := range r.present {
		if ok {
			all = append(all, c.rules[i].Name)
		}
	}
	return all
}

func (c *Checker) quote(s Sample, name string) string {
	r := c.read(Message{Text: s.Text, Sender: s.Sender})
	defer r.release(c)
	p := r.places[c.byName[name]]
	return s.Text[p.start:p.end]
}

func TestPatterns(t *testing.T) {
	words := groups{"family": {"爸", "老婆"}, "pay": {"还钱", "还款"}}
	for pattern, want := range map[string][][]string{
		"卸…腿":                 {{"卸"}, {"腿"}},
		"(打断|废了)…{4}(腿|手)":    {{"打断", "废了"}, {"腿", "手"}},
		"你{family}…{pay}":     {{"你爸", "你老婆"}, {"还钱", "还款"}},
		"(把|让|)你({family}|妈)": {{"把你爸", "把你老婆", "把你妈", "让你爸", "让你老婆", "让你妈", "你爸", "你老婆", "你妈"}},
	} {
		p, err := parsePattern(pattern, words)
		require.NoError(t, err, pattern)
		assert.Equal(t, want, p.slots, pattern)
	}
	assert.Equal(t, []string{"xab…cy", "xe…{3}fy", "x(d)y"}, spread("x(ab…c|d|e…{3}f)y"))
	for _, bad := range []string{"", "…a", "a…", "(a", "a)", "{nobody}", "{family", "a…{99}b", "(|)"} {
		_, err := parsePattern(bad, words)
		assert.Error(t, err, bad)
	}
}
