package terminal

import (
	"bytes"
	"cmp"
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wenzhu/bot/chat"
	"wenzhu/bot/store"
	"wenzhu/bot/turn"
	"wenzhu/bot/turntest"
	"wenzhu/dialog"
)

func TestLinesKeepWithinTheColumns(t *testing.T) {
	text := strings.Repeat("催收人员说再不还款就上门，", 20) + "https://www.nfra.gov.cn/some/long/path " + strings.Repeat("a", 200)
	for _, line := range wrap(text, columns) {
		n := 0
		for _, c := range line {
			n += columnsOf(c)
		}
		assert.LessOrEqual(t, n, columns, line)
		assert.False(t, strings.HasPrefix(line, "，"), line)
	}
	assert.Equal(t, strings.ReplaceAll(text, " ", ""), strings.ReplaceAll(strings.Join(wrap(text, columns), ""), " ", ""), "nothing is lost")
}

// FuzzWrap: any line fits, nothing of it is lost, and no line is empty that was not.
func FuzzWrap(f *testing.F) {
	f.Add("「您好。」）））））））")
	f.Add("a b。c，" + strings.Repeat("，", 90))
	f.Fuzz(func(t *testing.T, line string) {
		if !utf8.ValidString(line) || strings.ContainsAny(line, "\n\r\t") {
			t.Skip()
		}
		squeeze := func(s string) string { return strings.ReplaceAll(s, " ", "") }
		lines := wrap(line, columns)
		assert.Equal(t, squeeze(line), squeeze(strings.Join(lines, "")))
		for _, l := range lines {
			n := 0
			for _, c := range l {
				n += columnsOf(c)
			}
			assert.LessOrEqual(t, n, columns)
		}
	})
}

func TestChoicesAreNumbered(t *testing.T) {
	got := style{}.render(dialog.Reply{Text: "您现在安全吗？\n> 原话", Copy: "要复制的", Buttons: []dialog.Button{{Label: "安全"}, {Label: "不安全"}}})
	assert.Equal(t, "\n您现在安全吗？\n  │ 原话\n"+strings.Repeat("─", 40)+"\n要复制的\n"+strings.Repeat("─", 40)+"\n  1. 安全\n  2. 不安全\n", got)
	assert.NotContains(t, got, "\x1b")
	assert.Contains(t, style{colour: true}.render(dialog.Reply{Text: "x"}), "\x1b[1m")
}

// parrot answers with what it hears.
type parrot struct{}

func (parrot) Step(s dialog.Session, e dialog.Event) dialog.Outcome {
	return dialog.Outcome{Session: s, Replies: []dialog.Reply{{Text: "heard " + cmp.Or(e.Text, "nothing"), Buttons: []dialog.Button{{Label: "好", Data: "1"}}}}}
}

func (parrot) Stand(dialog.Session) dialog.Reply { return dialog.Reply{Text: "stand"} }

// talk runs a terminal to the end of its input and returns what was on it.
func talk(t *testing.T, live bool, input string) string {
	t.Helper()
	file, err := store.OpenFile(t.TempDir(), store.Keyring{})
	require.NoError(t, err)
	defer file.Close()
	path := turn.New(turn.Options{
		Store: file, Dialog: func() turn.Dialog { return parrot{} }, Channels: make(map[string]chat.Channel), Now: time.Now,
		Log: slog.New(slog.DiscardHandler), Meter: turntest.Meter{}, Replica: "a", Retention: time.Hour,
	})
	defer path.Stop()
	var screen bytes.Buffer
	term := New(Options{
		In: strings.NewReader(input), Out: &screen, Live: live, Path: path, Prefix: "r",
		Idle: func(ctx context.Context) bool { return path.Idle(ctx, User) },
	})
	path.Channels[term.Name()] = term
	require.NoError(t, term.Run(t.Context()))
	return screen.String()
}

func TestPipedLinesAreAnsweredOneByOne(t *testing.T) {
	got := talk(t, false, "a\n\n\u202eb\n")
	assert.Equal(t, "\nheard nothing\n  1. 好\n\nheard a\n  1. 好\n\nheard b\n  1. 好\n", got)
}

func TestWhoTypesSeesWhenItIsTheirTurn(t *testing.T) {
	got := talk(t, true, "a\nb")
	assert.Equal(t, "\nheard nothing\n  1. 好\n› \nheard a\nb\n  1. 好\n› ", got, "lines pasted together are one message")
}
