package knowledge

import (
	"io/fs"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/width"

	"wenzhu/knowledge/han"
)

// lexicon holds the words of the base itself and of its search.
type lexicon struct {
	text         map[string]string
	detailHead   string
	articleFirst string
	groups       trie     // folded words to the groups of words that they mean the same with
	field        []string // folded words of our field
	everyday     []string // folded words of everyday life
	stop         byHan[bool]
	stopPairs    map[term]bool
	stopWords    map[string]bool
	drop         *strings.Replacer // what is said in distress and asks nothing
	dialect      dialect
	sound        byHan[rune] // a character to the one that stands for all that are typed by mistake for it
	asking       []string
	wanting      []string
	joins        []string
	follow       []string
	intents      wants
}

// byHan holds something of each Chinese character.
type byHan[T any] []T

const (
	firstHan = 0x3400
	lastHan  = 0x9fff
)

func newByHan[T any]() byHan[T] { return make(byHan[T], lastHan-firstHan+1) }

func (h byHan[T]) set(c rune, value T) {
	if c >= firstHan && c <= lastHan {
		h[c-firstHan] = value
	}
}

// get is what is held of a character, the zero value where there is nothing.
func (h byHan[T]) get(c rune) (value T) {
	if c >= firstHan && c <= lastHan {
		value = h[c-firstHan]
	}
	return value
}

// instead is the character that stands for another, or itself.
func instead(h byHan[rune], c rune) rune {
	if other := h.get(c); other != 0 {
		return other
	}
	return c
}

// searchWords is words/search.yaml.
type searchWords struct {
	Field      []string
	Everyday   []string
	Synonyms   [][]string
	Stop       []string
	Drop       []string
	Asking     []string
	Wanting    []string
	Joins      []string
	Follow     []string
	Homophones []string
	Dialect    map[string]string
}

func (b *Base) loadWords(files fs.FS) []Problem {
	var l lexicon
	var s searchWords
	var wanted intents
	for name, into := range map[string]any{"words/texts.yaml": &l.text, "words/search.yaml": &s, "words/intents.yaml": &wanted} {
		content, problem := read(files, name)
		if problem != nil {
			return []Problem{*problem}
		}
		if err := strict(content, into); err != nil {
			return []Problem{yamlFault(name, err, 0)}
		}
	}
	l.fold(s)
	l.group(s)
	l.asking, l.wanting, l.joins, l.follow = s.Asking, s.Wanting, s.Joins, s.Follow
	l.intents = l.wants(wanted)
	l.detailHead, l.articleFirst = l.text["detail"], l.text["article_first"]
	b.words = l
	return nil
}

// fold fills what characters and fillers are replaced with.
func (l *lexicon) fold(s searchWords) {
	l.sound = newByHan[rune]()
	l.stop, l.stopPairs, l.stopWords = newByHan[bool](), make(map[term]bool), make(map[string]bool)
	l.dialect = l.speech(s.Dialect)
	for _, set := range s.Homophones {
		all := []rune(set)
		for _, c := range all[1:] {
			l.sound.set(c, all[0])
		}
	}
	for _, w := range s.Stop {
		switch c := []rune(w); {
		case c[0] < firstHan:
			l.stopWords[w] = true
		case len(c) == 1:
			l.stop.set(c[0], true)
		default:
			l.stopPairs[pairOf(c[0], c[1])] = true
		}
	}
	l.field, l.everyday = l.folded(s.Field), l.folded(s.Everyday)
	var drop []string
	for _, w := range s.Drop {
		drop = append(drop, w, " ")
	}
	l.drop = strings.NewReplacer(drop...)
}

func (l *lexicon) group(s searchWords) {
	l.groups = newTrie()
	for i, words := range s.Synonyms {
		for _, w := range l.folded(words) {
			l.groups.add(w, int32(i))
		}
	}
}

// folded are words as they are compared with a folded text.
func (l lexicon) folded(words []string) []string {
	all := make([]string, len(words))
	for i, w := range words {
		all[i] = l.sounds(l.normalise(w))
	}
	return all
}

// fill is a text with its one gap filled.
func (l lexicon) fill(key, value string) string { return strings.ReplaceAll(l.text[key], "{}", value) }

// normalise folds width, case, traditional characters and dialect, and makes everything else a single space.
func (l lexicon) normalise(text string) string { return string(l.characters(text, nil)) }

// characters are those of a text once normalised, in the memory of into where it is enough.
func (l lexicon) characters(text string, into []rune) []rune {
	all := slices.Grow(into[:0], len(text)/2)
	space := true
	for _, c := range text {
		if c >= firstHan && c <= lastHan {
			all, space = append(all, han.Simple(c)), false
			continue
		}
		if c >= 0x80 {
			if narrow := width.LookupRune(c).Narrow(); narrow != 0 && narrow < 0x80 {
				c = narrow
			}
		}
		switch {
		case unicode.Is(unicode.Han, c), unicode.IsLetter(c), unicode.IsDigit(c):
			all, space = append(all, unicode.ToLower(c)), false
		case unicode.Is(unicode.Cf, c), unicode.Is(unicode.Mn, c):
		case !space:
			all, space = append(all, ' '), true
		}
	}
	if space && len(all) > 0 {
		all = all[:len(all)-1]
	}
	return l.dialect.standard(all)
}

// longestSpoken is how many characters a word of the dialect has at most.
const longestSpoken = 6

// dialect are words that are said otherwise in the standard language.
type dialect struct {
	words    trie
	standing [][]rune // for each word
}

// speech folds the words of a dialect, before it is part of the lexicon.
func (l lexicon) speech(words map[string]string) dialect {
	d := dialect{words: newTrie()}
	for word, instead := range words {
		d.words.add(l.normalise(word), int32(len(d.standing)))
		d.standing = append(d.standing, []rune(instead))
	}
	return d
}

// standard writes the longest words of the dialect in the standard language.
func (d dialect) standard(text []rune) []rune {
	if len(d.standing) == 0 {
		return text
	}
	var said []rune
	done := 0
	for at := 0; at < len(text); {
		word, length := int32(0), 0
		d.words.from(text[at:min(at+longestSpoken, len(text))], func(w int32, n int) { word, length = w, n })
		if length == 0 {
			at++
			continue
		}
		said = append(append(said, text[done:at]...), d.standing[word]...)
		at += length
		done = at
	}
	if done == 0 {
		return text
	}
	return append(said, text[done:]...)
}

// sounds writes characters that are typed for one another as one.
func (l lexicon) sounds(text string) string {
	return strings.Map(func(c rune) rune { return instead(l.sound, c) }, text)
}
