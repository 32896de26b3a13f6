package when

import (
	"time"
)

// resolve turns what was named into an instant.
func (p phrase) resolve(now time.Time) (Time, error) {
	p = p.distinct()
	if len(p.dates) == 0 {
		p.dates = p.feasts
	}
	p.dates = sameDay(p.dates, now)
	if len(p.dates) > 1 || len(p.clocks) > 1 {
		return Time{}, ErrAmbiguous
	}
	if p.lunar && len(p.dates) == 0 && p.repeat == "" {
		return Time{}, ErrLunar
	}
	if len(p.dates) == 0 && len(p.clocks) == 0 && p.repeat == "" {
		if p.past {
			return Time{}, ErrPast
		}
		return Time{}, ErrNoTime
	}
	if p.past && len(p.dates) == 0 && p.repeat == "" {
		return Time{}, ErrPast // 「昨天下午三点」
	}
	var c clock
	if len(p.clocks) == 1 {
		c = p.clocks[0]
	}
	if c.same {
		c = clock{named: true, hour: now.Hour(), minute: now.Minute(), hasHour: true, literal: true}
	}
	minutes, guess, err := c.of()
	if err != nil {
		return Time{}, err
	}
	t := Time{Night: c.hasHour && night(minutes/60%24) && !guess}
	switch {
	case p.repeat != "":
		return p.first(t, c, minutes, guess, now)
	case len(p.dates) == 0:
		return bareClock(t, c, minutes, guess, now)
	case p.dates[0].exact:
		if c.named {
			return Time{}, ErrAmbiguous
		}
		t.At = now.Add(time.Duration(p.dates[0].minutes) * time.Minute)
		t.Night = false
		return t, nil
	}
	return p.dates[0].at(t, c, minutes, guess, now)
}

// distinct drops what was said twice.
func (p phrase) distinct() phrase {
	p.dates, p.clocks = unique(p.dates), unique(p.clocks)
	return p
}

// sameDay keeps one of several names of one and the same day: 「下周五（12月4日）」.
func sameDay(dates []date, now time.Time) []date {
	if len(dates) < 2 {
		return dates
	}
	today := midnight(now, 0)
	var first time.Time
	for i, d := range dates {
		day, _, err := d.resolve(today, func(t time.Time) bool { return t.Before(today) })
		same := i == 0 || day.Equal(first) || d.kind == weekday && d.bare && d.day%7 == int(first.Weekday())
		if err != nil || d.exact || !same {
			return dates
		}
		if i == 0 {
			first = day
		}
	}
	return dates[:1]
}

func unique[T comparable](all []T) []T {
	var once []T
	seen := make(map[T]bool)
	for _, v := range all {
		if !seen[v] {
			seen[v] = true
			once = append(once, v)
		}
	}
	return once
}

// midnight is the beginning of a day counted from now's.
func midnight(now time.Time, days int) time.Time {
	return time.Date(now.Year(), now.Month(), now.Day()+days, 0, 0, 0, 0, now.Location())
}

// on is a time of day, in minutes, of a day.
func on(day time.Time, minutes int) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), minutes/60, minutes%60, 0, 0, day.Location())
}

// bareClock is the next time that the clock shows what was named.
func bareClock(t Time, c clock, minutes int, guess bool, now time.Time) (Time, error) {
	t.At = on(now, minutes)
	if guess && !t.At.After(now) { // 「8点」 said at nine is eight in the evening
		if half := on(now, (minutes+12*60)%(24*60)); half.After(now) {
			t.At = half
		}
	}
	if (c.part == "evening" || c.part == "night") && minutes >= 24*60 && on(now, minutes-24*60).After(now) {
		t.At = on(now, minutes-24*60) // said after midnight, the night is this one
	}
	if !t.At.After(now) {
		t.At, t.Rolled = on(midnight(now, 1), minutes), true
	}
	t.Night = c.hasHour && night(t.At.Hour())
	return t, nil
}

// dayMinutes settles the half of the day that was left open beside a date: one to six are in the afternoon.
func dayMinutes(minutes int, guess bool) int {
	if guess && minutes < 7*60 {
		return minutes + 12*60
	}
	return minutes
}

