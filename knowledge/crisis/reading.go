package crisis

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/width"

	"wenzhu/knowledge/han"
)

// unit is a character, a syllable written in letters, a number, or a word of letters that is no pinyin.
type unit struct {
	char    rune   // simplified; 0 for letters, '0' for a number
	sound   uint32 // the syllable; above 1<<16 what is no syllable
	letters bool   // written in letters or figures for its sound
	quoted  bool
	number  int // of a number below 1,000
}

// reading is a text as the recogniser sees it.
type reading struct {
	units   []unit
	clauses []int // where each clause begins
}

const (
	noSyllable = 1 << 16
	clauseEnds = "。！？!?\n；;，,、…~～：:"
	opening    = "「『“‘"
	closing    = "」』”’"
)

// read takes a text apart. Width, case and traditional forms are folded, noise between characters is left out.
func read(text string) reading {
	b := builder{open: -1}
	for _, c := range text {
		b.take(c)
	}
	b.word()
	b.quotes()
	return reading{units: b.units, clauses: b.merged()}
}

type builder struct {
	units   []unit
	clauses []int
	letters []byte // of the word at hand
	pending string // letters before it that were no syllable: d a 我
	open    int    // where the quotation at hand begins, or -1
	quoted  int    // units in quotation marks
	spaced  bool   // a blank stood before the character at hand
}

func (b *builder) take(c rune) {
	if narrow := width.LookupRune(c).Narrow(); narrow != 0 && narrow < 0x80 {
		c = narrow
	}
	c = unicode.ToLower(c)
	if c >= 'a' && c <= 'z' {
		b.letters = append(b.letters, byte(c))
		return
	}
	b.word()
	switch {
	case strings.ContainsRune(clauseEnds, c):
		b.flush()
		b.clause()
	case unicode.IsSpace(c):
		b.spaced = true
		return
	case c == '"':
		b.quote(b.open < 0)
	case strings.ContainsRune(opening, c):
		b.quote(true)
	case strings.ContainsRune(closing, c):
		b.quote(false)
	case c >= '0' && c <= '9':
		b.flush()
		b.digit(int(c - '0'))
	case han.Is(c):
		b.flush()
		if b.spaced {
			b.clause()
		}
		c = han.Simple(c)
		b.add(unit{char: c, sound: soundOf(c)})
	case unicode.Is(unicode.So, c) || unicode.IsLetter(c):
		b.flush()
		b.add(unit{char: c, sound: noSyllable + uint32(c)}) //nolint:gosec // a rune is positive
	}
	b.spaced = false
}

func soundOf(c rune) uint32 {
	if s := han.Sound(c); s != 0 {
		return uint32(s)
	}
	return noSyllable + uint32(c) //nolint:gosec // a rune is positive
}

func (b *builder) add(u unit) { b.units = append(b.units, u) }

func (b *builder) clause() {
	if n := len(b.units); n > 0 && (len(b.clauses) == 0 || b.clauses[len(b.clauses)-1] != n) {
		b.clauses = append(b.clauses, n)
	}
}

// word ends the letters at hand: syllables, or part of a syllable that was pulled apart, or a word.
func (b *builder) word() {
	if len(b.letters) == 0 {
		return
	}
	word := b.pending + string(b.letters)
	b.letters, b.pending = b.letters[:0], ""
	if word == "s" { // 想s
		word = "si"
	}
	if sounds := han.Syllables(word); sounds != nil {
		for _, s := range sounds {
			b.add(unit{sound: uint32(s), letters: true})
		}
		return
	}
	if len(word) < 3 {
		b.pending = word
		return
	}
	b.add(unit{sound: noSyllable + hash(2166136261, []byte(word)...)%noSyllable, letters: true})
}

func (b *builder) flush() {
	if b.pending != "" {
		b.add(unit{sound: noSyllable + hash(2166136261, []byte(b.pending)...)%noSyllable, letters: true})
		b.pending = ""
	}
}

// figures are the digits as syllables: 想4, 9我.
var figures = [10]string{"ling", "yi", "er", "san", "si", "wu", "liu", "qi", "ba", "jiu"}

func (b *builder) digit(d int) {
	if n := len(b.units); n > 0 && b.units[n-1].char == '0' && !b.spaced {
		if u := &b.units[n-1]; u.number < 1000 {
			u.number = 10*u.number + d
			u.sound, u.letters = noSyllable, false
		}
		return
	}
	b.add(unit{char: '0', number: d, sound: uint32(han.Syllables(figures[d])[0]), letters: true})
}

func (b *builder) quote(begins bool) {
	if begins && b.open < 0 {
		b.open = len(b.units)
	} else if !begins && b.open >= 0 {
		for i := b.open; i < len(b.units); i++ {
			b.units[i].quoted = true
		}
		b.quoted += len(b.units) - b.open
		b.open = -1
	}
}

// quotes takes the marks away where nearly all of a text stands in them: then it is the message itself.
func (b *builder) quotes() {
	if 10*b.quoted > 6*len(b.units) {
		for i := range b.units {
			b.units[i].quoted = false
		}
	}
}

// merged are the clauses; a single character belongs to what stands before it, and who dictates without a pause is
// cut into breaths.
func (b *builder) merged() []int {
	found := []int{0}
	for _, at := range append(b.clauses, len(b.units)) {
		for at-found[len(found)-1] > 2*breath {
			found = append(found, found[len(found)-1]+breath)
		}
		if at-found[len(found)-1] > 1 && len(b.units)-at > 1 {
			found = append(found, at)
		}
	}
	return found
}

const breath = 16

// hash is FNV-1a over bytes.
func hash(h uint32, bytes ...byte) uint32 {
	for _, c := range bytes {
		h = (h ^ uint32(c)) * 16777619
	}
	return h
}

// A text is judged in windows: all of a short one; each clause of a longer one with those after it that belong to the
// same breath; and in a longer one closer up around words that leave little doubt, so that they are not drowned by what
// stands around them.
const (
	wholeUnits = 64
	farUnits   = 48
	nearUnits  = 20
)

type window struct{ from, to int }

// windows of a text; telling are the mentions, in order, that it is looked at more closely around.
func (r *reading) windows(telling []mention) []window {
	if len(r.units) <= wholeUnits {
		return []window{{0, len(r.units)}}
	}
	all := r.slide(nil, farUnits)
	if len(telling) == 0 {
		return all
	}
	for _, w := range r.slide(nil, nearUnits) {
		if next, _ := slices.BinarySearchFunc(telling, w.from, func(m mention, at int) int { return m.from - at }); next < len(telling) &&
			telling[next].to <= w.to {
			all = append(all, w)
		}
	}
	return all
}

// slide adds windows of at most so many units that begin and end with a clause, or of one clause that is longer.
func (r *reading) slide(all []window, most int) []window {
	next, end := 0, 0
	for _, from := range r.clauses {
		for next < len(r.clauses) && (r.clauses[next] <= from || r.end(next)-from <= most) {
			next++
		}
		if to := r.end(next - 1); to > end {
			all = append(all, window{from, to})
			end = to
		}
	}
	return all
}

// end is where a clause ends.
func (r *reading) end(clause int) int {
	if clause+1 < len(r.clauses) {
		return r.clauses[clause+1]
	}
	return len(r.units)
}
