package han

import (
	_ "embed"
	"strings"
)

// sounds.txt: a syllable without its tone, then the characters of GB 2312 that are read so (the commonest reading of
// each). Source: the tables of github.com/mozillazg/go-pinyin (MIT licence).
//
//go:embed sounds.txt
var sounds string

var (
	syllables = make(map[string]uint16, 512)
	spoken    = listen(sounds)
)

func listen(table string) *[last - first + 1]uint16 {
	var all [last - first + 1]uint16
	for line := range strings.Lines(table) {
		syllable, characters, _ := strings.Cut(strings.TrimSpace(line), " ")
		id := loose(syllable)
		for _, c := range characters {
			all[c-first] = id
		}
	}
	return &all
}

// loose is the number of a syllable. What many people do not tell apart has one number: zh and z, ch and c, sh and s,
// final ng and n.
func loose(syllable string) uint16 {
	key := syllable
	if len(key) > 2 && key[1] == 'h' {
		key = key[:1] + key[2:]
	}
	if strings.HasSuffix(key, "ng") && !strings.HasSuffix(key, "ong") {
		key = key[:len(key)-1]
	}
	id, ok := syllables[key]
	if !ok {
		id = uint16(len(syllables) + 1) //nolint:gosec // some four hundred
		syllables[key] = id
	}
	syllables[syllable] = id
	return id
}

// Sound is the number of the syllable that a character is read as, without its tone; 0 when it is not known.
func Sound(c rune) uint16 {
	if !Is(c) {
		return 0
	}
	return spoken[c-first]
}

// longest is the length of the longest syllable in letters: zhuang.
const longest = 6

// Syllables reads letters as pinyin: the sounds in order, or nil when they are none ("app", "ok").
func Syllables(letters string) []uint16 {
	if len(letters) > 8*longest*longest {
		return nil
	}
	fits := make([]int, len(letters)+1) // length of the syllable that ends here; 0: nothing ends here
	for end := 1; end <= len(letters); end++ {
		for n := min(longest, end); n > 0; n-- { // the longest first
			if end-n > 0 && fits[end-n] == 0 {
				continue
			}
			if _, ok := syllables[letters[end-n:end]]; ok {
				fits[end] = n
				break
			}
		}
	}
	if fits[len(letters)] == 0 {
		return nil
	}
	var found []uint16
	for end := len(letters); end > 0; end -= fits[end] {
		found = append(found, syllables[letters[end-fits[end]:end]])
	}
	for i, j := 0, len(found)-1; i < j; i, j = i+1, j-1 {
		found[i], found[j] = found[j], found[i]
	}
	return found
}
