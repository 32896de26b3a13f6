package dialog

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wenzhu/knowledge/verdict"
)

// TestAskedForATimeTakesAShortAnswer: a few words that name a time answer the question, a demand does not.
func TestAskedForATimeTakesAShortAnswer(t *testing.T) {
	checker, err := verdict.New()
	require.NoError(t, err)
	p := places(realLooks{checker: checker})["when"]
	for text, want := range map[string]string{"11月30号还花呗": "answer", "明天下午三点问一下客服": "answer", "限你今天下午三点前还清": "message"} {
		assert.Equal(t, want, taken(p, Event{Kind: Text, Text: text}), text)
	}
}
