package main

import (
	"fmt"
	"slices"

	"wenzhu/knowledge/crisis"
)

// leaveOut fits without one hand and tests on it, for each hand that wrote crises.
func leaveOut(rows []row, l *crisis.Lexicon, set settings, show bool) error {
	thresholds := []float64{0.2, 0.3, 0.4, 0.5, 0.6, 0.7}
	var all []judged
	for _, hand := range written {
		var with, without []row
		for _, r := range rows {
			if r.hand == hand {
				without = append(without, r)
			} else {
				with = append(with, r)
			}
		}
		f, err := fit(with, l, set)
		if err != nil {
			return err
		}
		var mine []judged
		for _, r := range without {
			p, _ := f.worst(r.windows)
			mine = append(mine, judged{r, p})
		}
		print(hand, mine, thresholds)
		all = append(all, mine...)
	}
	print("all", all, thresholds)
	if !show {
		return nil
	}
	for _, j := range all {
		fmt.Printf("%.3f\t%s\t%s\t%s\t%d\t%q\n", j.p, j.row.id, crisis.Dangers[j.row.class], j.row.form, len(j.row.windows), j.row.text)
	}
	return nil
}

type judged struct {
	row row
	p   float64
}

func print(name string, all []judged, thresholds []float64) {
	fmt.Printf("%-8s", name)
	for _, t := range thresholds {
		var crises, caught, calm, alarms float64
		for _, j := range all {
			if j.row.class > 0 {
				crises++
				if j.p >= t {
					caught++
				}
			} else {
				calm++
				if j.p >= t {
					alarms++
				}
			}
		}
		fmt.Printf("  %.1f: %.3f/%.3f", t, caught/crises, alarms/calm)
	}
	fmt.Printf("  caught at 2%%, 5%% alarms: %.3f %.3f\n", caughtAt(all, 0.02), caughtAt(all, 0.05))
}

// caughtAt is the share of crises caught at the threshold that takes this share of calm messages for one.
func caughtAt(all []judged, alarms float64) float64 {
	var calm []float64
	crises, caught := 0.0, 0.0
	for _, j := range all {
		if j.row.class == 0 {
			calm = append(calm, j.p)
		}
	}
	slices.Sort(calm)
	limit := calm[len(calm)-1-int(alarms*float64(len(calm)))]
	for _, j := range all {
		if j.row.class > 0 {
			crises++
			if j.p > limit {
				caught++
			}
		}
	}
	return caught / crises
}
