package main

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wenzhu/dialog"
	"wenzhu/knowledge"
	"wenzhu/knowledge/verdict"
)

func realDialog(t *testing.T) *dialog.Dialog {
	t.Helper()
	c, err := verdict.New()
	require.NoError(t, err)
	base, err := knowledge.Load(knowledge.Embedded())
	require.NoError(t, err)
	return dialog.New(dialog.Parts{Answers: base, Judge: newJudge(c)})
}

// forward gives a message to somebody who is at the hub, and returns the screen and what it keeps.
func forward(t *testing.T, d *dialog.Dialog, text string) (dialog.Outcome, []dialog.Item) {
	t.Helper()
	e := dialog.Event{ID: "x", At: time.Date(2026, 11, 24, 20, 0, 0, 0, time.UTC), Kind: dialog.Text, Text: text, Forwarded: true}
	out := d.Step(dialog.Session{Home: dialog.InStep, State: dialog.Hub}, e)
	require.NotEmpty(t, out.Replies, text)
	var kept []dialog.Item
	for _, c := range out.Changes {
		kept = append(kept, dialog.Item{ID: c.ID, Value: c.Value})
	}
	return out, kept
}

// TestVerdictsFitAScreen: with the real rules and sentences, every screen about every message fits a phone, says what
// to do, and shows nothing of the message that a channel would make a link of.
func TestVerdictsFitAScreen(t *testing.T) {
	d := realDialog(t)
	f, err := os.Open("../knowledge/verdict/testdata/held.jsonl")
	require.NoError(t, err)
	defer f.Close()
	lines, n := bufio.NewScanner(f), 0
	for lines.Scan() {
		var m struct{ Text string }
		require.NoError(t, json.Unmarshal(lines.Bytes(), &m))
		out, kept := forward(t, d, m.Text)
		if len(kept) == 0 {
			continue // said that it cannot be judged
		}
		n++
		screens := []string{out.Replies[0].Text}
		for _, data := range []string{"further:00", "verify:00", "dispute:00"} {
			pressed := dialog.Event{ID: "y", Kind: dialog.Press, Data: data, Lists: map[dialog.List][]dialog.Item{dialog.Judged: kept, dialog.Kept: nil}}
			screens = append(screens, d.Step(out.Session, pressed).Replies[0].Text)
		}
		assert.Contains(t, screens[0], "现在这样做：\n· ", m.Text)
		for _, s := range screens {
			said, _, _ := strings.Cut(s, "\n依据：")
			assert.LessOrEqual(t, utf8.RuneCountInString(said), 300, "%s\n\n%s", m.Text, s)
			assert.NotContains(t, s, "://", m.Text)
			assert.NotContains(t, s, "@", m.Text)
		}
	}
	assert.Greater(t, n, 100)
}

// TestDangerComesFirst: of several messages the one that threatens violence is answered, with 110 first.
func TestDangerComesFirst(t *testing.T) {
	out, _ := forward(t, realDialog(t), "对方：你老婆电话我有，再不还钱打给她\n我：别打\n对方：弄死你全家")
	assert.Regexp(t, `一共 2 条，2 条有问题[\s\S]*现在这样做：\n· 觉得有危险，马上打 110`, out.Replies[0].Text)
	assert.NotContains(t, out.Replies[0].Text, "别打」", "what the person said themselves is not judged")
}

// TestDisguisedForeignIsRecognised: pinyin is no foreign language, and a lookalike address alone is enough.
func TestDisguisedForeignIsRecognised(t *testing.T) {
	d := realDialog(t)
	for text, want := range map[string]string{
		"http://www.icbc-jf.com/pay":                           "网址仿冒",
		"https://t.cn/abc":                                     "只有一个链接",
		"Dear customer, see you at the office on Monday then.": "主要不是中文",
		"13800000000":                                          "只有一个号码",
		"🙂🙂":                                                   "没有我能判断的字",
		"{\"a\": 1,\n\"b\": {\n\"c\": 2}}\n}":                  "一段程序",
	} {
		out, _ := forward(t, d, text)
		assert.Contains(t, out.Replies[0].Text, want, text)
	}
}
