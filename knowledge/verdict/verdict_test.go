package verdict

import (
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func checker(t testing.TB) *Checker {
	t.Helper()
	c, err := New()
	require.NoError(t, err)
	return c
}

// TestUnseenMessages: the file holds lines that neither rules nor weights have seen. The bounds are what stands
// today; they may only get better.
func TestUnseenMessages(t *testing.T) {
	f, err := os.Open("testdata/held.jsonl")
	require.NoError(t, err)
	defer f.Close()
	r, err := Evaluate(checker(t), f)
	require.NoError(t, err)
	missed, risky := r.Misses()
	alarmed, safe := r.Alarms()
	assert.GreaterOrEqual(t, r.Macro(), 0.82)
	assert.LessOrEqual(t, ratio(missed, risky), 0.03)
	assert.LessOrEqual(t, ratio(alarmed, safe), 0.06)
}

func TestQuotesAreTheSendersOwnCharacters(t *testing.T) {
	text := "贷款已批，先交保 证★金才能放款，Ｖ信联系"
	v := checker(t).Check(Message{Text: text})
	require.NotEmpty(t, v.Signals)
	for _, s := range v.Signals {
		assert.Equal(t, text[s.Start:s.End], s.Quote)
	}
	kept := func(s Signal) bool { return strings.Contains(s.Quote, "★") }
	assert.True(t, slices.ContainsFunc(v.Signals, kept), "what was inserted is undone for the search and kept in the quote: %v", v.Signals)
}

func TestOddInputIsJudgedWithoutHarm(t *testing.T) {
	c := checker(t)
	for _, text := range []string{"", "a", "🙂🙂", "http://", "12345", "\xff\xfe", strings.Repeat("长", 100_000), strings.Repeat("法院", 5000),
		strings.Repeat("还", 20_000), strings.Repeat("还款还", 5000), strings.Repeat("。", 20_000), strings.Repeat("【", 20_000), strings.Repeat("1", 20_000), strings.Repeat("http://a.", 5000), strings.Repeat("a.b", 9000), strings.Repeat("**", 9000), strings.Repeat("\u0301", 9000)} {
		v := c.Check(Message{Text: text})
		assert.NotEmpty(t, v.Label)
		assert.NotEmpty(t, v.Headline)
		assert.True(t, v.Confidence >= 0 && v.Confidence <= 1)
	}
}

func FuzzCheck(f *testing.F) {
	c := checker(f)
	f.Add("【某贷】请还款 http://a.top")
	f.Add("\xff保★证\u200b金")
	f.Fuzz(func(t *testing.T, text string) {
		v := c.Check(Message{Text: text})
		for _, s := range v.Signals {
			if s.Start < 0 || s.End > len(text) || text[s.Start:s.End] != s.Quote {
				t.Errorf("%q: quote %q", text, s.Quote)
			}
			if utf8.ValidString(text) && !utf8.ValidString(s.Quote) {
				t.Errorf("%q: quote %q is cut inside a character", text, s.Quote)
			}
		}
		c.Looks(text)
	})
}

// repeated is a text of so many characters that says one thing over and over.
func repeated(s string, n int) string {
	runes := []rune(s)
	out := make([]rune, n)
	for i := range out {
		out[i] = runes[i%len(runes)]
	}
	return string(out)
}
