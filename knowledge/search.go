package knowledge

import (
	"math"
	"slices"
	"strings"
	"unicode"
)

// The index holds every ask and every title with its body as a document of its own; the best ask speaks for its
// snippet, supported by the body. k1, b and the weights were tried on the development questions.
const (
	bm25K1       = 1.2
	bm25B        = 0.75
	singleWeight = 0.3  // of a single character beside pairs
	groupWeight  = 0.5  // of a word that only stands in the same group as the one asked
	bodyWeight   = 0.45 // of the body beside the best ask
	tieWeight    = 0.06 // of each thing in common with the person's case
	queryMost    = 300  // characters of a question that are searched
)

type posting struct {
	doc    int32
	weight float32
}

type index struct {
	words    lexicon
	snippets []*Snippet
	postings map[string][]posting
	idf      map[string]float64
	owner    []int32 // of a document: the snippet
	isBody   []bool
	groups   map[string][]string // a word to the others of its groups
}

func newIndex(words lexicon, snippets []*Snippet) *index {
	x := &index{
		words: words, snippets: snippets, postings: make(map[string][]posting), idf: make(map[string]float64), groups: make(map[string][]string),
	}
	for _, g := range words.groups {
		for _, w := range g {
			for _, other := range g {
				if other != w {
					x.groups[w] = append(x.groups[w], other)
				}
			}
		}
	}
	var docs []map[string]float64
	var sizes [2]float64
	var counts [2]float64
	for i, s := range snippets {
		for _, ask := range s.Asks {
			docs = append(docs, x.terms(ask))
			x.owner, x.isBody = append(x.owner, int32(i)), append(x.isBody, false)
		}
		docs = append(docs, x.terms(s.Title))
		x.owner, x.isBody = append(x.owner, int32(i)), append(x.isBody, false)
		docs = append(docs, x.terms(s.Title+" "+s.Body))
		x.owner, x.isBody = append(x.owner, int32(i)), append(x.isBody, true)
	}
	df := make(map[string]float64)
	for d, terms := range docs {
		k := kindOf(x.isBody[d])
		sizes[k] += total(terms)
		counts[k]++
		for t := range terms {
			df[t]++
		}
	}
	for t, n := range df {
		x.idf[t] = math.Log(1 + (float64(len(docs))-n+0.5)/(n+0.5))
	}
	for d, terms := range docs {
		k := kindOf(x.isBody[d])
		norm := 1 - bm25B + bm25B*total(terms)/(sizes[k]/counts[k])
		for t, tf := range terms {
			x.postings[t] = append(x.postings[t], posting{int32(d), float32(tf * (bm25K1 + 1) / (tf + bm25K1*norm))})
		}
	}
	return x
}

func kindOf(body bool) int {
	if body {
		return 1
	}
	return 0
}

func total(terms map[string]float64) float64 {
	n := 0.0
	for _, w := range terms {
		n += w
	}
	return n
}

// terms are the pairs and single characters of Chinese runs and the words of all others, with their weights.
func (x *index) terms(text string) map[string]float64 {
	terms := make(map[string]float64)
	for field := range strings.FieldsSeq(x.words.normalise(text)) {
		for _, run := range runs([]rune(field)) {
			if !unicode.Is(unicode.Han, run[0]) {
				terms[string(run)]++
				continue
			}
			for i, c := range run {
				if !x.words.stop[string(c)] {
					terms[string(c)] += singleWeight
				}
				if i+1 < len(run) {
					if pair := string(run[i : i+2]); !x.words.stop[pair] && (!x.words.stop[string(c)] || !x.words.stop[string(run[i+1])]) {
						terms[pair]++
					}
				}
			}
		}
	}
	return terms
}

// runs splits at changes between Chinese and other characters.
func runs(s []rune) [][]rune {
	var all [][]rune
	begin := 0
	for i := 1; i <= len(s); i++ {
		if i == len(s) || unicode.Is(unicode.Han, s[i]) != unicode.Is(unicode.Han, s[i-1]) {
			all = append(all, s[begin:i])
			begin = i
		}
	}
	return all
}

// query are the terms of a question with those of the same groups, and the greatest score they could reach.
func (x *index) query(text string) (terms map[string]float64, best float64) {
	terms = x.terms(text)
	for t, w := range terms {
		best += w * x.idf[t] * (bm25K1 + 1) * 0.8
		if _, known := x.idf[t]; !known && len([]rune(t)) > 1 {
			best += w * 3 // what nobody wrote about speaks against every snippet
		}
	}
	normal := x.words.normalise(text)
	for word, others := range x.groups {
		if !strings.Contains(normal, word) {
			continue
		}
		for _, other := range others {
			for t, w := range x.terms(other) {
				if have := terms[t]; have < groupWeight*w {
					terms[t] = groupWeight * w
				}
			}
		}
	}
	return terms, best
}

// search scores every snippet between about 0 and 1.
func (x *index) search(q Question) []Hit {
	text := telling(q.Text)
	terms, best := x.query(text)
	if best == 0 {
		return nil
	}
	asks, bodies := make([]float64, len(x.snippets)), make([]float64, len(x.snippets))
	scores := make([]float64, len(x.owner))
	for t, w := range terms {
		idf := x.idf[t]
		for _, p := range x.postings[t] {
			scores[p.doc] += w * idf * float64(p.weight)
		}
	}
	for d, score := range scores {
		if score == 0 {
			continue
		}
		if i := x.owner[d]; x.isBody[d] {
			bodies[i] = score
		} else {
			asks[i] = max(asks[i], score)
		}
	}
	var hits []Hit
	for i, s := range x.snippets {
		if score := (asks[i] + bodyWeight*bodies[i]) / math.Sqrt(best); score > 0.05 {
			hits = append(hits, Hit{s, score * (1 + tieWeight*common(s, q))})
		}
	}
	slices.SortFunc(hits, func(a, b Hit) int {
		switch {
		case a.Score > b.Score:
			return -1
		case a.Score < b.Score:
			return 1
		}
		return strings.Compare(a.Snippet.ID, b.Snippet.ID)
	})
	return hits
}

// common counts what a snippet has in common with the person's case.
func common(s *Snippet, q Question) float64 {
	n := 0.0
	if q.Step != "" && s.Step == q.Step {
		n += 0.5
	}
	if q.Lender != "" && slices.Contains(s.Lenders, q.Lender) {
		n++
	}
	for _, b := range q.Behaviours {
		if slices.Contains(s.Behaviours, b) {
			n++
			break
		}
	}
	return n
}

// telling is the part of a long text that most likely asks: its sentences with a question, else its end.
func telling(text string) string {
	runes := []rune(strings.TrimSpace(text))
	if len(runes) <= queryMost {
		return string(runes)
	}
	sentences := strings.FieldsFunc(string(runes), func(c rune) bool { return strings.ContainsRune("。！；\n", c) })
	var asking []string
	for _, s := range sentences {
		if strings.ContainsAny(s, "？?吗呢") {
			asking = append(asking, s)
		}
	}
	if picked := []rune(strings.Join(asking, " ")); len(picked) > 0 {
		return string(picked[max(0, len(picked)-queryMost):])
	}
	return string(runes[len(runes)-queryMost:])
}
