package dialog

import (
	"regexp"
	"slices"
	"strings"

	"wenzhu/dialog/words"
)

// digits are those of a number, with what may stand between them.
const digits = `[0-9](?:[ .·-]?[0-9])`

// masks take personal details out of what editors see, the longest forms first. Parts in parentheses are kept.
var masks = []struct {
	form *regexp.Regexp
	with string
}{
	{regexp.MustCompile(`[\w.+-]+@[\w-]+(?:\.[\w-]+)+`), "〔邮箱〕"},
	{regexp.MustCompile(`https?://[^\s\p{Han}，。；）」]+|(?:[a-zA-Z0-9-]+\.)+[a-zA-Z]{2,}(?:/[^\s\p{Han}，。；）」]*)?`), "〔网址〕"},
	{regexp.MustCompile(`[（(〔\[]?(?:19|20)[0-9]{2}[）)〕\]]?\p{Han}{1,2}[0-9]{0,5}(?:民|执|刑|行|财|调)\p{Han}{0,4}[0-9]+号`), "〔案号〕"},
	{regexp.MustCompile(`[1-9](?:[ -]?[0-9]){16}[ -]?[0-9Xx]`), "〔证件〕"},
	{regexp.MustCompile(digits + `{13,18}`), "〔卡号〕"},
	{regexp.MustCompile(`(?:\+?86[ -]?)?1[3-9](?:[ .·-]?[0-9]){9}|0[0-9]{2,3}[ -]?[0-9]{7,8}`), "〔电话〕"},
	{regexp.MustCompile(`(?i)(微信号?|薇信|威信|v信|[vw]x号?|加v|qq号?|扣扣|抖音号?|快手号?|小红书号?|telegram|账号)([是为:： ]{0,3})(?:[a-z][\w-]*[0-9_][\w-]*|[0-9_][\w-]{4,})`), "$1$2〔账号〕"},
	{regexp.MustCompile(`(?i)((?:微信|账|抖音|快手|小红书)号[是为:： ]{0,3})[a-z][\w-]{4,}`), "$1〔账号〕"},
	{regexp.MustCompile(`@[a-zA-Z]\w{3,}`), "〔账号〕"},
	{regexp.MustCompile(`[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Za-z][·• ]?[A-HJ-NP-Za-hj-np-z0-9]{5,6}`), "〔车牌〕"},
	{regexp.MustCompile(`[〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖]{7,}`), "〔号码〕"},
	{regexp.MustCompile(`\p{Han}{2,8}(?:路|街|巷|弄|道|小区|花园|公寓|苑|大厦|新村|家园)[0-9一二三四五六七八九十百]+(?:号|栋|幢|座|单元|室|楼|层|[0-9-])*`), "〔地址〕"},
	{regexp.MustCompile(`\p{Han}{2,6}(?:村|屯|寨|庄|社区)[0-9一二三四五六七八九十]+(?:组|队|号|社)[0-9]*号?`), "〔地址〕"},
	{regexp.MustCompile(`[0-9一二三四五六七八九十]{1,3}(?:栋|幢|号楼)[0-9一二三四五六七八九十]{0,2}(?:单元|门|座)?[0-9]{1,4}(?:室|号|户)?`), "〔地址〕"},
}

// A name after a word that says that one follows, and one before a title. Both begin with a surname.
var (
	nameAfter = regexp.MustCompile(`(` + alternatives("mask.named") + `)([:： ]{0,2})((?:` + alternatives("mask.surnames_two") + `|[` + words.Get("mask.surnames") + `])\p{Han}{1,2})`)
	titled    = regexp.MustCompile(`[` + words.Get("mask.surnames") + `](` + alternatives("mask.titles") + `)`)
	someone   = regexp.MustCompile(`\p{Han}(?:某某|某)`)
	surname   = regexp.MustCompile(`((?:我|他|她|本人)姓)[` + words.Get("mask.surnames") + `]`)
	numbers   = regexp.MustCompile(`(?:GB/T ?)?[0-9]{5,}(?:\.[0-9]+)?[元块万]?`)
	public    = regexp.MustCompile(`^(?:GB/T ?[0-9]+|1[0-2][0-9]{3}|9[56][0-9]{3,4})$`)
)

// mask takes names, numbers, accounts, addresses and links out of a text. Sums of money and public hotlines stay: they
// say what was asked and of nobody who.
func mask(text string) string {
	text = strings.Map(halfWidth, text)
	for _, m := range masks {
		text = m.form.ReplaceAllString(text, m.with)
	}
	text = numbers.ReplaceAllStringFunc(text, func(n string) string {
		if public.MatchString(n) || strings.ContainsAny(n, words.Get("mask.money")) && len(n) <= len("1000000.00")+len("元") {
			return n
		}
		return "〔号码〕"
	})
	text = nameAfter.ReplaceAllStringFunc(text, maskName)
	text = surname.ReplaceAllString(text, "$1〔某〕")
	text = titled.ReplaceAllString(text, "〔某人〕$1")
	text = someone.ReplaceAllString(text, "〔某人〕")
	return cut(text, 300)
}

// maskName takes the name out of a match of nameAfter, where it is no ordinary word that begins like a surname.
func maskName(found string) string {
	parts := nameAfter.FindStringSubmatch(found)
	lead, between, name := parts[1], parts[2], parts[3]
	if slices.ContainsFunc(strings.Fields(words.Get("mask.ordinary")), func(w string) bool { return strings.HasPrefix(name, w) }) {
		return found
	}
	rest := ""
	if given := []rune(name); len(given) == 3 && slices.Contains(strings.Fields(words.Get("mask.after_name")), string(given[2])) {
		rest = string(given[2])
	}
	return lead + between + "〔姓名〕" + rest
}

// halfWidth is a full-width letter or digit in its usual width.
func halfWidth(c rune) rune {
	const wide = '！' - '!'
	if c >= '０' && c <= '９' || c >= 'Ａ' && c <= 'Ｚ' || c >= 'ａ' && c <= 'ｚ' {
		return c - wide
	}
	return c
}
