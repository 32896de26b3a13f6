package knowledge

// table holds numbers by key, more quickly than a map: open addressing, at most two thirds full.
type table struct {
	cells []cell // a power of two
	held  int
}

type cell struct {
	key   uint64
	value int32 // one more than the number; 0: empty
}

// newTable is a table for about so many keys.
func newTable(keys int) table {
	size := 16
	for 2*size < 3*keys {
		size *= 2
	}
	return table{cells: make([]cell, size)}
}

// cell is where a key stands, or would stand.
func (t *table) cell(key uint64) *cell {
	for i := int(key * 0x9e3779b97f4a7c15 >> 33); ; i++ { //nolint:gosec // 31 bits
		if c := &t.cells[i&(len(t.cells)-1)]; c.value == 0 || c.key == key {
			return c
		}
	}
}

func (t *table) get(key uint64) (number int32, known bool) {
	value := t.cell(key).value
	return value - 1, value > 0
}

func (t *table) set(key uint64, number int32) {
	c := t.cell(key)
	if c.value == 0 {
		if t.held++; 3*t.held > 2*len(t.cells) {
			t.widen()
			c = t.cell(key)
		}
	}
	*c = cell{key, number + 1}
}

func (t *table) widen() {
	old := t.cells
	t.cells = make([]cell, 2*len(old))
	for _, c := range old {
		if c.value > 0 {
			*t.cell(c.key) = c
		}
	}
}
