package dialog

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSentencesThatSetAReminder in any state, with what it is about.
func TestSentencesThatSetAReminder(t *testing.T) {
	for text, about := range map[string]string{
		"下周五提醒我查投诉结果":            "查投诉结果",
		"提醒我明天打12378":            "打12378",
		"明天下午三点叫我给客服打电话":         "给客服打电话",
		"麻烦你后天早上九点喊我一声去银行":       "去银行",
		"每天晚上8点提醒我记一笔":           "记一笔",
		"平台说15日内答复，3天后提醒我看看":     "平台说15日内答复，看看",
		"半小时后提醒我关火，谢谢":           "关火",
		"能不能在12月10号提醒我一下":        "",
		"到时候提醒我看答复":              "看答复",
		"给我设个提醒":                 "",
		"设个提醒，下周一上午问银行":          "问银行",
		"12月1号提醒交材料":             "交材料",
		"帮我定个闹钟，明早7点":            "",
		"请在三个工作日后提醒我问问受理了没有，可以吗": "问问受理了没有",
		"明天提醒我问一下怎么投诉":           "问一下怎么投诉",
		"９点提醒我吃饭":                "吃饭",
		"记得下个月15号提醒我查征信":         "查征信",
		"我想让你周末提醒我整理证据":          "整理证据",
		"到12月5号，提醒我":             "",
		"提醒我查投诉结果":               "查投诉结果",
		"明天或者后天提醒我给平台打电话":        "给平台打电话",
		"好的，那就明天晚上八点提醒我吧":        "",
		"周五之前提醒我把说明寄出去":          "把说明寄出去",
		"后天叫我起床":                 "起床",
	} {
		p := arrived(t)
		talk := &talk{Dialog: p.d, s: p.s, e: Event{At: p.now, Text: text}}
		in, ok := talk.reminding(text)
		if assert.True(t, ok, text) {
			assert.Equal(t, "remindme", in.verb, text)
		}
		talk.s.Consent = Granted
		talk.e.Lists = map[List][]Item{Reminders: {}}
		talk.remindMe(text)
		got := talk.s.Text // asked back
		for _, c := range talk.changes {
			var r Reminder
			require.NoError(t, json.Unmarshal(c.Value, &r))
			got = r.About
		}
		assert.Equal(t, about, got, text)
	}
}

func TestSentencesThatSetNone(t *testing.T) {
	for _, text := range []string{
		"他们提醒我明天还钱", "平台每天提醒我还钱合法吗", "每天都提醒我还款，烦死了", "他们叫我明天还钱", "催收天天打电话提醒我还款怎么办", "为什么每天提醒我",
		"提醒您明天还款", "温馨提醒：您的账单明天到期", "客服叫我明天下午三点之前还清", "我想提醒我爸妈明天别接电话", "短信通知我12月1号开庭", "提醒大家明天小心",
		"法院通知我下周三开庭，是真的吗", "明天他们要上门怎么办", "通知我12月1号去法院是真的吗",
	} {
		p := arrived(t)
		talk := &talk{Dialog: p.d, s: p.s, e: Event{At: p.now, Text: text}}
		in, ok := talk.reminding(text)
		assert.False(t, ok, "%s is read as %v", text, in)
	}
}

// TestMessagesOfOthersSetNoReminder: nothing that is pasted or told is taken for a wish of the person.
func TestMessagesOfOthersSetNoReminder(t *testing.T) {
	p := arrived(t)
	for _, file := range []string{"../knowledge/verdict/train/data/messages.jsonl", "../knowledge/crisis/testdata/crisis.jsonl", "testdata/reading.jsonl"} {
		f, err := os.Open(file)
		require.NoError(t, err)
		defer f.Close()
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var c struct{ Text string }
			require.NoError(t, json.Unmarshal(lines.Bytes(), &c))
			talk := &talk{Dialog: p.d, s: p.s, e: Event{At: p.now, Text: c.Text}}
			in, ok := talk.reminding(c.Text)
			assert.False(t, ok, "%s is read as %v", c.Text, in)
		}
	}
}

// arrived is a borrower at the first step.
func arrived(t *testing.T) *person {
	t.Helper()
	p := newPerson()
	p.do(Event{Kind: Start})
	p.do(Event{Kind: Press, Data: "r1.safe"})
	p.do(Event{Kind: Press, Data: "r2.self"})
	require.Equal(t, InStep, p.s.State)
	return p
}

// BenchmarkReadingOfOtherWords: what most people type names no reminder, and must not pay for it.
func BenchmarkReadingOfOtherWords(b *testing.B) {
	p := newPerson()
	talk := &talk{Dialog: p.d, e: Event{At: p.now}}
	for b.Loop() {
		talk.reminding("他们今天又打电话给我妈，说要上门，怎么办")
	}
}
