package crisis

import "slices"

// Window is a part of a text as the training sees it.
type Window struct {
	Grams []uint32
	Index []int32 // of dense features
	Value []float32
}

// Lexicon are the concepts that the model learns about.
type Lexicon struct{ lexicon *lexicon }

// NewLexicon reads the concepts.
func NewLexicon() (*Lexicon, error) {
	l, err := loadLexicon(conceptsText)
	return &Lexicon{l}, err
}

// Concepts are their names.
func (l *Lexicon) Concepts() []string { return l.lexicon.names }

// DenseSize is how many dense features there are.
func (l *Lexicon) DenseSize() int { return denseSize(len(l.lexicon.names)) }

// PairsFrom is where the pairs of concepts begin among them.
func (l *Lexicon) PairsFrom() int { return pairsFrom * len(l.lexicon.names) }

// Probability is how probable danger is in a text by these weights.
func (l *Lexicon) Probability(w *Weights, text string, forwarded bool) float64 {
	k := recogniser{lexicon: l.lexicon, weights: w}
	_, p := k.judge(text, forwarded)
	return p
}

// Windows are the parts of a text that are judged on their own.
func (l *Lexicon) Windows(text string, forwarded bool) []Window {
	r := read(text)
	mentions := l.lexicon.find(r.units)
	seen := l.lexicon.survey(mentions)
	var all []Window
	for _, w := range r.windows(l.lexicon.closer(mentions)) {
		var one Window
		var before recent
		for i := w.from; i < w.to; i++ {
			all := gramsAt(r.units, i, nil)
			one.Grams = append(one.Grams, slices.DeleteFunc(all, func(g uint32) bool { return before.again(g, i) })...)
		}
		seen.in(&r, w, forwarded).dense(len(l.lexicon.names), func(index int, value float64) {
			one.Index = append(one.Index, int32(index)) //nolint:gosec // some hundreds
			one.Value = append(one.Value, float32(value))
		})
		all = append(all, one)
	}
	return all
}
