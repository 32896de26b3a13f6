package verdict

// tree finds words in characters: an Aho-Corasick automaton over a flat hash table of its edges.
type tree struct {
	edges map[uint64]int32 // while it is built
	table []edge           // afterwards: open addressing, a power of two long
	fail  []int32          // by state
	word  []int32          // by state: the word that ends there, or none
	next  []int32          // by state: the state of the next shorter word that ends there, or 0
	depth []int32
}

type edge struct {
	key uint64
	to  int32
}

const none = -1

func newTree() *tree {
	return &tree{edges: make(map[uint64]int32, 1<<14), fail: []int32{0}, word: []int32{none}, next: []int32{0}, depth: []int32{0}}
}

func edgeKey(state int32, c rune) uint64 { return uint64(uint32(state))<<32 | uint64(uint32(c)) } //nolint:gosec // both are small

// add adds a word. A word added twice keeps its last value.
func (t *tree) add(word []rune, value int32) {
	t.word[t.insert(word)] = value
}

// insert makes the states of a word and returns its last.
func (t *tree) insert(word []rune) int32 {
	s := int32(0)
	for _, c := range word {
		key := edgeKey(s, c)
		to, ok := t.edges[key]
		if !ok {
			to = int32(len(t.fail)) //nolint:gosec // fewer than a million
			t.edges[key] = to
			t.fail, t.word, t.next = append(t.fail, 0), append(t.word, none), append(t.next, 0)
			t.depth = append(t.depth, t.depth[s]+1)
		}
		s = to
	}
	return s
}

// longest is the value and length of the longest word that a text begins with.
func (t *tree) longest(text []glyph) (value int32, length int) {
	s := int32(0)
	for i := range text {
		to := t.to(s, text[i].char)
		if to == 0 {
			break
		}
		if s = to; t.word[s] != none {
			value, length = t.word[s], i+1
		}
	}
	return value, length
}

// link makes the automaton: after it no word may be added.
func (t *tree) link() {
	byDepth := make([][]edgeFrom, 1)
	for key, to := range t.edges {
		d := int(t.depth[to])
		for len(byDepth) <= d {
			byDepth = append(byDepth, nil)
		}
		byDepth[d] = append(byDepth[d], edgeFrom{int32(key >> 32), rune(uint32(key)), to}) //nolint:gosec // as they were put in
	}
	t.pack()
	for _, level := range byDepth[1:] {
		for _, e := range level {
			if e.from == 0 {
				continue
			}
			f := t.step(t.fail[e.from], e.char)
			t.fail[e.to], t.next[e.to] = f, f
			if t.word[f] == none {
				t.next[e.to] = t.next[f]
			}
		}
	}
}

type edgeFrom struct {
	from int32
	char rune
	to   int32
}

// pack moves the edges into the flat table.
func (t *tree) pack() {
	size := 16
	for size < 3*len(t.edges) {
		size *= 2
	}
	t.table = make([]edge, size)
	for key, to := range t.edges {
		i := int(scatter(key)) & (size - 1)
		for t.table[i].to != 0 {
			i = (i + 1) & (size - 1)
		}
		t.table[i] = edge{key, to}
	}
	t.edges = nil
}

func scatter(key uint64) uint64 {
	key *= 0x9e3779b97f4a7c15
	return key >> 29
}

// to is where an edge leads, 0 where there is none.
func (t *tree) to(state int32, c rune) int32 {
	key := edgeKey(state, c)
	if t.table == nil {
		return t.edges[key]
	}
	for i := int(scatter(key)) & (len(t.table) - 1); t.table[i].to != 0; i = (i + 1) & (len(t.table) - 1) {
		if t.table[i].key == key {
			return t.table[i].to
		}
	}
	return 0
}

// step is the state after a character: that of the longest end of the text that begins a word.
func (t *tree) step(state int32, c rune) int32 {
	for {
		if to := t.to(state, c); to != 0 || state == 0 {
			return to
		}
		state = t.fail[state]
	}
}
