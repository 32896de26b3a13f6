package when

import (
	"strconv"
	"strings"
	"time"
)

// Describe says a rule that Parse makes: 每天, 每周一、四, 每月15号. What the rule leaves open comes from start.
func Describe(rule string, start time.Time) string {
	r := parseRule(rule)
	every := "每"
	if r.interval > 1 {
		every += strconv.Itoa(r.interval)
	}
	switch r.freq {
	case "DAILY":
		return every + "天"
	case "WEEKLY":
		if len(r.days) == 0 {
			r.days = []string{icalDays[(int(start.Weekday())+6)%7+1]}
		}
		if strings.Join(r.days, ",") == workingDays && r.interval == 1 {
			return "每周一到周五"
		}
		var names []string
		for _, d := range r.days {
			for n, name := range icalDays {
				if name == d && n > 0 {
					names = append(names, string([]rune("一二三四五六日")[n-1]))
				}
			}
		}
		if r.interval > 1 {
			return every + "周的周" + strings.Join(names, "、")
		}
		return "每周" + strings.Join(names, "、")
	case "MONTHLY":
		if r.monthDay == -1 {
			return "每月最后一天"
		}
		if r.monthDay == 0 {
			r.monthDay = start.Day()
		}
		return "每月" + strconv.Itoa(r.monthDay) + "号"
	}
	return rule
}
