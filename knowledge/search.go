package knowledge

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// The index holds every ask and every title as a document of its own, of which the best speaks for its snippet,
// supported by all of them together and by the body. The figures were tried on the asks themselves, each searched
// without itself, and on the questions of testdata.
const (
	bm25K1      = 1.6
	bm25B       = 0.8
	wholeWeight = 1.0  // of all asks together beside the best ask
	bodyWeight  = 0.9  // of the body beside the best ask
	tieWeight   = 0.06 // of each thing in common with the person's case
	farBelow    = 0.3  // of the best score: what is below is not looked at
	unknown     = 6.0  // idf of what nobody wrote about: it speaks against every snippet
	needBonus   = 5.0  // of an intent that asks for an answer
	intentBonus = 14   // of an intent that is recognised
	outField    = 0.9  // of an answer to a question without a word of the field
	noneInField = 0.8  // of a snippet outside the field to a question with one
	unwanted    = 0.7  // of a refusal whose intent is not recognised
)

// termsOf is about how many terms a snippet brings that no other has.
const termsOf = 60

// what a document of the index is.
const (
	askDoc = iota
	wholeDoc
	bodyDoc
	docKinds
)

type posting struct {
	doc    int32
	weight float32
}

type document struct {
	owner int32 // index of its snippet
	kind  int
	size  float32 // sum of the weights of its terms
}

type index struct {
	words    lexicon
	snippets []*Snippet
	byID     map[string]int32
	numbers  numbers
	postings [][]posting
	idf      []float32
	docs     []document
}

func newIndex(words lexicon, snippets []*Snippet) *index {
	x := &index{words: words, snippets: snippets, byID: make(map[string]int32)}
	x.numbers = numbers{chars: newByHan[int32](), others: make(map[term]int32, termsOf*len(snippets))}
	m := maker{index: x}
	for i, s := range snippets {
		x.byID[s.ID] = int32(i)
		m.snippet(int32(i), s)
	}
	var sizes, counts [docKinds]float32
	for _, d := range x.docs {
		sizes[d.kind] += d.size
		counts[d.kind]++
	}
	x.idf, x.postings = make([]float32, len(m.df)), make([][]posting, len(m.df))
	all := make([]posting, 0, total(m.df))
	for n, count := range m.df {
		x.idf[n] = idf(count, len(x.docs))
		x.postings[n] = all[len(all) : len(all) : len(all)+int(count)]
		all = all[:len(all)+int(count)]
	}
	for i, d := range x.docs {
		norm := 1 - bm25B + bm25B*d.size/(sizes[d.kind]/counts[d.kind])
		for _, t := range m.terms[i] {
			w := t.weight * (bm25K1 + 1) / (t.weight + bm25K1*norm)
			x.postings[t.doc] = append(x.postings[t.doc], posting{int32(i), w})
		}
	}
	return x
}

// numbers are those of the terms.
type numbers struct {
	chars  byHan[int32] // of characters, from 1
	others map[term]int32
}

func (n numbers) of(t term) (int32, bool) {
	if t <= lastHan {
		c := n.chars.get(rune(t))
		return c - 1, c > 0
	}
	number, known := n.others[t]
	return number, known
}

func (n numbers) set(t term, number int32) {
	if t <= lastHan {
		n.chars.set(rune(t), number+1)
		return
	}
	n.others[t] = number
}

// maker collects the documents of an index: their terms, by number, and in how many documents each is.
type maker struct {
	*index
	df    []int32
	terms [][]posting // of each document; doc is the number of the term
	text  tally       // of the text that is read
	whole tally       // of several texts
}

// tally sums weights by the number of a term.
type tally struct {
	weights []float32
	seen    []int32
}

func (t *tally) grow(n int32) {
	for len(t.weights) <= int(n) {
		t.weights = append(t.weights, 0)
	}
}

func (m *maker) snippet(owner int32, s *Snippet) {
	for _, ask := range s.Asks {
		m.read(ask)
		m.document(owner, askDoc, &m.text)
	}
	m.read(s.Title)
	m.document(owner, askDoc, &m.text)
	m.document(owner, wholeDoc, &m.whole)
	for _, text := range []string{s.Title, s.Body, s.Detail} {
		m.read(text)
		m.text.clear()
	}
	m.document(owner, bodyDoc, &m.whole)
}

// read counts each term of a text once, with the greatest weight it has there, and adds that to the whole.
func (m *maker) read(text string) {
	m.index.words.terms(text, 1, func(t term, w float32) {
		n, known := m.numbers.of(t)
		if !known {
			n = int32(len(m.df))
			m.numbers.set(t, n)
			m.df = append(m.df, 0)
		}
		m.text.grow(n)
		if m.text.weights[n] == 0 {
			m.text.seen = append(m.text.seen, n)
		}
		m.text.weights[n] = max(m.text.weights[n], w)
	})
	for _, n := range m.text.seen {
		m.whole.grow(n)
		if m.whole.weights[n] == 0 {
			m.whole.seen = append(m.whole.seen, n)
		}
		m.whole.weights[n] += m.text.weights[n]
	}
}

