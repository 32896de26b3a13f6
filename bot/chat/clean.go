package chat

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// TextMost is how much of a person's text is looked at, in bytes of UTF-8; what is longer is cut at a character.
const TextMost = 300_000

// Clean makes text from outside safe to handle: valid UTF-8, line ends as \n, no control characters, no marks
// that turn the direction of writing, at most TextMost bytes. What evades a reader, such as zero-width
// characters inside words, stays: it is a sign for the verdict.
func Clean(text string) string {
	if len(text) > TextMost {
		cut := TextMost
		for cut > 0 && !utf8.RuneStart(text[cut]) {
			cut--
		}
		text = text[:cut]
	}
	text = strings.ToValidUTF8(text, "\uFFFD")
	text = strings.ReplaceAll(text, "\r\n", "\n")
	return strings.TrimSpace(strings.Map(func(c rune) rune {
		switch {
		case c == '\r' || c == '\u2028' || c == '\u2029' || c == '\v' || c == '\f':
			return '\n'
		case c == '\n' || c == '\t':
			return c
		case unicode.IsControl(c), unicode.Is(unicode.Bidi_Control, c), unicode.Is(unicode.Noncharacter_Code_Point, c):
			return -1
		}
		return c
	}, text))
}
