package knowledge

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func BenchmarkAsk(b *testing.B) {
	base, err := Load(Embedded())
	require.NoError(b, err)
	for b.Loop() {
		base.Ask(Question{Text: "半夜十二点催收还给我打电话，还打给我妈，这样合法吗，我该怎么办"})
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := Load(Embedded()); err != nil {
			b.Fatal(err)
		}
	}
}

// thousand are 1,000 snippets: our own, and more made of the pieces of their asks and bodies.
func thousand(base *Base) []*Snippet {
	random := rand.New(rand.NewPCG(1, 2))
	all := slices.Clone(base.snippets)
	pick := func() *Snippet { return base.snippets[random.IntN(len(base.snippets))] }
	for i := len(all); i < 1000; i++ {
		s := *pick()
		s.ID = fmt.Sprintf("made-%d", i)
		s.Asks = nil
		for range 11 {
			one, other := pick(), pick()
			head, tail := []rune(one.Asks[random.IntN(len(one.Asks))]), []rune(other.Asks[random.IntN(len(other.Asks))])
			s.Asks = append(s.Asks, string(head[:len(head)/2])+string(tail[len(tail)/2:]))
		}
		body, other := strings.SplitAfter(s.Body, "。"), strings.SplitAfter(pick().Body, "。")
		s.Body = strings.Join(append(body[:len(body)/2], other[len(other)/2:]...), "")
		all = append(all, &s)
	}
	return all
}

// BenchmarkSearchThousand searches 1,000 snippets by all questions of our own and by one of 300 characters.
func BenchmarkSearchThousand(b *testing.B) {
	base, err := Load(Embedded())
	require.NoError(b, err)
	x := newIndex(base.words, thousand(base))
	var texts []string
	for _, q := range questionsOf(b, "own-questions.yaml") {
		texts = append(texts, q.Text)
	}
	texts = append(texts, strings.Join(texts, "，"))
	var took []time.Duration
	for b.Loop() {
		text := texts[len(took)%len(texts)]
		start := time.Now()
		x.search(Question{Text: text})
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "µs/p99")
}

func BenchmarkIndexThousand(b *testing.B) {
	base, err := Load(Embedded())
	require.NoError(b, err)
	all := thousand(base)
	for b.Loop() {
		newIndex(base.words, all)
	}
}
