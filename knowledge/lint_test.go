package knowledge

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const sound = `---
id: night
title: 夜里来电
kind: answer
step: evidence
lenders: []
behaviours: [night-calls]
asks:
  - 半夜还打来催
  - 夜里响个不停
  - 十点以后能打吗
  - 凌晨三点收到来电
  - 几点以后不许催
  - 睡着了又被吵醒
  - 天不亮就开始打
  - 深更半夜催债犯不犯规
author: 编写组
checked: 2026-11-01
reviewed: []
related: [day]
---
夜里 10 点后不应当催 [gbt:time]。先记下来 [practice]。

## 详细
可以打 12378 [nfra-12378]。
`

// files are a small sound base; changes replace pieces of content/calm/night.md, pairwise.
func files(changes ...string) fstest.MapFS {
	night := strings.NewReplacer(changes...).Replace(sound)
	day := strings.NewReplacer("id: night", "id: day", "[day]", "[night]", "夜里来电", "白天来电",
		"半夜还打来催", "中午吃饭打来", "夜里响个不停", "开会的时候来电", "十点以后能打吗", "上班时间可以找我吗", "凌晨三点收到来电", "下午连着三通", "几点以后不许催",
		"午休能不能消停", "睡着了又被吵醒", "正忙着客户就响", "天不亮就开始打", "一早就被找", "深更半夜催债犯不犯规", "白天次数有没有规矩").Replace(sound)
	law := func(id, status string) string {
		return "id: " + id + "\ntitle: 某法\nforce: law\neffective: 2021-01-01\nstatus: " + status + "\narticles:\n  - n: \"1\"\n    name: 第一条\n    text: 某文。\n"
	}
	m := fstest.MapFS{
		"content/calm/night.md": {Data: []byte(night)},
		"content/calm/day.md":   {Data: []byte(day)},
		"channels.yaml":         {Data: []byte("- id: nfra-12378\n  name: 热线\n  numbers: [\"12378\"]\n  urls: [\"https://www.nfra.gov.cn/\"]\n")},
		"law/civil.yaml":        {Data: []byte(law("civil", "in_force"))},
		"law/old.yaml":          {Data: []byte(law("old", "superseded") + "superseded_by: civil\nuntil: 2025-12-31\n")},
		"law/later.yaml":        {Data: []byte(strings.Replace(law("later", "in_force"), "2021-01-01", "2027-03-01", 1))},
		"law/draft.yaml":        {Data: []byte(strings.Replace(law("draft", "draft"), "force: law", "force: draft", 1))},
		"law/gbt.yaml":          {Data: []byte("id: gbt\ntitle: 某标准\nforce: standard\nstatus: in_force\narticles:\n  - n: time\n    name: 时间\n    gist: 夜里不催\n")},
		"words/intents.yaml":    {Data: []byte("others: []\nours: []\nintents: []\n")},
	}
	for _, name := range []string{"words/texts.yaml", "words/search.yaml", "words/lint.yaml"} {
		content, err := embedded.ReadFile(name)
		if err != nil {
			panic(err)
		}
		m[name] = &fstest.MapFile{Data: content}
	}
	return m
}

func at(t *testing.T, date string) time.Time {
	t.Helper()
	day, err := time.Parse(dateForm, date)
	require.NoError(t, err)
	return day
}

func TestSoundFilesHaveNoProblems(t *testing.T) {
	b, problems := Lint(files(), at(t, "2026-11-24"), []string{"完全别的一句话"})
	assert.Empty(t, problems)
	reviewed, all := b.Reviewed()
	assert.Equal(t, [2]int{0, 2}, [2]int{reviewed, all})
}

