package dialog

import (
	"maps"
	"strings"
)

// learn keeps a fact of the case, cut to its limit.
func (t *talk) learn(name, value string) {
	t.s.Facts = maps.Clone(t.s.Facts)
	if t.s.Facts == nil {
		t.s.Facts = make(map[string]string)
	}
	t.s.Facts[name] = cut(strings.Join(strings.Fields(value), " "), factRunes)
}

// fact is what is known under a name, or otherwise where nothing is.
func (t *talk) fact(name, otherwise string) string {
	if v := t.s.Facts[name]; v != "" {
		return v
	}
	return otherwise
}
