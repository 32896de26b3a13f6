package chat

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// Block is a piece of a reply's text as a person sees it.
type Block struct {
	Kind     BlockKind
	Label    string // what Text is about, colon included, such as 「别做：」; "" none
	Text     string
	Done, Of int // the bar at the end of the line; Of 0: none
}

// BlockKind says how a block looks.
type BlockKind string

// The kinds of blocks.
const (
	Head   BlockKind = "head"   // the answer in one sentence
	Plain  BlockKind = "plain"  // a paragraph
	Quote  BlockKind = "quote"  // somebody else's words
	Ticked BlockKind = "ticked" // an item that is done
	Now    BlockKind = "now"    // the item that one is at
	Open   BlockKind = "open"   // an item that is not done
	Small  BlockKind = "small"  // sources, and what stands behind them
)

// marks are how the dialog begins the lines that are items or sources.
var marks = []struct {
	prefix string
	kind   BlockKind
}{{"☑ ", Ticked}, {"✔ ", Ticked}, {"□ ", Open}, {"○ ", Open}, {"● ", Now}}

const (
	sources  = "依据："
	headMost = 36 // runes of a first line that is a head as a whole
	bars     = "▰▱"
)

// label finds a short word with a colon at the beginning of a line.
var label = regexp.MustCompile(`^\p{Han}{2,6}：`)

// SplitHead takes the head from a first line: the whole of it, or of a long one its first sentence.
func SplitHead(line string) (head, rest string) {
	if utf8.RuneCountInString(line) <= headMost {
		return line, ""
	}
	i := strings.IndexAny(line, "。！？")
	if i < 0 {
		return line, ""
	}
	_, size := utf8.DecodeRuneInString(line[i:])
	rest = strings.TrimLeft(line[i+size:], "」』”）")
	return line[:len(line)-len(rest)], rest
}

// CutQuote is what a line quotes, if it does.
func CutQuote(line string) (string, bool) { return strings.CutPrefix(line, "> ") }

// Blocks reads a reply's text: its first line is the head, marks at the beginning of a line say what that is.
func Blocks(text string) []Block {
	first, others, _ := strings.Cut(text, "\n")
	head, rest := SplitHead(first)
	all := []Block{withBar(Block{Kind: Head, Text: head})}
	if rest != "" {
		all = append(all, paragraph(rest))
	}
	small := false
	for line := range strings.SplitSeq(others, "\n") {
		small = small || strings.HasPrefix(line, sources)
		switch {
		case line == "":
		case small:
			all = append(all, Block{Kind: Small, Text: line})
		default:
			all = append(all, paragraph(line))
		}
	}
	return all
}

func paragraph(line string) Block {
	if quote, ok := CutQuote(line); ok {
		return Block{Kind: Quote, Text: quote}
	}
	for _, m := range marks {
		if text, ok := strings.CutPrefix(line, m.prefix); ok {
			return Block{Kind: m.kind, Text: text}
		}
	}
	word := label.FindString(line)
	return withBar(Block{Kind: Plain, Label: word, Text: line[len(word):]})
}

// withBar takes the drawn bar from the end of a block's text and counts it.
func withBar(b Block) Block {
	i := strings.IndexAny(b.Text, bars)
	if i < 0 || strings.Trim(b.Text[i:], bars) != "" {
		return b
	}
	b.Done, b.Of = strings.Count(b.Text[i:], "▰"), utf8.RuneCountInString(b.Text[i:])
	b.Text = strings.TrimSpace(b.Text[:i])
	return b
}
