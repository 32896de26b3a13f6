package chat

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
)

func TestCleanTakesOutWhatHarms(t *testing.T) {
	for in, want := range map[string]string{
		"  你好\r\n再见\r ":   "你好\n再见",
		"a\x00b\x1b[31mc": "ab[31mc",
		"\u202e反的\u2066x": "反的x",
		"坏\xff字":          "坏\uFFFD字",
		"法\u200b院":        "法\u200b院",
		"\n\n":            "",
	} {
		assert.Equal(t, want, Clean(in))
	}
	long := Clean(strings.Repeat("长", 200_000))
	assert.LessOrEqual(t, len(long), TextMost)
	assert.True(t, utf8.ValidString(long))
}

func TestSplitPrefersSentenceEnds(t *testing.T) {
	assert.Equal(t, []string{"一句话。", "又一句话。"}, Split("一句话。又一句话。", 6))
	assert.Equal(t, []string{"短"}, Split("短", 10))
	assert.Equal(t, []string{""}, Split("", 10))
	assert.Equal(t, []string{strings.Repeat("字", 10), "字"}, Split(strings.Repeat("字", 11), 10))
}

func FuzzClean(f *testing.F) {
	f.Add("\xff\u202e\x00 你好")
	f.Fuzz(func(t *testing.T, in string) {
		out := Clean(in)
		if !utf8.ValidString(out) || len(out) > TextMost+3*len(in)/2 || Clean(out) != out {
			t.Errorf("Clean(%q) = %q", in, out)
		}
	})
}

func FuzzSplit(f *testing.F) {
	f.Add("一句话。又一句话。\n\n第三句", 5)
	f.Fuzz(func(t *testing.T, in string, most int) {
		if most < 1 || most > 5000 || !utf8.ValidString(in) {
			t.Skip()
		}
		squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
		pieces := Split(in, most)
		for _, p := range pieces {
			if utf8.RuneCountInString(p) > most {
				t.Errorf("Split(%q, %d): piece %q is too long", in, most, p)
			}
		}
		if squeeze(strings.Join(pieces, "")) != squeeze(in) {
			t.Errorf("Split(%q, %d) = %q loses text", in, most, pieces)
		}
	})
}
