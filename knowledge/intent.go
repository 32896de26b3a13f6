package knowledge

import "strings"

// intent is a rule that recognises what a question wants by its words: every line of All has a word in it, and none
// of None. Such a question belongs to a snippet even where the words are common ones.
type intent struct {
	Snippet string
	All     [][]string
	None    []string
}

func (l lexicon) foldIntents(rules []intent) []intent {
	folded := func(words []string) []string {
		var all []string
		for _, w := range words {
			all = append(all, l.sounds(l.normalise(w)))
		}
		return all
	}
	var all []intent
	for _, r := range rules {
		f := intent{Snippet: r.Snippet, None: folded(r.None)}
		for _, words := range r.All {
			f.All = append(f.All, folded(words))
		}
		all = append(all, f)
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
