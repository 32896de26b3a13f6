package knowledge

// trie finds words in a text. Its values are whatever numbers its words stand for. A node is a number; 0 is before the
// first character, and no node leads there.
type trie struct {
	chinese byHan[int32] // the nodes of the first characters of most words
	edges   table        // by node and character
	values  [][]int32    // by node
}

func newTrie() trie {
	return trie{chinese: newByHan[int32](), edges: newTable(0), values: make([][]int32, 1)}
}

func edgeOf(node int32, c rune) uint64 { return uint64(node)<<32 | uint64(c) } //nolint:gosec // neither is negative

func (t *trie) add(word string, value int32) {
	n := int32(0)
	for _, c := range word {
		next := t.next(n, c)
		if next == 0 {
			next = int32(len(t.values)) //nolint:gosec // some thousands
			t.values = append(t.values, nil)
			if t.edges.set(edgeOf(n, c), next); n == 0 {
				t.chinese.set(c, next)
			}
		}
		n = next
	}
	t.values[n] = append(t.values[n], value)
}

// next is the node after a character, 0 where no word goes on with it.
func (t *trie) next(node int32, c rune) int32 {
	if next, ok := t.edges.get(edgeOf(node, c)); ok {
		return next
	}
	return 0
}

// first is the node of a first character, 0 where no word begins with it.
func (t *trie) first(c rune) int32 {
	if c >= firstHan && c <= lastHan {
		return t.chinese.get(c)
	}
	return t.next(0, c)
}

// from calls found for every word that begins at the start of a text, with the length it has in characters.
func (t *trie) from(text []rune, found func(value int32, length int)) {
	n := t.first(text[0])
	for i := 1; n != 0; i++ {
		for _, v := range t.values[n] {
			found(v, i)
		}
		if i == len(text) {
			return
		}
		n = t.next(n, text[i])
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
