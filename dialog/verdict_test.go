package dialog

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestQuotesAreShortAndHarmless: whatever the message says, its quote is one short line with nothing in it to press.
func TestQuotesAreShortAndHarmless(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := quoted(rapid.String().Draw(t, "words"))
		if n := utf8.RuneCountInString(q); n > quoteRunes+3 || !utf8.ValidString(q) {
			t.Fatalf("%d characters: %q", n, q)
		}
		if strings.ContainsAny(q, "./@#\n") {
			t.Fatalf("something to press in %q", q)
		}
	})
	assert.Equal(t, "「icbc-jf．com／pay」", quoted("http://www.icbc-jf.com/pay"))
	assert.Equal(t, "「『假』的」", quoted("「假」的"))
}

func TestQuotesBreakNoCharacter(t *testing.T) {
	family := "👨‍👩‍👧"
	q := quoted(strings.Repeat("一", 8) + family + strings.Repeat("二", 30))
	assert.True(t, strings.Contains(q, family) || !strings.Contains(q, "👨"), q)
	q = quoted(strings.Repeat("一", 30) + "e\u0301" + strings.Repeat("二", 8))
	assert.NotContains(t, q, "…\u0301")
}

// TestPagesHold300: however long the sentences are, a screen fits; the headline and the first step are on it.
func TestPagesHold300(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.RuneFrom([]rune("一二三")), 1, 60, -1)
		var all []Opinion
		for range rapid.IntRange(1, 20).Draw(t, "messages") {
			o := Opinion{Label: "scam", Sure: "likely", Harmful: true, Headline: text.Draw(t, "headline"), Text: text.Draw(t, "text"),
				Advice: rapid.SliceOfN(text, 1, 3).Draw(t, "advice"), Avoid: rapid.SliceOfN(text, 0, 3).Draw(t, "avoid"),
				Origin: text.Draw(t, "origin"), Manner: text.Draw(t, "manner")}
			for range rapid.IntRange(0, 3).Draw(t, "reasons") {
				o.Reasons = append(o.Reasons, Reason{text.Draw(t, "quote"), text.Draw(t, "meaning")})
			}
			all = append(all, o)
		}
		p := fill(all, several(all))
		if n := utf8.RuneCountInString(p.String()); n > screenRunes {
			t.Fatalf("%d characters", n)
		}
		if !strings.Contains(p.String(), all[0].Headline) || !strings.Contains(p.String(), all[0].Advice[0]) {
			t.Fatalf("what matters is missing: %s", p)
		}
	})
}

// TestDisputesReachEditorsOnlyWithLeave: and then masked, with both labels.
func TestDisputesReachEditorsOnlyWithLeave(t *testing.T) {
	p := newPerson()
	p.do(Event{Kind: Text, Text: "请转账到这里，电话13812345678", Forwarded: true})
	disputes := func() []Note {
		return slices.DeleteFunc(slices.Clone(p.notes), func(n Note) bool { return n.Kind != "dispute" })
	}
	p.do(Event{Kind: Press, Data: "dispute:00"})
	p.presses("没什么问题")
	assert.Empty(t, disputes(), "an opinion alone is nobody's to read")
	p.presses("可以")
	require.Len(t, disputes(), 1)
	assert.Equal(t, "scam → other 请转账到这里，电话〔电话〕", disputes()[0].Value)
}

// TestNothingIsLoadedWhileTheRulesStayTheSame: looking for corrections costs a comparison, and no list.
func TestNothingIsLoadedWhileTheRulesStayTheSame(t *testing.T) {
	p := newPerson()
	p.do(Event{Kind: Text, Text: "做任务有返利", Forwarded: true})
	out := p.d.Step(p.s, Event{ID: "a", At: p.now, Kind: Text, Text: "谢谢"})
	assert.Empty(t, out.Needs)
	newer := New(Parts{Answers: shelf{}, Judge: bell{newer: true}})
	out = newer.Step(p.s, Event{ID: "b", At: p.now, Kind: Text, Text: "谢谢"})
	assert.ElementsMatch(t, []List{Kept, Judged}, out.Needs)
}

// TestEvidenceIsCorrectedToo: what was kept long ago and fell out of the last messages is looked at again.
func TestEvidenceIsCorrectedToo(t *testing.T) {
	p := newPerson()
	p.s.Consent = Granted
	p.do(Event{Kind: Text, Text: "做任务有返利", Forwarded: true})
	p.do(Event{Kind: Press, Data: "keep:00"})
	for range judgedMost {
		p.now = p.now.Add(time.Minute)
		p.do(Event{Kind: Text, Text: "您的账单已出", Forwarded: true})
	}
	p.d = New(Parts{Answers: shelf{}, Judge: bell{newer: true}})
	out := p.do(Event{Kind: Text, Text: "我不想活了"})
	require.Len(t, out.Replies, 1, "not beside danger to life")
	out = p.do(Event{Kind: Text, Text: "谢谢"})
	require.Len(t, out.Replies, 2)
	assert.Contains(t, out.Replies[1].Text, "更正：之前有 1 条")
	for _, i := range p.items(Kept) {
		var m KeptMessage
		require.NoError(t, json.Unmarshal(i.Value, &m))
		assert.Equal(t, "scam", m.Label)
	}
	assert.Len(t, p.do(Event{Kind: Text, Text: "谢谢"}).Replies, 1, "it is said once")
}

// TestLongTextsAreKeptWhole: in parts, none of which is cut in a line.
func TestLongTextsAreKeptWhole(t *testing.T) {
	p := newPerson()
	p.s.Consent = Granted
	long := strings.Repeat("对方说了一行话，这一行不算短。\n", 500)
	p.do(Event{Kind: Text, Text: long, Forwarded: true})
	p.do(Event{Kind: Press, Data: "keepall:" + p.s.Draft})
	whole := ""
	for _, i := range p.items(Kept) {
		var m KeptMessage
		require.NoError(t, json.Unmarshal(i.Value, &m))
		assert.LessOrEqual(t, utf8.RuneCountInString(m.Text), messageMost)
		assert.True(t, strings.HasSuffix(m.Text, "\n"))
		whole += m.Text
	}
	assert.Equal(t, long, whole)
}