// TestLintNamesFileAndLine: each fault is found once, in its file and line, with what to do.
func TestLintNamesFileAndLine(t *testing.T) {
	const body = "夜里 10 点后不应当催 [gbt:time]。"
	for name, c := range map[string]struct {
		from, to string
		line     int
		level    string
		says     string
	}{
		"no such article":             {"[gbt:time]", "[civil:9]", 22, "error", `law/civil.yaml has no article "9"`},
		"no such law":                 {"[gbt:time]", "[penal:1]", 22, "error", "there is no law/penal.yaml"},
		"no such channel":             {"[nfra-12378]", "[nfra-1]", 25, "error", "correct the id, or use [practice]"},
		"superseded":                  {"[gbt:time]", "[old:1]", 22, "error", "superseded by civil: cite that one"},
		"not yet in force":            {"[gbt:time]", "[later:1]", 22, "error", "in force from 2027-03-01 on only: cite what"},
		"a draft":                     {"[gbt:time]", "[draft:1]", 22, "error", "binds nobody"},
		"a rule without a mark":       {body, "夜里 10 点后不应当催。", 22, "error", "「应当」 needs a mark"},
		"law without a mark":          {body, "这样做犯法。", 22, "error", "「法」 needs a mark"},
		"a per cent without a mark":   {body, "年化超过 24%。", 22, "error", "「%」 needs a mark"},
		"a title without a mark":      {body, "请看《合同》。", 22, "error", "「《」 needs a mark"},
		"days without a mark":         {body, "15 日内要答复。", 22, "error", "「日内」 needs a mark"},
		"practice that is law":        {body, "对方必须停下 [practice]。", 22, "error", "「必须」 is law"},
		"practice that gives a right": {body, "您有权不接 [practice]。", 22, "error", "「有权」 is law"},
		"a standard makes unlawful":   {body, "夜里催违法 [gbt:time]。", 22, "error", "a recommended standard"},
		"an unknown hotline":          {"可以打 12378", "可以打 12379", 25, "error", "12379 is not in channels.yaml"},
		"a mobile number":             {"可以打 12378", "可以打 13800138000", 25, "error", "13800138000 is not in channels.yaml"},
		"a 400 number":                {"可以打 12378", "可以打 400-820-8820", 25, "error", "400-820-8820 is not in channels.yaml"},
		"an unknown address":          {"可以打 12378", "可以上 https://nfra.example.com", 25, "error", "https://nfra.example.com is not in channels.yaml"},
		"a promise":                   {"先记下来", "投诉一定能成", 22, "error", "promises an outcome: say what is likely"},
		"a guarantee":                 {"先记下来", "我们保证停催", 22, "error", "promises an outcome"},
		"the old regulator":           {"先记下来", "向银保监会反映", 22, "error", "2023 年起是国家金融监督管理总局"},
		"an unknown step":             {"step: evidence", "step: courage", 5, "error", "none of the five"},
		"related to nothing":          {"related: [day]", "related: [dusk]", 20, "error", `"dusk" is no other snippet`},
		"related to itself":           {"related: [day]", "related: [night]", 20, "error", "is no other snippet"},
		"reviewed by the author":      {"reviewed: []", "reviewed: [{by: 编写组, qualification: 执业律师, date: 2026-11-02}]", 19, "error", "wrote this and cannot review it"},
		"checked tomorrow":            {"checked: 2026-11-01", "checked: 2026-11-25", 18, "error", "in the future"},
		"checked 13 months ago":       {"checked: 2026-11-01", "checked: 2025-10-20", 18, "warning", "more than 12 months"},
		"checked 25 months ago":       {"checked: 2026-11-01", "checked: 2024-10-20", 18, "error", "read it against the law of today"},
		"too few asks":                {"  - 半夜还打来催\n", "", 8, "error", "has 7 asks, needs 8"},
		"asked by another":            {"半夜还打来催", "开会的时候来电", 9, "error", "let it be asked in one place"},
		"a test line":                 {"半夜还打来催", "网贷的人把我同事都问了一遍", 9, "error", "repeats a line of a test set"},
		"asked twice":                 {"夜里响个不停", "半夜还打来催了", 10, "error", "is asked by night too"},
		"too long":                    {"先记下来", strings.Repeat("先记下来", 80), 22, "error", "at most 300 fit a screen"},
		"a long longer part":          {"可以打", strings.Repeat("好", 1500) + "可以打", 25, "error", "at most 1500"},
	} {
		t.Run(name, func(t *testing.T) {
			_, problems := Lint(files(c.from, c.to), at(t, "2026-11-24"), []string{"网贷的人把我同事都问了一遍吧"})
			found := false
			for _, p := range problems {
				if strings.Contains(p.Message, c.says) {
					found = true
					assert.Equal(t, c.level, p.Level)
					assert.Equal(t, "content/calm/night.md", p.File, p.Message)
					assert.Equal(t, c.line, p.Line, p.Message)
				}
			}
			assert.True(t, found, "%v", problems)
		})
	}
}

// TestLintAsOf: what is in force depends on the day.
func TestLintAsOf(t *testing.T) {
	_, problems := Lint(files("[gbt:time]", "[old:1]"), at(t, "2025-12-31"), nil)
	assert.NotContains(t, messages(problems), "superseded", "it still was in force then")
	_, problems = Lint(files("[gbt:time]", "[later:1]"), at(t, "2027-03-01"), nil)
	assert.NotContains(t, messages(problems), "in force from")
	_, problems = Lint(files(), at(t, "2029-01-01"), nil)
	assert.Contains(t, messages(problems), "more than 24 months")
}

func messages(problems []Problem) string {
	var all []string
	for _, p := range problems {
		all = append(all, p.Error())
	}
	return strings.Join(all, "\n")
}

