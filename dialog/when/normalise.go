package when

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// normal is a text with one way of writing for digits and characters, and the way back.
type normal struct {
	text   string // all numerals as ASCII digits
	source []rune
	origin []int // for each byte of text, the index of its rune in source; one more at the end
}

// simple are the characters that phrases are also written with.
var simple = strings.NewReplacer(
	"後", "后", "點", "点", "週", "周", "鐘", "钟", "個", "个", "號", "号", "兩", "2", "两", "2", "禮", "礼", "時", "时",
	"這", "这", "過", "过", "〇", "零", "隔壹", "隔1", "○", "零", "早晨", "早晨", "间", "间",
)

const numerals = "零一二三四五六七八九"

// normalise folds widths, traditional characters and Chinese numerals.
func normalise(text string) normal {
	n := normal{source: []rune(text)}
	var b strings.Builder
	put := func(s string, at int) {
		b.WriteString(s)
		for range len(s) {
			n.origin = append(n.origin, at)
		}
	}
	folded := make([]rune, len(n.source))
	for i, c := range n.source {
		folded[i] = fold(c)
	}
	for i := range folded[:max(len(folded)-1, 0)] {
		if n := strings.IndexRune("俩仨", folded[i]); n >= 0 && strings.ContainsRune("个月天周星礼小钟年", folded[i+1]) {
			folded[i] = rune("23"[n/len("俩")])
		}
	}
	for i := 0; i < len(folded); {
		if kept := idiom(folded, i); kept > 0 {
			put(string(folded[i:i+kept]), i)
			i += kept
			continue
		}
		if number, length := numeral(folded[i:]); length > 0 {
			if i > 0 && isDigit(folded[i-1]) {
				put(" ", i)
			}
			put(number, i)
			i += length
			if i < len(folded) && isDigit(folded[i]) {
				put(" ", i)
			}
			continue
		}
		if c := folded[i]; unicode.IsSpace(c) || c == '\u200b' || c == '\ufeff' {
			put(" ", i)
		} else {
			put(string(c), i)
		}
		i++
	}
	n.text = b.String()
	n.origin = append(n.origin, len(n.source))
	return n
}

func isDigit(c rune) bool { return c >= '0' && c <= '9' }

// idiom is the length of words at a place whose numerals are none: 客气一点, 五一.
func idiom(s []rune, at int) int {
	has := func(i int, set string) bool { return i >= 0 && i < len(s) && strings.ContainsRune(set, s[i]) }
	switch {
	case has(at, "五") && has(at+1, "一") && !has(at+2, numerals+"十点号日月分个"):
		return 2
	case has(at, "一") && has(at+1, "点") && at > 0 && unicode.Is(unicode.Han, s[at-1]) &&
		!has(at-1, "午晚早上里晨夜天日号末后周"+numerals) && !has(at+2, "钟半整过零十"+numerals):
		return 2
	}
	return 0
}

func fold(c rune) rune {
	if narrow := width.LookupRune(c).Narrow(); narrow != 0 && narrow < 0x80 {
		c = narrow
	}
	if s := []rune(simple.Replace(string(c))); len(s) == 1 {
		c = s[0]
	}
	return unicode.ToLower(c)
}

// numeral reads a Chinese number at the beginning, up to 99, or digit by digit such as a year. It returns no
// length where there is none.
func numeral(s []rune) (number string, length int) {
	digit := func(i int) int {
		if i >= len(s) {
			return -1
		}
		return strings.IndexRune(numerals, s[i]) / len("零")
	}
	valid := func(i int) bool { return i < len(s) && strings.ContainsRune(numerals, s[i]) }
	ten := func(i int) bool { return i < len(s) && s[i] == '十' }
	if valid(0) && valid(1) && !ten(2) && !ten(1) { // 二零二七
		for length = 0; valid(length); length++ {
			number += strconv.Itoa(digit(length))
		}
		return number, length
	}
	if valid(0) && len(s) > 1 && s[1] == '百' {
		rest, n := "0", 0
		if len(s) > 2 && s[2] != '零' {
			rest, n = numeral(s[2:])
		} else if len(s) > 3 {
			rest, n = numeral(s[3:])
			n++
		}
		tail, err := strconv.Atoi(rest)
		if err != nil || tail > 99 {
			tail, n = 0, 0
		}
		return strconv.Itoa(digit(0)*100 + tail), 2 + n
	}
	var tens, at int
	switch {
	case ten(0):
		tens, at = 1, 1
	case valid(0) && ten(1):
		tens, at = digit(0), 2
	case valid(0):
		return strconv.Itoa(digit(0)), 1
	case len(s) > 1 && s[0] == '廿':
		tens, at = 2, 1
	default:
		return "", 0
	}
	if valid(at) {
		return strconv.Itoa(tens*10 + digit(at)), at + 1
	}
	return strconv.Itoa(tens * 10), at
}

// without is the original text with some spans of the normal text taken out.
func (n normal) without(spans [][2]int) string {
	drop := make([]bool, len(n.source))
	for _, s := range spans {
		for i := n.origin[s[0]]; i < n.origin[s[1]]; i++ {
			drop[i] = true
		}
	}
	var b strings.Builder
	for i, c := range n.source {
		if !drop[i] {
			b.WriteRune(c)
		}
	}
	return strings.Trim(strings.Join(strings.Fields(b.String()), " "), " ，。,.！!？?、；;：:~～")
}
