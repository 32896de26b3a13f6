package knowledge

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestEmbeddedKnowledgeIsClean(t *testing.T) {
	b, problems := Lint(Embedded(), time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC), nil)
	for _, p := range problems {
		t.Log(p.Level, p)
	}
	require.NotNil(t, b)
	for _, p := range problems {
		require.NotEqual(t, "error", p.Level, p.Error())
	}
}

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
