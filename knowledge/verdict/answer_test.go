package verdict

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

func sentences(c *Checker) []string {
	var all []string
	for _, set := range c.answers.Headlines {
		for _, s := range set {
			all = append(all, s)
		}
	}
	for _, of := range c.answers.Why {
		for _, s := range of {
			all = append(all, s)
		}
	}
	for _, set := range [][]line{c.answers.Do, c.answers.Dont, c.answers.Verify, c.answers.Origin, c.answers.Manner} {
		for _, l := range set {
			all = append(all, l.Say)
		}
	}
	return all
}

func TestSentencesPromiseAndBlameNothing(t *testing.T) {
	const longest = 80
	for _, s := range sentences(checker(t)) {
		assert.LessOrEqual(t, utf8.RuneCountInString(s), longest, s)
		for _, word := range []string{"安全", "保证是", "肯定是", "一定是", "放心", "不用还", "您不该", "谁让", "怪您"} {
			assert.NotContains(t, s, word)
		}
	}
}

func TestEveryLabelHasAnAnswer(t *testing.T) {
	c := checker(t)
	for _, l := range Labels {
		for _, s := range []Sureness{Likely, Possible, Unsure} {
			assert.NotEmpty(t, c.answers.Headlines[l][s], "%s %s", l, s)
		}
		r := c.read(Message{Text: "啊"})
		v := c.say(l, [5]float64{0.2, 0.2, 0.2, 0.2, 0.2}, r)
		r.release(c)
		assert.NotEmpty(t, v.Advice, l)
		assert.LessOrEqual(t, len(v.Advice), stepsMost)
		assert.NotEmpty(t, v.Avoid, l)
		assert.NotEmpty(t, v.Verify, l)
	}
}

func TestStepsFitWhatIsClaimed(t *testing.T) {
	c := checker(t)
	for _, tt := range []struct{ text, say string }{
		{"（2026）沪0101民初123号案件已立案，请于12月5日到某区人民法院应诉，逾期将缺席判决", "12368"},
		{"我是市公安局刑警，你涉嫌洗钱，把钱转到安全账户配合资金核查，不许告诉家人", "110"},
		{"再不还钱今晚就带人去你家打断你的腿", "110"},
		{"【某银行】您尾号1234信用卡本期账单1,200元，还款日12月5日，请按时还款", "银行卡背面"},
		{"把短信里的六位验证码报给我，我帮您关闭百万保障，不然每月扣800", "银行卡背面"},
	} {
		v := c.Check(Message{Text: tt.text})
		assert.Contains(t, strings.Join(v.Advice, ""), tt.say, "%s: %s", tt.text, v.Label)
	}
}

// TestAnswersFitThePerson: what is said helps whoever got just this message, and nothing of it is meant for somebody else.
func TestAnswersFitThePerson(t *testing.T) {
	c := checker(t)
	for _, tt := range []struct{ text, first, says, not string }{
		{"再不还就把你的裸照发给通讯录每个人", "别付钱", "110", "12378"},
		{"妈，我手机坏了，这是我新号，你先给我转3000块急用，别打我电话", "原来的号码", "96110", "官方 App、官网"},
		{"你好，张某在我司借款九千已逾期，您是他的紧急联系人，麻烦您转告他尽快处理", "没签字担保", "可以要求停止", "不用替您还"},
		{"您的贷款已审批通过，银行卡号填写错误账户被冻结，需缴纳5000元解冻金才能提现", "先不转钱", "96110", "欠款是真是假"},
		{"您好，我是王律师，受某某小贷公司委托就您逾期欠款致函，3日内不处理将依法提起诉讼", "律师", "12368", "起诉状副本"},
		{"你手机欠租三个月了，我们已经报警，说你合同诈骗，手机马上寄回来", "截图存好", "小程序里看订单和合同", "信用报告"},
		{"【顺丰速运】您的快件已到达驿站，取件码5-2-3301", "不用急着", "没看出", "只凭一条消息"},
		{"我们已将您的债权转让给某某资产管理有限公司，请今后向该公司还款，账号 6222000011112222", "原来的放款方", "书面通知", "撤案"},
	} {
		v := c.Check(Message{Text: tt.text})
		all := strings.Join(slices.Concat([]string{v.Headline, v.Origin, v.Manner}, v.Advice, v.Avoid, v.Verify), "\n")
		assert.Contains(t, v.Advice[0], tt.first, "%s: %s", tt.text, v.Label)
		assert.Contains(t, all, tt.says, "%s: %s", tt.text, v.Label)
		assert.NotContains(t, all, tt.not, "%s: %s", tt.text, v.Label)
	}
}

