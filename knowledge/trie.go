package knowledge

// trie finds words in a text. Its values are whatever numbers its words stand for.
type trie struct {
	chinese byHan[*node] // of the first characters of most words
	others  node
}

type node struct {
	next   map[rune]*node
	values []int32
}

func newTrie() trie { return trie{chinese: newByHan[*node]()} }

func (n *node) child(c rune) *node {
	if n.next == nil {
		n.next = make(map[rune]*node)
	}
	if n.next[c] == nil {
		n.next[c] = new(node)
	}
	return n.next[c]
}

func (t *trie) add(word string, value int32) {
	n := &t.others
	for i, c := range word {
		n = n.child(c)
		if i == 0 {
			t.chinese.set(c, n)
		}
	}
	n.values = append(n.values, value)
}

// first is the node of a first character, nil where no word begins with it.
func (t *trie) first(c rune) *node {
	if c >= firstHan && c <= lastHan {
		return t.chinese.get(c)
	}
	return t.others.next[c]
}

// from calls found for every word that begins at the start of a text, with the length it has in characters.
func (t *trie) from(text []rune, found func(value int32, length int)) {
	n := t.first(text[0])
	for i := 1; n != nil; i++ {
		for _, v := range n.values {
			found(v, i)
		}
		if i == len(text) {
			return
		}
		n = n.next[text[i]]
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
