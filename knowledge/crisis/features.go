package crisis

import "math"

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

// said is what is mentioned in a window: its concepts, and those in quotation marks.
type said struct {
	own, quoted uint64
	around      uint64 // said outside of the window
	forwarded   bool
	units       int
}

func mentioned(r *reading, all []mention, w window, forwarded bool) said {
	s := said{forwarded: forwarded, units: w.to - w.from}
	for _, m := range all {
		switch {
		case m.from < w.from || m.to > w.to:
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
func denseSize(n int) int { return pairsFrom*n + n*(n-1)/2 + 4 }

const pairsFrom = 4

// dense calls add for each dense feature of a window.
func (s said) dense(n int, add func(index int, value float64)) {
	pairs := pairsFrom * n
	add(denseSize(n)-1, 1) // the bias
	if s.forwarded {
		add(denseSize(n)-2, 1)
	}
	add(denseSize(n)-3, math.Min(1, float64(s.units)/wholeUnits))
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
