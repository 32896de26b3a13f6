package dialog

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"wenzhu/dialog/words"
)

// pastForms find a day that has been, in the order in which they are tried: year-month-day, month-day, a day of this
// month or the last, so many days or weeks ago, a weekday of this week or of an earlier one.
var pastForms = struct{ date, monthDay, day, daysAgo, weeksAgo, weekday *regexp.Regexp }{
	date:     regexp.MustCompile(words.Get("read.form_date")),
	monthDay: regexp.MustCompile(words.Get("read.form_month_day")),
	day:      regexp.MustCompile(words.Get("read.form_last_month")),
	weeksAgo: regexp.MustCompile(words.Get("read.form_weeks_ago")),
	daysAgo:  regexp.MustCompile(words.Get("read.form_days_ago")),
	weekday:  regexp.MustCompile(words.Get("read.form_weekday")),
}

// pastDay reads the day on which something was done: today, yesterday, last Friday, the third of September. A month
// and day, or a weekday, is the newest that is not to come. The hour is that of now.
func pastDay(text string, now time.Time) (time.Time, bool) {
	text = narrow(text)
	if m := pastForms.date.FindStringSubmatch(text); m != nil {
		return dayOf(numeral(m[1]), numeral(m[2]), numeral(m[3]), now)
	}
	if m := pastForms.monthDay.FindStringSubmatch(text); m != nil {
		if day, ok := dayOf(now.Year(), numeral(m[1]), numeral(m[2]), now); ok {
			return day, true
		}
		return dayOf(now.Year()-1, numeral(m[1]), numeral(m[2]), now)
	}
	if m := pastForms.day.FindStringSubmatch(text); m != nil {
		this := now
		if m[1] != "" {
			this = now.AddDate(0, 0, -now.Day())
		}
		if day, ok := dayOf(this.Year(), int(this.Month()), numeral(m[2]), now); ok {
			return day, true
		}
		last := this.AddDate(0, 0, -this.Day())
		return dayOf(last.Year(), int(last.Month()), numeral(m[2]), now)
	}
	if m := pastForms.weeksAgo.FindStringSubmatch(text); m != nil {
		switch n := numeral(m[1]); {
		case strings.Contains(words.Get("read.month"), m[2]) && n == 0: // half a month
			return now.AddDate(0, 0, -15), true
		case strings.Contains(words.Get("read.month"), m[2]):
			return now.AddDate(0, -n, 0), n <= 12
		default:
			return now.AddDate(0, 0, -7*n), n > 0 && n <= 52
		}
	}
	if m := pastForms.daysAgo.FindStringSubmatch(text); m != nil {
		n := numeral(m[1])
		return now.AddDate(0, 0, -n), n > 0 && n <= 366
	}
	if m := pastForms.weekday.FindStringSubmatch(text); m != nil {
		return weekdayBefore(strings.Index(words.Get("read.weekdays"), m[2])/len(m[2])+1, strings.Count(m[1], words.Get("read.last")), now), true
	}
	for i, key := range []string{"read.three_days_ago", "read.two_days_ago", "read.yesterday", "read.today"} {
		if oneOf(key, text) {
			return now.AddDate(0, 0, i-3), true
		}
	}
	return time.Time{}, false
}

// dayOf is a day that exists and is not to come.
func dayOf(year, month, day int, now time.Time) (time.Time, bool) {
	at := time.Date(year, time.Month(month), day, now.Hour(), now.Minute(), 0, 0, now.Location())
	return at, at.Month() == time.Month(month) && at.Day() == day && !at.After(now) && year > now.Year()-10
}

// weekdayBefore is the weekday (1 Monday … 7 Sunday) so many weeks back; of this week the last that is not to come.
func weekdayBefore(weekday, weeks int, now time.Time) time.Time {
	today := (int(now.Weekday())+6)%7 + 1
	back := today - weekday + 7*weeks
	if back < 0 {
		back += 7
	}
	return now.AddDate(0, 0, -back)
}

// numeral reads 12, 十二, 二十三, 两; 0 is none.
func numeral(text string) int {
	if n, err := strconv.Atoi(text); err == nil {
		return n
	}
	digits, ten := []rune(words.Get("read.numerals")), []rune(words.Get("read.ten"))[0]
	n := 0
	for i, c := range []rune(text) {
		switch at := slices.Index(digits, c); {
		case c == ten && i == 0:
			n = 10
		case c == ten:
			n *= 10
		case at >= 0:
			n += at + 1
		case strings.ContainsRune(words.Get("read.two"), c):
			n += 2
		}
	}
	return n
}