// TestLintLeavesSoundWordsAlone: what looks like a fault and is none.
func TestLintLeavesSoundWordsAlone(t *testing.T) {
	for _, sentence := range []string{
		"没办法的时候，去法院问。", "投诉不保证有结果。", "保证人另算。", "他说「保证停催」，别信。", "过了 30 天，付 15000 元也一样。", "票据号 20261124001 留好。",
	} {
		_, problems := Lint(files("先记下来 [practice]。", sentence), at(t, "2026-11-24"), nil)
		assert.Empty(t, messages(problems), sentence)
	}
}

// TestBrokenFilesAreNamed: neither start nor lint guesses at a broken file, and all problems come at once.
func TestBrokenFilesAreNamed(t *testing.T) {
	const night = "content/calm/night.md"
	for name, c := range map[string]struct {
		file string
		data string
		want string
	}{
		"broken YAML":        {night, strings.Replace(sound, "title: 夜里来电", "title: [夜里来电", 1), "is not sound YAML"},
		"unknown field":      {night, strings.Replace(sound, "step: evidence", "stage: evidence", 1), night + ":5: the field \"stage\" is not known"},
		"no front matter":    {night, "夜里来电\n", night},
		"no title":           {night, strings.Replace(sound, "title: 夜里来电", "title: \"\"", 1), night + ":3: title is missing"},
		"no asks":            {night, sound[:strings.Index(sound, "asks:")] + "asks: []\n" + sound[strings.Index(sound, "author:"):], night + ":8: asks are missing"},
		"no author":          {night, strings.Replace(sound, "author: 编写组", "author: \"\"", 1), night + ":17: author is missing"},
		"no date":            {night, strings.Replace(sound, "2026-11-01", "last week", 1), night + ":18: checked \"last week\" is not a date"},
		"unknown kind":       {night, strings.Replace(sound, "kind: answer", "kind: guess", 1), night + ":4: kind \"guess\""},
		"no body":            {night, sound[:strings.Index(sound, "夜里 10 点后")], night + ":22: the body is empty"},
		"id is not the name": {night, strings.Replace(sound, "id: night", "id: Night_1", 1), night + ":2: id \"Night_1\" must be the file's name"},
		"wrong encoding":     {night, strings.Replace(sound, "夜里来电", "\xd2\xb9\xc0\xef", 1), night + ":3: is not UTF-8"},
		"two with one id":    {"content/court/night.md", sound, "content/court/night.md:2: id night stands in " + night + " too"},
		"5 MB":               {night, sound + strings.Repeat("好", 5<<20/3), night + ": has 5"},
		"a review of nobody": {night, strings.Replace(sound, "reviewed: []", "reviewed: [{by: 某某, date: 2026-11-02}]", 1), night + ":19: a review needs"},
		"broken law":         {"law/civil.yaml", "id: civil\n  title: x\n", "law/civil.yaml:"},
		"law by other name":  {"law/other.yaml", "id: civil\ntitle: 某法\n", "law/other.yaml:1: needs an id that is the file's name"},
		"broken channels":    {"channels.yaml", "- id: x\n  phone: 1\n", "channels.yaml:2: the field \"phone\" is not known"},
		"broken words":       {"words/search.yaml", "stop: [", "words/search.yaml:"},
		"broken intents":     {"words/intents.yaml", "others: []\nours: []\nintents:\n  - snippet: night\n    some: []\n", "words/intents.yaml:5: the field \"some\" is not known"},
	} {
		t.Run(name, func(t *testing.T) {
			all := files()
			all[c.file] = &fstest.MapFile{Data: []byte(c.data)}
			all["content/calm/day.md"] = &fstest.MapFile{Data: []byte("---\nid: day\n---\n好。\n")}
			b, problems := Lint(all, at(t, "2026-11-24"), nil)
			assert.Nil(t, b)
			assert.Contains(t, messages(problems), c.want)
			assert.Contains(t, messages(problems), "content/calm/day.md:1: title is missing", "all problems at once")
			_, err := Load(all)
			assert.ErrorContains(t, err, c.want, "start says the same")
		})
	}
}

func TestIntentOfNoSnippetIsNamed(t *testing.T) {
	all := files()
	all["words/intents.yaml"] = &fstest.MapFile{Data: []byte("others: []\nours: []\nintents:\n  - snippet: dusk\n    all: [[夜]]\n")}
	_, problems := Lint(all, at(t, "2026-11-24"), nil)
	assert.Contains(t, messages(problems), "words/intents.yaml:4: the snippet \"dusk\" does not exist")
}

func TestByteOrderMarkAndWindowsLinesAreRead(t *testing.T) {
	all := files()
	all["content/calm/night.md"].Data = []byte("\ufeff" + strings.ReplaceAll(sound, "\n", "\r\n"))
	_, problems := Lint(all, at(t, "2026-11-24"), nil)
	assert.Empty(t, messages(problems))
}
