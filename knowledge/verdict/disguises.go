package verdict

import (
	"fmt"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"wenzhu/knowledge/han"
)

// disguises are the tables of rules/disguises.yaml.
type disguises struct {
	characters map[rune]rune
	signs      map[rune]rune
	digits     map[rune]rune // only inside a longer number
	kept       map[rune]bool // signs that are part of a hidden word
	hosts      *hosts
	hidden     *tree
	meant      [][]rune // by what the tree says
}

func readDisguises(content []byte, h *hosts) (*disguises, error) {
	var raw struct {
		Characters, Digits, Signs map[string]string
		Words, Split              map[string][]string
	}
	if err := yaml.Unmarshal(content, &raw); err != nil {
		return nil, fmt.Errorf("rules/disguises.yaml: %w", err)
	}
	d := &disguises{characters: singles(raw.Characters), signs: singles(raw.Signs), digits: singles(raw.Digits), kept: make(map[rune]bool), hosts: h}
	hidden := make(map[string]int32)
	for _, set := range []map[string][]string{raw.Words, raw.Split} {
		for meant, forms := range set {
			for _, form := range forms {
				d.keep(form)
				hidden[form] = int32(len(d.meant)) //nolint:gosec // a short table
			}
			d.meant = append(d.meant, []rune(meant))
		}
	}
	d.hidden = newTree(0)
	for form, meant := range hidden {
		var plain []rune
		for _, g := range d.words(d.fold(form, nil), nil) {
			plain = append(plain, g.char)
		}
		d.hidden.add(plain, meant)
	}
	return d, nil
}

// singles turns {meant: look-alikes} round.
func singles(table map[string]string) map[rune]rune {
	all := make(map[rune]rune)
	for meant, forms := range table {
		c, _ := utf8.DecodeRuneInString(meant)
		for _, form := range forms {
			all[form] = c
		}
	}
	return all
}

// keep remembers the signs of a hidden word.
func (d *disguises) keep(form string) {
	for _, c := range form {
		if c != '➕' && !han.Is(c) && d.gapOf(c) != joined {
			d.kept[c] = true
		}
	}
	d.kept['➕'] = true
}

// character is the meant form of a Chinese character.
func (d *disguises) character(c rune) rune {
	c = han.Simple(c)
	if meant, ok := d.characters[c]; ok {
		return meant
	}
	return c
}

// replace puts the meant words for hidden ones. Letters are only replaced as whole words, or where there are many:
// qs in the middle of a word means nothing.
func (d *disguises) replace(text []glyph) []glyph {
	if !d.anyHidden(text) {
		return text
	}
	out := make([]glyph, 0, len(text)+8)
	for i := 0; i < len(text); {
		meant, n := d.hidden.longest(text[i:])
		if n == 0 || !wholeWord(text, i, n) {
			if !d.kept[text[i].char] {
				out = append(out, text[i])
			}
			i++
			continue
		}
		for k, c := range d.meant[meant] {
			g := glyph{char: c, start: text[i].start, end: text[i+n-1].end}
			if k == 0 {
				g.before = text[i].before
			}
			out = append(out, g)
		}
		i += n
	}
	return out
}

func (d *disguises) anyHidden(text []glyph) bool {
	for i := range text {
		if d.kept[text[i].char] {
			return true
		}
		if _, n := d.hidden.longest(text[i:]); n > 0 {
			return true
		}
	}
	return false
}

// manyLetters are enough for pinyin to be no accident.
const manyLetters = 6

func wholeWord(text []glyph, at, n int) bool {
	if n >= manyLetters {
		return true
	}
	end := at + n
	return (at == 0 || !latin(text[at].char) || !latin(text[at-1].char)) &&
		(end == len(text) || !latin(text[end-1].char) || !latin(text[end].char))
}

func latin(c rune) bool { return c >= 'a' && c <= 'z' }
func digit(c rune) bool { return c >= '0' && c <= '9' }

// longNumber is from how many characters on numerals in a row are a number in disguise.
const longNumber = 7

// numbers writes numerals inside longer numbers as digits, in place.
func (d *disguises) numbers(text []glyph) {
	for i := 0; i < len(text); {
		end, digits := i, 0
		for end < len(text) && (digit(text[end].char) || d.digits[text[end].char] != 0) && (end == i || text[end].before <= noise) {
			if digit(text[end].char) {
				digits++
			}
			end++
		}
		if n := end - i; n >= longNumber && digits < n {
			for k := i; k < end; k++ {
				if meant := d.digits[text[k].char]; meant != 0 {
					text[k].char = meant
				}
			}
		}
		i = max(end, i+1)
	}
}
