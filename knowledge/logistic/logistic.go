// Package logistic fits multinomial logistic regression. Only the programs that make weights need it.
package logistic

import (
	"fmt"
	"math"
	"slices"
	"sync"

	"gonum.org/v1/gonum/optimize"

	"wenzhu/knowledge/softmax"
)

// Example is one thing of a known class: where its features stand, and their values.
type Example struct {
	Class  int
	Weight float64
	Index  []int32
	Value  []float32
}

// Problem is what is to be fitted.
type Problem struct {
	Examples []Example
	Classes  int
	Penalty  []float64 // L2, for each feature; as long as there are features
	Rounds   int       // of L-BFGS at most
}

// Fit gives the weight of feature f for class c at f*Classes+c.
func Fit(p Problem) ([]float64, error) {
	o := &objective{Problem: p}
	for _, e := range p.Examples {
		o.total += e.Weight
	}
	result, err := optimize.Minimize(optimize.Problem{Func: o.loss, Grad: o.gradient}, make([]float64, len(p.Penalty)*p.Classes),
		&optimize.Settings{MajorIterations: p.Rounds, GradientThreshold: 1e-6}, &optimize.LBFGS{})
	if result == nil {
		return nil, fmt.Errorf("fit weights: %w", err)
	}
	return result.X, nil
}

// objective is the penalised loss with its slope, kept for the weights they were computed at.
type objective struct {
	Problem
	total float64
	at    []float64
	value float64
	slope []float64
}

func (o *objective) loss(x []float64) float64 {
	o.compute(x)
	return o.value
}

func (o *objective) gradient(grad, x []float64) {
	o.compute(x)
	copy(grad, o.slope)
}

const workers = 2

func (o *objective) compute(x []float64) {
	if slices.Equal(o.at, x) {
		return
	}
	var slopes [workers][]float64
	var losses [workers]float64
	var wait sync.WaitGroup
	for k := range workers {
		wait.Go(func() {
			slopes[k] = make([]float64, len(x))
			p := make([]float64, o.Classes)
			for i := k; i < len(o.Examples); i += workers {
				losses[k] += o.descend(&o.Examples[i], x, slopes[k], p)
			}
		})
	}
	wait.Wait()
	o.at, o.slope, o.value = append(o.at[:0], x...), slopes[0], 0
	for k := 1; k < workers; k++ {
		for i, g := range slopes[k] {
			o.slope[i] += g
		}
	}
	for _, l := range losses {
		o.value += l / o.total
	}
	for i, w := range x {
		penalty := o.Penalty[i/o.Classes]
		o.slope[i] = o.slope[i]/o.total + penalty*w
		o.value += penalty * w * w / 2
	}
}

// descend adds the slope of one example and gives its loss.
func (o *objective) descend(e *Example, x, slope, p []float64) float64 {
	clear(p)
	for i, at := range e.Index {
		for c, w := range x[int(at)*o.Classes : (int(at)+1)*o.Classes] {
			p[c] += w * float64(e.Value[i])
		}
	}
	softmax.InPlace(p)
	loss := -e.Weight * math.Log(max(p[e.Class], 1e-12))
	p[e.Class]--
	for i, at := range e.Index {
		v := float64(e.Value[i]) * e.Weight
		for c := range p {
			slope[int(at)*o.Classes+c] += p[c] * v
		}
	}
	return loss
}
