package knowledge

// trie finds words in a text. Its values are whatever numbers its words stand for.
type trie struct {
	next   map[rune]*trie
	values []int32
}

func (t *trie) add(word string, value int32) {
	for _, c := range word {
		if t.next == nil {
			t.next = make(map[rune]*trie)
		}
		if t.next[c] == nil {
			t.next[c] = new(trie)
		}
		t = t.next[c]
	}
	t.values = append(t.values, value)
}

// from calls found for every word that begins at the start of a text, with the length it has in characters.
func (t *trie) from(text []rune, found func(value int32, length int)) {
	for i, c := range text {
		if t = t.next[c]; t == nil {
			return
		}
		for _, v := range t.values {
			found(v, i+1)
		}
	}
}

// all are the values of all words in a text.
func (t *trie) all(text string) map[int32]bool {
	values := make(map[int32]bool)
	runes := []rune(text)
	for i := range runes {
		t.from(runes[i:], func(v int32, _ int) { values[v] = true })
	}
	return values
}
