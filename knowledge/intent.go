package knowledge

import "strings"

// intents is words/intents.yaml: what questions want that common words alone tell badly.
type intents struct {
	Others  []string // words that show that somebody else does it to the person: then nothing is declined
	Ours    []string // words that show that the matter is ours: then it is not outside the field
	Intents []struct {
		Snippet string
		All     [][]string // each has a word in the question
		None    []string   // none is in the question
	}
}

// wants are intents with their words numbered, so that a question is read once.
type wants struct {
	words  trie
	others []int32
	ours   []int32
	rules  []rule
}

type rule struct {
	snippet string
	all     [][]int32
	none    []int32
}

func (l lexicon) wants(all intents) wants {
	w := wants{words: newTrie()}
	numbers := make(map[string]int32)
	number := func(words []string) []int32 {
		var found []int32
		for _, word := range l.folded(words) {
			n, known := numbers[word]
			if !known {
				n = int32(len(numbers))
				numbers[word] = n
				w.words.add(word, n)
			}
			found = append(found, n)
		}
		return found
	}
	w.others, w.ours = number(all.Others), number(all.Ours)
	for _, i := range all.Intents {
		r := rule{snippet: i.Snippet, none: number(i.None)}
		for _, words := range i.All {
			r.all = append(r.all, number(words))
		}
		w.rules = append(w.rules, r)
	}
	return w
}

// holds says whether a question with these words has the intent.
func (r rule) holds(words map[int32]bool) bool {
	for _, any := range r.all {
		if !anyOf(words, any) {
			return false
		}
	}
	return !anyOf(words, r.none)
}

func anyOf(words map[int32]bool, any []int32) bool {
	for _, n := range any {
		if words[n] {
			return true
		}
	}
	return false
}

func containsAny(text string, words []string) bool {
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}
