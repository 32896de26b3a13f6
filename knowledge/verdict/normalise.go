package verdict

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"wenzhu/knowledge/han"
)

// gap is what stood between a character and the one before it.
type gap uint8

// The gaps, from nothing to the end of a sentence.
const (
	joined gap = iota
	noise      // a space, a line break, a sign or an emoji: words go on
	comma      // a comma, a bracket: the sentence goes on
	stop       // the end of a sentence
)

// glyph is one character of a normalised text and where it stands in the original, in bytes.
type glyph struct {
	char       rune
	start, end int32
	before     gap
	sentence   int32 // counted from 0
	phrase     int32 // what is between two commas, counted from 0
}

// link stands for a whole web address in a normalised text.
const link = '🔗'

// fold undoes width, styles and case of each character and leaves punctuation where it is.
func (d *disguises) fold(text string, into []glyph) []glyph {
	for at := 0; at < len(text); {
		c, size := utf8.DecodeRuneInString(text[at:])
		g := glyph{char: c, start: int32(at), end: int32(at + size)} //nolint:gosec // texts are short
		at += size
		switch {
		case c < 0x80:
			g.char = lower(c)
		case han.Is(c):
			g.char = d.character(c)
		case d.kept[c]:
		case c >= 0x1F1E6 && c <= 0x1F1FF: // letters of flags
			g.char = 'a' + c - 0x1F1E6
		case d.signs[c] != 0:
			g.char = d.signs[c]
		default:
			into = d.decompose(g, text[g.start:g.end], into)
			continue
		}
		into = append(into, g)
	}
	return into
}

// decompose folds a character that may stand for several, and drops what has no width.
func (d *disguises) decompose(g glyph, s string, into []glyph) []glyph {
	if g.char == utf8.RuneError && g.end-g.start == 1 {
		return into
	}
	for _, c := range norm.NFKD.String(s) {
		if unicode.Is(unicode.Mn, c) || unicode.Is(unicode.Me, c) || unicode.Is(unicode.Cf, c) {
			continue
		}
		g.char = unicode.ToLower(c)
		if han.Is(c) {
			g.char = d.character(c)
		}
		into = append(into, g)
	}
	return into
}

func lower(c rune) rune {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// words takes punctuation out of folded characters, in place, and remembers it as gaps. Each link becomes one glyph.
func (d *disguises) words(folded []glyph, links []Link) []glyph {
	out, before, breaks := folded[:0], joined, 0
	for _, g := range folded {
		if len(links) > 0 && int(g.start) >= links[0].Start {
			if int(g.end) < links[0].End {
				continue
			}
			g.char, g.start, g.end, links = link, int32(links[0].Start), int32(links[0].End), links[1:] //nolint:gosec // texts are short
		}
		if kind := d.gapOf(g.char); kind != joined {
			before = max(before, kind)
			if g.char == '\n' {
				if breaks++; breaks > 1 {
					before = stop // an empty line
				}
			}
			continue
		}
		g.before = before
		out, before, breaks = append(out, g), joined, 0
	}
	return out
}

func (d *disguises) gapOf(c rune) gap {
	switch {
	case han.Is(c), c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == link, d.kept[c]:
		return joined
	case c == '。', c == '！', c == '？', c == '!', c == '?', c == ';', c == '；', c == '｡':
		return stop
	case c == ',', c == '，', c == '、', c == ':', c == '【', c == '】', c == '[', c == ']', c == '"', c == '“', c == '”':
		return comma
	case c >= 0x80 && (unicode.IsLetter(c) || unicode.IsDigit(c)):
		return joined
	}
	return noise
}

// shortest is how many characters a sentence or a phrase has at least: signs after single ones are a disguise.
const shortest = 2

// count counts sentences and phrases, in place.
func count(text []glyph) {
	sentence, phrase, begun := int32(0), int32(0), 0
	for i := range text {
		if before := text[i].before; before >= comma {
			if i-begun >= shortest && !anotherBreak(text, i) {
				phrase++
				if before == stop {
					sentence++
				}
			}
			begun = i
		}
		text[i].sentence, text[i].phrase = sentence, phrase
	}
}

// anotherBreak says whether the next break comes before a phrase has enough characters.
func anotherBreak(text []glyph, at int) bool {
	for i := at + 1; i < at+shortest; i++ {
		if i >= len(text) || text[i].before >= comma {
			return true
		}
	}
	return false
}

// normalise undoes what hides words: see rules/disguises.yaml. It takes linear time.
func (d *disguises) normalise(text string, into []glyph) ([]glyph, []Link) {
	folded := d.fold(text, into[:0])
	links := d.hosts.find(folded)
	glyphs := d.replace(d.words(folded, links))
	d.numbers(glyphs)
	count(glyphs)
	return glyphs, links
}
