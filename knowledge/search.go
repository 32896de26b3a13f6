package knowledge

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// The index holds every ask and every title as a document of its own, of which the best speaks for its snippet,
// supported by all of them together and by the body. The figures were tried on asks of other hands than those that
// were indexed, and on the questions of testdata.
const (
	bm25K1      = 2.5
	bm25B       = 0.95
	wholeWeight = 1.6  // of all asks together beside the best ask
	bodyWeight  = 0.65 // of the body beside the best ask
	tieWeight   = 0.06 // of each thing in common with the person's case
	farBelow    = 0.3  // of the best score: what is below is not looked at
	unknown     = 3.0  // idf of what nobody wrote about: it speaks against every snippet
	needBonus   = 5.0  // of an intent that asks for an answer
	intentBonus = 14   // of an intent that is recognised
	outField    = 0.9  // of an answer to a question without a word of the field
	noneInField = 0.8  // of a snippet outside the field to a question with one
	othersDo    = 0.4  // of a refusal where somebody else does it to the person
	unwanted    = 0.7  // of a refusal whose intent is not recognised
	feared      = 1.1  // of it where the question leans that way
	leansBad    = 0.0  // how much a question has to lean to what is declined
	leansOut    = -2.2 // and to what is outside the field
)

// nearness is how near a question is to the field by its words.
type nearness int

const (
	inField  nearness = iota
	plain             // no word of the field
	everyday          // words of everyday life and none of the field
)

// floors are what the best snippet has to reach for a question to be answered: chosen on the questions of testdata
// so that few good ones fall below.
var floors = [...]float64{inField: 8.5, plain: 9.3, everyday: 17}

// asked is a term of a question with its weight.
type asked struct {
	term   term
	weight float32
}

// query are the terms of a question, each once, in a fixed order: sums of scores depend on it.
type query struct {
	terms []asked
	text  string // folded, for intents
	near  nearness
	bad   bool // it leans to what is declined
}

func (x *index) query(q Question) query {
	var found query
	weights := make(map[term]float32)
	add := func(t term, w float32) { weights[t] = max(weights[t], w) }
	var texts []string
	for _, c := range x.words.clauses(q.Text) {
		x.words.terms(c.text, c.weight, add)
		texts = append(texts, c.text)
	}
	if q.Before != "" {
		x.words.terms(q.Before, beforeWeight, add)
	}
	for t, w := range weights {
		found.terms = append(found.terms, asked{t, w})
	}
	slices.SortFunc(found.terms, func(a, b asked) int { return cmp.Compare(a.term, b.term) })
	found.text = x.words.sounds(x.words.normalise(strings.Join(texts, " ")))
	switch {
	case q.Before != "" || containsAny(found.text, x.words.field):
		found.near = inField
	case containsAny(found.text, x.words.everyday):
		found.near = everyday
	default:
		found.near = plain
	}
	x.lean(&found)
	return found
}

// lean adds to a query what it leans to by all its words.
func (x *index) lean(q *query) {
	var terms []posting
	for _, a := range q.terms {
		if n, known := x.numbers.of(a.term); known {
			terms = append(terms, posting{n, a.weight})
		}
	}
	values := x.values(terms, terms)
	q.bad = x.declined.of(values) > leansBad
	if q.near != inField && x.outside.of(values) > leansOut {
		q.near = everyday
	}
}

// search scores every snippet, best first, and gives the floor that the question has to reach.
func (x *index) search(q Question) (hits []Hit, floor float64) {
	question := x.query(q)
	floor = floors[question.near]
	scores, best := x.match(question)
	if best == 0 {
		return nil, floor
	}
	parts := make([][docKinds]float32, len(x.snippets))
	for i, score := range scores {
		d := x.docs[i]
		parts[d.owner][d.kind] = max(parts[d.owner][d.kind], score)
	}
	wished := x.wishes(question.text)
	wished.bad = question.bad
	norm := float32(math.Sqrt(float64(best)))
	for i, s := range x.snippets {
		p := parts[i]
		score := (p[askDoc] + wholeWeight*p[wholeDoc] + bodyWeight*p[bodyDoc]) / norm
		if score = wished.weigh(score, int32(i), s, question.near); score <= 0 {
			continue
		}
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
func (x *index) match(q query) (scores []float32, best float32) {
	scores = make([]float32, len(x.docs))
	for _, a := range q.terms {
		t, w := a.term, a.weight
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

// wishes are what a question wants by its words.
type wishes struct {
	snippets map[int32]bool // whose intent it has
	others   bool           // it tells what somebody else does
	bad      bool           // it leans to what is declined
}

func (x *index) wishes(text string) wishes {
	rules := x.words.intents
	words := rules.words.all(text)
	found := wishes{snippets: make(map[int32]bool), others: anyOf(words, rules.others)}
	ours := anyOf(words, rules.ours)
	for _, r := range rules.rules {
		i, known := x.byID[r.snippet]
		if !known || found.snippets[i] || found.others && x.snippets[i].Kind == Refuse || ours && x.snippets[i].Kind == None {
			continue
		}
		found.snippets[i] = r.holds(words)
	}
	return found
}

// weigh adds to a score what a question wants, and takes from it where a snippet is of another kind than the question.
func (w wishes) weigh(score float32, i int32, s *Snippet, near nearness) float32 {
	switch wanted := w.snippets[i]; {
	case wanted && s.Kind == Answered:
		return score + needBonus
	case wanted:
		return score + intentBonus
	case s.Kind == Refuse && w.others:
		return score * othersDo
	case s.Kind == Refuse && w.bad:
		return score * feared
	case s.Kind == Refuse:
		return score * unwanted
	case s.Kind == None && near == inField:
		return score * noneInField
	case s.Kind != None && near != inField:
		return score * outField
	}
	return score
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
