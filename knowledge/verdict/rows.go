package verdict

// rows are lists of values, by the number of their row, in one piece of memory.
type rows[T any] struct {
	from   []int32 // where each row begins, and the last ends
	values []T
}

// cell is a value of a row.
type cell[T any] struct {
	row   int32
	value T
}

// inRows sorts cells into n rows, in each in the order in which they came.
func inRows[T any](cells []cell[T], n int) rows[T] {
	r := rows[T]{from: make([]int32, n+2), values: make([]T, len(cells))}
	for _, c := range cells {
		r.from[c.row+2]++
	}
	for i := range n {
		r.from[i+2] += r.from[i+1]
	}
	for _, c := range cells { // from[row+1] is where the next value of the row goes
		r.values[r.from[c.row+1]] = c.value
		r.from[c.row+1]++
	}
	return r
}

func (r *rows[T]) of(row int32) []T { return r.values[r.from[row]:r.from[row+1]] }
