package terminal

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"wenzhu/dialog"
)

func TestLinesKeepWithinTheColumns(t *testing.T) {
	text := strings.Repeat("催收人员说再不还款就上门，", 20) + "https://www.nfra.gov.cn/some/long/path " + strings.Repeat("a", 200)
	for _, line := range wrap(text, columns) {
		n := 0
		for _, c := range line {
			n += columnsOf(c)
		}
		assert.LessOrEqual(t, n, columns+2, line)
		assert.False(t, strings.HasPrefix(line, "，"), line)
	}
	assert.Equal(t, strings.ReplaceAll(text, " ", ""), strings.ReplaceAll(strings.Join(wrap(text, columns), ""), " ", ""), "nothing is lost")
}

func TestChoicesAreNumbered(t *testing.T) {
	got := style{}.render(dialog.Reply{Text: "您现在安全吗？\n> 原话", Copy: "要复制的", Buttons: []dialog.Button{{Label: "安全"}, {Label: "不安全"}}})
	assert.Equal(t, "\n您现在安全吗？\n  │ 原话\n"+strings.Repeat("─", 40)+"\n要复制的\n"+strings.Repeat("─", 40)+"\n  1. 安全\n  2. 不安全\n", got)
	assert.NotContains(t, got, "\x1b")
	assert.Contains(t, style{colour: true}.render(dialog.Reply{Text: "x"}), "\x1b[1m")
}
