// Package han knows what is common to all reading of Chinese: traditional characters and their simplified forms.
package han

import (
	_ "embed"
	"strings"
)

// The characters with an entry lie between these.
const (
	first = 0x3400
	last  = 0x9fff
)

// traditional.txt: each traditional, variant or Cantonese character followed by its simplified form.
//
//go:embed traditional.txt
var table string

var simple = read(table)

func read(table string) *[last - first + 1]rune {
	var all [last - first + 1]rune
	pairs := []rune(strings.Join(strings.Fields(table), ""))
	for i := 0; i+1 < len(pairs); i += 2 {
		if c := pairs[i]; c >= first && c <= last {
			all[c-first] = pairs[i+1]
		}
	}
	return &all
}

// Is says whether a character is Chinese.
func Is(c rune) bool { return c >= first && c <= last }

// Simple is the simplified form of a character, or the character itself.
func Simple(c rune) rune {
	if Is(c) && simple[c-first] != 0 {
		return simple[c-first]
	}
	return c
}
