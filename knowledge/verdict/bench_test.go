package verdict

import (
	"os"
	"testing"
)

func benchmark(b *testing.B, n int) {
	c := checker(b)
	text := repeated("您的借款已经逾期，请在今天下午三点前处理，否则我们将联系您的家人和单位。", n)
	b.ReportAllocs()
	for b.Loop() {
		c.Check(Message{Text: text})
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
