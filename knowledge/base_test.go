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

// An edited set is loaded while the one before it answers.
func TestLoadsWhileAnotherSetAnswers(t *testing.T) {
	serving := embeddedBase(t)
	done := make(chan error, 1)
	go func() {
		_, err := Load(Embedded())
		done <- err
	}()
	before := serving.Basis([]string{"civil-code:1033"})
	require.Contains(t, before, "《民法典》")
	require.NoError(t, <-done)
	require.Equal(t, before, serving.Basis([]string{"civil-code:1033"}))
}