// TestUnsureBetweenHarmAndNoneSaysSo: a message that is to be verified only for that is not told of courts it never named.
func TestUnsureBetweenHarmAndNoneSaysSo(t *testing.T) {
	c := checker(t)
	r := c.read(Message{Text: "我现在在楼下，开门，把话说清楚"})
	defer r.release(c)
	v := c.say(Verify, [5]float64{0.05, 0.4, 0.1, 0.05, 0.4}, r)
	assert.Equal(t, c.answers.Why[IllegalCollection][Other], v.Why)
	v = c.say(Verify, [5]float64{0.3, 0.1, 0.1, 0.4, 0.1}, r)
	assert.Equal(t, c.answers.Why[Routine][Scam], v.Why)
	all := strings.Join(slices.Concat([]string{v.Headline, v.Origin, v.Manner, v.Topic}, v.Advice, v.Avoid, v.Verify), "\n")
	for _, court := range []string{"12368", "撤案", "法院", "court"} {
		assert.NotContains(t, all, court)
	}
	for _, harm := range []Label{Scam, IllegalCollection} {
		for _, none := range []Label{Routine, Other} {
			assert.NotEmpty(t, c.answers.Why[harm][none], "%s %s", harm, none)
			assert.NotEmpty(t, c.answers.Why[none][harm], "%s %s", none, harm)
		}
	}
}

// TestTopicsExist: behind 怎么核实 stands a snippet of knowledge/content.
func TestTopicsExist(t *testing.T) {
	for _, l := range checker(t).answers.Topic {
		found, err := filepath.Glob("../content/*/" + l.Say + ".md")
		require.NoError(t, err)
		assert.Len(t, found, 1, l.Say)
	}
}

func TestWhatAPersonSaysOfTheSenderCounts(t *testing.T) {
	c := checker(t)
	at := func(said Said) float64 {
		_, p := c.judge(Message{Text: "您的借款已逾期3天，应还1200元，请尽快还款，以免影响征信。", Said: said})
		return p[3]
	}
	assert.Greater(t, at(SaidLenderApp), at(""))
	assert.Less(t, at(SaidOverseas), at(""))
}

// TestReasonsAreFewAndApart: at most three, each at its own place.
func TestReasonsAreFewAndApart(t *testing.T) {
	v := checker(t).Check(Message{Text: "你个老赖再不还钱就打断你的腿，通知你单位领导和你爸妈，让你坐牢，半夜打爆你通讯录！"})
	assert.Equal(t, IllegalCollection, v.Label)
	assert.Len(t, v.Reasons, reasonsMost)
	for i, a := range v.Reasons {
		for _, b := range v.Reasons[:i] {
			assert.True(t, a.End <= b.Start || b.End <= a.Start)
		}
	}
}

// TestBasisExists: each rule cites an article in knowledge/law, a channel, or a pattern of fraud.
func TestBasisExists(t *testing.T) {
	var channels []struct{ ID string }
	content, err := os.ReadFile("../channels.yaml")
	require.NoError(t, err)
	require.NoError(t, yaml.Unmarshal(content, &channels))
	known := make(map[string]bool)
	for _, c := range channels {
		known[c.ID] = true
	}
	scam := regexp.MustCompile(`^scam:[a-z]+(-[a-z]+)*$`)
	for _, r := range checker(t).rules {
		for _, b := range r.Basis {
			if known[b] || scam.MatchString(b) {
				continue
			}
			law, article, _ := strings.Cut(b, ":")
			content, err := os.ReadFile("../law/" + law + ".yaml")
			if !assert.NoError(t, err, "rules/%s: %s: %s", r.file, r.Name, b) {
				continue
			}
			found := regexp.MustCompile(`(?m)^- n: ['"]?` + regexp.QuoteMeta(article) + `['"]?$`).Match(content)
			assert.True(t, found, "rules/%s: %s: no %s in knowledge/law", r.file, r.Name, b)
		}
	}
}
