package verdict

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"wenzhu/knowledge/han"
)

// concepts are the words of rules/concepts.yaml: what a message talks about, however it is worded.
type concepts struct {
	names []string
	tree  *tree // its values are places in names
}

func readConcepts(content []byte, d *disguises) (*concepts, error) {
	var raw map[string][]string
	if err := yaml.Unmarshal(content, &raw); err != nil {
		return nil, err
	}
	c, s := &concepts{tree: newTree(0)}, speller{disguises: d}
	for name := range raw {
		c.names = append(c.names, name)
	}
	slices.Sort(c.names)
	for i, name := range c.names {
		for _, word := range raw[name] {
			c.tree.add(s.spell(word), int32(i)) //nolint:gosec // fewer than a hundred
		}
	}
	return c, nil
}

// mention is a concept in a text.
type mention struct{ concept, sentence int32 }

// find finds the mentions of a text from left to right, the longest word at each place.
func (c *concepts) find(text []glyph, into []mention) []mention {
	for i := 0; i < len(text); {
		value, n := c.tree.longest(text[i:])
		if n == 0 || text[i].phrase != text[i+n-1].phrase {
			i++
			continue
		}
		into = append(into, mention{value, text[i].sentence})
		i += n
	}
	return into
}

// mostConcepts is how many different concepts of a message are paired with each other.
const mostConcepts = 24

// orders are the hashes of what stands beside what: each concept, two and three in a row in a sentence, and two anywhere.
func orders(all []mention) []uint32 {
	var out []uint32
	hash := func(kind uint32, parts ...int32) {
		h := 2166136261 ^ kind
		for _, p := range parts {
			h = (h ^ uint32(p+1)) * 16777619 //nolint:gosec // not negative
			h ^= h >> 15
		}
		out = append(out, h)
	}
	var seen []int32
	for i, m := range all {
		hash(1, m.concept)
		if !slices.Contains(seen, m.concept) && len(seen) < mostConcepts {
			for _, other := range seen {
				hash(4, min(other, m.concept), max(other, m.concept))
			}
			seen = append(seen, m.concept)
		}
		for gap := 1; gap <= 2 && i+gap < len(all) && all[i+gap].sentence == m.sentence; gap++ {
			hash(2, m.concept, all[i+gap].concept)
		}
		if i+2 < len(all) && all[i+2].sentence == m.sentence {
			hash(3, m.concept, all[i+1].concept, all[i+2].concept)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// speller writes words as they stand in normalised texts, one after the other in the same memory.
type speller struct {
	*disguises
	runes  []rune
	glyphs []glyph
}

// spell is a word as it stands in normalised texts, until the next one.
func (s *speller) spell(word string) []rune {
	s.runes = s.runes[:0]
	for _, c := range word {
		s.runes = append(s.runes, c)
	}
	if s.simple(s.runes) {
		return s.runes
	}
	s.glyphs, _ = s.normalise(strings.TrimSpace(word), s.glyphs)
	s.runes = s.runes[:0]
	for _, g := range s.glyphs {
		s.runes = append(s.runes, g.char)
	}
	return s.runes
}

// simple says whether there is nothing to undo in a word.
func (d *disguises) simple(word []rune) bool {
	for i, c := range word {
		if !han.Is(c) || d.character(c) != c || d.digits[c] != 0 {
			return false
		}
		if begun := d.hidden.to(0, c); begun != 0 && i+1 < len(word) && d.hidden.to(begun, word[i+1]) != 0 {
			return false
		}
	}
	return true
}
