package when

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// first is the first occurrence after now of what repeats.
func (p phrase) first(t Time, c clock, minutes int, guess bool, now time.Time) (Time, error) {
	minutes = dayMinutes(minutes, guess)
	if !c.named {
		minutes = eveningHour * 60
	}
	t.Repeat, t.DateOnly = p.repeat, !c.named
	if len(p.dates) == 1 && !p.dates[0].exact { // 「从明天起每天」
		day, _, err := p.dates[0].resolve(midnight(now, 0), func(d time.Time) bool { return d.Before(midnight(now, 0)) })
		if err != nil {
			return Time{}, err
		}
		t.At = Next(p.repeat, on(day, minutes).Add(-time.Minute), on(day, minutes))
	} else {
		t.At = Next(p.repeat, now, on(midnight(now, 0), minutes))
	}
	if t.At.IsZero() {
		return Time{}, ErrImpossible
	}
	t.Night = c.hasHour && night(t.At.Hour())
	return t, nil
}

// Next is the first occurrence of a rule after a time. The rule is one that Parse makes; start gives the time of
// day and, for intervals, the day from which is counted. The zero time means that there is none.
func Next(rule string, after, start time.Time) time.Time {
	r := parseRule(rule)
	if r.freq == "WEEKLY" && len(r.days) == 0 {
		r.days = []string{icalDays[(int(start.Weekday())+6)%7+1]}
	}
	if r.freq == "MONTHLY" && r.monthDay == 0 {
		r.monthDay = start.Day()
	}
	day := start
	if after.After(start) {
		day = on(midnight(after.In(start.Location()), -1), start.Hour()*60+start.Minute())
	}
	for range 800 {
		if day.After(after) && !day.Before(start) && r.holds(day, start) {
			return day
		}
		day = on(midnight(day, 1), start.Hour()*60+start.Minute())
	}
	return time.Time{}
}

type rrule struct {
	freq     string
	interval int
	days     []string
	monthDay int // -1: the last
}

func parseRule(rule string) rrule {
	r := rrule{interval: 1}
	for part := range strings.SplitSeq(rule, ";") {
		name, value, _ := strings.Cut(part, "=")
		switch name {
		case "FREQ":
			r.freq = value
		case "INTERVAL":
			if n, err := strconv.Atoi(value); err == nil && n > 0 {
				r.interval = n
			}
		case "BYDAY":
			r.days = strings.Split(value, ",")
		case "BYMONTHDAY":
			r.monthDay = number(value)
			if value == "-1" {
				r.monthDay = -1
			}
		}
	}
	return r
}

// holds says whether the rule has an occurrence on a day.
func (r rrule) holds(day, start time.Time) bool {
	between := int(midnight(day, 0).Sub(midnight(start, 0)).Hours()/24 + 0.5)
	switch r.freq {
	case "DAILY":
		return between%r.interval == 0
	case "WEEKLY":
		weeks := (between + (int(start.Weekday())+6)%7) / 7
		return weeks%r.interval == 0 && slices.Contains(r.days, icalDays[(int(day.Weekday())+6)%7+1])
	case "MONTHLY":
		if r.monthDay == -1 {
			return day.AddDate(0, 0, 1).Day() == 1
		}
		return day.Day() == r.monthDay
	}
	return false
}
