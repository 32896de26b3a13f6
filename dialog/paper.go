package dialog

import (
	"slices"
	"strings"
	"time"

	"wenzhu/dialog/words"
)

// owes says whether the person is the borrower of a debt that is not repaid.
func (t *talk) owes() bool { return t.s.person() == Borrower && t.s.Facts["repaid"] == "" }

// debtMayBeOld says whether a promise to pay could cost a defence: three years have gone by, or may have.
func (t *talk) debtMayBeOld() bool {
	return t.owes() && t.s.Facts["lender"] != "friend" && t.s.Facts["old"] != "no"
}

// letterText is the paper: who writes, what happened, what is asked for.
func (t *talk) letterText(paper string, c caseFile) string {
	who := t.writer(paper)
	platform := t.fact("platform", words.Get("letter.blank_platform"))
	if t.s.Facts["lender"] == "friend" && t.s.Facts["platform"] == "" {
		platform = words.Get("letter.blank_friend")
	}
	parts := []string{
		words.Fill("letter_from."+paper+"_"+who, "platform", platform),
		words.Fill("letter.facts", "facts", c.facts()),
	}
	if paper == regulatorPaper {
		parts = append(parts, words.Get("letter.before"))
	}
	parts = append(parts, words.Get("letter.demands_"+paper)+t.demands(paper, who))
	if paper == platformPaper && who == string(Borrower) && t.s.Facts["old"] == "no" {
		parts = append(parts, words.Get("letter.plan"))
	}
	return strings.Join(append(parts, words.Get("letter.signed")), "\n")
}

// writer names who writes a paper, as the words do: a kind of person, or a case that is told in another way.
func (t *talk) writer(paper string) string {
	switch {
	case t.s.person() != Borrower:
		return string(t.s.person())
	case t.s.Facts["repaid"] != "":
		return "repaid"
	case t.s.Facts["lender"] == "friend" && paper == platformPaper:
		return "friend"
	}
	return string(Borrower)
}

// demands numbers what is asked for: what everybody of this kind asks, and what fits the lender.
func (t *talk) demands(paper, who string) string {
	all := strings.Split(words.Get("demand."+paper+"_"+who), "\n")
	if who == string(Borrower) {
		if more, ok := words.Find("demand." + paper + "_" + t.fact("lender", "unknown")); ok {
			all = append(all, strings.Split(more, "\n")...)
		}
	}
	if paper == platformPaper && t.debtMayBeOld() {
		all = append(all, words.Get("demand.old"))
	}
	if last, ok := words.Find("demand." + paper + "_last"); ok && who != "friend" {
		all = append(all, last)
	}
	var b strings.Builder
	numerals := []rune(words.Get("read.numerals"))
	for i, d := range all {
		key := "letter.demand"
		if i == len(all)-1 {
			key = "letter.demand_last"
		}
		b.WriteString("\n" + words.Fill(key, "n", string(numerals[i]), "what", d))
	}
	return b.String()
}

// facts sums up what was logged, with the gravest acts word for word; where nothing is logged a blank is named.
func (c caseFile) facts() string {
	if len(c.entries) == 0 {
		return words.Get("letter.blank_log")
	}
	first, last := c.entries[0].At, c.entries[0].At
	for _, e := range c.entries {
		if e.At.Before(first) {
			first = e.At
		}
		if e.At.After(last) {
			last = e.At
		}
	}
	key := "letter.log"
	if first.Format(time.DateOnly) == last.Format(time.DateOnly) {
		key = "letter.log_day"
	}
	text := words.Fill(key, "first", first.Format(time.DateOnly), "last", last.Format(time.DateOnly), "all", itoa(len(c.entries)), "kinds", c.kinds())
	if n := c.night(); n > 0 {
		text += words.Fill("letter.log_night", "n", itoa(n))
	}
	text += words.Get("letter.log_end")
	for _, e := range c.worst(3) {
		text += "\n" + words.Fill("letter.act", "act", e.line())
	}
	return text
}

// worst are the acts that weigh most: at the door, towards others, with words, by night; among equals the newest.
func (c caseFile) worst(most int) []LogEntry {
	weight := func(e LogEntry) int {
		n := map[string]int{"visit": 3, "third": 2}[e.How]
		if e.Words != "" {
			n += 4
		}
		if atNight(e.At) {
			n++
		}
		return n
	}
	all := slices.Clone(c.entries)
	slices.Reverse(all)
	slices.SortStableFunc(all, func(a, b LogEntry) int { return weight(b) - weight(a) })
	all = all[:min(most, len(all))]
	slices.SortStableFunc(all, func(a, b LogEntry) int { return a.At.Compare(b.At) })
	return all
}
