package knowledge

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestEmbeddedKnowledgeIsClean(t *testing.T) {
	tests, err := TestLines(os.DirFS("."))
	require.NoError(t, err)
	require.Greater(t, len(tests), 500)
	b, problems := Lint(Embedded(), time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC), tests)
	for _, p := range problems {
		t.Log(p.Level, p)
	}
	require.NotNil(t, b)
	for _, p := range problems {
		require.NotEqual(t, "error", p.Level, p.Error())
	}
}
