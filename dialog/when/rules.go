package when

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var icalDays = []string{"", "MO", "TU", "WE", "TH", "FR", "SA", "SU"}

const workingDays = "MO,TU,WE,TH,FR"

// repeatRules find what comes again and again.
var repeatRules = []rule{
	{re(`每 (?:个)? 工作日|(?:每)? (?:周|星期|礼拜)1 [到至~-] (?:周|星期|礼拜)?5 (?:每天)?`), weekly(workingDays)},
	{re(`每 隔? ([0-9]{1,2}) 个? ` + weekWord + ` 的? ` + weekWord + ` ` + dayWord), func(p *phrase, m []string) error {
		return p.every(interval("WEEKLY", number(m[1])) + ";BYDAY=" + icalDays[weekdayNumber(m[2])])
	}},
	{re(`每 逢? 个? ` + weekWord + ` ((?:[1-7日天](?:[、和,及跟与 ]|` + weekWord + `)*)+)`), func(p *phrase, m []string) error {
		var days []string
		for _, c := range m[1] {
			if n := weekdayNumber(string(c)); n > 0 {
				days = append(days, icalDays[n])
			}
		}
		return p.every("FREQ=WEEKLY;BYDAY=" + strings.Join(dayOrder(days), ","))
	}},
	{re(`每 (?:个|到)? 周末|每 ` + weekWord + ` 末`), weekly("SA,SU")},
	{re(`每 个? 月 的? ([0-9]{1,2}) [号日]?`), func(p *phrase, m []string) error {
		n := number(m[1])
		if n < 1 || n > 31 {
			return ErrImpossible
		}
		return p.every(fmt.Sprintf("FREQ=MONTHLY;BYMONTHDAY=%d", n))
	}},
	{re(`每 个? 月 (?:底|末|最后1天)`), func(p *phrase, _ []string) error { return p.every("FREQ=MONTHLY;BYMONTHDAY=-1") }},
	{re(`每 (隔)? ([0-9]{1,2}) [天日](?:1次)?`), func(p *phrase, m []string) error {
		n := number(m[2])
		if m[1] != "" {
			n++ // 每隔一天 is every second day
		}
		return p.every(interval("DAILY", n))
	}},
	{re(`隔 (?:1)? 天`), func(p *phrase, _ []string) error { return p.every(interval("DAILY", 2)) }},
	{re(`每 隔? ([0-9]{1,2}) 个?` + weekWord), func(p *phrase, m []string) error {
		return p.every(interval("WEEKLY", number(m[1])))
	}},
	{re(`隔 (?:1)? 周`), func(p *phrase, _ []string) error { return p.every(interval("WEEKLY", 2)) }},
	{re(`(?:每天|每日|天天|每1天|日日) 的?`), func(p *phrase, _ []string) error { return p.every("FREQ=DAILY") }},
	{re(`每 个? (早上?|晚上?|夜里)`), func(p *phrase, m []string) error {
		p.clocks = append(p.clocks, clock{named: true, part: parts[m[1]]})
		return p.every("FREQ=DAILY")
	}},
	{re(`每 个? (?:周|星期|礼拜)`), func(p *phrase, _ []string) error { return p.every("FREQ=WEEKLY") }},
	{re(`每 个? 月`), func(p *phrase, _ []string) error { return p.every("FREQ=MONTHLY") }},
}

func (p *phrase) every(rule string) error {
	if p.repeat != "" && p.repeat != rule {
		return ErrAmbiguous
	}
	p.repeat = rule
	return nil
}

func weekly(days string) func(*phrase, []string) error {
	return func(p *phrase, _ []string) error { return p.every("FREQ=WEEKLY;BYDAY=" + days) }
}

func interval(freq string, n int) string {
	if n <= 1 {
		return "FREQ=" + freq
	}
	return fmt.Sprintf("FREQ=%s;INTERVAL=%d", freq, n)
}

// dayOrder sorts days from Monday on, each once.
func dayOrder(days []string) []string {
	slices.SortFunc(days, func(a, b string) int { return slices.Index(icalDays, a) - slices.Index(icalDays, b) })
	return slices.Compact(days)
}

