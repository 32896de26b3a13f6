package crisis

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

//go:embed concepts.yaml
var conceptsText []byte

// hiding are the concepts whose phrases hide those inside them: 笑死 is not about death.
var hiding = []string{"idiom", "negation", "overcome", "curse", "told", "fiction", "pastevent", "work"}

// lexicon finds the phrases of all concepts in one pass over the sounds of a text.
type lexicon struct {
	names []string // of the concepts, in alphabetical order; at most 64
	hides uint64
	child uint64 // the concept that an age speaks of
	plain uint64 // the concepts that leave little doubt
	nodes []node
}

type node struct {
	next    map[uint32]int32
	phrases []phrase // that end here
}

type phrase struct {
	chars    []rune
	concepts uint64
}

// mention is a phrase found.
type mention struct {
	from, to int
	concepts uint64
}

func loadLexicon(text []byte) (*lexicon, error) {
	var raw map[string]string
	if err := yaml.Unmarshal(text, &raw); err != nil {
		return nil, fmt.Errorf("crisis/concepts.yaml: %w", err)
	}
	l := &lexicon{nodes: make([]node, 1)}
	for name := range raw {
		l.names = append(l.names, name)
	}
	slices.Sort(l.names)
	if len(l.names) > 64 {
		return nil, fmt.Errorf("crisis/concepts.yaml: %d concepts, at most 64", len(l.names))
	}
	for i, name := range l.names {
		if slices.Contains(hiding, name) {
			l.hides |= 1 << i
		}
		switch name {
		case "child":
			l.child = 1 << i
		case "wish", "pills", "cut", "held", "blows", "breakin":
			l.plain |= 1 << i
		}
		for _, words := range strings.Fields(raw[name]) {
			l.add(words, 1<<i)
		}
	}
	return l, nil
}

func (l *lexicon) add(words string, concept uint64) {
	at := int32(0)
	var chars []rune
	for _, u := range read(words).units {
		chars = append(chars, u.char)
		next, ok := l.nodes[at].next[u.sound]
		if !ok {
			next = int32(len(l.nodes)) //nolint:gosec // some thousands
			l.nodes = append(l.nodes, node{})
			if l.nodes[at].next == nil {
				l.nodes[at].next = make(map[uint32]int32, 1)
			}
			l.nodes[at].next[u.sound] = next
		}
		at = next
	}
	phrases := l.nodes[at].phrases
	for i := range phrases {
		if slices.Equal(phrases[i].chars, chars) {
			phrases[i].concepts |= concept
			return
		}
	}
	l.nodes[at].phrases = append(phrases, phrase{chars, concept})
}

// find gives the mentions in order, without those hidden inside others.
func (l *lexicon) find(units []unit) []mention {
	var all []mention
	hidden := 0 // everything that ends here or before, and begins at the one hiding it or later
	for from := range units {
		first := len(all)
		longest := hidden
		at := int32(0)
		for to := from; to < len(units); to++ {
			next, ok := l.nodes[at].next[units[to].sound]
			if !ok {
				break
			}
			at = next
			if concepts := l.nodes[at].heard(units[from : to+1]); concepts != 0 {
				all = append(all, mention{from, to + 1, concepts})
				if concepts&l.hides != 0 {
					longest = max(longest, to+1)
				}
			}
		}
		if l.child != 0 && ofChild(units, from) {
			all = append(all, mention{from, from + 1, l.child})
		}
		hidden = max(hidden, longest)
		all = append(all[:first], slices.DeleteFunc(all[first:], func(m mention) bool {
			return m.to <= hidden && m.concepts&l.hides == 0
		})...)
	}
	return all
}

// undoubted are the mentions that leave little doubt.
func (l *lexicon) undoubted(all []mention) []mention {
	var found []mention
	for _, m := range all {
		if m.concepts&l.plain != 0 {
			found = append(found, m)
		}
	}
	return found
}

// ofChild says whether a number is the age of a child: before 岁, by its sound, or after 我, 才 or 年 with nothing
// counted by it.
func ofChild(units []unit, at int) bool {
	if n := units[at].number; n < 6 || n > 17 {
		return false
	}
	if at+1 < len(units) && units[at+1].sound == soundOf('岁') {
		return true
	}
	return at > 0 && strings.ContainsRune("我才年", units[at-1].char) &&
		(at+1 == len(units) || !strings.ContainsRune("万千百块元号期天点分年月个家条次张岁小台单笔%", units[at+1].char))
}

// heard are the concepts of the phrases that these units say: written so, or sounding so when they are long enough or
// letters stand for a sound.
func (n *node) heard(units []unit) (concepts uint64) {
	for _, p := range n.phrases {
		if len(p.chars) > 2 || p.written(units) {
			concepts |= p.concepts
		}
	}
	return concepts
}

func (p *phrase) written(units []unit) bool {
	letters := false
	for i, u := range units {
		letters = letters || u.letters
		if !u.letters && u.char != p.chars[i] {
			return false
		}
	}
	return !letters || len(p.chars) > 1
}
