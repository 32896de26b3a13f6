package knowledge

import (
	"io/fs"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/width"
)

// lawPrefix is what every national law's title begins with; filled from the words.
var lawPrefix string

// lexicon holds the words of the base itself and of its search.
type lexicon struct {
	text         map[string]string
	detailHead   string
	articleFirst string
	groups       [][]string
	stop         map[string]bool
	simple       map[rune]rune
}

func (b *Base) loadWords(files fs.FS) []Problem {
	l := lexicon{stop: make(map[string]bool), simple: make(map[rune]rune)}
	content, problem := read(files, "words/texts.yaml")
	if problem != nil {
		return []Problem{*problem}
	}
	if err := yaml.Unmarshal(content, &l.text); err != nil {
		return []Problem{fault("words/texts.yaml", yamlLine(err), "%v", err)}
	}
	content, problem = read(files, "words/search.yaml")
	if problem != nil {
		return []Problem{*problem}
	}
	var s struct {
		Synonyms    [][]string
		Stop        []string
		Traditional string
	}
	if err := strict(content, &s); err != nil {
		return []Problem{fault("words/search.yaml", yamlLine(err), "%v", err)}
	}
	pairs := []rune(s.Traditional)
	for i := 0; i+1 < len(pairs); i += 2 {
		l.simple[pairs[i]] = pairs[i+1]
	}
	for _, w := range s.Stop {
		l.stop[w] = true
	}
	l.groups = s.Synonyms
	l.detailHead, l.articleFirst, lawPrefix = l.text["detail"], l.text["article_first"], l.text["law_prefix"]
	b.words = l
	return nil
}

// fill is a text with its one gap filled.
func (l lexicon) fill(key, value string) string { return strings.ReplaceAll(l.text[key], "{}", value) }

// normalise folds width, case and traditional characters, and makes everything else a single space.
func (l lexicon) normalise(text string) string {
	var b strings.Builder
	space := true
	for _, c := range text {
		if narrow := width.LookupRune(c).Narrow(); narrow != 0 && narrow < 0x80 {
			c = narrow
		}
		if s, ok := l.simple[c]; ok {
			c = s
		}
		switch {
		case unicode.Is(unicode.Han, c), unicode.IsLetter(c), unicode.IsDigit(c):
			b.WriteRune(unicode.ToLower(c))
			space = false
		case unicode.Is(unicode.Cf, c), unicode.Is(unicode.Mn, c):
		case !space:
			b.WriteByte(' ')
			space = true
		}
	}
	return strings.TrimSpace(b.String())
}
