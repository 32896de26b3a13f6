package when

import (
	_ "embed"
	"strings"
	"time"
)

// calendarText is the official calendar: the days off and the weekend days of work that the State Council's
// notice names for a year. For years without a notice only the fixed holidays are known.
//
//go:embed calendar.txt
var calendarText string

var calendar = readCalendar(calendarText)

// readCalendar maps a date to whether it is worked.
func readCalendar(text string) map[string]bool {
	worked := make(map[string]bool)
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		if len(fields) < 2 || strings.HasPrefix(line, "#") {
			continue
		}
		for _, day := range fields[1:] {
			worked[day] = fields[0] == "work"
		}
	}
	return worked
}

// workdays is the day that is n working days after a day. unsure says that the official calendar of a year on the
// way is not known, so that days off may be missing.
func workdays(day time.Time, n int) (_ time.Time, unsure bool) {
	for n > 0 {
		day = day.AddDate(0, 0, 1)
		worked, named := calendar[day.Format(time.DateOnly)]
		if !named {
			weekend := day.Weekday() == time.Saturday || day.Weekday() == time.Sunday
			_, fixed := calendar[day.Format("01-02")]
			worked = !weekend && !fixed
		}
		if worked {
			n--
		}
		_, known := calendar[day.Format("2006-01-02")[:len("2006")]+"-01-01"]
		unsure = unsure || !known
	}
	return day, unsure
}
