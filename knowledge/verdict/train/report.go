package main

import (
	"fmt"
	"math"
	"strings"

	"wenzhu/knowledge/verdict"
)

// leftOut are the verdicts on each message by weights that have seen nothing of its hand.
type leftOut struct {
	rows        []row
	logits      [][labels]float64
	temperature float64
}

// fresh are the hands whose messages nobody who wrote rules had read.
var fresh = map[string]bool{"h5": true, "h6": true}

func leaveOut(rows []row, dense int, set settings, onlyFresh bool) (*leftOut, error) {
	out := &leftOut{}
	for _, h := range hands(rows) {
		if onlyFresh && !fresh[h] {
			continue
		}
		var train, test []row
		for _, r := range rows {
			if r.hand == h {
				test = append(test, r)
			} else {
				train = append(train, r)
			}
		}
		f, err := fit(train, dense, set)
		if err != nil {
			return nil, fmt.Errorf("without %s: %w", h, err)
		}
		for _, r := range test {
			out.rows, out.logits = append(out.rows, r), append(out.logits, f.logits(r))
		}
	}
	out.temperature = temperature(out)
	return out, nil
}

// temperature is what logits are divided by so that the probabilities of left-out messages are likeliest.
func temperature(l *leftOut) float64 {
	best, least := 1.0, math.Inf(1)
	for t := 0.5; t < 4; t *= 1.02 {
		loss := 0.0
		for i, z := range l.logits {
			loss -= math.Log(math.Max(verdict.Softmax(cool(z, t))[l.rows[i].class], 1e-9))
		}
		if loss < least {
			best, least = t, loss
		}
	}
	return best
}

func cool(z [labels]float64, t float64) [labels]float64 {
	for k := range z {
		z[k] /= t
	}
	return z
}

// print prints the figures of each hand and of all, and returns those of all by hand.
func (l *leftOut) print(errorsOf string) map[string]string {
	figures := make(map[string]string)
	all, unread := verdict.NewReport(), verdict.NewReport()
	for _, h := range hands(l.rows) {
		r := verdict.NewReport()
		for i, row := range l.rows {
			if row.hand != h {
				continue
			}
			p := verdict.Softmax(cool(l.logits[i], l.temperature))
			said := verdict.Decide(p)
			judged := verdict.Judged{ID: row.id, Want: row.label, Alt: row.alt, Said: said, P: p}
			r.Add(judged)
			all.Add(judged)
			if fresh[h] {
				unread.Add(judged)
			}
			if said != row.label && (errorsOf == h || errorsOf == "all") {
				fmt.Printf("%s is %s, said %s %.2f: %s\n", row.id, row.label, said, p, strings.ReplaceAll(row.text, "\n", "⏎"))
			}
		}
		figures[h] = r.Line()
		fmt.Printf("%-3s %s\n", h, r.Line())
	}
	fmt.Printf("fresh %s log loss %.3f\n", unread.Line(), unread.LogLoss())
	figures["fresh"] = unread.Line()
	figures["all"] = all.Line()
	fmt.Printf("all %s   temperature %.2f  log loss %.3f\n", all.Line(), l.temperature, all.LogLoss())
	for _, k := range verdict.Labels {
		fmt.Printf("    %-18s F1 %.3f\n", k, all.F1(k))
	}
	return figures
}
