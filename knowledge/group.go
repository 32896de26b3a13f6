package knowledge

import "math"

// similar is the cosine of their terms at which two questions count as one: tried on the asks of snippets.
const similar = 0.5

// GroupSimilar puts lines that ask nearly the same together, in the order in which they came. A line joins the
// group whose first line it is most like.
func (b *Base) GroupSimilar(lines []string) [][]string {
	var groups [][]string
	var firsts []map[term]float64
	for _, line := range lines {
		terms := b.index.vector(line)
		at, best := -1, similar
		for i, first := range firsts {
			if c := cosine(terms, first); c >= best {
				at, best = i, c
			}
		}
		if at < 0 {
			groups, firsts = append(groups, []string{line}), append(firsts, terms)
			continue
		}
		groups[at] = append(groups[at], line)
	}
	return groups
}

// vector holds the terms of a text with their weights, of length 1.
func (x *index) vector(text string) map[term]float64 {
	terms := make(map[term]float64)
	x.words.terms(x.words.drop.Replace(text), 1, func(t term, w float32) {
		weight := float64(unknown)
		if n, known := x.numbers.of(t); known {
			weight = float64(x.idf[n])
		}
		terms[t] = max(terms[t], float64(w)*weight)
	})
	sum := 0.0
	for _, w := range terms {
		sum += w * w
	}
	for t := range terms {
		terms[t] /= math.Sqrt(sum)
	}
	return terms
}

// cosine of two vectors of length 1; 0 where one is empty.
func cosine(a, b map[term]float64) float64 {
	sum := 0.0
	for t, w := range a {
		sum += w * b[t]
	}
	return sum
}
