package main

import (
	"fmt"
	"hash/fnv"
	"slices"

	"wenzhu/knowledge/crisis"
)

// leaveOut fits without one hand and a part of the ordinary lines and tests on both, for each hand that wrote crises.
func leaveOut(rows []row, l *crisis.Lexicon, set settings, show bool) error {
	var all []judged
	for i, hand := range written {
		var with, without []row
		for _, r := range rows {
			if r.hand == hand || !hard(r.hand) && part(r.id, len(written)) == i {
				without = append(without, r)
			} else {
				with = append(with, r)
			}
		}
		f, err := fit(with, l, set)
		if err != nil {
			return err
		}
		w := f.weights(l)
		var mine []judged
		for _, r := range without {
			mine = append(mine, judged{r, l.Probability(w, r.text, r.forwarded)})
		}
		print(hand, mine)
		all = append(all, mine...)
	}
	print("all", all)
	if !show {
		return nil
	}
	for _, j := range all {
		fmt.Printf("%.3f\t%s\t%s\t%s\t%s\t%d\t%q\n", j.p, j.row.hand, j.row.id, crisis.Dangers[j.row.class], j.row.form, len(j.row.windows), j.row.text)
	}
	return nil
}

// part says by its id into which of n parts an ordinary line falls.
func part(id string, n int) int {
	h := fnv.New32a()
	h.Write([]byte(id))
	return int(h.Sum32()) % n
}

type judged struct {
	row row
	p   float64
}

// print gives for some thresholds the share of crises caught, and of look-alikes and of ordinary lines taken for one.
func print(name string, all []judged) {
	var crises, alike, ordinary []float64
	for _, j := range all {
		switch {
		case !hard(j.row.hand):
			ordinary = append(ordinary, j.p)
		case j.row.class > 0:
			crises = append(crises, j.p)
		default:
			alike = append(alike, j.p)
		}
	}
	fmt.Printf("%-8s", name)
	for _, t := range []float64{0.2, 0.3, 0.4, 0.5, 0.6, 0.7} {
		fmt.Printf("  %.1f: %.3f/%.3f/%.4f", t, over(crises, t), over(alike, t), over(ordinary, t))
	}
	slices.Sort(alike)
	at := func(share float64) float64 {
		return over(crises, alike[len(alike)-1-int(share*float64(len(alike)))]+1e-9)
	}
	fmt.Printf("  caught at 2%%, 5%%: %.3f %.3f\n", at(0.02), at(0.05))
}

// over is the share of values that reach a threshold.
func over(values []float64, t float64) float64 {
	n := 0.0
	for _, v := range values {
		if v >= t {
			n++
		}
	}
	return n / max(1, float64(len(values)))
}
