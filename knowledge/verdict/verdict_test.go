package verdict

import (
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func checker(t testing.TB) *Checker {
	t.Helper()
	c, err := New()
	require.NoError(t, err)
	return c
}

// TestUnseenMessages: the file holds lines that neither rules nor weights have seen. The bounds are what stands
// today; they may only get better.
func TestUnseenMessages(t *testing.T) {
	f, err := os.Open("testdata/held.jsonl")
	require.NoError(t, err)
	defer f.Close()
	r, err := Evaluate(checker(t), f)
	require.NoError(t, err)
	missed, risky := r.Misses()
	alarmed, safe := r.Alarms()
	assert.GreaterOrEqual(t, r.Macro(), 0.84)
	assert.LessOrEqual(t, ratio(missed, risky), 0.03)
	assert.LessOrEqual(t, ratio(alarmed, safe), 0.06)
}

func TestQuotesAreTheSendersOwnCharacters(t *testing.T) {
	text := "贷款已批，先交保 证★金才能放款，Ｖ信联系"
	v := checker(t).Check(Message{Text: text})
	require.NotEmpty(t, v.Signals)
	for _, s := range v.Signals {
		assert.Equal(t, text[s.Start:s.End], s.Quote)
	}
	kept := func(s Signal) bool { return strings.Contains(s.Quote, "★") }
	assert.True(t, slices.ContainsFunc(v.Signals, kept), "what was inserted is undone for the search and kept in the quote: %v", v.Signals)
}

func TestOddInputIsJudgedWithoutHarm(t *testing.T) {
	c := checker(t)
	for _, text := range []string{"", "a", "🙂🙂", "http://", "12345", "\xff\xfe", strings.Repeat("长", 100_000), strings.Repeat("法院", 5000),
		strings.Repeat("还", 20_000), strings.Repeat("还款还", 5000), strings.Repeat("。", 20_000), strings.Repeat("【", 20_000), strings.Repeat("1", 20_000), strings.Repeat("http://a.", 5000), strings.Repeat("a.b", 9000), strings.Repeat("**", 9000), strings.Repeat("\u0301", 9000)} {
		v := c.Check(Message{Text: text})
		assert.NotEmpty(t, v.Label)
		assert.NotEmpty(t, v.Headline)
		assert.True(t, v.Confidence >= 0 && v.Confidence <= 1)
	}
}

func FuzzCheck(f *testing.F) {
	c := checker(f)
	f.Add("【某贷】请还款 http://a.top")
	f.Add("\xff保★证\u200b金")
	f.Fuzz(func(t *testing.T, text string) {
		v := c.Check(Message{Text: text})
		for _, s := range v.Signals {
			if s.Start < 0 || s.End > len(text) || text[s.Start:s.End] != s.Quote {
				t.Errorf("%q: quote %q", text, s.Quote)
			}
			if utf8.ValidString(text) && !utf8.ValidString(s.Quote) {
				t.Errorf("%q: quote %q is cut inside a character", text, s.Quote)
			}
		}
		c.Looks(text)
	})
}

// repeated is a text of so many characters that says one thing over and over.
func repeated(s string, n int) string {
	runes := []rune(s)
	out := make([]rune, n)
	for i := range out {
		out[i] = runes[i%len(runes)]
	}
	return string(out)
}

// TestOrdinaryTalkIsNoCrime: what is told, quoted or warned of is not what the message does.
func TestOrdinaryTalkIsNoCrime(t *testing.T) {
	for _, text := range []string{
		"儿子，有难处跟妈说，妈不骂你，咱慢慢还，别一个人扛",
		"您的退货申请商家已同意，货款将原路退回，请在5天内填写运单号",
		"人民陪审员陈女士，您被抽选为12日上午9点案件的陪审员，请提前十五分钟到庭",
		"【交管】您的驾驶证本周期已记9分，记满12分须参加学习考试",
		"【反诈提醒】凡是自称客服让您开屏幕共享、转到安全账户的，都是骗子，请转告家人",
		"经调解，老板答应月底前把拖欠工资分两次结清，双方都签了字",
		"您好，您申请的信用卡分期已通过，共12期，首期还款日12月8日",
	} {
		v := checker(t).Check(Message{Text: text})
		assert.True(t, harmless(v.Label), "%s: %s", text, v.Label)
		seen := make(map[string]bool)
		for _, r := range v.Reasons {
			assert.False(t, seen[r.Meaning], "%s: twice: %s", text, r.Meaning)
			seen[r.Meaning] = true
		}
	}
}

func TestFingerprintTellsRulesApart(t *testing.T) {
	of := func(rule string) string {
		sum, err := fingerprint(fstest.MapFS{"rules/a.yaml": {Data: []byte(rule)}})
		require.NoError(t, err)
		return sum
	}
	before := of("one")
	assert.Equal(t, before, of("one"))
	assert.NotEqual(t, before, of("two"))
}
