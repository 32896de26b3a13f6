package knowledge

import (
	"math"
	"sync"
)

// leaning tells by all its words whether a question is of a kind, such as one to be declined: a logistic regression
// that is learnt from the asks when the index is made. It knows what no list of words holds, and is never sure.
type leaning struct {
	weights []float32 // by the number of a term
	bias    float32
}

// How a leaning is learnt: tried on questions of testdata, none of which is an ask.
const (
	learnRounds = 4
	learnRate   = 3.0
	learnBias   = 0.1  // of the rate
	learnRare   = 6    // times that an ask of the kind counts: they are few
	learnEnough = 0.02 // how near to the truth nothing more is learnt
	learnStride = 7919 // between one ask and the next: a prime, so that all come, in a mixed order
)

// learn sets the leanings by the asks of all snippets, given as the terms of the documents.
func (x *index) learn(docs [][]posting) {
	x.declined.weights, x.outside.weights = make([]float32, len(x.idf)), make([]float32, len(x.idf))
	var asks []int
	for i, d := range x.docs {
		if d.kind == askDoc {
			asks = append(asks, i)
		}
	}
	texts := make([]example, len(asks))
	var memory pages
	for i, doc := range asks {
		texts[i] = example{x.values(docs[doc], memory.take(len(docs[doc]))), x.snippets[x.docs[doc].owner].Kind}
	}
	var learning sync.WaitGroup
	learning.Go(func() { x.declined.learn(texts, Refuse) })
	learning.Go(func() { x.outside.learn(texts, None) })
	learning.Wait()
}

// example is an ask as a vector, and the kind of what answers it.
type example struct {
	values []posting
	kind   Kind
}

// learn learns to tell a kind.
func (l *leaning) learn(texts []example, kind Kind) {
	for round := range learnRounds {
		rate := learnRate / float32(1+round)
		for i := range texts {
			e := texts[i*learnStride%len(texts)]
			l.correct(e.values, e.kind == kind, rate)
		}
	}
}

// correct learns from one text.
func (l *leaning) correct(values []posting, is bool, rate float32) {
	wrong := 1 / (1 + float32(math.Exp(-float64(l.of(values)))))
	if is {
		wrong = (wrong - 1) * learnRare
	}
	if wrong < learnEnough && wrong > -learnEnough {
		return
	}
	for _, t := range values {
		l.weights[t.doc] -= rate * wrong * t.weight
	}
	l.bias -= rate * wrong * learnBias
}

// of is how much a text leans to the kind: 0 is as likely as not.
func (l *leaning) of(values []posting) float32 {
	sum := l.bias
	for _, t := range values {
		sum += l.weights[t.doc] * t.weight
	}
	return sum
}

// values are the terms of a text, by number, as a vector of length 1, in the memory of into.
func (x *index) values(terms, into []posting) []posting {
	values := into[:0]
	sum := 0.0
	for _, t := range terms {
		w := t.weight * x.idf[t.doc]
		values = append(values, posting{t.doc, w})
		sum += float64(w) * float64(w)
	}
	for i := range values {
		values[i].weight /= float32(math.Sqrt(sum))
	}
	return values
}
