package verdict

import (
	"fmt"
	"sync"
)

// matcher finds all patterns of all rules in one pass over a text.
type matcher struct {
	tree     *tree
	words    rows[int32] // by word of the tree: the slots in which it may stand
	slots    rows[use]   // by slot: the patterns that have it
	patterns []compiled  // all patterns of all rules
	rings    int         // how many places have to be remembered
	rules    int
	scratch  sync.Pool
}

// use is a slot of a pattern. Slots with the same words are one.
type use struct{ pattern, slot int32 }

type compiled struct {
	rule   int32
	unless bool
	gaps   []int
	ring   int32 // where the places of the first slot are remembered; the next slots follow
}

// span is a place in normalised text, in glyphs.
type span struct{ start, end int32 }

// ring remembers the last places where the beginning of a pattern was found. Several, as words may overlap.
type ring struct {
	round uint32
	n     uint32
	spans [4]span
}

// hits are what was found of one rule: the first place in each sentence, and the sentences in which it is cancelled.
type hits struct {
	found     []span
	sentences []int32
	cancelled []int32
}

type scratch struct {
	rings  []ring
	round  uint32
	byRule []hits
	glyphs []glyph

	mentions []mention
}

// builder collects words for a matcher.
type builder struct {
	m       *matcher
	slots   map[slotKey]int32 // by where their words are kept
	last    []int32           // by word: the slot that it was put into last
	fits    []cell[int32]     // the slots of words
	uses    []cell[use]       // the uses of slots
	speller speller
}

type slotKey struct {
	words *string
	n     int
}

// newMatcher also returns what is wrong with patterns; these are left out.
func newMatcher(rules []Rule, g groups, d *disguises) (*matcher, []error) {
	var problems []error
	b := builder{
		m:    &matcher{tree: newTree(manyStates), rules: len(rules)},
		last: make([]int32, 0, manyWords), fits: make([]cell[int32], 0, 2*manyWords),
		slots: make(map[slotKey]int32), speller: speller{disguises: d},
	}
	for i, r := range rules {
		for k, set := range [][]string{r.Any, r.Unless} {
			for _, s := range set {
				if err := b.add(int32(i), k == 1, s, g); err != nil { //nolint:gosec // a few hundred rules
					problems = append(problems, fmt.Errorf("rules/%s: %s: %q: %w", r.file, r.Name, s, err))
				}
			}
		}
	}
	b.m.tree.link()
	b.m.words, b.m.slots = inRows(b.fits, len(b.last)), inRows(b.uses, len(b.slots))
	b.m.scratch.New = func() any {
		return &scratch{rings: make([]ring, b.m.rings), byRule: make([]hits, b.m.rules)}
	}
	return b.m, problems
}

func (b *builder) add(rule int32, unless bool, s string, g groups) error {
	patterns, err := parsePatterns(s, g)
	if err != nil {
		return err
	}
	for _, p := range patterns {
		at := int32(len(b.m.patterns))                                                        //nolint:gosec // a few thousand patterns
		b.m.patterns = append(b.m.patterns, compiled{rule, unless, p.gaps, int32(b.m.rings)}) //nolint:gosec // a few thousand
		b.m.rings += len(p.gaps)
		for i, words := range p.slots {
			slot, err := b.slot(words)
			if err != nil {
				return err
			}
			b.uses = append(b.uses, cell[use]{slot, use{at, int32(i)}}) //nolint:gosec // at most mostSlots
		}
	}
	return nil
}

// About how many words all rules have, and how many states the tree of them.
const (
	manyWords  = 25_000
	manyStates = 45_000
)

// slot is the number of a slot with these words. A group alone in a slot is the same for all patterns.
func (b *builder) slot(words []string) (int32, error) {
	key := slotKey{&words[0], len(words)}
	if id, ok := b.slots[key]; ok {
		return id, nil
	}
	id := int32(len(b.slots)) //nolint:gosec // a few thousand
	b.slots[key] = id
	for _, w := range words {
		word, err := b.word(w)
		if err != nil {
			return 0, err
		}
		if b.last[word] != id {
			b.last[word], b.fits = id, append(b.fits, cell[int32]{word, id})
		}
	}
	return id, nil
}

