// Package softmax turns scores into probabilities. It is apart from what fits weights, so that the program needs no optimiser.
package softmax

import (
	"math"
	"slices"
)

// InPlace replaces scores by probabilities that add up to 1. There has to be at least one score.
func InPlace(z []float64) {
	top, sum := slices.Max(z), 0.0
	for i, v := range z {
		z[i] = math.Exp(v - top)
		sum += z[i]
	}
	for i := range z {
		z[i] /= sum
	}
}
