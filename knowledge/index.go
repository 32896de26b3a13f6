package knowledge

import "math"

// termsOf is about how many terms a snippet brings that no other has.
const termsOf = 60

// leastTold is what a term tells that all snippets are asked with.
const leastTold = 0.8

// The kinds of documents in the index.
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
	declined leaning // to questions that are declined
	outside  leaning // to questions outside the field
}

func newIndex(words lexicon, snippets []*Snippet) *index {
	x := &index{words: words, snippets: snippets, byID: make(map[string]int32)}
	terms := termsOf * len(snippets)
	x.numbers = numbers{chars: newByHan[int32](), others: newTable(terms)}
	m := maker{index: x, df: make([]int32, 0, terms), askers: make([]int32, 0, terms)}
	m.text.weights, m.whole.weights = make([]float32, 0, terms), make([]float32, 0, terms)
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
		x.idf[n] = idf(m.askers[n], len(snippets))
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
	x.learn(m.terms)
	return x
}

// numbers are those of the terms.
type numbers struct {
	chars  byHan[int32] // of characters, from 1
	others table
}

func (n *numbers) of(t term) (int32, bool) {
	if t <= lastHan {
		c := n.chars.get(rune(t))
		return c - 1, c > 0
	}
	return n.others.get(uint64(t))
}

func (n *numbers) set(t term, number int32) {
	if t <= lastHan {
		n.chars.set(rune(t), number+1)
		return
	}
	n.others.set(uint64(t), number)
}

// maker collects the documents of an index: their terms, by number, and in how many documents each is.
type maker struct {
	*index
	df         []int32
	askers     []int32     // of each term, the snippets that are asked with it
	terms      [][]posting // of each document; doc is the number of the term
	memory     pages
	text       tally  // of the text that is read
	characters []rune // of it
	whole      tally  // of several texts
}

// pages is memory for many short lists.
type pages []posting

const pageSize = 1 << 14

// take is an empty list with room for n.
func (p *pages) take(n int) []posting {
	if len(*p) < n {
		*p = make(pages, max(n, pageSize))
	}
	list := (*p)[:0:n]
	*p = (*p)[n:]
	return list
}

// tally sums weights by the number of a term.
type tally struct {
	weights []float32
	seen    []int32
}

// number gives a new term its number.
func (m *maker) number(t term) int32 {
	n := int32(len(m.df))
	m.numbers.set(t, n)
	m.df, m.askers = append(m.df, 0), append(m.askers, 0)
	m.text.weights, m.whole.weights = append(m.text.weights, 0), append(m.whole.weights, 0)
	return n
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
	m.characters = m.words.characters(text, m.characters)
	m.words.split(m.characters, 1, func(t term, w float32) {
		n, known := m.numbers.of(t)
		if !known {
			n = m.number(t)
		}
		if m.text.weights[n] == 0 {
			m.text.seen = append(m.text.seen, n)
		}
		m.text.weights[n] = max(m.text.weights[n], w)
	})
	for _, n := range m.text.seen {
		if m.whole.weights[n] == 0 {
			m.whole.seen = append(m.whole.seen, n)
		}
		m.whole.weights[n] += m.text.weights[n]
	}
}

// document makes a document of what was tallied.
func (m *maker) document(owner int32, kind int, from *tally) {
	d := document{owner: owner, kind: kind}
	terms := m.memory.take(len(from.seen))
	for _, n := range from.seen {
		m.df[n]++
		if kind == wholeDoc {
			m.askers[n]++
		}
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

// idf is what a term tells that n of all snippets are asked with. Snippets count, not asks: a word that comes in many
// asks of one snippet tells much.
func idf(n int32, all int) float32 {
	return leastTold + float32(math.Log(1+(float64(all)-float64(n)+0.5)/(float64(n)+0.5)))
}

func total(counts []int32) int {
	n := 0
	for _, c := range counts {
		n += int(c)
	}
	return n
}
