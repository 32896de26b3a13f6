package crisis

import (
	"math"
	"slices"
)

// grams are hashes of 1 to 3 characters and of 3 sounds, each at the unit it ends with.
const longestGram = 3

// gramsAt gives the hashes of the grams that end with a unit.
func gramsAt(units []unit, end int, out []uint32) []uint32 {
	h, g := uint32(2166136261), uint32(2654435769)
	for n := 1; n <= longestGram && n <= end+1; n++ {
		u := &units[end+1-n]
		if u.char != 0 && h != 0 {
			h = (h ^ uint32(u.char)) * 16777619 //nolint:gosec // a rune is positive
			h ^= h >> 15
			out = append(out, h|1)
		} else {
			h = 0
		}
		g = (g ^ u.sound) * 16777619
		g ^= g >> 13
		if n == longestGram {
			out = append(out, g&^1)
		}
	}
	return out
}

// recent remembers where grams stood, so that what is said again in the same breath counts once.
type recent [4096]struct {
	gram uint32
	at   int32 // the unit after it; 0: not seen
}

// again says whether a gram stood less than a window ago, and notes it.
func (r *recent) again(gram uint32, at int) bool {
	slot := &r[(gram>>1^gram>>17)%uint32(len(r))]
	again := slot.gram == gram && slot.at > 0 && at+1-int(slot.at) < farUnits
	if !again {
		slot.gram, slot.at = gram, int32(at+1) //nolint:gosec // a message is short
	}
	return again
}

// said is what is mentioned in a window: its concepts, and those in quotation marks.
type said struct {
	own, quoted uint64
	around      uint64 // said outside of the window
	overcome    bool   // the text tells of the past and of how it was overcome
	forwarded   bool
	units       int
}

// surveyed are the mentions of a text, prepared so that any window of it is quickly looked at.
type surveyed struct {
	mentions      []mention // by where they begin
	before, after []uint64  // concepts of the mentions before each one, and of it and those after it
	overcome      bool
}

func (l *lexicon) survey(mentions []mention) surveyed {
	s := surveyed{mentions: mentions, before: make([]uint64, len(mentions)+1), after: make([]uint64, len(mentions)+1)}
	for i, m := range mentions {
		s.before[i+1] = s.before[i] | m.concepts
	}
	for i := len(mentions) - 1; i >= 0; i-- {
		s.after[i] = s.after[i+1] | mentions[i].concepts
	}
	s.overcome = s.after[0]&l.past != 0 && s.after[0]&l.overcome != 0
	return s
}

// in is what is said in a window.
func (v surveyed) in(r *reading, w window, forwarded bool) said {
	byFrom := func(m mention, at int) int { return m.from - at }
	first, _ := slices.BinarySearchFunc(v.mentions, w.from, byFrom)
	last, _ := slices.BinarySearchFunc(v.mentions, w.to, byFrom)
	s := said{overcome: v.overcome, forwarded: forwarded, units: w.to - w.from, around: v.before[first] | v.after[last]}
	for _, m := range v.mentions[first:last] {
		switch {
		case m.to > w.to:
			s.around |= m.concepts
		case r.units[m.from].quoted:
			s.quoted |= m.concepts
		default:
			s.own |= m.concepts
		}
	}
	return s
}

// The places of dense features for n concepts: each concept, in quotation marks, forwarded, around, and each pair.
func denseSize(n int) int { return pairsFrom*n + n*(n-1)/2 + 5 }

const pairsFrom = 4

// dense calls add for each dense feature of a window.
func (s said) dense(n int, add func(index int, value float64)) {
	pairs := pairsFrom * n
	add(denseSize(n)-1, 1) // the bias
	if s.forwarded {
		add(denseSize(n)-2, 1)
	}
	add(denseSize(n)-3, math.Min(1, float64(s.units)/wholeUnits))
	if s.overcome {
		add(denseSize(n)-5, 1)
	}
	if s.quoted != 0 {
		add(denseSize(n)-4, 1)
	}
	for i := range n {
		if s.quoted>>i&1 == 1 {
			add(n+i, 1)
		}
		if s.around>>i&1 == 1 {
			add(3*n+i, 1)
		}
		if s.own>>i&1 == 0 {
			continue
		}
		add(i, 1)
		if s.forwarded {
			add(2*n+i, 1)
		}
		for j := range i {
			if s.own>>j&1 == 1 {
				add(pairs+i*(i-1)/2+j, 1)
			}
		}
	}
}
