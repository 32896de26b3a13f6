package knowledge

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
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

// TestDevelopmentQuestions shows how questions are answered; the file is named by the environment.
func TestDevelopmentQuestions(t *testing.T) {
	name := os.Getenv("WENZHU_QUESTIONS")
	if name == "" {
		t.Skip("WENZHU_QUESTIONS names no file")
	}
	content, err := os.ReadFile(name)
	require.NoError(t, err)
	var all []struct{ ID, Text, Kind, Context string }
	require.NoError(t, yaml.Unmarshal(content, &all))
	b, err := Load(Embedded())
	require.NoError(t, err)
	for _, q := range all {
		a := b.Ask(Question{Text: q.Text, Before: q.Context})
		line := fmt.Sprintf("%s %s→%s %s", q.ID, q.Kind, a.Kind, q.Text)
		hits := b.index.search(Question{Text: q.Text})
		for _, h := range hits[:min(3, len(hits))] {
			line += fmt.Sprintf(" | %.2f %s", h.Score, h.Snippet.Title)
		}
		t.Log(line)
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
