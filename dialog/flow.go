package dialog

import (
	"fmt"
	"strings"
)

// Flow is the table of transitions as a picture: Mermaid, or Graphviz where dot is set. Ways from everywhere
// begin at one node of their own.
func Flow(dot bool) string {
	name := func(s State) string {
		switch s {
		case Fresh:
			return "fresh"
		case Any:
			return "anywhere"
		}
		return string(s)
	}
	var lines []string
	seen := make(map[string]bool)
	for _, row := range transitions {
		for _, to := range row.to {
			line := fmt.Sprintf("  %s -->|%s| %s", name(row.from), row.verb, name(to))
			if dot {
				line = fmt.Sprintf("  %q -> %q [label=%q];", name(row.from), name(to), row.verb)
			}
			if !seen[line] {
				seen[line] = true
				lines = append(lines, line)
			}
		}
	}
	if dot {
		return "digraph dialog {\n" + strings.Join(lines, "\n") + "\n}\n"
	}
	return "flowchart LR\n" + strings.Join(lines, "\n") + "\n"
}
