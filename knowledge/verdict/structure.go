package verdict

import (
	"slices"
	"strings"
)

// place is where something stands in the original text, in bytes. An empty place has no quote.
type place struct{ start, end int }

// numberNames are the signals for numbers of a known form.
const (
	phoneMobile   = "phone-mobile"
	phoneService  = "phone-service"
	phoneLandline = "phone-landline"
	cardNumber    = "card-number"
)

// structure finds what has a form instead of words: addresses, numbers, signatures. found may be called several times
// for one signal; the first counts.
func (c *Checker) structure(text string, glyphs []glyph, links []Link, found func(name string, p place)) {
	for _, l := range links[:min(len(links), mostLinks)] {
		for _, name := range c.hosts.signs(l) {
			found(name, place{l.Start, l.End})
		}
	}
	numbers(glyphs, found)
	wechatContact(glyphs, found)
	c.signature(text, found)
	masked(text, found)
}

// numbers looks at every run of digits, with signs between them and, where that gives no known form, without.
func numbers(text []glyph, found func(string, place)) {
	for i := 0; i < len(text); {
		if !digit(text[i].char) {
			i++
			continue
		}
		end := runEnd(text, i, noise)
		if name := numberName(text, i, end); name != "" {
			found(name, bytesOf(text, i, end))
			payee(text, i, end, name, found)
			i = end
			continue
		}
		end = runEnd(text, i, joined)
		if name := numberName(text, i, end); name != "" {
			found(name, bytesOf(text, i, end))
			payee(text, i, end, name, found)
		}
		context(text, i, end, found)
		i = end
	}
}

// runEnd is where a run of digits ends whose gaps are at most so wide.
func runEnd(text []glyph, at int, most gap) int {
	end := at + 1
	for end < len(text) && digit(text[end].char) && text[end].before <= most {
		end++
	}
	return end
}

func bytesOf(text []glyph, from, to int) place {
	return place{int(text[from].start), int(text[to-1].end)}
}

// numberName tells telephone and account numbers by their form.
func numberName(text []glyph, from, to int) string {
	n, first := to-from, text[from].char
	at := func(i int) rune { return text[from+i].char }
	switch {
	case n == 11 && first == '1' && at(1) >= '3', n == 13 && first == '8' && at(1) == '6' && at(2) == '1':
		return phoneMobile
	case n == 10 && (first == '4' || first == '8') && at(1) == '0' && at(2) == '0':
		return phoneService
	case n >= 10 && n <= 12 && first == '0' && at(1) != '0':
		return phoneLandline
	case n >= 16 && n <= 19 && (first == '6' || first == '4' || first == '5' || first == '3'):
		return cardNumber
	}
	return ""
}

// nearby is how many characters before or after a number say what it is.
const nearby = 6

// payee says whether a number is an account that money shall go to.
func payee(text []glyph, from, to int, name string, found func(string, place)) {
	if name != cardNumber && name != phoneMobile {
		return
	}
	before := around(text, from-nearby, from)
	if name == cardNumber || strings.Contains(before, "支付宝") {
		found("payee-number", bytesOf(text, from, to))
	}
}

func around(text []glyph, from, to int) string {
	var b strings.Builder
	for i := max(from, 0); i < min(to, len(text)); i++ {
		b.WriteRune(text[i].char)
	}
	return b.String()
}

// context tells shorter numbers by the words beside them.
func context(text []glyph, from, to int, found func(string, place)) {
	n := to - from
	if to < len(text) && n <= 8 && (text[to].char == '元' || text[to].char == '块' || text[to].char == '万') && text[to].before <= noise {
		found("amount", bytesOf(text, from, to+1))
	}
	before := around(text, from-nearby, from)
	switch {
	case n >= 3 && n <= 5 && (strings.HasSuffix(before, "尾号") || strings.HasSuffix(before, "尾号为") || strings.HasSuffix(before, "尾数") || strings.HasSuffix(before, "后四位")):
		found("masked-tail", bytesOf(text, from, to))
	case n >= 4 && n <= 8 && strings.Contains(before, "验证码"):
		found("code-number", bytesOf(text, from, to))
	case n >= 5 && n <= 11 && strings.Contains(before, "qq"):
		found("qq-contact", bytesOf(text, from, to))
	case n == 4 && (text[from].char == '2' || text[from].char == '1'):
		if end := caseNumber(text, to); end > 0 {
			found("case-number", bytesOf(text, from, end))
		}
	}
}

