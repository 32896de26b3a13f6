package ocr

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// row is one line of words with its place in the picture, in pixels.
type row struct {
	left, top, right, bottom int
	text                     string
}

// word is one word of a row, and how sure the program is of it, 0 to 100.
type word struct {
	row
	sure float64
}

// rows reads the table that the program prints: level, page, block, paragraph, line, word, left, top, width, height,
// confidence, text.
//
// sure is how sure the program is of the words, 0 to 100; 0 where there are none.
func rows(table string) (all []row, sure float64) {
	var words []word
	last, n := "", 0
	finish := func() {
		kept := likely(words)
		for _, w := range kept {
			sure, n = sure+w.sure, n+1
		}
		if r, ok := joined(kept); ok {
			all = append(all, r)
		}
		words = nil
	}
	for line := range strings.Lines(table) {
		f := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		if len(f) < 12 || f[0] != "5" || strings.TrimSpace(f[11]) == "" {
			continue
		}
		if at := strings.Join(f[1:5], " "); at != last {
			finish()
			last = at
		}
		var at [4]int
		ok := true
		for i := range at {
			v, err := strconv.Atoi(f[6+i])
			at[i], ok = v, ok && err == nil
		}
		how, err := strconv.ParseFloat(f[10], 64)
		if ok && err == nil {
			words = append(words, word{row{at[0], at[1], at[0] + at[2], at[1] + at[3], f[11]}, how})
		}
	}
	finish()
	return all, sure / float64(max(n, 1))
}

// What the program takes for words at the edges of bubbles and portraits it is hardly sure of, measured on drawn
// conversations: below noWord there is none; below doubtful there is none where it stands apart from its row; and a row
// needs one word that is better than rowLeast. A word too many harms less than one too few.
const (
	noWord   = 1
	doubtful = 25
	rowLeast = 40
)

// likely are the words of a row that are likely to be some.
func likely(words []word) []word {
	var heights []int
	best := 0.0
	for _, w := range words {
		best = max(best, w.sure)
		if w.sure >= doubtful {
			heights = append(heights, w.bottom-w.top)
		}
	}
	if best < rowLeast {
		return nil
	}
	slices.Sort(heights)
	tall := heights[len(heights)/2]
	apart := func(i int) bool {
		before := i == 0 || words[i].left-words[i-1].right > 2*tall
		after := i == len(words)-1 || words[i+1].left-words[i].right > 2*tall
		return before && after
	}
	var out []word
	for i, w := range words {
		if w.sure >= doubtful || w.sure >= noWord && !apart(i) {
			out = append(out, w)
		}
	}
	return out
}

// joined is one row of its words; false where there are none.
func joined(words []word) (row, bool) {
	if len(words) == 0 {
		return row{}, false
	}
	r := words[0].row
	for _, w := range words[1:] {
		r.left, r.top, r.right, r.bottom = min(r.left, w.left), min(r.top, w.top), max(r.right, w.right), max(r.bottom, w.bottom)
		r.text += " " + w.text
	}
	r.text = joinHan(r.text)
	return r, true
}

// bubble is what stands together, on one side of the picture.
type bubble struct {
	row
	side side
	text []string
}

// side is where a bubble stands: the other's words are on the left, one's own on the right, times in the middle.
type side int

const (
	left side = iota
	right
	middle
)

// clock is a line that only says when: chats put it between the bubbles, phones at the top.
var clock = regexp.MustCompile(`^\D{0,6}\d{1,2}[:：]\d{2}\D{0,3}$`)

// bubbles groups rows: a gap larger than most of a line, or a new margin, begins another one.
func bubbles(all []row, width int) []bubble {
	var out []bubble
	for _, r := range all {
		if clock.MatchString(r.text) {
			continue
		}
		height := r.bottom - r.top
		if n := len(out); n > 0 {
			b := &out[n-1]
			if r.top-b.bottom < height && sameMargin(b.row, r, width) {
				b.left, b.right, b.bottom = min(b.left, r.left), max(b.right, r.right), max(b.bottom, r.bottom)
				b.text = append(b.text, r.text)
				continue
			}
		}
		out = append(out, bubble{row: r, text: []string{r.text}})
	}
	for i := range out {
		out[i].side = sideOf(out[i].row, width)
	}
	return out
}

// sameMargin says whether a row goes on where a bubble began: they begin at the same place.
func sameMargin(b, r row, width int) bool {
	d := r.left - b.left
	return d < width/25 && d > -width/25
}

// sideOf compares the room left and right of a bubble.
func sideOf(r row, width int) side {
	before, after := r.left, width-r.right
	d := before - after
	switch {
	case before > width/4 && after > width/4 && d < width/10 && d > -width/10:
		return middle
	case d > width/12:
		return right
	}
	return left
}

// talk is what a picture says. Where bubbles stand on both sides each begins with who speaks.
func talk(all []row, width int, theirs, mine string) string {
	found := bubbles(all, width)
	both := slices.ContainsFunc(found, func(b bubble) bool { return b.side == left }) &&
		slices.ContainsFunc(found, func(b bubble) bool { return b.side == right })
	var lines []string
	for _, b := range found {
		text := strings.Join(b.text, "\n")
		switch {
		case !both:
		case b.side == left:
			text = theirs + join(b.text)
		case b.side == right:
			text = mine + join(b.text)
		}
		lines = append(lines, text)
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// join makes one line of the lines of a bubble.
func join(lines []string) string { return joinHan(strings.Join(lines, " ")) }
