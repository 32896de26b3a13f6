package han

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestSimpleFormsStandForTraditionalOnes(t *testing.T) {
	for from, to := range map[rune]rune{'債': '债', '錢': '钱', '還': '还', '訴': '诉', '法': '法', 'a': 'a', '🙂': '🙂'} {
		assert.Equal(t, string(to), string(Simple(from)))
	}
}

func TestNoSimpleFormIsItselfReplaced(t *testing.T) {
	for c := rune(first); c <= last; c++ {
		if once := Simple(c); once != c {
			assert.Equal(t, string(once), string(Simple(once)), string(c))
		}
	}
}
