package verdict

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
)

// Judged is a labelled message with what was said of it.
type Judged struct {
	ID              string
	Want, Alt, Said Label
	P               [5]float64
}

// sure is the probability of what was said.
func (j Judged) sure() float64 { return j.P[slices.Index(Labels, j.Said)] }

// Report are the figures of a checker on labelled messages.
type Report struct {
	all []Judged
}

// NewReport is an empty report.
func NewReport() *Report { return new(Report) }

// Add counts one message.
func (r *Report) Add(j Judged) { r.all = append(r.all, j) }

// Evaluate judges every line of labelled messages: {"id","text","label","alt","sender"}.
func Evaluate(c *Checker, from io.Reader) (*Report, error) {
	report := NewReport()
	scanner := bufio.NewScanner(from)
	scanner.Buffer(nil, 4<<20)
	for line := 1; scanner.Scan(); line++ {
		var m struct {
			ID, Text, Sender string
			Label, Alt       Label
		}
		if err := json.Unmarshal(scanner.Bytes(), &m); err != nil {
			return report, fmt.Errorf("line %d: %w", line, err)
		}
		if !slices.Contains(Labels, m.Label) {
			return report, fmt.Errorf("line %d: no label %q", line, m.Label)
		}
		label, p := c.judge(Message{Text: m.Text, Sender: m.Sender})
		report.Add(Judged{m.ID, m.Label, m.Alt, label, p})
	}
	return report, scanner.Err()
}

// count counts the messages for which something holds.
func (r *Report) count(holds func(Judged) bool) int {
	n := 0
	for _, j := range r.all {
		if holds(j) {
			n++
		}
	}
	return n
}

// N is how many messages there are.
func (r *Report) N() int { return len(r.all) }

// Right is how many verdicts are right; with alt, the second label counts too.
func (r *Report) Right(alt bool) int {
	return r.count(func(j Judged) bool { return j.Said == j.Want || alt && j.Said == j.Alt })
}

// F1 is that of one label.
func (r *Report) F1(l Label) float64 {
	_, n := r.precision(l)
	hit, all := r.recall(l)
	if n+all == 0 {
		return 0
	}
	return 2 * float64(hit) / float64(n+all)
}

func (r *Report) precision(l Label) (hit, said int) {
	return r.count(func(j Judged) bool { return j.Said == l && j.Want == l }), r.count(func(j Judged) bool { return j.Said == l })
}

func (r *Report) recall(l Label) (hit, want int) {
	return r.count(func(j Judged) bool { return j.Said == l && j.Want == l }), r.count(func(j Judged) bool { return j.Want == l })
}

// Macro is the mean F1 of the labels that occur.
func (r *Report) Macro() float64 {
	sum, n := 0.0, 0.0
	for _, l := range Labels {
		if _, want := r.recall(l); want > 0 {
			sum += r.F1(l)
			n++
		}
	}
	return sum / max(n, 1)
}

// withAlt is the report in which a second label that is also defensible counts as right.
func (r *Report) withAlt() *Report {
	out := NewReport()
	for _, j := range r.all {
		if j.Alt != "" && j.Said == j.Alt {
			j.Want = j.Alt
		}
		out.Add(j)
	}
	return out
}

func harmful(l Label) bool  { return l == Scam || l == IllegalCollection }
func harmless(l Label) bool { return l == Routine || l == Other }

// Misses are dangerous: what does harm, called harmless.
func (r *Report) Misses() (missed, risky int) {
	return r.count(func(j Judged) bool { return harmful(j.Want) && harmless(j.Said) }), r.count(func(j Judged) bool { return harmful(j.Want) })
}

// Alarms are false: what is harmless, called a crime.
func (r *Report) Alarms() (alarmed, safe int) {
	return r.count(func(j Judged) bool { return harmless(j.Want) && harmful(j.Said) }), r.count(func(j Judged) bool { return harmless(j.Want) })
}

// LogLoss is the mean of the negative logarithms of the probabilities of the right labels.
func (r *Report) LogLoss() float64 {
	sum := 0.0
	for _, j := range r.all {
		sum -= math.Log(max(j.P[slices.Index(Labels, j.Want)], 1e-9))
	}
	return sum / max(float64(len(r.all)), 1)
}

// Line is the report in one line.
func (r *Report) Line() string {
	missed, risky := r.Misses()
	alarmed, safe := r.Alarms()
	return fmt.Sprintf("%4d messages, accuracy %.3f, macro-F1 %.3f, with alt %.3f / %.3f, misses %.1f %%, alarms %.1f %%", r.N(),
		ratio(r.Right(false), r.N()), r.Macro(), ratio(r.Right(true), r.N()), r.withAlt().Macro(), 100*ratio(missed, risky), 100*ratio(alarmed, safe))
}

func ratio(k, n int) float64 { return float64(k) / math.Max(float64(n), 1) }

// worst are the ids of wrong verdicts, those that were surest first.
func (r *Report) worst(n int) []Judged {
	var wrong []Judged
	for _, j := range r.all {
		if j.Said != j.Want && j.Said != j.Alt {
			wrong = append(wrong, j)
		}
	}
	slices.SortStableFunc(wrong, func(a, b Judged) int {
		switch {
		case a.sure() > b.sure():
			return -1
		case a.sure() < b.sure():
			return 1
		}
		return 0
	})
	return wrong[:min(n, len(wrong))]
}

const worstMost = 20

// Write prints the report: no texts, only ids.
func (r *Report) Write(w io.Writer) error {
	missed, risky := r.Misses()
	alarmed, safe := r.Alarms()
	fmt.Fprintf(w, "messages %d\naccuracy %s, with alt %s\nmacro-F1 %.3f, with alt %.3f\ndangerous misses %s\nfalse alarms %s\nlog loss %.3f\n",
		r.N(), share(r.Right(false), r.N()), share(r.Right(true), r.N()), r.Macro(), r.withAlt().Macro(), share(missed, risky), share(alarmed, safe), r.LogLoss())
	for _, l := range Labels {
		hit, said := r.precision(l)
		_, want := r.recall(l)
		fmt.Fprintf(w, "  %-18s precision %s recall %s F1 %.3f\n", l, share(hit, said), share(hit, want), r.F1(l))
	}
	r.reliability(w)
	var err error
	for _, j := range r.worst(worstMost) {
		_, err = fmt.Fprintf(w, "  wrong: %s is %s, said %s (%.2f)\n", j.ID, j.Want, j.Said, j.sure())
	}
	return err
}

// reliability prints how often what was said with so much confidence was right.
func (r *Report) reliability(w io.Writer) {
	for i := range 10 {
		low, high := float64(i)/10, float64(i+1)/10
		in := func(j Judged) bool { return j.sure() >= low && (j.sure() < high || i == 9) }
		if n := r.count(in); n > 0 {
			right := r.count(func(j Judged) bool { return in(j) && j.Said == j.Want })
			fmt.Fprintf(w, "  said %.1f-%.1f: right %s of %d\n", low, high, share(right, n), n)
		}
	}
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
