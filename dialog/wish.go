package dialog

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// wishMost is how many characters a wish in own words has at most.
const wishMost = 40

// wished is what a clause says about where to go and what to do there, or the clauses so far together.
type wished struct {
	place string // an input, such as go:hub; "" none was named

	move, leave, end, wipe bool
	action                 bool // the place is an act of its own: 记一次
	how                    bool // 怎么: asks, unless it names a place
}

// wish reads a command in own words: clauses that are made of nothing but places, movements and fillers, 不弄了，回首页.
// What goes before may tell why, 前面填错了，我要退回去改, unless it speaks to a reader.
func wish(text string) (input, bool) {
	if utf8.RuneCountInString(text) > wishMost || addressed(text) {
		return input{}, false
	}
	said, whole, data := wished{}, true, false
	for _, clause := range clauses(plain(text)) {
		w, ok := clauseWish(clause)
		whole, data = whole && ok, data || w.target() == "delete"
		said = said.then(w, ok)
	}
	switch {
	case said.wipe && data:
		return parse("delete"), true
	case said.place != "" && (whole || said.move || said.action):
		return parse(said.place), true
	case said.leave && said.place == "":
		return parse("go:back"), true
	}
	return input{}, false
}

// onlyWish says whether a text is a wish and nothing besides.
func onlyWish(text string) bool {
	_, ok := wish(text)
	return ok && !slices.ContainsFunc(clauses(plain(text)), func(clause string) bool {
		_, known := clauseWish(clause)
		return !known
	})
}

// then adds a clause: the last place counts, and what no wish says takes back what was before it, but for an act of its
// own: 给我记上一笔，他们又打来了.
func (w wished) then(next wished, ok bool) wished {
	wipe := w.wipe || next.wipe && !next.how
	switch to := next.target(); {
	case !ok && !w.action:
		w = wished{}
	case !ok, to == "delete":
	case to != "":
		w = wished{place: to, move: next.move || next.end || next.wipe, action: next.action}
	case next.leave && !next.how:
		w.leave = true
	}
	w.wipe = wipe
	return w
}

// mayWish says whether a wish may be one here: not where the same words answer what was asked, or are what was said.
func (t *talk) mayWish(text string) bool {
	if b, ok := t.typedChoice(text); ok && isName(b, plain(text)) {
		return false
	}
	return t.s.State != LogWords || !startsWith("read.told", text)
}

// target is the place of a clause, or what is done to it: 关掉提醒, 清空资料.
func (w wished) target() string {
	switch {
	case w.wipe && (w.place == "go:data" || w.place == "list"):
		return "delete"
	case (w.end || w.leave && !w.move) && strings.HasPrefix(w.place, "remind"):
		return "stop:all"
	case w.wipe || w.end:
		return ""
	}
	return w.place
}

// clauseWish takes a clause apart; false where it has a word that no wish has.
func clauseWish(clause string) (wished, bool) {
	var w wished
	for clause != "" {
		kind, word := longest(clause)
		if word == "" {
			return wished{}, false
		}
		clause = clause[len(word):]
		switch kind {
		case "filler":
		case "move":
			w.move = true
		case "leave":
			w.leave = true
		case "end":
			w.end = true
		case "wipe":
			w.wipe = true
		case "how":
			w.how = true
		default:
			name, action := strings.CutPrefix(kind, "!")
			w.place, w.action = name, w.action || action
		}
	}
	return w, true
}

// longest is the longest word of a wish that a text begins with, and its kind.
func longest(text string) (kind, word string) {
	for _, l := range wishWords {
		for _, form := range l.forms {
			if len(form) > len(word) && strings.HasPrefix(text, form) {
				kind, word = l.name, form
			}
		}
	}
	return kind, word
}

// clauses are the parts of a text between its marks and blanks; a question mark stays with its clause.
func clauses(text string) []string {
	text = strings.NewReplacer("?", "? ", "？", "？ ").Replace(text)
	return strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune(" \n\t,，。.;；!！、…~～", c) })
}
