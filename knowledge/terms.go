package knowledge

import "unicode"

// term is what is indexed: a character, a pair of them, a word in other letters, or a group of words of one meaning.
type term uint64

const (
	wordTerm  term = 1 << 63
	groupTerm term = 1 << 62
)

func pairOf(a, b rune) term { return term(a)<<21 | term(b) }

// wordOf is the FNV-1a hash of a word in other letters.
func wordOf(s string) term {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return wordTerm | term(h>>2)
}

// weights of the kinds of terms, tried on asks of other hands than those that were indexed and the questions of
// testdata. Single characters count most: other hands use other words with the same ones in them.
const (
	singleWeight = 1.5
	pairWeight   = 1.0
	groupWeight  = 1.3
	leastFolded  = 4 // letters of a foreign word that is looked for inside others, as pinyin is typed in one or apart
)

// terms calls add for the terms of a text with their weights; a term may come several times.
func (l lexicon) terms(text string, weight float32, add func(term, float32)) {
	l.split(l.characters(text, nil), weight, add)
}

// split is terms of a normalised text, which it changes.
func (l lexicon) split(normal []rune, weight float32, add func(term, float32)) {
	var letters []rune
	for begin := 0; begin < len(normal); {
		end := begin + 1
		for end < len(normal) && classOf(normal[end]) == classOf(normal[begin]) {
			end++
		}
		run := normal[begin:end]
		begin = end
		switch classOf(run[0]) {
		case isHan:
			l.han(run, weight, add)
		case isWord:
			l.word(run, weight, add)
			letters = append(letters, run...)
		}
	}
	for i, c := range normal {
		normal[i] = instead(l.sound, c)
	}
	l.grouped(normal, weight, add)
	if len(letters) >= leastFolded && len(letters) < len(normal) {
		l.grouped(letters, weight, add)
	}
}

// word adds a word in other letters, and its groups.
func (l lexicon) word(run []rune, weight float32, add func(term, float32)) {
	word := string(run)
	if l.stopWords[word] {
		return
	}
	add(wordOf(word), weight)
	l.groups.from(run, func(g int32, n int) {
		if n == len(run) {
			add(groupTerm|term(g), groupWeight*weight)
		}
	})
}

// han adds the characters and pairs of a run of Chinese, but those that say nothing.
func (l lexicon) han(run []rune, weight float32, add func(term, float32)) {
	stopped := l.stop.get(run[0])
	for i, c := range run {
		if !stopped {
			add(term(c), singleWeight*weight)
		}
		if i+1 == len(run) {
			return
		}
		next := l.stop.get(run[i+1])
		if pair := pairOf(c, run[i+1]); (!stopped || !next) && !l.stopPairs[pair] {
			add(pair, pairWeight*weight)
		}
		stopped = next
	}
}

// grouped adds the groups of the words in a folded text. Words in other letters are looked for inside others only
// when they are long enough.
func (l lexicon) grouped(text []rune, weight float32, add func(term, float32)) {
	for at, c := range text {
		foreign := c < 0x80 && !unicode.IsDigit(c)
		l.groups.from(text[at:], func(g int32, n int) {
			if !foreign || n >= leastFolded {
				add(groupTerm|term(g), groupWeight*weight)
			}
		})
	}
}

// class is what kind of character stands in a normalised text.
type class int

const (
	isSpace class = iota
	isHan
	isWord
)

func classOf(c rune) class {
	switch {
	case c == ' ':
		return isSpace
	case c >= firstHan && c <= lastHan, c > lastHan && unicode.Is(unicode.Han, c):
		return isHan
	}
	return isWord
}
