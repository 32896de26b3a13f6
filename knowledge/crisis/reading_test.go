package crisis

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"
)

// written is what a reading holds, for people: letters as @, numbers as 0, what is quoted in brackets.
func written(text string) string {
	var b strings.Builder
	for _, u := range read(text).units {
		if u.quoted {
			b.WriteByte('(')
		}
		switch {
		case u.char != 0:
			b.WriteRune(u.char)
		default:
			b.WriteByte('@')
		}
		if u.quoted {
			b.WriteByte(')')
		}
	}
	return b.String()
}

func TestReadingTakesNoiseAndWidthAway(t *testing.T) {
	for text, want := range map[string]string{
		"不．想*活　了":      "不想活了",
		"想結束這一切":       "想结束这一切",
		"bu xiang huo": "@@@",
		"d a 我了":       "@我了",
		"app 卡了":       "@卡了",
		"我14岁":         "我0岁",
		"他说「去死」我没理他们的话": "他说(去)(死)我没理他们的话",
		"「姐我先走了别找我」":    "姐我先走了别找我",
	} {
		assert.Equal(t, want, written(text), text)
	}
}

func TestWindowsCoverTheText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := read(rapid.StringOfN(rapid.RuneFrom([]rune("我想活死了，。 ab1「」\n")), 0, 600, -1).Draw(t, "text"))
		seen := make([]bool, len(r.units))
		for _, w := range r.windows(nil) {
			if w.to < w.from || w.to > len(r.units) || w.to-w.from > wholeUnits {
				t.Fatalf("window %v of %d units", w, len(r.units))
			}
			for i := w.from; i < w.to; i++ {
				seen[i] = true
			}
		}
		for i, s := range seen {
			if !s {
				t.Fatalf("unit %d of %d is not looked at", i, len(seen))
			}
		}
	})
}