// word is the number of a word, normalised as texts are.
func (b *builder) word(w string) (int32, error) {
	runes := b.speller.spell(w)
	if len(runes) == 0 {
		return 0, fmt.Errorf("nothing is left of %q once signs are taken out", w)
	}
	state := b.m.tree.insert(runes)
	id := b.m.tree.word[state]
	if id == none {
		id = int32(len(b.last)) //nolint:gosec // fewer than a million
		b.m.tree.word[state], b.last = id, append(b.last, none)
	}
	return id, nil
}

// find fills the hits of all rules.
func (m *matcher) find(text []glyph, s *scratch) {
	s.round++
	for i := range s.byRule {
		h := &s.byRule[i]
		h.found, h.sentences, h.cancelled = h.found[:0], h.sentences[:0], h.cancelled[:0]
	}
	state := int32(0)
	for i := range text {
		state = m.tree.step(state, text[i].char)
		at := state
		if m.tree.word[at] == none {
			at = m.tree.next[at]
		}
		for ; at != 0; at = m.tree.next[at] {
			end := int32(i) + 1 //nolint:gosec // texts are short
			place := span{end - m.tree.depth[at], end}
			if text[place.start].phrase != text[i].phrase {
				continue // no word goes on after a comma
			}
			for _, slot := range m.words.of(m.tree.word[at]) {
				for _, u := range m.slots.of(slot) {
					m.advance(text, s, u, place)
				}
			}
		}
	}
}

// advance takes a word in its slot: it begins a pattern, goes on with one, or ends it.
func (m *matcher) advance(text []glyph, s *scratch, u use, place span) {
	p := &m.patterns[u.pattern]
	begun := place
	if u.slot > 0 {
		before := &s.rings[p.ring+u.slot-1]
		if before.round != s.round {
			return
		}
		head, ok := before.reach(text, place, int32(p.gaps[u.slot-1])) //nolint:gosec // at most widestGap
		if !ok {
			return
		}
		begun.start = head.start
	}
	if int(u.slot) == len(p.gaps) {
		s.byRule[p.rule].note(text, begun, p.unless)
		return
	}
	r := &s.rings[p.ring+u.slot]
	if r.round != s.round {
		*r = ring{round: s.round}
	}
	r.spans[r.n%uint32(len(r.spans))] = begun
	r.n++
}

// reach finds the nearest remembered place from which a word is in reach.
func (r *ring) reach(text []glyph, place span, width int32) (span, bool) {
	for k := uint32(1); k <= uint32(len(r.spans)) && k <= r.n; k++ {
		head := r.spans[(r.n-k)%uint32(len(r.spans))]
		if head.end <= place.start {
			near := place.start-head.end <= width && text[head.end-1].sentence == text[place.start].sentence
			return head, near
		}
	}
	return span{}, false
}

// note keeps the first place in each sentence.
func (h *hits) note(text []glyph, place span, unless bool) {
	sentence := text[place.end-1].sentence
	if unless {
		if n := len(h.cancelled); n == 0 || h.cancelled[n-1] != sentence {
			h.cancelled = append(h.cancelled, sentence)
		}
		return
	}
	if n := len(h.sentences); n == 0 || h.sentences[n-1] != sentence {
		h.found, h.sentences = append(h.found, place), append(h.sentences, sentence)
	}
}

// first is the first place in a sentence that nothing cancels.
func (h *hits) first() (span, bool) {
	k := 0
	for i, sentence := range h.sentences {
		for k < len(h.cancelled) && h.cancelled[k] < sentence {
			k++
		}
		if k == len(h.cancelled) || h.cancelled[k] != sentence {
			return h.found[i], true
		}
	}
	return span{}, false
}
