package verdict

// tree finds words in characters: an Aho-Corasick automaton over a flat hash table of its edges.
type tree struct {
	table []edge  // open addressing, a power of two long, at most half full
	come  []int32 // by state: the state before it
	char  []rune  // by state: the character it is reached by
	fail  []int32 // by state
	word  []int32 // by state: the word that ends there, or none
	next  []int32 // by state: the state of the next shorter word that ends there, or 0
	depth []int32
}

type edge struct {
	state int32
	char  rune
	to    int32
}

const none = -1

// newTree is a tree for about so many states.
func newTree(states int) *tree {
	size := 16
	for size < 2*states {
		size *= 2
	}
	t := &tree{table: make([]edge, size)}
	for _, column := range []*[]int32{&t.come, &t.char, &t.fail, &t.word, &t.next, &t.depth} {
		*column = append(make([]int32, 0, states), 0)
	}
	t.word[0] = none
	return t
}

// add adds a word. A word added twice keeps its last value.
func (t *tree) add(word []rune, value int32) {
	t.word[t.insert(word)] = value
}

// insert makes the states of a word and returns its last.
func (t *tree) insert(word []rune) int32 {
	s := int32(0)
	for _, c := range word {
		s = t.child(s, c)
	}
	return s
}

// child is where an edge leads, which is made where there is none.
func (t *tree) child(state int32, c rune) int32 {
	e := t.find(state, c)
	if e.to != 0 {
		return e.to
	}
	to := int32(len(t.fail)) //nolint:gosec // fewer than a million
	*e = edge{state, c, to}
	t.come, t.char, t.depth = append(t.come, state), append(t.char, c), append(t.depth, t.depth[state]+1)
	t.fail, t.word, t.next = append(t.fail, 0), append(t.word, none), append(t.next, 0)
	if 2*len(t.fail) > len(t.table) {
		t.widen()
	}
	return to
}

// widen makes the table of edges twice as long.
func (t *tree) widen() {
	t.table = make([]edge, 2*len(t.table))
	for to := int32(1); int(to) < len(t.fail); to++ { //nolint:gosec // fewer than a million
		*t.find(t.come[to], t.char[to]) = edge{t.come[to], t.char[to], to}
	}
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
	for _, s := range t.byDepth() {
		if t.depth[s] < 2 {
			continue // nothing shorter ends there
		}
		f := t.step(t.fail[t.come[s]], t.char[s])
		t.fail[s], t.next[s] = f, f
		if t.word[f] == none {
			t.next[s] = t.next[f]
		}
	}
	t.come, t.char = nil, nil
}

// byDepth are the states, the shallow ones first.
func (t *tree) byDepth() []int32 {
	var from []int32 // by depth: where its states begin
	for _, d := range t.depth {
		for int(d)+1 >= len(from) {
			from = append(from, 0)
		}
		from[d+1]++
	}
	for d := range from[1:] {
		from[d+1] += from[d]
	}
	all := make([]int32, len(t.depth))
	for s, d := range t.depth {
		all[from[d]] = int32(s) //nolint:gosec // fewer than a million
		from[d]++
	}
	return all
}

// find is the place of an edge in the table, empty where there is none.
func (t *tree) find(state int32, c rune) *edge {
	for i := scatter(state, c) & (len(t.table) - 1); ; i = (i + 1) & (len(t.table) - 1) {
		if e := &t.table[i]; e.to == 0 || e.state == state && e.char == c {
			return e
		}
	}
}

func scatter(state int32, c rune) int {
	key := uint64(uint32(state))<<32 | uint64(uint32(c)) //nolint:gosec // both are small
	return int(key * 0x9e3779b97f4a7c15 >> 33)           //nolint:gosec // 31 bits
}

// to is where an edge leads, 0 where there is none.
func (t *tree) to(state int32, c rune) int32 { return t.find(state, c).to }

// step is the state after a character: that of the longest end of the text that begins a word.
func (t *tree) step(state int32, c rune) int32 {
	for {
		if to := t.to(state, c); to != 0 || state == 0 {
			return to
		}
		state = t.fail[state]
	}
}
