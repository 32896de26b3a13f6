package when

import "strings"

// dateRules find days. Longer ways of naming one come before the shorter ones within them.
var dateRules = []rule{
	{re(`(大前天|前天|昨天|昨日|昨晚|昨夜|昨儿个?|前儿|上+ 个? (?:周|星期|礼拜) [1-7日天末]?|上+ 个? 月 (?:底|初|[0-9]{1,2} [号日]?)?|去年 (?:[0-9]{1,2} 月 (?:[0-9]{1,2} [号日]?)?)?|刚才|刚刚)`),
		func(p *phrase, _ []string) error {
			p.past = true
			return nil
		}},
	{re(`([0-9]{4}) [-/.年] ([0-9]{1,2}) [-/.月] ([0-9]{1,2}) [日号]?`), func(p *phrase, m []string) error {
		return p.date(number(m[1]), number(m[2]), number(m[3]))
	}},
	{re(`(今年|明年|后年)? 的? ([0-9]{1,2}) 月 ([0-9]{1,2}) [日号]?`), func(p *phrase, m []string) error {
		return p.date(yearWord(m[1]), number(m[2]), number(m[3]))
	}},
	{re(`(今年|明年|后年)? 的? ([0-9]{1,2}) 月 (底|末|初)`), func(p *phrase, m []string) error {
		n := number(m[2])
		if n < 1 || n > 12 {
			return ErrImpossible
		}
		day := 1
		if m[3] != "初" {
			day = lastDay
		}
		p.dates = append(p.dates, date{kind: absolute, year: yearWord(m[1]), month: n, day: day})
		return nil
	}},
	{re(`(今年|明年|后年)? 的? (元旦|国庆节?|五一|劳动节)(?:节|那天)?`), func(p *phrase, m []string) error {
		month := map[string]int{"元": 1, "国": 10}[firstRune(m[2])]
		if month == 0 {
			month = 5
		}
		return p.date(yearWord(m[1]), month, 1)
	}},
	{re(`(今年|明年)? 的? (双 ?11|双 ?12|双旦|圣诞节?|平安夜|情人节|38节|妇女节|儿童节|教师节)`), func(p *phrase, m []string) error {
		day := feasts[strings.ReplaceAll(strings.TrimSuffix(m[2], "节"), " ", "")]
		p.feasts = append(p.feasts, date{kind: absolute, year: yearWord(m[1]), month: day / 100, day: day % 100})
		return nil
	}},
	{re(`(?:^|[^0-9.])(1[0-2]|0?[1-9]) [/.] (3[01]|[12][0-9]|0?[1-9])(?:[日号]|$|[^0-9./万元块%])`), func(p *phrase, m []string) error {
		return p.date(0, number(m[1]), number(m[2]))
	}},
	{re(`(下+|这|本) 个? 月 的? ([0-9]{1,2}) [号日]?`), func(p *phrase, m []string) error {
		return p.monthDay(strings.Count(m[1], "下"), number(m[2]))
	}},
	{re(`(下+|这|本)? 个? 月 (底|末|初)`), func(p *phrase, m []string) error {
		k := monthEnd
		if m[2] == "初" {
			k = monthStart
		}
		p.dates = append(p.dates, date{kind: k, n: strings.Count(m[1], "下"), bare: m[1] == ""})
		return nil
	}},
	{re(`(下+|这|本)? 个? 月 的? (中旬?|上旬|下旬)`), func(p *phrase, m []string) error {
		day := map[string]int{"上旬": 1, "下旬": 21}[m[2]]
		if day == 0 {
			day = 15
		}
		if m[1] == "" {
			p.dates = append(p.dates, date{kind: dayOnly, day: day})
			return nil
		}
		return p.monthDay(strings.Count(m[1], "下"), day)
	}},
	{re(`(下+) 个? 月`), func(p *phrase, m []string) error { return p.monthDay(len(m[1])/len("下"), 1) }},
	{re(`(今年|明年)? 年 ?(?:底|末)|(今年|明年) 底`), func(p *phrase, m []string) error {
		p.dates = append(p.dates, date{kind: yearEnd, year: yearWord(m[1] + m[2])})
		return nil
	}},
	{re(`([0-9]{1,3}) [号日]`), func(p *phrase, m []string) error {
		n := number(m[1])
		if n < 1 || n > 31 {
			return ErrImpossible
		}
		p.dates = append(p.dates, date{kind: dayOnly, day: n})
		return nil
	}},
	{re(`(下+|这|本)? 个? ` + weekWord + ` ` + dayWord), func(p *phrase, m []string) error {
		p.dates = append(p.dates, date{
			kind: weekday, day: weekdayNumber(m[2]), n: strings.Count(m[1], "下"), bare: m[1] == "", weekend: m[2] == "末",
		})
		return nil
	}},
	{re(`(下+) 个? ` + weekWord), func(p *phrase, m []string) error {
		p.dates = append(p.dates, date{kind: weekday, day: 1, n: len(m[1]) / len("下")})
		return nil
	}},
	{re(`(大后天|大后儿|后天|后日|后儿个?|明天|明日|明儿个?|听日|次日|第2天|今天|今日|今儿个?|当天)`), func(p *phrase, m []string) error {
		n := map[string]int{"大": 3, "后": 2, "明": 1, "听": 1, "次": 1, "第": 1}[firstRune(m[1])]
		p.dates = append(p.dates, date{kind: relative, n: n})
		return nil
	}},
	{re(`(今|明|后|听) (早上?|晚上?|夜)`), func(p *phrase, m []string) error {
		p.dates = append(p.dates, date{kind: relative, n: map[string]int{"明": 1, "听": 1, "后": 2}[m[1]]})
		p.clocks = append(p.clocks, clock{named: true, part: parts[m[2]]})
		return nil
	}},
}

// feasts are days that have the same date every year, as month and day.
var feasts = map[string]int{
	"双11": 1111, "双12": 1212, "双旦": 1225, "圣诞": 1225, "平安夜": 1224, "情人": 214, "38": 308, "妇女": 308, "儿童": 601, "教师": 910,
}

// lastDay stands for the last day of a month.
const lastDay = 99

// The words for years as numbers relative to this one, outside any calendar year.
const (
	thisYear = -1
	nextYear = -2
	yearNext = -3 // the one after
)

func yearWord(s string) int {
	return map[string]int{"今年": thisYear, "明年": nextYear, "后年": yearNext}[s]
}

func firstRune(s string) string {
	for _, c := range s {
		return string(c)
	}
	return ""
}

func (p *phrase) date(year, month, day int) error {
	if month < 1 || month > 12 || day < 1 || day > longest[month] {
		return ErrImpossible
	}
	p.dates = append(p.dates, date{kind: absolute, year: year, month: month, day: day})
	return nil
}

func (p *phrase) monthDay(months, day int) error {
	if day < 1 || day > 31 {
		return ErrImpossible
	}
	p.dates = append(p.dates, date{kind: monthDay, n: months, day: day})
	return nil
}

var longest = []int{0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}
