package dialog

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the conversations anew; read the diff")

// TestConversations plays the text files: "> " the person types, "* " presses the newest button with that label,
// "! " presses any data, "» " forwards, "≫ 9 " types nine times over, "% " sends what has no words, "@ " and "@» " speak to
// the bot in a group, "▣ " sends a picture with words,
// "▦ " one of an album, "R" brings new rules, "… " lets time go by, "~ " too and wakes the bot; "< " the bot says, "[ ] " its buttons, "= " the state.
func TestConversations(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(files), 30)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			content, err := os.ReadFile(file)
			require.NoError(t, err)
			got := play(t, string(content))
			if *update {
				require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
				return
			}
			assert.Equal(t, string(content), got)
		})
	}
}

func play(t *testing.T, script string) string {
	t.Helper()
	p := newPerson()
	var b strings.Builder
	for line := range strings.Lines(script) {
		line = strings.TrimSuffix(line, "\n")
		mark, rest, _ := strings.Cut(line, " ")
		var e Event
		switch mark {
		case ">":
			e = Event{Kind: Text, Text: strings.ReplaceAll(rest, `\n`, "\n")}
		case "»":
			e = Event{Kind: Text, Text: strings.ReplaceAll(rest, `\n`, "\n"), Forwarded: true, From: "某人"}
		case "▣":
			e = Event{Kind: Text, Text: strings.ReplaceAll(rest, `\n`, "\n"), FromPicture: true}
		case "▦":
			e = Event{Kind: Text, Text: rest, FromPicture: true, Album: "album"}
		case "R":
			p.d = New(Parts{Answers: shelf{}, Judge: bell{newer: true}, Operator: "测试"})
			b.WriteString(line + "\n")
			continue
		case "*":
			e = Event{Kind: Press, Data: pressed(t, p, rest)}
		case "!":
			e = Event{Kind: Press, Data: rest}
		case "%":
			e = Event{Kind: Media, Medium: Medium(rest)}
		case "≫":
			n, words, _ := strings.Cut(rest, " ")
			times, err := strconv.Atoi(n)
			require.NoError(t, err)
			e = Event{Kind: Text, Text: strings.Repeat(words, times)}
		case "@", "@»":
			b.WriteString(line + "\n")
			writeOutcome(&b, p.d.Group(Event{Kind: Text, Text: rest, Forwarded: mark == "@»"}, true))
			continue
		case "…":
			d, err := time.ParseDuration(rest)
			require.NoError(t, err)
			p.now = p.now.Add(d)
			b.WriteString(line + "\n")
			continue
		case "~":
			d, err := time.ParseDuration(rest)
			require.NoError(t, err)
			p.now = p.now.Add(d)
			e = Event{Kind: Due}
		case "#":
			b.WriteString(line + "\n")
			continue
		default:
			continue // what the bot said is written anew
		}
		b.WriteString(line + "\n")
		writeOutcome(&b, p.do(e))
	}
	return b.String()
}

func pressed(t *testing.T, p *person, label string) string {
	t.Helper()
	for _, b := range append(slices.Clone(p.s.Offered), p.screen...) {
		if b.Label == label {
			return b.Data
		}
	}
	t.Fatalf("no button %q among %v", label, p.screen)
	return ""
}

func writeOutcome(b *strings.Builder, out Outcome) {
	for _, r := range out.Replies {
		for line := range strings.SplitSeq(r.Text, "\n") {
			fmt.Fprintf(b, "< %s\n", line)
		}
		if r.Copy != "" {
			fmt.Fprintf(b, "<copy %s\n", strings.ReplaceAll(r.Copy, "\n", " / "))
		}
		if r.File != "" {
			fmt.Fprintf(b, "<file %s\n", r.File)
		}
		var labels []string
		for _, button := range r.Buttons {
			labels = append(labels, "["+button.Label+"]")
		}
		if len(labels) > 0 {
			fmt.Fprintf(b, "  %s\n", strings.Join(labels, " "))
		}
	}
	if out.Silence != "" {
		fmt.Fprintf(b, "(%s)\n", out.Silence)
	}
	fmt.Fprintf(b, "= %s\n", out.Session.State)
}
