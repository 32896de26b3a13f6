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