// caseKinds are characters of the kinds of cases in a case number: civil, enforcement, mediation and so on.
var caseKinds = map[rune]bool{'民': true, '执': true, '调': true, '刑': true, '行': true, '诉': true, '保': true, '初': true, '终': true, '仲': true, '裁': true, '破': true, '财': true}

// longestCase is how long the rest of a case number is after its year.
const longestCase = 16

// caseNumber is where a case number ends whose year ends here, 0 when there is none: a character for the province, the
// court's number, the kind of case, a number.
func caseNumber(text []glyph, at int) int {
	digits, kinds := 0, 0
	for i := at; i < min(at+longestCase, len(text)); i++ {
		switch c := text[i].char; {
		case c == '号' && digits > 0 && kinds > 0:
			return i + 1
		case digit(c):
			digits++
		case caseKinds[c]:
			kinds++
		case text[i].before >= stop:
			return 0
		}
	}
	return 0
}

// longestSignature is how long what stands in 【】 may be to be a signature, in bytes.
const longestSignature = 60

// signature reads 【…】 at the beginning and at the end.
func (c *Checker) signature(text string, found func(string, place)) {
	for _, at := range []int{strings.Index(text, "【"), strings.LastIndex(text, "【")} {
		if at < 0 {
			return
		}
		end := strings.Index(text[at:], "】")
		if end < 0 || end > longestSignature {
			continue
		}
		end += at + len("】")
		begins, ends := strings.TrimSpace(text[:at]) == "", strings.TrimSpace(text[end:]) == ""
		if !begins && !ends {
			continue
		}
		p := place{at, end}
		found("signed", p)
		c.signedBy(text[at:end], p, found)
	}
}

func (c *Checker) signedBy(signature string, p place, found func(string, place)) {
	signature = strings.ToLower(signature)
	for class, words := range c.senders.Signatures {
		for _, w := range words {
			if strings.Contains(signature, w) {
				found("signed-"+class, p)
				if slices.Contains(c.senders.Institutions, class) {
					found("signed-institution", p)
				}
				break
			}
		}
	}
}

// masked finds numbers with their middle hidden: 6222****1234.
func masked(text string, found func(string, place)) {
	for at := 0; at < len(text); {
		next := strings.Index(text[at:], "**")
		if next < 0 {
			return
		}
		start := at + next
		end := start
		for end < len(text) && text[end] == '*' {
			end++
		}
		digits := end
		for digits < len(text) && digits < end+5 && text[digits] >= '0' && text[digits] <= '9' {
			digits++
		}
		if digits-end >= 3 {
			found("masked-tail", place{start, digits})
			return
		}
		at = end
	}
}

// wechatContact finds an account after the word for WeChat.
func wechatContact(text []glyph, found func(string, place)) {
	for i := 0; i+2 <= len(text); i++ {
		if text[i].char != '微' || text[i+1].char != '信' {
			continue
		}
		for k := i + 2; k < min(i+2+nearby, len(text)); k++ {
			if !latin(text[k].char) && !digit(text[k].char) {
				continue
			}
			end := k
			for end < len(text) && (latin(text[end].char) || digit(text[end].char)) && (end == k || text[end].before <= noise) {
				end++
			}
			if end-k >= shortestAccount {
				found("wechat-contact", bytesOf(text, i, end))
				return
			}
			break
		}
	}
}

// shortestAccount is how long a WeChat account is at least.
const shortestAccount = 5
