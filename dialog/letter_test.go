package dialog

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wenzhu/dialog/words"
	"wenzhu/knowledge"
)

// atLetter is a person of a kind who has asked for a paper, with what is known of the case.
func atLetter(who Person, paper string, facts map[string]string) (*person, Outcome) {
	p := newPerson()
	p.s = Session{State: InStep, Home: InStep, Person: who, Step: 2, Consent: Granted, Facts: facts}
	return p, p.do(Event{Kind: Press, Data: "letter:" + paper})
}

func lenders() []string {
	var all []string
	for _, page := range lenderPages {
		for _, l := range page {
			if l != "repaid" {
				all = append(all, l)
			}
		}
	}
	return all
}

func TestEveryLenderHasItsDoor(t *testing.T) {
	for _, l := range lenders() {
		d, ok := doors[l]
		require.True(t, ok, l)
		for _, key := range []string{"lender." + l, "door." + d.name, "door_not." + d.name, "door_topic." + d.name, "letter.due_" + string(d.company), "letter.due_" + string(d.office)} {
			_, found := words.Find(key)
			assert.True(t, found, key)
		}
	}
}

// TestLettersOfEveryKind: a whole text for every lender, person and addressee, with the facts filled in, within one screen.
func TestLettersOfEveryKind(t *testing.T) {
	for _, who := range []Person{Borrower, Relative, Stranger} {
		for _, l := range lenders() {
			for _, paper := range []string{platformPaper, regulatorPaper, policePaper} {
				for _, repaid := range []string{"", "yes"} {
					for _, old := range []string{"yes", "no", "unknown"} {
						name := strings.Join([]string{string(who), l, paper, repaid, old}, " ")
						_, out := atLetter(who, paper, map[string]string{"lender": l, "platform": "某某公司", "old": old, "repaid": repaid})
						require.Len(t, out.Replies, 1, name)
						r := out.Replies[0]
						assert.LessOrEqual(t, utf8.RuneCountInString(r.Text), 300, name)
						if l == "friend" && paper == regulatorPaper {
							assert.Empty(t, r.Copy, "there is no office to write to: "+name)
							assert.Contains(t, r.Text, "没有投诉部门", name)
							continue
						}
						assert.Equal(t, Letter, out.Session.State, name)
						assert.Contains(t, r.Copy, "某某公司", name)
						assert.NotContains(t, r.Copy, "{", name)
						assert.Contains(t, r.Copy, words.Get("letter.blank_log"), "an empty log leaves a blank: "+name)
						promise := strings.Contains(r.Copy, "愿意协商") || strings.Contains(r.Copy, "提出方案")
						owes := who == Borrower && l != "illegal-lender" && l != "friend" && repaid == "" && old == "no" && paper == platformPaper
						assert.Equal(t, owes, promise, "a promise to pay only where it costs no defence: "+name)
						if l == "illegal-lender" {
							assert.Contains(t, r.Copy, "报案材料", name)
						} else if paper == regulatorPaper {
							assert.Contains(t, r.Text, words.Get("door."+doors[l].name), name)
						}
					}
				}
			}
		}
	}
}

func TestTheRightDoor(t *testing.T) {
	for lender, says := range map[string]string{
		"bank-card": "12378", "bank-loan": "12378", "consumer-finance": "12378", "microloan": "注册地的区号+12345", "guarantee": "地方金融管理局",
		"loan-assist": "放款的机构归谁管", "transferred": "原债权人", "lease": "12315", "instalment-shop": "12315", "friend": "人民调解", "unknown": "放款方全称",
	} {
		_, out := atLetter(Borrower, regulatorPaper, map[string]string{"lender": lender, "platform": "某某公司"})
		assert.Contains(t, out.Replies[0].Text, says, lender)
	}
}