// document makes a document of what was tallied.
func (m *maker) document(owner int32, kind int, from *tally) {
	d := document{owner: owner, kind: kind}
	terms := make([]posting, 0, len(from.seen))
	for _, n := range from.seen {
		m.df[n]++
		d.size += from.weights[n]
		terms = append(terms, posting{n, from.weights[n]})
	}
	from.clear()
	m.docs, m.terms = append(m.docs, d), append(m.terms, terms)
}

func (t *tally) clear() {
	for _, n := range t.seen {
		t.weights[n] = 0
	}
	t.seen = t.seen[:0]
}

func idf(df int32, docs int) float32 {
	return float32(math.Log(1 + (float64(docs)-float64(df)+0.5)/(float64(df)+0.5)))
}

func total(counts []int32) int {
	n := 0
	for _, c := range counts {
		n += int(c)
	}
	return n
}

// nearness is how near a question is to the field by its words.
type nearness int

const (
	inField  nearness = iota
	plain             // no word of the field
	everyday          // words of everyday life and none of the field
)

// floors are what the best snippet has to reach for a question to be answered: chosen on the questions of testdata
// so that few good ones fall below.
var floors = [...]float64{inField: 3.6, plain: 6.7, everyday: 13}

// query are the terms of a question with their weights.
type query struct {
	terms map[term]float32
	text  string // folded, for intents
	near  nearness
}

func (x *index) query(q Question) query {
	found := query{terms: make(map[term]float32)}
	add := func(t term, w float32) {
		if found.terms[t] < w {
			found.terms[t] = w
		}
	}
	var texts []string
	for _, c := range x.words.clauses(q.Text) {
		x.words.terms(c.text, c.weight, add)
		texts = append(texts, c.text)
	}
	if q.Before != "" {
		x.words.terms(q.Before, beforeWeight, add)
	}
	found.text = x.words.sounds(x.words.normalise(strings.Join(texts, " ")))
	switch {
	case q.Before != "" || containsAny(found.text, x.words.field):
		found.near = inField
	case containsAny(found.text, x.words.everyday):
		found.near = everyday
	default:
		found.near = plain
	}
	return found
}

// search scores every snippet, best first, and gives the floor that the question has to reach.
func (x *index) search(q Question) (hits []Hit, floor float64) {
	asked := x.query(q)
	floor = floors[asked.near]
	scores, best := x.match(asked)
	if best == 0 {
		return nil, floor
	}
	parts := make([][docKinds]float32, len(x.snippets))
	for i, score := range scores {
		d := x.docs[i]
		parts[d.owner][d.kind] = max(parts[d.owner][d.kind], score)
	}
	wanted := x.wanted(asked.text)
	norm := float32(math.Sqrt(float64(best)))
	for i, s := range x.snippets {
		p := parts[i]
		score := (p[askDoc] + wholeWeight*p[wholeDoc] + bodyWeight*p[bodyDoc]) / norm
		switch {
		case !wanted[int32(i)]:
		case s.Kind == Answered:
			score += needBonus
		default:
			score += intentBonus
		}
		if score <= 0 {
			continue
		}
		score *= lean(s, asked.near == inField, wanted[int32(i)])
		hits = append(hits, Hit{s, float64(score) * (1 + tieWeight*common(s, q))})
	}
	top := 0.0
	for _, h := range hits {
		top = max(top, h.Score)
	}
	hits = slices.DeleteFunc(hits, func(h Hit) bool { return h.Score < farBelow*top })
	slices.SortFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(a.Snippet.ID, b.Snippet.ID))
	})
	return hits, floor
}

// match scores every document, and gives what a document with all of the question's words would be scored.
func (x *index) match(asked query) (scores []float32, best float32) {
	scores = make([]float32, len(x.docs))
	for t, w := range asked.terms {
		n, known := x.numbers.of(t)
		if !known {
			if t&wordTerm == 0 && t > 1<<21 {
				best += w * unknown
			}
			continue
		}
		best += w * x.idf[n]
		for _, p := range x.postings[n] {
			scores[p.doc] += w * x.idf[n] * p.weight
		}
	}
	return scores, best
}

// wanted are the snippets whose intent a question has.
func (x *index) wanted(text string) map[int32]bool {
	found := make(map[int32]bool)
	rules := x.words.intents
	words := rules.words.all(text)
	others, ours := anyOf(words, rules.others), anyOf(words, rules.ours)
	for _, r := range rules.rules {
		i, known := x.byID[r.snippet]
		if !known || found[i] || others && x.snippets[i].Kind == Refuse || ours && x.snippets[i].Kind == None {
			continue
		}
		found[i] = r.holds(words)
	}
	return found
}

// lean is how much the field counts for a snippet, and that what nobody clearly wanted is not declined.
func lean(s *Snippet, field, wanted bool) float32 {
	switch {
	case wanted:
		return 1
	case s.Kind == Refuse:
		return unwanted
	case s.Kind == None && field:
		return noneInField
	case s.Kind != None && !field:
		return outField
	}
	return 1
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
	if slices.ContainsFunc(q.Behaviours, func(b string) bool { return slices.Contains(s.Behaviours, b) }) {
		n++
	}
	if q.Topic != "" && (s.ID == q.Topic || slices.Contains(s.Related, q.Topic)) {
		n++
	}
	return n
}
