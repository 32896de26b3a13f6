package logistic_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wenzhu/knowledge/logistic"
	"wenzhu/knowledge/softmax"
)

func TestFitTellsClassesApart(t *testing.T) {
	var examples []logistic.Example
	for class := range 3 {
		for range 4 {
			examples = append(examples, logistic.Example{Class: class, Weight: 1, Index: []int32{int32(class), 3}, Value: []float32{1, 1}})
		}
	}
	x, err := logistic.Fit(logistic.Problem{Examples: examples, Classes: 3, Penalty: []float64{1e-3, 1e-3, 1e-3, 0}, Rounds: 50})
	require.NoError(t, err)
	for class := range 3 {
		p := make([]float64, 3)
		for c := range p {
			p[c] = x[class*3+c] + x[3*3+c]
		}
		softmax.InPlace(p)
		assert.Greater(t, p[class], 0.9)
	}
}
