package main

import (
	"math"
	"slices"

	"wenzhu/knowledge/logistic"
	"wenzhu/knowledge/verdict"
)

const labels = 5

// settings are what was tried; the defaults are what came out best on unread hands left out. On hands that writers of
// rules have read, signals look better the less they are held back, and deceive: see docs/measurements.md.
type settings struct {
	Signals   float64 // scale of signals and figures: the larger, the less they are held back
	Grams     float64 // scale of grams
	Orders    float64 // scale of orders of concepts
	Penalty   float64 // against large weights
	MinHands  int     // by how many hands a gram is used at least
	MinRows   int     // and in how many messages
	Balance   float64 // 0: messages count alike; 1: labels count alike
	Copies    int     // of each message that writers of rules had read, with signals misread
	Miss      float64 // the chance of a signal to be missed in a copy
	Invent    float64 // how many signals a copy has for nothing, on average
	NoOrders  bool
	Rounds    int
	NoSignals bool
	NoGrams   bool
}

// fitted are the weights: for each feature one for each label; dense features first, grams after them, the bias last.
type fitted struct {
	dense   int
	grams   map[uint32]int32 // where the weights of a gram or an order stand
	orders  map[uint32]bool  // which of these are orders
	weights []float64
	set     settings
}

// fit is multinomial logistic regression with an L2 penalty, by L-BFGS.
func fit(rows []row, dense int, set settings) (*fitted, error) {
	f := &fitted{dense: dense, set: set}
	f.chooseGrams(rows)
	var examples []logistic.Example
	var counts [labels]float64
	for _, r := range rows {
		counts[r.class]++
	}
	for _, r := range rows {
		seen := r.misread
		if len(seen) == 0 {
			seen = []verdict.Features{r.features}
		}
		for _, features := range seen {
			e := f.example(features, r.class, !set.NoGrams)
			e.Weight = math.Pow(float64(len(rows))/(labels*counts[r.class]), set.Balance) / float64(len(seen))
			examples = append(examples, e)
		}
	}
	var err error
	f.weights, err = logistic.Fit(logistic.Problem{Examples: examples, Classes: labels, Penalty: f.penalty(rows), Rounds: set.Rounds})
	return f, err
}

// penalty holds back each gram by how common it is: by the square of its inverse document frequency, measured by the mean
// of all. That is what fitting with frequencies as values comes to.
func (f *fitted) penalty(rows []row) []float64 {
	penalty := make([]float64, f.size())
	for i := range f.dense {
		penalty[i] = f.set.Penalty
	}
	found := make([]float64, f.size())
	for _, r := range rows {
		for _, h := range slices.Concat(r.features.Orders, r.features.Grams) {
			if at, ok := f.grams[h]; ok {
				found[at]++
			}
		}
	}
	rarity, mean := make([]float64, f.size()), 0.0
	for at := f.dense; at < f.size()-1; at++ {
		rarity[at] = math.Log(float64(len(rows)) / found[at])
		mean += rarity[at] / float64(len(f.grams))
	}
	for at := f.dense; at < f.size()-1; at++ {
		common := mean / rarity[at]
		penalty[at] = f.set.Penalty * common * common
	}
	return penalty // the bias, which is last, is free
}

func (f *fitted) size() int { return f.dense + len(f.grams) + 1 }

// chooseGrams takes the grams and orders that enough hands and messages use: what one hand alone writes is its manner.
func (f *fitted) chooseGrams(rows []row) {
	type use struct {
		rows  int
		hands map[string]bool
	}
	uses := make(map[uint32]*use)
	each := func(visit func(r row, hash uint32, order bool)) {
		for _, r := range rows { // in the order of the rows: the same each time
			for _, h := range r.features.Orders {
				visit(r, h, true)
			}
			for _, h := range r.features.Grams {
				visit(r, h, false)
			}
		}
	}
	each(func(r row, hash uint32, _ bool) {
		u := uses[hash]
		if u == nil {
			u = &use{hands: make(map[string]bool, 2)}
			uses[hash] = u
		}
		u.rows++
		u.hands[r.hand] = true
	})
	f.grams, f.orders = make(map[uint32]int32), make(map[uint32]bool)
	each(func(_ row, hash uint32, order bool) {
		if _, ok := f.grams[hash]; !ok && uses[hash].rows >= f.set.MinRows && len(uses[hash].hands) >= f.set.MinHands {
			f.grams[hash] = int32(f.dense + len(f.grams)) //nolint:gosec // fewer than a million
			if order {
				f.orders[hash] = true
			}
		}
	})
}

// example turns features into places and values, the bias last.
func (f *fitted) example(features verdict.Features, class int, withGrams bool) logistic.Example {
	e := logistic.Example{Class: class, Weight: 1}
	if !f.set.NoSignals {
		for _, d := range features.Dense {
			e.Index, e.Value = append(e.Index, int32(d.Index)), append(e.Value, float32(d.Value*f.set.Signals)) //nolint:gosec // small
		}
	}
	if !f.set.NoOrders {
		f.block(&e, features.Orders, f.set.Orders)
	}
	if withGrams {
		f.block(&e, features.Grams, f.set.Grams)
	}
	e.Index, e.Value = append(e.Index, int32(f.size()-1)), append(e.Value, 1) //nolint:gosec // small
	return e
}

// block adds hashed features whose squares add up to that of the scale.
func (f *fitted) block(e *logistic.Example, hashes []uint32, scale float64) {
	from := len(e.Index)
	for _, g := range hashes {
		if at, ok := f.grams[g]; ok {
			e.Index = append(e.Index, at)
		}
	}
	n := len(e.Index) - from
	share := float32(scale / math.Sqrt(math.Max(1, float64(n))))
	for range n {
		e.Value = append(e.Value, share)
	}
}

// logits are those of a message under the fitted weights.
func (f *fitted) logits(features verdict.Features) (z [labels]float64) {
	e := f.example(features, 0, !f.set.NoGrams)
	score(f.weights, &e, &z)
	return z
}

func score(x []float64, e *logistic.Example, z *[labels]float64) {
	for i, at := range e.Index {
		v := float64(e.Value[i])
		w := x[int(at)*labels : int(at)*labels+labels]
		for k := range z {
			z[k] += w[k] * v
		}
	}
}
