package chat

import "strings"

// Split breaks text into pieces of at most most runes: between paragraphs where it can, else at sentence ends,
// else wherever it must. Nothing but white space at the breaks is lost.
func Split(text string, most int) []string {
	var pieces []string
	rest := []rune(text)
	for len(rest) > most {
		cut := breakAt(rest[:most])
		if piece := strings.TrimSpace(string(rest[:cut])); piece != "" {
			pieces = append(pieces, piece)
		}
		rest = []rune(strings.TrimLeft(string(rest[cut:]), " \n\t"))
	}
	if piece := strings.TrimSpace(string(rest)); piece != "" || len(pieces) == 0 {
		pieces = append(pieces, piece)
	}
	return pieces
}

// breakAt finds the best place to break in the second half of a window.
func breakAt(window []rune) int {
	for _, marks := range []string{"\n", "。！？!?", "；;，,、 "} {
		for i := len(window) - 1; i >= len(window)/2; i-- {
			if strings.ContainsRune(marks, window[i]) {
				return i + 1
			}
		}
	}
	return len(window)
}