// TestDueDatesFitTheDoor: a deadline is named only where a rule was found, and never as a promise.
func TestDueDatesFitTheDoor(t *testing.T) {
	for _, c := range []struct{ lender, paper, day, says string }{
		{"bank-card", platformPaper, "2026-12-09", "按规定一般 15 日"},
		{"consumer-finance", regulatorPaper, "2026-12-09", "按规定一般 15 日"},
		{"lease", regulatorPaper, "2026-12-03", "按规定一般 7 个工作日"},
		{"lease", platformPaper, "2026-12-09", "没有查到统一的答复期限"},
		{"microloan", regulatorPaper, "2026-12-09", "没有查到统一的答复期限"},
		{"guarantee", platformPaper, "2026-12-09", "没有查到统一的答复期限"},
		{"illegal-lender", regulatorPaper, "2026-12-24", "受案回执"},
		{"bank-card", policePaper, "2026-12-24", "受案回执"},
	} {
		p, _ := atLetter(Borrower, c.paper, map[string]string{"lender": c.lender, "platform": "某某公司", "old": "no"})
		p.do(Event{Kind: Press, Data: p.s.Offered[0].Data})
		out := p.presses("今天")
		assert.Contains(t, out.Replies[0].Text, c.says, "%s %s", c.lender, c.paper)
		assert.Contains(t, out.Replies[0].Text, c.day, "%s %s", c.lender, c.paper)
		assert.Equal(t, c.day, out.Session.Facts["due"])
	}
}

func TestTheLetterTellsWhatWasLogged(t *testing.T) {
	p := newPerson()
	p.s = Session{State: InStep, Home: InStep, Person: Relative, Step: 2, Consent: Granted, Facts: map[string]string{"lender": "microloan", "platform": "某某小额贷款公司"}}
	for _, night := range []bool{false, false, true} {
		if night {
			p.now = p.now.Add(75 * time.Hour)
		}
		p.do(Event{Kind: Text, Text: "记一次骚扰"})
	}
	p.presses("骚扰他人")
	p.presses("他说了什么")
	p.do(Event{Kind: Text, Text: "让你们全村都知道"})
	out := p.do(Event{Kind: Press, Data: "letter:platform"})
	for _, fact := range []string{"自 2026-11-24 至 2026-11-27", "3 次（电话 2、骚扰他人 1）", "8 点 1 次", "2026-11-27 23:00 骚扰他人 「让你们全村都知道」", "没有担保"} {
		assert.Contains(t, out.Replies[0].Copy, fact)
	}
}

func TestScreensLeadToSnippetsThatExist(t *testing.T) {
	base, err := knowledge.Load(knowledge.Embedded())
	require.NoError(t, err)
	for id := range linked() {
		_, ok := base.Snippet(id)
		assert.True(t, ok, "no snippet %s", id)
	}
}

func TestPastDays(t *testing.T) {
	now := time.Date(2026, 11, 24, 20, 0, 0, 0, shanghai) // a Tuesday
	for text, want := range map[string]string{
		"今天": "2026-11-24", "刚发的": "2026-11-24", "昨晚": "2026-11-23", "前天下午": "2026-11-22", "大前天": "2026-11-21", "三天前": "2026-11-21", "12天前": "2026-11-12",
		"上周一吧 记不太清": "2026-11-16", "上周五": "2026-11-20", "周一": "2026-11-23", "星期三": "2026-11-18", "上上周日": "2026-11-15", "9月3号": "2026-09-03", "十一月二十号": "2026-11-20",
		"12月1号": "2025-12-01", "2025-03-08": "2025-03-08", "2026年11月18日": "2026-11-18", "11/20": "2026-11-20",
		"20号": "2026-11-20", "上个月15号": "2026-10-15", "28号": "2026-10-28", "两周前": "2026-11-10", "一个月前": "2026-10-24", "半个月前": "2026-11-09", "上月底": "", "3个星期前": "2026-11-03",
		"明天": "", "2027-01-01": "", "2月30号": "", "不知道": "", "": "",
	} {
		got, ok := pastDay(text, now)
		if want == "" {
			assert.False(t, ok, "%s is %v", text, got)
			continue
		}
		assert.Equal(t, want, got.Format(time.DateOnly), text)
	}
}
