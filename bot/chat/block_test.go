package chat

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"
)

func TestBlocksOfAStep(t *testing.T) {
	assert.Equal(t, []Block{
		{Kind: Head, Text: "2/5 收集证据", Done: 1, Of: 5},
		{Kind: Plain, Text: "投诉、报警都看证据。"},
		{Kind: Ticked, Text: "1 记一笔"},
		{Kind: Open, Text: "2 截图"},
		{Kind: Plain, Label: "别做：", Text: "删原件。"},
	}, Blocks("2/5 收集证据 ▰▱▱▱▱\n投诉、报警都看证据。\n☑ 1 记一笔\n□ 2 截图\n别做：删原件。"))
}

func TestBlocksOfAVerdict(t *testing.T) {
	assert.Equal(t, []Block{
		{Kind: Head, Text: "可能是诈骗。先别点、别回、别转账。"},
		{Kind: Quote, Text: "保证金"},
		{Kind: Plain, Text: "先交钱才办事"},
		{Kind: Plain, Label: "现在这样做：", Text: "自己打官方客服。"},
	}, Blocks("可能是诈骗。先别点、别回、别转账。\n> 保证金\n先交钱才办事\n现在这样做：自己打官方客服。"))
}

// TestOnlyTheFirstSentenceOfALongAnswerIsItsHead, and what follows the sources is small as well.
func TestOnlyTheFirstSentenceOfALongAnswerIsItsHead(t *testing.T) {
	rest := strings.Repeat("这是推荐性国标和行业自律，可以拿来投诉。", 3)
	assert.Equal(t, []Block{
		{Kind: Head, Text: "夜里不该催。"},
		{Kind: Plain, Text: rest},
		{Kind: Small, Text: "依据：《民法典》"},
		{Kind: Small, Text: "还没有经过律师审核。"},
	}, Blocks("夜里不该催。"+rest+"\n\n依据：《民法典》\n还没有经过律师审核。"))
}

// TestBlocksKeepEveryWord: whatever a person or a lender wrote, nothing but marks and line ends goes.
func TestBlocksKeepEveryWord(t *testing.T) {
	letters := func(s string) string {
		return strings.NewReplacer("> ", "", "☑ ", "", "✔ ", "", "□ ", "", "○ ", "", "● ", "", "▰", "", "▱", "", "\n", "", " ", "").Replace(s)
	}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("> ☑□●▰▱依据：别做字。！x\n"))).Draw(t, "text")
		var kept strings.Builder
		for _, b := range Blocks(text) {
			kept.WriteString(b.Label + b.Text + "\n")
		}
		assert.Equal(t, letters(text), letters(kept.String()))
	})
}
