package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"
	"gonum.org/v1/gonum/optimize"

	"wenzhu/knowledge/verdict"
)

// text is something received, or a person's own words.
type text struct {
	hand     string
	received bool
	features []uint32
}

const (
	contentDir = "knowledge/content"
	phrases    = "dialog/when/testdata/phrases.jsonl" // what people say to be reminded
)

// readTexts are all messages, with the borrowers' own lines among them, the questions of the content, and wishes to be
// reminded.
func readTexts(c *verdict.Checker, rows []row) ([]text, error) {
	var all []text
	for _, r := range rows {
		all = append(all, text{r.hand, !strings.HasPrefix(r.subtype, "borrower"), c.LookFeatures(r.text)})
	}
	err := filepath.WalkDir(contentDir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".md") {
			return err
		}
		content, err := os.ReadFile(path) //nolint:gosec // the project's own files
		if err != nil {
			return err
		}
		parts := strings.SplitN(string(content), "---", 3)
		if len(parts) < 3 {
			return nil
		}
		var front struct{ Asks []string }
		if err := yaml.Unmarshal([]byte(parts[1]), &front); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		for _, ask := range front.Asks {
			all = append(all, text{filepath.Base(filepath.Dir(path)), false, c.LookFeatures(ask)})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	wishes, err := os.ReadFile(phrases)
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(wishes)) {
		var wish struct{ Text string }
		if err := json.Unmarshal([]byte(line), &wish); err != nil {
			return nil, fmt.Errorf("%s: %w", phrases, err)
		}
		all = append(all, text{"phrases", false, c.LookFeatures(wish.Text)})
	}
	return all, nil
}

// fitLooks is logistic regression with an L2 penalty, both sides weighted alike.
func fitLooks(texts []text) (bias float64, weights []float64, err error) {
	counts := map[bool]float64{}
	for _, t := range texts {
		counts[t.received]++
	}
	const size, penalty, scale = verdict.LookBuckets + 1, 1e-4, 6
	visit := func(x []float64, each func(t text, share, p, weight float64)) {
		for _, t := range texts {
			share := scale / math.Sqrt(math.Max(1, float64(len(t.features))))
			z := x[size-1]
			for _, f := range t.features {
				z += x[f] * share
			}
			each(t, share, 1/(1+math.Exp(-z)), 0.5/counts[t.received])
		}
	}
	loss := func(x []float64) float64 {
		sum := 0.0
		visit(x, func(t text, _, p, weight float64) {
			if !t.received {
				p = 1 - p
			}
			sum -= weight * math.Log(math.Max(p, 1e-12))
		})
		for _, w := range x[:size-1] {
			sum += penalty * w * w / 2
		}
		return sum
	}
	gradient := func(grad, x []float64) {
		for i := range grad {
			grad[i] = penalty * x[i]
		}
		grad[size-1] = 0
		visit(x, func(t text, share, p, weight float64) {
			if t.received {
				p--
			}
			for _, f := range t.features {
				grad[f] += weight * p * share
			}
			grad[size-1] += weight * p
		})
	}
	result, err := optimize.Minimize(optimize.Problem{Func: loss, Grad: gradient}, make([]float64, size),
		&optimize.Settings{MajorIterations: 60, GradientThreshold: 1e-5}, &optimize.LBFGS{})
	if result == nil {
		return 0, nil, err
	}
	weights = result.X[:size-1]
	for i := range weights {
		weights[i] *= scale
	}
	return result.X[size-1], weights, nil
}

// reportLooks leaves out one hand, or one folder of questions, after the other.
func reportLooks(texts []text) error {
	groups := map[string]bool{}
	for _, t := range texts {
		groups[t.hand] = true
	}
	var all, right [2]int
	for _, h := range []string{"h1", "h4", "s", "e", "money", "court", "behaviour", "care"} {
		if !groups[h] {
			continue
		}
		var train []text
		for _, t := range texts {
			if t.hand != h {
				train = append(train, t)
			}
		}
		bias, weights, err := fitLooks(train)
		if err != nil {
			return err
		}
		for _, t := range texts {
			if t.hand != h {
				continue
			}
			z := bias
			for _, f := range t.features {
				z += weights[f] / math.Sqrt(float64(len(t.features)))
			}
			k := 0
			if t.received {
				k = 1
			}
			all[k]++
			if (z > 0) == t.received {
				right[k]++
			}
		}
	}
	fmt.Printf("looks: right %d of %d own words, %d of %d received, left out\n", right[0], all[0], right[1], all[1])
	return nil
}
