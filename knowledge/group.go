package knowledge

import "strings"

// similar is the overlap of pairs at which two questions count as one.
const similar = 0.45

// GroupSimilar puts lines that say nearly the same together, in the order in which they came.
func GroupSimilar(lines []string) [][]string {
	var groups [][]string
	var first []map[string]bool
next:
	for _, line := range lines {
		pairs := pairsOf(strings.ToLower(line))
		for i, f := range first {
			common := 0
			for p := range pairs {
				if f[p] {
					common++
				}
			}
			if overlap(common, len(pairs), len(f)) >= similar {
				groups[i] = append(groups[i], line)
				continue next
			}
		}
		groups, first = append(groups, []string{line}), append(first, pairs)
	}
	return groups
}
