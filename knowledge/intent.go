package knowledge

import "strings"

// intents is words/intents.yaml: what questions want that common words alone tell badly.
type intents struct {
	Others  []string // words that show that somebody else does it to the person: then nothing is declined
	Ours    []string // words that show that the matter is ours: then it is not outside the field
	Intents []intent
}

// intent recognises by its words what belongs to a snippet: every line of All has a word in it, and none of None.
type intent struct {
	Snippet string
	All     [][]string
	None    []string
}

// folded has all words as they are compared.
func (i intents) folded(l lexicon) intents {
	all := intents{Others: l.folded(i.Others), Ours: l.folded(i.Ours)}
	for _, r := range i.Intents {
		f := intent{Snippet: r.Snippet, None: l.folded(r.None)}
		for _, words := range r.All {
			f.All = append(f.All, l.folded(words))
		}
		all.Intents = append(all.Intents, f)
	}
	return all
}

// wants says whether a folded text has the intent.
func (r intent) wants(text string) bool {
	for _, words := range r.All {
		if !containsAny(text, words) {
			return false
		}
	}
	return !containsAny(text, r.None)
}

func containsAny(text string, words []string) bool {
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}