// spanRules find spans of time from now.
var spanRules = []rule{
	{re(`[0-9半]+ 个? 半? (?:分钟|刻钟|小时|钟头|天|日|周|星期|礼拜|月|年) (?:之前|以前|前)`), func(p *phrase, _ []string) error {
		p.past = true
		return nil
	}},
	{re(`下 (?:1 ?)?个? 工作日|(?:最近|就近) 的? 工作日`), func(p *phrase, _ []string) error {
		p.dates = append(p.dates, date{kind: working, n: 1})
		return nil
	}},
	{re(`(?:再过|过|等)? ([0-9]{1,2}) 个? ` + weekWord + ` (?:之后|以后|过后|后) 的? (?:今天|` + weekWord + ` ` + dayWord + `)`), func(p *phrase, m []string) error {
		if m[2] == "" {
			return p.from(7*number(m[1]), 0)
		}
		p.dates = append(p.dates, date{kind: weekday, day: weekdayNumber(m[2]), n: number(m[1]), weekend: m[2] == "末"})
		return nil
	}},
	{re(`(下+) 个? (` + weekWord + `|月) 的? 今天`), func(p *phrase, m []string) error {
		if n := strings.Count(m[1], "下"); m[2] == "月" {
			return p.from(0, n)
		}
		return p.from(7*strings.Count(m[1], "下"), 0)
	}},
	{re(`(?:再过|过|等)? ([0-9]{1,2}) 个 半 月 (?:之后|以后|过后|后)`), func(p *phrase, m []string) error { return p.from(15, number(m[1])) }},
	{re(`(?:再过|过|等)? ([0-9]{1,2}) 天 半 (?:之后|以后|过后|后)`), func(p *phrase, m []string) error {
		return p.span(number(m[1])*24*60 + 12*60)
	}},
	{re(`([0-9]{1,4}) ?(?:mins?|minutes?) (?:之后|以后|过后|后)`), func(p *phrase, m []string) error { return p.span(number(m[1])) }},
	{re(`([0-9]{1,3}) ?(?:h|hrs?|hours?) (?:之后|以后|过后|后)`), func(p *phrase, m []string) error { return p.span(number(m[1]) * 60) }},
	{re(`(?:过|再过|等)? ([0-9]{1,3}) 个? 工作日 (?:之后|以后|过后|后)`), func(p *phrase, m []string) error {
		p.dates = append(p.dates, date{kind: working, n: number(m[1])})
		return nil
	}},
	{re(`(?:再过|过|等)? (?:([0-9]{1,3}) 个? (?:小时|钟头) (?:零|又)?)? ([0-9]{1,4}) (?:分钟|分) (?:之后|以后|过后|后)`), func(p *phrase, m []string) error {
		return p.span(max(number(m[1]), 0)*60 + number(m[2]))
	}},
	{re(`(?:再过|过|等)? ([0-9]{1,2}) 刻钟 (?:之后|以后|过后|后)`), func(p *phrase, m []string) error { return p.span(number(m[1]) * 15) }},
	{re(`(?:再过|过|等)? ([0-9]{1,3}) 个? 半 (?:小时|钟头) (?:之后|以后|过后|后)`), func(p *phrase, m []string) error {
		return p.span(number(m[1])*60 + 30)
	}},
	{re(`(?:再过|过|等)? 半 个? (?:小时|钟头|钟) (?:之后|以后|过后|后)`), func(p *phrase, _ []string) error { return p.span(30) }},
	{re(`(?:再过|过|等)? ([0-9]{1,4}) 个? (?:小时|钟头) (半)? (?:之后|以后|过后|后)`), func(p *phrase, m []string) error {
		extra := 0
		if m[2] != "" {
			extra = 30
		}
		return p.span(number(m[1])*60 + extra)
	}},
	{re(`(?:再过|过) ([0-9]{1,4}) (?:个)? (小时|钟头|分钟)`), func(p *phrase, m []string) error {
		n := number(m[1])
		if m[2] != "分钟" {
			n *= 60
		}
		return p.span(n)
	}},
	{re(`(?:再过|过) 半 个? (?:小时|钟头|钟)`), func(p *phrase, _ []string) error { return p.span(30) }},
	{re(`(?:再过|过|等)? 半 个? 月 (?:之后|以后|过后|后)`), days(15)},
	{re(`(?:再过|过|等)? ([0-9]{1,4}) [天日] (?:之后|以后|过后|后)|(?:再过|过) ([0-9]{1,4}) 天`), func(p *phrase, m []string) error {
		return p.from(max(number(m[1]), number(m[2])), 0)
	}},
	{re(`(?:再过|过|等)? ([0-9]{1,3}) 个? ` + weekWord + ` (?:之后|以后|过后|后)|(?:再过|过) ([0-9]{1,3}) 个? ` + weekWord), func(p *phrase, m []string) error {
		return p.from(7*max(number(m[1]), number(m[2])), 0)
	}},
	{re(`(?:再过|过|等)? ([0-9]{1,3}) 个? 月 (?:之后|以后|过后|后)|(?:再过|过) ([0-9]{1,3}) 个 月`), func(p *phrase, m []string) error {
		return p.from(0, max(number(m[1]), number(m[2])))
	}},
	{re(`(?:再过|过)? 半 年 (?:之后|以后|过后|后)`), func(p *phrase, _ []string) error { return p.from(0, 6) }},
	{re(`(?:再过|过)? ([0-9]{1,3}) 年 (?:之后|以后|过后|后)`), func(p *phrase, m []string) error { return p.from(0, 12*number(m[1])) }},
}

// bareRules find a span that is the whole answer: 「十分钟」 to the question when.
var bareRules = []rule{
	{bare(`([0-9]{1,4}) 分钟`), func(p *phrase, m []string) error { return p.span(number(m[1])) }},
	{bare(`([0-9]{1,3}) 个? (?:小时|钟头)`), func(p *phrase, m []string) error { return p.span(number(m[1]) * 60) }},
	{bare(`半 个? (?:小时|钟头|钟)`), func(p *phrase, _ []string) error { return p.span(30) }},
	{bare(`([0-9]{1,3}) 天`), func(p *phrase, m []string) error { return p.from(number(m[1]), 0) }},
	{bare(`([0-9]{1,3}) 个? ` + weekWord), func(p *phrase, m []string) error { return p.from(7*number(m[1]), 0) }},
	{bare(`([0-9]{1,3}) 个 月`), func(p *phrase, m []string) error { return p.from(0, number(m[1])) }},
}

func bare(pattern string) *regexp.Regexp {
	return re(`^ (?:再等|等|再|就)? ` + pattern + ` (?:吧|就好|就行|好了)? $`)
}

func (p *phrase) span(minutes int) error {
	p.dates = append(p.dates, date{kind: after, minutes: minutes, exact: true})
	return nil
}

// from is a day counted from today: days, or months with the same day, clamped.
func (p *phrase) from(dayCount, monthCount int) error {
	p.dates = append(p.dates, date{kind: after, n: dayCount, month: monthCount})
	return nil
}

func days(n int) func(*phrase, []string) error {
	return func(p *phrase, _ []string) error { return p.from(n, 0) }
}
