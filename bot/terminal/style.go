package terminal

import (
	"fmt"
	"strings"

	"golang.org/x/text/width"

	"wenzhu/bot/chat"
	"wenzhu/dialog"
)

const columns = 80

// style draws replies: the head bold, quotations indented, choices numbered.
type style struct{ colour bool }

func (s style) render(r dialog.Reply) string {
	var b strings.Builder
	b.WriteByte('\n')
	for i, line := range strings.Split(r.Text, "\n") {
		quote, isQuote := chat.CutQuote(line)
		switch {
		case isQuote:
			for _, l := range wrap(quote, columns-4) {
				b.WriteString(s.paint("2", "  │ "+l) + "\n")
			}
		default:
			for _, l := range wrap(line, columns) {
				if i == 0 {
					l = s.paint("1", l)
				}
				b.WriteString(l + "\n")
			}
		}
	}
	if r.Copy != "" {
		rule := strings.Repeat("─", columns/2)
		b.WriteString(s.paint("2", rule) + "\n" + r.Copy + "\n" + s.paint("2", rule) + "\n")
	}
	for i, button := range r.Buttons {
		label := button.Label
		if button.URL != "" {
			label += " " + button.URL
		}
		fmt.Fprintf(&b, "  %s %s\n", s.paint("36", fmt.Sprintf("%d.", i+1)), label)
	}
	return b.String()
}

func (s style) paint(code, text string) string {
	if !s.colour {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// wrap breaks a line into pieces of at most the given columns, East-Asian width counted. A closing mark does
// not begin a line: the character before it comes along. Words of Latin letters and numbers stay whole.
func wrap(line string, most int) []string {
	var lines []string
	var current []rune
	used, breakAt := 0, 0 // columns; where a run of narrow characters began
	for _, c := range line {
		w := columnsOf(c)
		if used+w > most && len(current) > 0 {
			cut := breakBefore(current, breakAt, c)
			lines = append(lines, strings.TrimRight(string(current[:cut]), " "))
			current = append([]rune(nil), current[cut:]...)
			used, breakAt = 0, 0
			for _, k := range current {
				used += columnsOf(k)
			}
		}
		current = append(current, c)
		used += w
		if wide(c) || c == ' ' {
			breakAt = len(current)
		}
	}
	return append(lines, string(current))
}

// breakBefore says how many characters of a full line stay on it when c comes next.
func breakBefore(full []rune, breakAt int, c rune) int {
	cut := len(full)
	if !wide(c) && !closing(c) && breakAt > 0 {
		cut = breakAt
	}
	next := c
	if cut < len(full) {
		next = full[cut]
	}
	for cut > 1 && closing(next) {
		cut--
		next = full[cut]
	}
	return cut
}

func columnsOf(c rune) int {
	if wide(c) {
		return 2
	}
	return 1
}

func wide(c rune) bool {
	k := width.LookupRune(c).Kind()
	return k == width.EastAsianWide || k == width.EastAsianFullwidth
}

func closing(c rune) bool {
	return strings.ContainsRune("，。；：？！、）》」』】”’…", c)
}
