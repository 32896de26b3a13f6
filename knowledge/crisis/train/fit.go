package main

import (
	"math"
	"slices"

	"wenzhu/knowledge/crisis"
	"wenzhu/knowledge/logistic"
	"wenzhu/knowledge/softmax"
)

const classes = len(crisis.Dangers)

// settings are what was tried; the defaults are what came out best with whole hands left out.
type settings struct {
	Dense, Pairs, Grams float64 // scales: the larger, the less held back by the penalty
	Penalty             float64
	Rare                float64
	Balance             float64
	Ordinary            float64
	Blank               float64 // weight of a second copy of each window without grams
	MinRows, MinHands   int
	Rounds              int
}

// fitted are weights: dense features first, grams after them.
type fitted struct {
	set              settings
	dense            int
	pairs, pairCount int // where the pairs of concepts begin, and how many there are
	grams            map[uint32]int32
	x                []float64
}

// fit learns in passes: in a long message in danger only the window that sounds most like it is learnt from, and which
// that is the pass before says.
func fit(rows []row, l *crisis.Lexicon, set settings) (*fitted, error) {
	f := &fitted{set: set, dense: l.DenseSize(), pairs: l.PairsFrom(), pairCount: len(l.Concepts()) * (len(l.Concepts()) - 1) / 2}
	f.grams = chooseGrams(rows, f.dense, set)
	penalty := f.penalty(rows)
	for pass := range 2 {
		var err error
		f.x, err = logistic.Fit(logistic.Problem{Examples: f.examples(rows, pass > 0), Classes: classes, Penalty: penalty, Rounds: set.Rounds})
		if err != nil {
			return nil, err
		}
	}
	return f, nil
}

// penalty holds back each gram by how common it is: by a power of its inverse document frequency, measured by the mean
// of all.
func (f *fitted) penalty(rows []row) []float64 {
	penalty := make([]float64, f.dense+len(f.grams))
	for i := range f.dense {
		penalty[i] = f.set.Penalty
	}
	found := make([]float64, len(penalty))
	for _, r := range rows {
		for _, w := range r.windows {
			for _, g := range w.Grams {
				if at, ok := f.grams[g]; ok {
					found[at]++
				}
			}
		}
	}
	windows := 0.0
	for _, r := range rows {
		windows += float64(len(r.windows))
	}
	rarity, mean := make([]float64, len(penalty)), 0.0
	for at := f.dense; at < len(penalty); at++ {
		rarity[at] = math.Log(windows / found[at])
		mean += rarity[at] / float64(len(f.grams))
	}
	for at := f.dense; at < len(penalty); at++ {
		penalty[at] = f.set.Penalty * math.Pow(mean/rarity[at], f.set.Rare)
	}
	penalty[f.dense-1] = 0 // the bias is free
	return penalty
}

func (f *fitted) examples(rows []row, long bool) []logistic.Example {
	var all []logistic.Example
	for _, r := range rows {
		weight := 1.0
		if !hard(r.hand) {
			weight = f.set.Ordinary
		}
		switch {
		case r.class == 0:
			for _, w := range r.windows {
				all = append(all, f.example(w, 0, weight/math.Sqrt(float64(len(r.windows)))))
			}
		case len(r.windows) == 1:
			all = append(all, f.example(r.windows[0], r.class, weight))
		case long:
			_, at := f.worst(r.windows)
			all = append(all, f.example(r.windows[at], r.class, weight))
		}
	}
	if f.set.Blank > 0 {
		for _, e := range all {
			all = append(all, f.withoutGrams(e))
		}
	}
	var counts [classes]float64
	total := 0.0
	for _, e := range all {
		counts[e.Class] += e.Weight
		total += e.Weight
	}
	danger := total - counts[0]
	for i := range all {
		share := counts[0]
		if all[i].Class > 0 {
			share = danger
		}
		all[i].Weight *= math.Pow(total/share, f.set.Balance)
	}
	return all
}