// at is the instant of a day that was named, with the time of day where there is one.
func (d date) at(t Time, c clock, minutes int, guess bool, now time.Time) (Time, error) {
	minutes = dayMinutes(minutes, guess)
	if !c.named {
		minutes = eveningHour * 60
	}
	today := midnight(now, 0)
	gone := func(day time.Time) bool { // nothing of it is left for what was named
		if !c.named && d.kind != weekday {
			return day.Before(today)
		}
		return !on(day, minutes).After(now)
	}
	day, rolled, err := d.resolve(today, gone)
	if err != nil {
		return Time{}, err
	}
	t.At, t.DateOnly, t.Rolled = on(day, minutes), !c.named, rolled
	if d.kind == working {
		_, t.Unsure = workdays(today, d.n)
	}
	if c.hasHour {
		t.Night = night(t.At.Hour())
	}
	if t.At.After(now) {
		return t, nil
	}
	if t.DateOnly && day.Equal(today) {
		t.At, t.Rolled = on(midnight(now, 1), morningHour*60), true
		return t, nil
	}
	return Time{}, ErrPast
}

// resolve is the day that was named. A day of a month, a month-day or a bare weekday that is gone is its next one.
func (d date) resolve(today time.Time, gone func(time.Time) bool) (day time.Time, rolled bool, err error) {
	switch d.kind {
	case relative:
		return today.AddDate(0, 0, d.n), false, nil
	case after:
		return clamp(today.Year(), int(today.Month())+d.month, today.Day(), today.Location()).AddDate(0, 0, d.n), false, nil
	case working:
		day, _ = workdays(today, d.n)
		return day, false, nil
	case weekday:
		return d.ofWeek(today, gone)
	case absolute:
		return d.ofYear(today, gone)
	case monthDay:
		return exactly(today.Year(), int(today.Month())+d.n, d.day, today.Location())
	case dayOnly:
		for n := range 13 {
			day, _, err := exactly(today.Year(), int(today.Month())+n, d.day, today.Location())
			if err == nil && !gone(day) {
				return day, n > 0, nil
			}
		}
	case monthEnd:
		day = clamp(today.Year(), int(today.Month())+d.n, lastDay, today.Location())
		if gone(day) && d.bare {
			return clamp(today.Year(), int(today.Month())+1, lastDay, today.Location()), true, nil
		}
		return day, false, nil
	case monthStart:
		n := d.n
		if d.bare && gone(clamp(today.Year(), int(today.Month()), 1, today.Location())) {
			n = 1
		}
		return clamp(today.Year(), int(today.Month())+n, 1, today.Location()), false, nil
	case yearEnd:
		year := today.Year()
		if d.year == nextYear {
			year++
		}
		return time.Date(year, time.December, 31, 0, 0, 0, 0, today.Location()), false, nil
	}
	return time.Time{}, false, ErrImpossible
}

// ofWeek: weeks begin on Monday, and a Sunday belongs to the week that it ends.
func (d date) ofWeek(today time.Time, gone func(time.Time) bool) (time.Time, bool, error) {
	ofWeek := int(today.Weekday()+6) % 7 // Monday 0
	monday := today.AddDate(0, 0, -ofWeek)
	day := monday.AddDate(0, 0, 7*d.n+d.day-1)
	if d.bare {
		for gone(day) || day.Before(today) {
			day = day.AddDate(0, 0, 7)
		}
		return day, false, nil
	}
	if d.weekend && d.n == 0 && day.Before(today) {
		day = today // said on the Sunday of this weekend
	}
	return day, false, nil
}

func (d date) ofYear(today time.Time, gone func(time.Time) bool) (time.Time, bool, error) {
	in := func(year int) (time.Time, bool, error) {
		if d.day == lastDay {
			return clamp(year, d.month, lastDay, today.Location()), false, nil
		}
		return exactly(year, d.month, d.day, today.Location())
	}
	switch d.year {
	case thisYear:
		return in(today.Year())
	case nextYear:
		return in(today.Year() + 1)
	case yearNext:
		return in(today.Year() + 2)
	case 0:
		for year := today.Year(); year <= today.Year()+8; year++ { // 29 February may be years away
			day, _, err := in(year)
			if err == nil && !gone(day) {
				return day, year > today.Year(), nil
			}
		}
		return time.Time{}, false, ErrImpossible
	}
	return in(d.year)
}

// exactly is a day of a month, counted on over year ends, or ErrImpossible where that month does not have it.
func exactly(year, month, day int, zone *time.Location) (time.Time, bool, error) {
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, zone)
	if t.Day() != day {
		return time.Time{}, false, ErrImpossible
	}
	return t, false, nil
}

// clamp is a day of a month, or its last one where it is shorter.
func clamp(year, month, day int, zone *time.Location) time.Time {
	last := time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, zone)
	if day >= last.Day() {
		return last
	}
	return time.Date(year, time.Month(month), day, 0, 0, 0, 0, zone)
}
