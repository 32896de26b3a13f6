package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"

	"wenzhu/knowledge/verdict"
)

// leftOut are the verdicts on each message by weights that have seen nothing of its hand.
type leftOut struct {
	rows        []row
	logits      [][labels]float64
	unread      [][labels]float64 // of the same messages with signals missed
	temperature float64
}

// leaveOut tests on one part after the other with the weights of all else. Messages of no part ("") are always learned from.
func leaveOut(rows []row, dense int, set settings, part func(row) string) (*leftOut, error) {
	var parts []string
	for _, r := range rows {
		if p := part(r); p != "" {
			parts = append(parts, p)
		}
	}
	slices.Sort(parts)
	out := &leftOut{}
	for _, p := range slices.Compact(parts) {
		var train, test []row
		for _, r := range rows {
			if part(r) == p {
				test = append(test, r)
			} else {
				train = append(train, r)
			}
		}
		f, err := fit(train, dense, set)
		if err != nil {
			return nil, fmt.Errorf("without %s: %w", p, err)
		}
		for _, r := range test {
			out.rows, out.logits, out.unread = append(out.rows, r), append(out.logits, f.logits(r.features)), append(out.unread, f.logits(r.unread))
		}
	}
	out.temperature = temperature(out)
	return out, nil
}

// temperature is what logits are divided by so that the probabilities of left-out messages are likeliest, with signals
// missed as in messages that nobody who wrote rules has read.
func temperature(l *leftOut) float64 {
	best, least := 1.0, math.Inf(1)
	for t := 0.5; t < 4; t *= 1.02 {
		loss := 0.0
		for i, z := range l.unread {
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

// report judges the messages of a hand, of all with "", by the weights that had not seen them.
func (l *leftOut) report(hand string, logits [][labels]float64) *verdict.Report {
	r := verdict.NewReport()
	for i, row := range l.rows {
		if hand == "" || row.hand == hand {
			p := verdict.Softmax(cool(logits[i], l.temperature))
			r.Add(verdict.Judged{ID: row.id, Want: row.label, Alt: row.alt, Said: verdict.Decide(p), P: p})
		}
	}
	return r
}

// print prints the figures of each hand and of all, and returns them by hand.
func (l *leftOut) print() map[string]string {
	figures := make(map[string]string)
	for _, h := range hands(l.rows) {
		figures[h] = l.report(h, l.logits).Line()
		fmt.Printf("%-3s %s\n", h, figures[h])
	}
	for name, logits := range map[string][][labels]float64{"all": l.logits, "signals missed": l.unread} {
		r := l.report("", logits)
		figures[name] = r.Line()
		fmt.Printf("%s: %s, log loss %.3f, F1", name, r.Line(), r.LogLoss())
		for _, k := range verdict.Labels {
			fmt.Printf(" %s %.3f", k, r.F1(k))
		}
		fmt.Println()
	}
	fmt.Printf("temperature %.3f\n", l.temperature)
	return figures
}

// printErrors prints the wrong messages of a hand, or of all.
func (l *leftOut) printErrors(of string) {
	for i, row := range l.rows {
		p := verdict.Softmax(cool(l.logits[i], l.temperature))
		if said := verdict.Decide(p); said != row.label && (of == row.hand || of == "all") {
			fmt.Printf("%s is %s, said %s %.2f: %s\n", row.id, row.label, said, p, strings.ReplaceAll(row.text, "\n", "⏎"))
		}
	}
}

// byHand parts messages by who wrote them; only is a list of hands with commas, empty for all.
func byHand(only string) func(row) string {
	return func(r row) string {
		if only != "" && !slices.Contains(strings.Split(only, ","), r.hand) {
			return ""
		}
		return r.hand
	}
}

const folds = 5

// byFold cuts the messages of messages.jsonl across its hands into folds: these hands wrote the lines set aside, too.
func byFold(r row) string {
	if strings.HasPrefix(r.hand, "h") {
		return ""
	}
	return "fold " + strconv.Itoa(int(chance(r.id, "fold", 0)*folds))
}

const reportPath = "knowledge/verdict/train/report.json"

// lastReport is what training takes from the report before it.
type lastReport struct {
	Temperature float64           `json:"temperature"`
	Figures     map[string]string `json:"figures"`
}

func writeReport(temperature float64, figures map[string]string) error {
	content, err := json.MarshalIndent(lastReport{temperature, figures}, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(reportPath, append(content, '\n'), 0o644) //nolint:gosec // public figures
}

func readReport() (last lastReport, err error) {
	content, err := os.ReadFile(reportPath)
	if err == nil {
		err = json.Unmarshal(content, &last)
	}
	if err == nil && last.Temperature <= 0 {
		err = errors.New("no temperature")
	}
	if err != nil {
		return last, fmt.Errorf("%s: %w: run with -report first", reportPath, err)
	}
	return last, nil
}
