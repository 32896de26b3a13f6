package dialog

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"wenzhu/dialog/words"
)

// ordinal reads 2, 二, 第二个, 选2.
func ordinal(text string) (int, bool) {
	for _, cut := range readWords["read.ordinal"] {
		text = strings.ReplaceAll(text, cut, "")
	}
	if n, err := strconv.Atoi(text); err == nil && len(text) <= 2 {
		return n, true
	}
	if at := strings.Index(words.Get("read.numerals"), text); at >= 0 && utf8.RuneCountInString(text) == 1 {
		return at/len(text) + 1, true
	}
	return 0, false
}

// narrow folds the widths and forms of characters: ２ and ② are 2.
func narrow(text string) string { return norm.NFKC.String(text) }

// plain is a short text as it is compared: one width, lower case, simplified, without marks at its ends.
func plain(text string) string {
	return strings.TrimFunc(simple(text), func(c rune) bool {
		return c != '/' && !unicode.IsLetter(c) && !unicode.IsDigit(c)
	})
}

// simple is a text in one width, lower case and simplified.
func simple(text string) string {
	return strings.Map(func(c rune) rune {
		if s, ok := simplified[c]; ok {
			return s
		}
		return unicode.ToLower(c)
	}, narrow(text))
}

// kernel is a short text without the words that lead to it and trail off: 那就第二个吧 is 第二个.
func kernel(text string) string {
	text = plain(text)
	for again := true; again; {
		again = false
		for _, lead := range readWords["read.lead"] {
			if rest, ok := strings.CutPrefix(text, lead); ok && rest != "" {
				text, again = strings.TrimLeft(rest, " ,，。"), true
			}
		}
		if core := trimTail(text); core != text {
			text, again = core, true
		}
	}
	return text
}

// trimTail is a plain text without the words that trail off.
func trimTail(text string) string {
	for again := true; again; {
		again = false
		for _, tail := range readWords["read.tail"] {
			if rest, ok := strings.CutSuffix(text, tail); ok && rest != "" {
				text, again = strings.TrimRight(rest, " ,，。"), true
			}
		}
	}
	return text
}

// simplified are the simplified forms of traditional characters.
var simplified = func() map[rune]rune {
	pairs := []rune(words.Get("read.traditional"))
	all := make(map[rune]rune, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		all[pairs[i]] = pairs[i+1]
	}
	return all
}()

// wordList is a line of the words: a name, and the forms that stand for it.
type wordList struct {
	name  string
	forms []string
}

// readWords are the words that the reader compares with, split once, by key.
var readWords = func() map[string][]string {
	all := make(map[string][]string)
	for _, key := range words.Keys() {
		if strings.HasPrefix(key, "read.") {
			all[key] = strings.Fields(words.Get(key))
		}
	}
	return all
}()

var (
	commandWords = wordLists("read.commands")
	choiceWords  = wordLists("read.means")
	talkWords    = wordLists("read.talk")
	wishWords    = wordLists("read.wish")
	pinyinWords  = wordLists("read.pinyin")
)

// wordLists are the lines of a key.
func wordLists(key string) []wordList {
	var all []wordList
	for line := range strings.Lines(words.Get(key)) {
		if f := strings.Fields(line); len(f) > 0 {
			all = append(all, wordList{f[0], f[1:]})
		}
	}
	return all
}

// without is a text without the words of a key.
func without(key, text string) string {
	for _, word := range readWords[key] {
		text = strings.ReplaceAll(text, word, "")
	}
	return text
}

// oneOf says whether a text contains one of the words of a key.
func oneOf(key, text string) bool {
	return slices.ContainsFunc(readWords[key], func(w string) bool { return strings.Contains(text, w) })
}

// startsWith says whether a text starts with one of the words of a key.
func startsWith(key, text string) bool {
	return slices.ContainsFunc(readWords[key], func(w string) bool { return strings.HasPrefix(text, w) })
}

// endsIn says whether a text ends in one of the words of a key.
func endsIn(key, text string) bool {
	return slices.ContainsFunc(readWords[key], func(w string) bool { return strings.HasSuffix(text, w) })
}

// fromPinyin is a text that is nothing but known words in pinyin, in characters: an quan is 安全. Any other stays.
func fromPinyin(text string) string {
	rest := strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) || unicode.IsPunct(c) {
			return -1
		}
		return unicode.ToLower(c)
	}, text)
	if len(rest) < pinyinLeast || strings.ContainsFunc(rest, func(c rune) bool { return c < 'a' || c > 'z' }) {
		return text
	}
	return cmp.Or(spelled(rest), text)
}

// pinyinLeast is how many letters make pinyin; fewer are as likely English.
const pinyinLeast = 4

// spelled are the characters of a word in pinyin after the other; "" where one is not known.
func spelled(letters string) string {
	for _, l := range pinyinWords {
		for _, form := range l.forms {
			rest, ok := strings.CutPrefix(letters, form)
			if !ok {
				continue
			}
			if rest == "" {
				return l.name
			}
			if more := spelled(rest); more != "" {
				return l.name + more
			}
		}
	}
	return ""
}
