package dialog

import "regexp"

// masks take personal details out of what editors see, the longest forms first.
var masks = []struct {
	form *regexp.Regexp
	with string
}{
	{regexp.MustCompile(`https?://\S+|[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)+(?:/\S*)?`), "〔网址〕"},
	{regexp.MustCompile(`[1-9][0-9]{5}(?:19|20)[0-9]{9}[0-9Xx]`), "〔证件〕"},
	{regexp.MustCompile(`[0-9](?:[ -]?[0-9]){14,18}`), "〔卡号〕"},
	{regexp.MustCompile(`(?:\+?86[ -]?)?1[3-9](?:[ -]?[0-9]){9}|0[0-9]{2,3}-?[0-9]{7,8}`), "〔电话〕"},
	{regexp.MustCompile(`[0-9]{5,}`), "〔号码〕"},
	{regexp.MustCompile(`(?:我叫|姓名[:：]?|本人)\p{Han}{2,4}`), "〔姓名〕"},
	{regexp.MustCompile(`\p{Han}{2,12}(?:路|街|巷|弄|小区|花园|公寓|苑)[0-9]+[号栋幢单元室楼0-9-]*`), "〔地址〕"},
	{regexp.MustCompile(`\p{Han}(?:先生|女士|某某|某)`), "〔某人〕"},
}

// mask takes names, numbers, addresses and links out of a text.
func mask(text string) string {
	for _, m := range masks {
		text = m.form.ReplaceAllString(text, m.with)
	}
	return cut(text, 300)
}
