package verdict

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestMessagesOfATextAreToldApart(t *testing.T) {
	for text, want := range map[string][]string{
		"一条消息":          {"一条消息"},
		"您好：请按时还款":      {"您好：请按时还款"},
		"【甲】您好。【乙】再见。":  {"【甲】您好。", "【乙】再见。"},
		"【甲】一\n【乙】二\n三": {"【甲】一\n", "【乙】二\n三"},
		"请还款【甲】":        {"请还款【甲】"},
		"小王：在吗\n小王：还钱\n我：没有\n小王：等着":                {"小王：在吗\n小王：还钱\n", "我：没有\n", "小王：等着"},
		"催收 10:21\n还钱\n我 10:25\n没钱":                {"催收 10:21\n还钱\n", "我 10:25\n没钱"},
		"2026/11/27 10:21\n一\n2026/11/27 11:02\n二": {"2026/11/27 10:21\n一\n", "2026/11/27 11:02\n二"},
		"": {""},
	} {
		var got []string
		for _, p := range split(text) {
			got = append(got, text[p.start:p.end])
		}
		assert.Equal(t, want, got, text)
	}
}

func TestTheWorstOfSeveralComesFirst(t *testing.T) {
	text := "【某银行】您尾号1234的信用卡本期账单1200元，还款日12月5日，请按时还款。\n【某贷】再不还钱弄死你全家，打断你的腿！"
	parts := checker(t).CheckAll(Message{Text: text})
	assert.Len(t, parts, 2)
	assert.Equal(t, IllegalCollection, parts[0].Verdict.Label)
	assert.True(t, strings.HasPrefix(text[parts[0].Start:], "【某贷】"))
	for _, p := range parts {
		for _, s := range p.Verdict.Signals {
			assert.Equal(t, text[p.Start:p.End][s.Start:s.End], s.Quote)
		}
	}
}

func TestManyMessagesStayFew(t *testing.T) {
	assert.Len(t, split(strings.Repeat("【甲】您好。\n", 1000)), mostParts)
}
