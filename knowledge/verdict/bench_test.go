package verdict

import (
	"os"
	"slices"
	"testing"
	"time"
)

// benchmark reports, beside the mean, how long half of all verdicts take at most, and 99 of 100.
func benchmark(b *testing.B, n int) {
	c := checker(b)
	text := repeated("您的借款已经逾期，请在今天下午三点前处理，否则我们将联系您的家人和单位。", n)
	var took []time.Duration
	b.ReportAllocs()
	for b.Loop() {
		start := time.Now()
		c.Check(Message{Text: text})
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	for name, share := range map[string]int{"p50-ms": 50, "p99-ms": 99} {
		b.ReportMetric(took[(len(took)-1)*share/100].Seconds()*1000, name)
	}
}

func BenchmarkCheck500(b *testing.B)   { benchmark(b, 500) }
func BenchmarkCheck10000(b *testing.B) { benchmark(b, 10_000) }

// BenchmarkLoad reads the rules and builds the automaton.
func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := load(os.DirFS("rules")); err != nil {
			b.Fatal(err)
		}
	}
}
