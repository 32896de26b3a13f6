package knowledge

import (
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	queryMost    = 300 // characters of a question that are searched
	storyLeast   = 45  // characters from which a text tells a story and asks in one place of it
	storyWeight  = 0.8 // of a clause of a story that does not ask
	asideWeight  = 0.4 // of it where another clause says that it is what is asked
	beforeWeight = 0.3 // of the question before, for a follow-up
	partLeast    = 4   // characters of a part of a question
	asidesMost   = 50  // characters of a question that is split by its commas
)

// clause is a piece of a question with what it counts.
type clause struct {
	text   string
	weight float32
}

// clauses are the most telling 300 characters of a question, in their order: what asks counts in full, what tells
// the story around it less.
func (l lexicon) clauses(text string) []clause {
	if utf8.RuneCountInString(text) < storyLeast {
		return []clause{{l.drop.Replace(text), 1}}
	}
	var all []clause
	asks, story := false, float32(storyWeight)
	if containsAny(text, l.wanting) {
		story = asideWeight
	}
	for _, piece := range strings.FieldsFunc(text, endsClause) {
		c := clause{l.drop.Replace(piece), story}
		if containsAny(c.text, l.asking) || containsAny(piece, l.wanting) {
			c.weight, asks = 1, true
		}
		all = append(all, c)
	}
	if !asks {
		for i := range all {
			all[i].weight = 1
		}
	}
	return l.telling(all)
}

func endsClause(c rune) bool { return strings.ContainsRune("。！!；;\n，,、…～~ ", c) }

// telling leaves out what tells least until 300 characters are left: by clauses that ask, then by words of the
// field for their length.
func (l lexicon) telling(all []clause) []clause {
	order := make([]int, len(all))
	worth := make([]float32, len(all))
	for i, c := range all {
		order[i] = i
		found := make(map[term]float32)
		if c.weight == 1 || len(all) < queryMost {
			l.grouped([]rune(l.sounds(l.normalise(c.text))), 1, func(t term, w float32) { found[t] = w })
		}
		worth[i] = c.weight * (1 + float32(len(found)))
	}
	slices.SortStableFunc(order, func(a, b int) int {
		if worth[a] > worth[b] {
			return -1
		}
		if worth[a] < worth[b] {
			return 1
		}
		return b - a
	})
	keep, left := make([]bool, len(all)), queryMost
	for _, i := range order {
		n := utf8.RuneCountInString(all[i].text)
		if n <= left {
			keep[i], left = true, left-n
		} else if left == queryMost {
			all[i].text, keep[i], left = string([]rune(all[i].text)[:queryMost]), true, 0
		}
	}
	var kept []clause
	for i, c := range all {
		if keep[i] {
			kept = append(kept, c)
		}
	}
	return kept
}

// parts splits a question that asks several things.
func (l lexicon) parts(text string) []string {
	for _, join := range l.joins {
		text = strings.ReplaceAll(text, join, "\n")
	}
	var all []string
	for _, p := range strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune("？?；;\n", c) }) {
		if p = strings.TrimSpace(l.drop.Replace(p)); utf8.RuneCountInString(p) >= partLeast {
			all = append(all, p)
		}
	}
	if len(all) < 2 {
		return nil
	}
	return all
}

// asides splits a short question by its commas: each clause that asks begins a part with what was told before it, and
// so does what is told behind one that asks.
func (l lexicon) asides(text string) []string {
	if utf8.RuneCountInString(text) > asidesMost {
		return nil
	}
	var all []string
	told := ""
	for _, piece := range strings.FieldsFunc(text, endsClause) {
		if !containsAny(piece, l.asking) {
			told += piece + " "
			continue
		}
		all, told = append(all, told+piece), ""
	}
	if len(all) > 0 && utf8.RuneCountInString(told) > partLeast {
		all = append(all, told)
	}
	for i := range all {
		all[i] = strings.TrimSpace(l.drop.Replace(all[i]))
	}
	all = slices.DeleteFunc(all, func(p string) bool { return utf8.RuneCountInString(p) < partLeast })
	if len(all) < 2 {
		return nil
	}
	return all
}
