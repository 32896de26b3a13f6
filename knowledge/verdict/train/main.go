// Command train fits the weights of the verdict on the project's own messages and writes knowledge/verdict/weights.bin.
//
//	go run ./knowledge/verdict/train
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"

	"wenzhu/knowledge/verdict"
)

const (
	rounds  = 30
	rate    = 2.0
	shrink  = 0.95   // of the rate, each round
	penalty = 0.0002 // against large weights
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

type row struct {
	features map[uint32]float64
	label    int
}

func run() error {
	paths, err := filepath.Glob("knowledge/verdict/train/data/*.jsonl")
	if err != nil {
		return err
	}
	var rows []row
	for _, path := range paths {
		more, err := read(path)
		if err != nil {
			return err
		}
		rows = append(rows, more...)
	}
	m := fit(rows)
	fmt.Printf("%d messages\n", len(rows))
	return os.WriteFile("knowledge/verdict/weights.bin", m.Bytes(), 0o644) //nolint:gosec // public weights
}

func read(path string) ([]row, error) {
	f, err := os.Open(path) //nolint:gosec // the project's own files
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	var rows []row
	scanner := bufio.NewScanner(f)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		var m struct {
			Text  string
			Label verdict.Label
		}
		if err := json.Unmarshal(scanner.Bytes(), &m); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		rows = append(rows, row{verdict.Features(m.Text), slices.Index(verdict.Labels, m.Label)})
	}
	return rows, scanner.Err()
}

// fit is stochastic gradient descent on the log loss, classes balanced, in a fixed order.
func fit(rows []row) *verdict.Model {
	var bias [5]float64
	var weights [5][]float64
	var counts [5]float64
	for k := range weights {
		weights[k] = make([]float64, verdict.Buckets)
	}
	for _, r := range rows {
		counts[r.label]++
	}
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same weights each time
	step := rate
	for range rounds {
		random.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		for _, r := range rows {
			p := softmax(bias, weights, r.features)
			for k := range p {
				truth := 0.0
				if k == r.label {
					truth = 1
				}
				g := (p[k] - truth) * float64(len(rows)) / (5 * counts[r.label])
				bias[k] -= step * 0.1 * g
				for f, x := range r.features {
					weights[k][f] -= step * (g*x + penalty*weights[k][f])
				}
			}
		}
		step *= shrink
	}
	return quantise(bias, weights)
}

func softmax(bias [5]float64, weights [5][]float64, features map[uint32]float64) [5]float64 {
	var z [5]float64
	top, sum := math.Inf(-1), 0.0
	for k := range z {
		z[k] = bias[k]
		for f, x := range features {
			z[k] += weights[k][f] * x
		}
		top = max(top, z[k])
	}
	for k := range z {
		z[k] = math.Exp(z[k] - top)
		sum += z[k]
	}
	for k := range z {
		z[k] /= sum
	}
	return z
}

func quantise(bias [5]float64, weights [5][]float64) *verdict.Model {
	largest := 0.0
	for k := range weights {
		for _, w := range weights[k] {
			largest = max(largest, math.Abs(w))
		}
	}
	m := &verdict.Model{Scale: float32(largest / 127)}
	for k := range weights {
		m.Bias[k] = float32(bias[k])
		m.Weights[k] = make([]int8, verdict.Buckets)
		for f, w := range weights[k] {
			m.Weights[k][f] = int8(math.Round(w / largest * 127))
		}
	}
	return m
}
