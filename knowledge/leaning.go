package knowledge

import "math"

// leaning tells by all its words whether a question is of a kind, such as one to be declined: a logistic regression
// that is learnt from the asks when the index is made. It knows what no list of words holds, and is never sure.
type leaning struct {
	weights []float32 // by the number of a term
	bias    float32
}

// How a leaning is learnt: tried on questions of testdata, none of which is an ask.
const (
	learnRounds = 6
	learnRate   = 3.0
	learnBias   = 0.1  // of the rate
	learnRare   = 6    // times that an ask of the kind counts: they are few
	learnEnough = 0.02 // how near to the truth nothing more is learnt
	learnStride = 7919 // between one ask and the next: a prime, so that all come, in a mixed order
)

// learn reads the asks of all snippets, given as the terms of the documents.
func (x *index) learn(kind Kind, docs [][]posting) leaning {
	l := leaning{weights: make([]float32, len(x.idf))}
	var asks []int
	for i, d := range x.docs {
		if d.kind == askDoc {
			asks = append(asks, i)
		}
	}
	lengths := make([]float32, len(asks))
	for i, doc := range asks {
		lengths[i] = x.length(docs[doc])
	}
	for round := range learnRounds {
		rate := learnRate / float32(1+round)
		for i := range asks {
			at := i * learnStride % len(asks)
			terms, is := docs[asks[at]], x.snippets[x.docs[asks[at]].owner].Kind == kind
			wrong := 1 / (1 + float32(math.Exp(-float64(l.of(x, terms, lengths[at])))))
			if is {
				wrong = (wrong - 1) * learnRare
			}
			if wrong < learnEnough && wrong > -learnEnough {
				continue
			}
			for _, t := range terms {
				l.weights[t.doc] -= rate * wrong * t.weight * x.idf[t.doc] / lengths[at]
			}
			l.bias -= rate * wrong * learnBias
		}
	}
	return l
}

// of is how much a text leans to the kind: 0 is as likely as not. The terms of a text come as postings by number.
func (l leaning) of(x *index, terms []posting, length float32) float32 {
	sum := float32(0)
	for _, t := range terms {
		sum += l.weights[t.doc] * t.weight * x.idf[t.doc]
	}
	return l.bias + sum/length
}

// length is that of a text as a vector of its terms.
func (x *index) length(terms []posting) float32 {
	sum := float32(1e-9)
	for _, t := range terms {
		w := t.weight * x.idf[t.doc]
		sum += w * w
	}
	return float32(math.Sqrt(float64(sum)))
}
