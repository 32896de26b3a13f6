package verdict

import (
	"bufio"
	"encoding/json"
	"hash/fnv"
	"os"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"wenzhu/knowledge/han"
)

// technique hides the words of a message as senders do. pick says at which places: about one in so many.
type technique struct {
	name string
	hide func(text []rune, pick func(at, oneIn int) bool) string
}

// between puts a sign between characters of a word.
func between(signs ...string) func([]rune, func(int, int) bool) string {
	return func(text []rune, pick func(int, int) bool) string {
		var b strings.Builder
		for i, c := range text {
			if i > 0 && han.Is(c) && han.Is(text[i-1]) && pick(i, 3) {
				b.WriteString(signs[i%len(signs)])
			}
			b.WriteRune(c)
		}
		return b.String()
	}
}

// instead writes some characters another way.
func instead(other func(c rune) string, oneIn int) func([]rune, func(int, int) bool) string {
	return func(text []rune, pick func(int, int) bool) string {
		var b strings.Builder
		for i, c := range text {
			if s := other(c); s != "" && pick(i, oneIn) {
				b.WriteString(s)
				continue
			}
			b.WriteRune(c)
		}
		return b.String()
	}
}

// replacer writes words another way.
func replacer(pairs map[string][]string) func([]rune, func(int, int) bool) string {
	return func(text []rune, _ func(int, int) bool) string {
		s := string(text)
		for word, forms := range pairs {
			if strings.Contains(s, word) {
				s = strings.ReplaceAll(s, word, forms[len(s)%len(forms)])
			}
		}
		return s
	}
}

func wide(c rune) string {
	if c > 0x20 && c < 0x7f && (unicode.IsLetter(c) || unicode.IsDigit(c)) {
		return string(c + 0xfee0)
	}
	return ""
}

func circled(c rune) string {
	if c >= '1' && c <= '9' {
		return string('①' + c - '1')
	}
	if c == '0' {
		return "〇"
	}
	return ""
}

func styled(c rune) string {
	switch {
	case c >= 'a' && c <= 'z':
		return string('𝐚' + c - 'a')
	case c >= 'A' && c <= 'Z':
		return string('𝐀' + c - 'A')
	}
	return ""
}

// traditional turns the table of simple forms round.
func traditional() map[rune]rune {
	back := make(map[rune]rune)
	for c := rune(0x4e00); c <= 0x9fff; c++ {
		if s := han.Simple(c); s != c {
			if _, ok := back[s]; !ok {
				back[s] = c
			}
		}
	}
	return back
}

func techniques(t *testing.T) []technique {
	t.Helper()
	content, err := os.ReadFile("rules/disguises.yaml")
	require.NoError(t, err)
	var tables struct {
		Characters   map[string]string
		Words, Split map[string][]string
	}
	require.NoError(t, yaml.Unmarshal(content, &tables))
	back := traditional()
	return []technique{
		{"full width", instead(wide, 1)},
		{"styled letters", instead(styled, 1)},
		{"circled digits", instead(circled, 1)},
		{"zero width", between("\u200b", "\u2060", "\ufeff")},
		{"combining marks", between("\u0336", "\u0301")},
		{"symbols", between("★", "*", "·", "-", "_", "/", "^", "|")},
		{"spaces", between(" ", "　")},
		{"emoji", between("🙂", "💰", "🔥", "❗️")},
		{"line breaks", between("\n")},
		{"commas in words", func(text []rune, pick func(int, int) bool) string {
			return instead(func(c rune) string { return "," + string(c) + "," }, 40)(text, pick)
		}},
		{"traditional", instead(func(c rune) string {
			if b, ok := back[c]; ok {
				return string(b)
			}
			return ""
		}, 1)},
		{"look-alikes", instead(func(c rune) string {
			if forms := []rune(tables.Characters[string(c)]); len(forms) > 0 {
				return string(forms[0])
			}
			return ""
		}, 1)},
		{"homophones and pinyin", replacer(tables.Words)},
		{"split characters", instead(func(c rune) string {
			if forms := tables.Split[string(c)]; len(forms) > 0 {
				return forms[0]
			}
			return ""
		}, 1)},
		{"defanged links", func(text []rune, _ func(int, int) bool) string {
			s := strings.NewReplacer("https://", "hxxps://", "http://", "hxxp://", ".com", "[.]com", ".cn", "。cn", ".top", " . top", ".xyz", "点xyz", ".vip", "(.)vip").Replace(string(text))
			return s
		}},
		{"separators in numbers", func(text []rune, _ func(int, int) bool) string {
			var b strings.Builder
			for i, c := range text {
				if i > 0 && unicode.IsDigit(c) && unicode.IsDigit(text[i-1]) && i%3 == 0 {
					b.WriteByte('-')
				}
				b.WriteRune(c)
			}
			return b.String()
		}},
	}
}

// evasionFloor is the share of messages that keep their label under each technique.
const evasionFloor = 0.95

// TestDisguisesChangeNothing: messages that nothing was tuned on keep their label when they are disguised. Those that
// a technique cannot change do not count.
func TestDisguisesChangeNothing(t *testing.T) {
	c := checker(t)
	f, err := os.Open("testdata/held.jsonl")
	require.NoError(t, err)
	defer f.Close()
	var texts []string
	for scanner := bufio.NewScanner(f); scanner.Scan(); {
		var m struct{ Text string }
		require.NoError(t, json.Unmarshal(scanner.Bytes(), &m))
		texts = append(texts, m.Text)
	}
	for _, way := range techniques(t) {
		changed, kept := 0, 0
		for _, text := range texts {
			hidden := way.hide([]rune(text), func(at, oneIn int) bool { return scatterPlace(text, at)%uint32(oneIn) == 0 })
			if hidden == text {
				continue
			}
			changed++
			if c.Check(Message{Text: hidden}).Label == c.Check(Message{Text: text}).Label {
				kept++
			}
		}
		t.Logf("%-22s %d of %d keep their label (%.3f)", way.name, kept, changed, ratio(kept, changed))
		assert.GreaterOrEqual(t, ratio(kept, changed), evasionFloor, way.name)
	}
}

// scatterPlace is the same each time for the same text and place, and not the same for the next.
func scatterPlace(text string, at int) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(text))
	x := h.Sum32() + uint32(at)*0x9e3779b9
	x ^= x >> 16
	x *= 0x7feb352d
	return x ^ x>>15
}
