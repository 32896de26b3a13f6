package when

import (
	"regexp"
	"strconv"
	"strings"
)

// kind says how a date was named.
type kind uint8

const (
	noDate   kind = iota
	absolute      // year (0: none), month, day
	monthDay      // a day of a month counted from this one: months, day
	dayOnly       // a day of the month, without a month
	relative      // days from today
	weekday       // a day of the week, weeks from this one; bare: the next such day
	monthEnd      // the last day of a month counted from this one
	monthStart
	yearEnd
	after   // a span of time from now
	working // working days from today
)

// date is a day as it was named.
type date struct {
	kind             kind
	year, month, day int
	n                int  // days, weeks, months, by kind
	bare             bool // of a weekday: without 这, 本 or 下
	weekend          bool
	minutes          int // of a span
	exact            bool
}

// clock is a time of day as it was named.
type clock struct {
	named        bool
	part         string // dawn, morning, forenoon, noon, afternoon, dusk, evening, night
	hour, minute int
	hasHour      bool
	same         bool // 这个时候: the time of day that it is now
	literal      bool // written as 08:30 or with 13 to 24: means what it says
}

// phrase is all that was found in a text.
type phrase struct {
	dates  []date
	clocks []clock
	repeat string
	past   bool   // names the past by itself
	feasts []date // count only where no other day is named: 「双11那单，后天问退款」
	lunar  bool   // names a day that moves with the moon
	spans  [][2]int
}

const (
	weekWord = `(?:周|星期|礼拜)`
	dayWord  = `([1-7日天末])`
)

// rule finds one way of naming a time and takes it out of the text, so that order matters. Without take it only
// takes out.
type rule struct {
	pattern *regexp.Regexp
	take    func(p *phrase, m []string) error
}

// find goes through the rules in order.
func find(text string) (phrase, error) {
	var p phrase
	left := []byte(text)
	for _, r := range rules {
		for {
			at := r.pattern.FindSubmatchIndex(left)
			if at == nil {
				break
			}
			m := make([]string, len(at)/2)
			for i := range m {
				if at[2*i] >= 0 {
					m[i] = string(left[at[2*i]:at[2*i+1]])
				}
			}
			if r.take != nil {
				p.spans = append(p.spans, [2]int{at[0], at[1]})
				if err := r.take(&p, m); err != nil {
					return p, err
				}
			}
			for i := at[0]; i < at[1]; i++ {
				left[i] = '\x01'
			}
		}
	}
	return p, nil
}

// lunarRules find the days of the other calendar, and feasts and solar terms whose date has to be looked up.
var lunarRules = []rule{
	{re(`(?:农历|阴历|旧历|正月|腊月|冬月|闰 [0-9]{1,2} 月)(?: (?:[0-9]{1,2} 月)? (?:初? ?[0-9]{1,2} [日号]?|底|末)?)?`), func(*phrase, []string) error { return ErrLunar }},
	{re(`大年 初? ?[0-9]{1,2}|年30|除夕|大年夜|小年夜?|春节|过年|新春|元宵节?|清明节?|端午节?|七夕|中秋节?|重阳节?|冬至`), func(p *phrase, _ []string) error {
		p.lunar = true
		return nil
	}},
}

var rules = concat(topicRules, lunarRules, repeatRules, spanRules, bareRules, dateRules, clockRules)

func concat(groups ...[]rule) []rule {
	var all []rule
	for _, g := range groups {
		all = append(all, g...)
	}
	return all
}

func re(pattern string) *regexp.Regexp {
	return regexp.MustCompile(strings.ReplaceAll(pattern, " ", ` ?`))
}

// topicRules blind the others to what looks like a time and is none; it stays in the rest of the text.
var topicRules = []rule{
	{re(`[0-9]+ [天日月年]之?内|[0-9]+ 个?工作日之?内|尾号 [0-9]+|[0-9.]+ [万千百]?(?:元|块|%)|[0-9]{5,}|[0-9]+ (?:号线|号楼|日游)|第[0-9]+[次期条]|[0-9]点(?:建议|意见|要求|理由|诉求|注意|说明|证据|原因|想法)|今日头条|每年的? |每日优鲜|1 ?号店`), nil},
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}

func weekdayNumber(s string) int {
	switch s {
	case "日", "天":
		return 7
	case "末":
		return 6
	}
	return number(s)
}