func (f *fitted) example(w crisis.Window, class int, weight float64) logistic.Example {
	e := logistic.Example{Class: class, Weight: weight}
	for i, at := range w.Index {
		scale := f.set.Dense
		if int(at) >= f.pairs && int(at) < f.pairs+f.pairCount {
			scale = f.set.Pairs
		}
		e.Index, e.Value = append(e.Index, at), append(e.Value, w.Value[i]*float32(scale))
	}
	from := len(e.Index)
	for _, g := range w.Grams {
		if at, ok := f.grams[g]; ok {
			e.Index = append(e.Index, at)
		}
	}
	share := float32(f.set.Grams / math.Sqrt(math.Max(1, float64(len(e.Index)-from))))
	for range len(e.Index) - from {
		e.Value = append(e.Value, share)
	}
	return e
}

// withoutGrams is a lighter copy of an example from which only the concepts can be learnt.
func (f *fitted) withoutGrams(e logistic.Example) logistic.Example {
	n := 0
	for n < len(e.Index) && int(e.Index[n]) < f.dense {
		n++
	}
	e.Index, e.Value, e.Weight = e.Index[:n:n], e.Value[:n:n], e.Weight*f.set.Blank
	return e
}

// chooseGrams are the grams that enough hands and messages use: what one hand alone writes is its manner.
func chooseGrams(rows []row, dense int, set settings) map[uint32]int32 {
	type use struct {
		rows  int
		hands map[string]bool
	}
	uses := make(map[uint32]*use)
	var order []uint32
	for _, r := range rows {
		mine := make(map[uint32]bool)
		for _, w := range r.windows {
			for _, g := range w.Grams {
				mine[g] = true
				if uses[g] == nil {
					uses[g] = &use{hands: make(map[string]bool, 2)}
					order = append(order, g)
				}
			}
		}
		for g := range mine {
			uses[g].rows++
			uses[g].hands[r.hand] = true
		}
	}
	chosen := make(map[uint32]int32)
	for _, g := range order {
		if u := uses[g]; u.rows >= set.MinRows && len(u.hands) >= set.MinHands {
			chosen[g] = int32(dense + len(chosen)) //nolint:gosec // fewer than a million
		}
	}
	return chosen
}

// worst is the highest probability of danger among windows, and where.
func (f *fitted) worst(windows []crisis.Window) (p float64, at int) {
	for i, w := range windows {
		if q := 1 - f.probabilities(w)[0]; q > p {
			p, at = q, i
		}
	}
	return p, at
}

func (f *fitted) probabilities(w crisis.Window) []float64 {
	z := make([]float64, classes)
	e := f.example(w, 0, 1)
	for i, at := range e.Index {
		for c := range z {
			z[c] += f.x[int(at)*classes+c] * float64(e.Value[i])
		}
	}
	softmax.InPlace(z)
	return z
}

// weights are those in the form in which they are kept.
func (f *fitted) weights(l *crisis.Lexicon) *crisis.Weights {
	w := &crisis.Weights{Concepts: l.Concepts(), Grams: make(map[uint32][classes]int8), Dense: make([][classes]float32, f.dense)}
	for i := range w.Dense {
		scale := f.set.Dense
		if i >= f.pairs && i < f.pairs+f.pairCount {
			scale = f.set.Pairs
		}
		for c := range classes {
			w.Dense[i][c] = float32(scale * f.x[i*classes+c])
		}
	}
	largest := 1e-9
	for _, v := range f.x[f.dense*classes:] {
		largest = max(largest, math.Abs(v))
	}
	for g, at := range f.grams {
		var steps [classes]int8
		for c := range classes {
			steps[c] = int8(math.Round(f.x[int(at)*classes+c] / largest * 127))
		}
		if slices.Max(steps[:]) > 1 || slices.Min(steps[:]) < -1 { // the rest says next to nothing
			w.Grams[g] = steps
		}
	}
	w.Scale = largest / 127 * f.set.Grams
	return w
}
