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

// The parts that some concepts play, by name.
var (
	// A phrase of these hides those inside it: 笑死 is not about death.
	hiding = []string{"idiom", "negation", "overcome", "curse", "told", "fiction", "pastevent", "work"}
	// A text is looked at more closely around these.
	telling = []string{"wish", "pills", "cut", "held", "blows", "breakin", "certain_self", "certain_harm"}
	// What was said for certain is taken back by these.
	softening = []string{
		"pastevent", "negation", "overcome", "told", "fiction", "news", "others", "work", "curse", "threatnext", "everyday", "laugh", "hypothetical",
	}
)

// lexicon finds the phrases of all concepts in one pass over the sounds of a text.
type lexicon struct {
	names []string // of the concepts, in alphabetical order; at most 64
	nodes []node
	// characters after a number that is no age
	counters string

	hides, tells, softens                           uint64
	child, past, overcome, certainSelf, certainHarm uint64
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
	l.counters = raw["counters"]
	delete(raw, "counters") // no concept
	for name := range raw {
		l.names = append(l.names, name)
	}
	slices.Sort(l.names)
	if len(l.names) > 64 {
		return nil, fmt.Errorf("crisis/concepts.yaml: %d concepts, at most 64", len(l.names))
	}
	for i, name := range l.names {
		l.play(name, 1<<i)
		for _, words := range strings.Fields(raw[name]) {
			l.add(words, 1<<i)
		}
	}
	return l, nil
}

// play notes the parts that a concept plays.
func (l *lexicon) play(name string, bit uint64) {
	for part, names := range map[*uint64][]string{
		&l.hides: hiding, &l.tells: telling, &l.softens: softening, &l.child: {"child"}, &l.past: {"pastevent"},
		&l.overcome: {"overcome"}, &l.certainSelf: {"certain_self"}, &l.certainHarm: {"certain_harm"},
	} {
		if slices.Contains(names, name) {
			*part |= bit
		}
	}
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
		if l.child != 0 && l.ofChild(units, from) {
			all = append(all, mention{from, from + 1, l.child})
		}
		hidden = max(hidden, longest)
		all = append(all[:first], slices.DeleteFunc(all[first:], func(m mention) bool {
			return m.to <= hidden && m.concepts&l.hides == 0
		})...)
	}
	return all
}

// certain is the danger that a text leaves no doubt of: said by the writer, with nothing near it that takes it back.
func (l *lexicon) certain(r *reading, all []mention) int {
	for i, m := range all {
		if m.concepts&(l.certainSelf|l.certainHarm) == 0 || r.units[m.from].quoted || l.softened(all, i) {
			continue
		}
		if m.concepts&l.certainHarm != 0 {
			return violence
		}
		return suicide
	}
	return calm
}

// nearby is how many units from something certain that which takes it back may stand.
const nearby = 24

func (l *lexicon) softened(all []mention, at int) bool {
	for i := at; i >= 0 && all[at].from-all[i].from <= nearby; i-- {
		if all[i].concepts&l.softens != 0 {
			return true
		}
	}
	for i := at; i < len(all) && all[i].from-all[at].to <= nearby; i++ {
		if all[i].concepts&l.softens != 0 {
			return true
		}
	}
	return false
}

// closer are the mentions that a text is looked at more closely around.
func (l *lexicon) closer(all []mention) []mention {
	var found []mention
	for _, m := range all {
		if m.concepts&l.tells != 0 {
			found = append(found, m)
		}
	}
	return found
}

// ofChild says whether a number is the age of a child: before 岁, by its sound, or after 我, 才 or 年 with nothing
// counted by it.
func (l *lexicon) ofChild(units []unit, at int) bool {
	if n := units[at].number; n < 6 || n > 17 {
		return false
	}
	if at+1 < len(units) && units[at+1].sound == soundOf('岁') {
		return true
	}
	return at > 0 && slices.Contains([]rune{'我', '才', '年'}, units[at-1].char) &&
		(at+1 == len(units) || !strings.ContainsRune(l.counters, units[at+1].char))
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
