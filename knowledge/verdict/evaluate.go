package verdict

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
)

// Report are the figures of a checker on labelled messages.
type Report struct {
	N, Right, RightAlt int
	F1                 map[Label]float64
	Macro              float64
	Risky, Missed      int // scam and illegal_collection; of these called routine or other
	Safe, Alarmed      int // routine and other; of these called scam or illegal_collection
	Worst              []Mistake
	Bins               [10]struct{ N, Right int }
}

// Mistake is a wrong verdict.
type Mistake struct {
	ID        string
	Want, Got Label
	Sure      float64
}

// Evaluate judges every line of labelled messages: {"id","text","label","alt","sender"}.
func Evaluate(c *Checker, r io.Reader) (Report, error) {
	report := Report{F1: make(map[Label]float64)}
	got, want, hit := make(map[Label]float64), make(map[Label]float64), make(map[Label]float64)
	scanner := bufio.NewScanner(r)
	scanner.Buffer(nil, 4<<20)
	for scanner.Scan() {
		var m struct {
			ID, Text, Sender string
			Label, Alt       Label
		}
		if err := json.Unmarshal(scanner.Bytes(), &m); err != nil {
			return report, fmt.Errorf("line %d: %w", report.N+1, err)
		}
		v := c.Check(Message{Text: m.Text, Sender: m.Sender})
		report.N++
		got[v.Label]++
		want[m.Label]++
		bin := &report.Bins[min(int(v.Confidence*10), 9)]
		bin.N++
		if v.Label == m.Label {
			report.Right++
			hit[v.Label]++
			bin.Right++
		} else if len(report.Worst) < 20 {
			report.Worst = append(report.Worst, Mistake{m.ID, m.Label, v.Label, v.Confidence})
		}
		if v.Label == m.Label || v.Label == m.Alt {
			report.RightAlt++
		}
		report.dangers(m.Label, v.Label)
	}
	n := 0.0
	for _, l := range Labels {
		if want[l] > 0 {
			report.F1[l] = 2 * hit[l] / (got[l] + want[l])
			report.Macro += report.F1[l]
			n++
		}
	}
	report.Macro /= max(n, 1)
	return report, scanner.Err()
}

func (r *Report) dangers(want, got Label) {
	risky := func(l Label) bool { return l == Scam || l == IllegalCollection }
	safe := func(l Label) bool { return l == Routine || l == Other }
	if risky(want) {
		r.Risky++
		if safe(got) {
			r.Missed++
		}
	}
	if safe(want) {
		r.Safe++
		if risky(got) {
			r.Alarmed++
		}
	}
}

// WriteTo prints the report.
func (r Report) WriteTo(w io.Writer) (int64, error) {
	n, err := fmt.Fprintf(w, "messages %d\naccuracy %s, with alt %s\nmacro-F1 %.3f\ndangerous misses %s\nfalse alarms %s\n",
		r.N, share(r.Right, r.N), share(r.RightAlt, r.N), r.Macro, share(r.Missed, r.Risky), share(r.Alarmed, r.Safe))
	total := int64(n)
	for _, l := range Labels {
		if err == nil {
			n, err = fmt.Fprintf(w, "  %-18s F1 %.3f\n", l, r.F1[l])
			total += int64(n)
		}
	}
	for i, b := range r.Bins {
		if err == nil && b.N > 0 {
			n, err = fmt.Fprintf(w, "  said %.1f-%.1f: right %s\n", float64(i)/10, float64(i+1)/10, share(b.Right, b.N))
			total += int64(n)
		}
	}
	for _, m := range r.Worst {
		if err == nil {
			n, err = fmt.Fprintf(w, "  wrong: %s is %s, said %s (%.2f)\n", m.ID, m.Want, m.Got, m.Sure)
			total += int64(n)
		}
	}
	return total, err
}

// share is a part with its 95 % interval (Wilson).
func share(k, n int) string {
	if n == 0 {
		return "-"
	}
	p, z, f := float64(k)/float64(n), 1.96, float64(n)
	centre := (p + z*z/(2*f)) / (1 + z*z/f)
	half := z * math.Sqrt(p*(1-p)/f+z*z/(4*f*f)) / (1 + z*z/f)
	return fmt.Sprintf("%.3f [%.3f, %.3f]", p, centre-half, centre+half)
}
