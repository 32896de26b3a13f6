package when

// parts are the words for parts of the day.
var parts = map[string]string{
	"凌晨": "dawn", "半夜": "dawn", "后半夜": "dawn", "清晨": "morning", "清早": "morning", "大清早": "morning", "1大早": "morning", "早晨": "morning",
	"早上": "morning", "早": "morning", "上午": "forenoon", "中午": "noon", "正午": "noon", "午间": "noon", "午后": "afternoon", "下午": "afternoon",
	"傍晚": "dusk", "黄昏": "dusk", "晚上": "evening", "晚": "evening", "晚间": "evening", "晌午": "noon", "晏昼": "noon", "前晌": "forenoon", "头晌": "forenoon", "后晌": "afternoon", "下昼": "afternoon",
	"朝早": "morning", "下晚": "dusk", "擦黑": "dusk", "夜": "night", "夜里": "night", "夜晚": "night", "深夜": "night", "午夜": "night",
}

// partHours are the hours of parts that were named without one.
var partHours = map[string]int{
	"dawn": 2, "morning": 8, "forenoon": 10, "noon": 12, "afternoon": 15, "dusk": 18, "evening": 20, "night": 22,
}

const partWord = `(前晌|头晌|后晌|晌午|晏昼|下昼|朝早|下晚|擦黑|后半夜|凌晨|半夜|大清早|清晨|清早|1大早|早晨|早上|早|上午|中午|正午|午间|午后|下午|傍晚|黄昏|晚上|晚间|晚|夜里|夜晚|深夜|午夜)`

// pointTime is an hour with 点 and what may follow it.
const pointTime = `([0-9]{1,3}) (?:点钟?|时) (?:(半)|([1-3]) 刻|(?:过|零)? ([0-9]{1,2}) (?:分(?:[^钟之以后]|$))?|整)?`

// clockRules find times of day.
var clockRules = []rule{
	{re(`(?:这|那|同) (?:个|1) (?:时候|时间|时刻|钟点|点儿?)`), func(p *phrase, _ []string) error {
		p.clocks = append(p.clocks, clock{named: true, same: true})
		return nil
	}},
	{re(`([0-9]{1,2}) (?:[:：.] ([0-9]{2}))? ?([ap])\.?m\b\.?`), func(p *phrase, m []string) error {
		hour := number(m[1]) % 12
		if number(m[1]) > 12 {
			return ErrImpossible
		}
		if m[3] == "p" {
			hour += 12
		}
		p.clocks = append(p.clocks, clock{named: true, hour: hour, minute: max(number(m[2]), 0), hasHour: true, literal: true})
		return nil
	}},
	{re(`(?:` + partWord + ` (?:的)? )?差 (?:([0-9]{1,2}) 分|([1-3]) 刻) 钟? ([0-9]{1,2}) 点`), func(p *phrase, m []string) error {
		return p.short(m[1], number(m[4]), m[2], m[3])
	}},
	{re(`(?:` + partWord + ` (?:的)? )?([0-9]{1,2}) 点 差 (?:([0-9]{1,2}) 分|([1-3]) 刻)`), func(p *phrase, m []string) error {
		return p.short(m[1], number(m[2]), m[3], m[4])
	}},
	{re(`(?:` + partWord + ` (?:的)? )?([0-9]{1,2}) [:：] ([0-9]{2}) [到至~—-] (?:` + partWord + `)?[0-9]{1,2} [:：] [0-9]{2}`), func(p *phrase, m []string) error {
		return p.clock(m[1], number(m[2]), number(m[3]), len(m[2]) == 2)
	}},
	{re(`(?:` + partWord + ` (?:的)? )?` + pointTime + ` [到至~—-] (?:` + partWord + `)? ?` + pointTime), func(p *phrase, m []string) error {
		return p.point(m[:6]) // of a span of time its beginning
	}},
	{re(`(?:` + partWord + ` (?:的)? )?([0-9]{1,2}) [:：] ([0-9]{2})(?:[:：][0-9]{2})?`), func(p *phrase, m []string) error {
		return p.clock(m[1], number(m[2]), number(m[3]), len(m[2]) == 2)
	}},
	{re(`(?:` + partWord + ` (?:的)? )?` + pointTime), func(p *phrase, m []string) error { return p.point(m) }},
	{re(partWord), func(p *phrase, m []string) error {
		for i, c := range p.clocks {
			if c.part == "" && c.hasHour { // 「8点，晚上」 names one time in two words
				p.clocks[i].part = parts[m[1]]
				return nil
			}
		}
		p.clocks = append(p.clocks, clock{named: true, part: parts[m[1]]})
		return nil
	}},
}

// point takes a match of a part of the day and pointTime.
func (p *phrase) point(m []string) error {
	minute := 0
	switch {
	case m[3] != "":
		minute = 30
	case m[4] != "":
		minute = 15 * number(m[4])
	case m[5] != "":
		minute = number(m[5])
	}
	return p.clock(m[1], number(m[2]), minute, false)
}

// short takes a time that is some minutes or quarters short of an hour.
func (p *phrase) short(part string, hour int, minutes, quarters string) error {
	by := number(minutes)
	if quarters != "" {
		by = 15 * number(quarters)
	}
	if by < 1 || by > 59 || hour < 1 {
		return ErrImpossible
	}
	if hour == 1 {
		hour = 13
	}
	return p.clock(part, hour-1, 60-by, false)
}

func (p *phrase) clock(part string, hour, minute int, twoDigits bool) error {
	if hour > 24 || minute > 59 || hour == 24 && minute > 0 {
		return ErrImpossible
	}
	c := clock{named: true, part: parts[part], hour: hour, minute: minute, hasHour: true}
	c.literal = hour > 12 || hour == 0 || twoDigits && hour < 10
	if n := len(p.clocks); n > 0 && !p.clocks[n-1].hasHour && (c.part == "" || c.part == p.clocks[n-1].part) {
		if c.part == "" {
			c.part = p.clocks[n-1].part // 「今晚」 … 「11点」
		}
		p.clocks[n-1] = c
		return nil
	}
	p.clocks = append(p.clocks, c)
	return nil
}

// of is the time of day in minutes; it may reach into the next day (晚上12点). guess says that the half of the
// day was left open.
func (c clock) of() (minutes int, guess bool, err error) {
	if !c.hasHour {
		return partHours[c.part] * 60, false, nil
	}
	h := c.hour
	switch c.part {
	case "":
		guess = !c.literal && h <= 12 && h > 0
	case "dawn":
		if h == 12 {
			h = 24
		} else if h > 6 && h < 12 {
			return 0, false, ErrImpossible
		}
	case "noon":
		if h >= 1 && h <= 3 {
			h += 12
		}
	case "afternoon", "dusk":
		if h < 12 {
			h += 12
		}
	case "evening", "night":
		switch {
		case h == 12 || h == 0:
			h = 24
		case h >= 5 && h < 12:
			h += 12
		case h < 5:
			h += 24 // 夜里2点 is in the night that follows
		}
	}
	return h*60 + c.minute, guess, nil
}
