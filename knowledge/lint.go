package knowledge

import (
	"cmp"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// What a snippet may hold.
const (
	bodyRunes   = 300
	detailRunes = 1500
	asksLeast   = 8
	nearAsk     = 0.8 // overlap of pairs at which two asks are the same
	nearTest    = 0.6 // overlap at which an ask repeats a line of a test set
	warnMonths  = 12
	failMonths  = 24
)

var (
	steps    = []string{"", "calm", "evidence", "platform", "regulator", "lawyer"}
	telForm  = regexp.MustCompile(`(?:^|[^0-9.\-/:])(1[3-9][0-9]{9}|[48]00-?[0-9]{3}-?[0-9]{4}|1[0-9]{2,4}|9[56][0-9]{3,4}|0[0-9]{2,3}-?[0-9]{7,8})(?:[^0-9年月日条元万%.\-:次个]|$)`)
	urlForm  = regexp.MustCompile(`(?:https?://)?[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)*\.(?:cn|com|org|net|gov)[^\s，。；）」]*`)
	sentence = regexp.MustCompile(`[^。！？\n]+[。！？]?`)
	quoted   = regexp.MustCompile(`「[^」]*」`)
)

// linter checks one base.
type linter struct {
	base     *Base
	asOf     time.Time
	rules    lintWords
	problems []Problem
}

type lintWords struct {
	NeedsMark   []string          `yaml:"needs_mark"`
	NotLaw      []string          `yaml:"not_law"`
	NotPractice []string          `yaml:"not_practice"`
	Unlawful    string            `yaml:"unlawful"`
	Promises    []string          `yaml:"promises"`
	NotPromise  []string          `yaml:"not_promise"`
	Terms       map[string]string `yaml:"terms"`
}

// Lint checks everything that can be wrong in files that can be read. tests are lines of test sets that no ask
// may repeat.
func Lint(files fs.FS, asOf time.Time, tests []string) (*Base, []Problem) {
	b, err := Load(files)
	if err != nil {
		return nil, unjoin(err)
	}
	l := linter{base: b, asOf: asOf}
	content, problem := read(files, "words/lint.yaml")
	if problem != nil {
		return nil, []Problem{*problem}
	}
	if err := strict(content, &l.rules); err != nil {
		return nil, []Problem{yamlFault("words/lint.yaml", err, 0)}
	}
	for _, s := range b.snippets {
		l.snippet(s)
	}
	l.asks(tests)
	l.intents(files)
	slices.SortFunc(l.problems, func(a, c Problem) int {
		return cmp.Or(strings.Compare(a.File, c.File), a.Line-c.Line, strings.Compare(a.Message, c.Message))
	})
	return b, l.problems
}

func unjoin(err error) []Problem {
	var problems []Problem
	if all, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range all.Unwrap() {
			if p, ok := e.(Problem); ok { //nolint:errorlint // Load joins
				problems = append(problems, p)
			}
		}
	}
	return problems
}

func (l *linter) add(level string, s *Snippet, text, format string, args ...any) {
	src := l.base.files[s.ID]
	l.problems = append(l.problems, Problem{File: src.path, Line: src.lineOf(text), Level: level, Message: fmt.Sprintf(format, args...)})
}

func (l *linter) snippet(s *Snippet) {
	src := l.base.files[s.ID]
	if n := utf8.RuneCountInString(s.Body); n > bodyRunes {
		l.add("error", s, firstLine(src.raw), "the body has %d characters, at most %d fit a screen: move the rest behind 「%s」", n, bodyRunes, l.base.words.detailHead)
	}
	if n := utf8.RuneCountInString(s.Detail); n > detailRunes {
		l.add("error", s, firstLine(src.detail), "the longer part has %d characters, at most %d: shorten it, or make two snippets", n, detailRunes)
	}
	if len(s.Asks) < asksLeast {
		l.add("error", s, "asks:", "has %d asks, needs %d: write more of the ways in which people ask this", len(s.Asks), asksLeast)
	}
	if !slices.Contains(steps, s.Step) {
		l.add("error", s, "step:", "step %q is none of the five: calm, evidence, platform, regulator, lawyer, or empty", s.Step)
	}
	for _, r := range s.Related {
		if _, ok := l.base.byID[r]; !ok || r == s.ID {
			l.add("error", s, "related:", "related %q is no other snippet: correct the id, or take it out", r)
		}
	}
	for _, r := range s.Reviews {
		if strings.Contains(s.Author, r.By) || strings.Contains(r.By, s.Author) {
			l.add("error", s, "reviewed:", "%s wrote this and cannot review it: another lawyer has to", r.By)
		}
	}
	l.dates(s)
	for _, c := range s.Cites {
		if c.Law == nil {
			continue
		}
		if err := c.Law.inForce(l.asOf); err != nil {
			l.add("error", s, "["+c.Ref+"]", "%v", err)
		}
	}
	for _, text := range sentence.FindAllString(src.raw+"\n"+src.detail, -1) {
		l.sentence(s, text)
	}
}

// intents checks that every intent belongs to a snippet.
func (l *linter) intents(files fs.FS) {
	const name = "words/intents.yaml"
	content, problem := read(files, name)
	if problem != nil {
		return
	}
	lines := strings.Split(string(content), "\n")
	for _, r := range l.base.words.intents.rules {
		if _, ok := l.base.byID[r.snippet]; ok {
			continue
		}
		line := slices.IndexFunc(lines, func(s string) bool { return strings.HasSuffix(s, "snippet: "+r.snippet) })
		l.problems = append(l.problems, fault(name, line+1, "the snippet %q does not exist: correct the id, or take the intent out", r.snippet))
	}
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

func (l *linter) dates(s *Snippet) {
	switch {
	case s.Checked.After(l.asOf):
		l.add("error", s, "checked:", "checked lies in the future: set the day on which it was checked")
	case s.Checked.Before(l.asOf.AddDate(0, -failMonths, 0)):
		l.add("error", s, "checked:", "not checked for more than %d months: read it against the law of today and set the date", failMonths)
	case s.Checked.Before(l.asOf.AddDate(0, -warnMonths, 0)):
		l.add("warning", s, "checked:", "not checked for more than %d months: read it against the law of today and set the date", warnMonths)
	}
}

// sentence checks what one sentence says and which marks it carries.
func (l *linter) sentence(s *Snippet, text string) {
	text = strings.TrimSpace(text)
	refs := markForm.FindAllStringSubmatch(text, -1)
	plain := quoted.ReplaceAllString(unmarked(text), "")
	bare := without(plain, l.rules.NotPromise)
	for _, p := range l.rules.Promises {
		if strings.Contains(bare, p) && !negated(bare, p) {
			l.add("error", s, text, "「%s」 promises an outcome: say what is likely and what to do", p)
		}
	}
	for term, instead := range l.rules.Terms {
		if strings.Contains(plain, term) && s.Theme != "about" {
			l.add("error", s, text, "「%s」: %s", term, instead)
		}
	}
	l.force(s, text, plain, refs)
	l.contacts(s, text, plain)
}

// force checks that what a sentence says has a source of enough weight.
func (l *linter) force(s *Snippet, text, plain string, refs [][]string) {
	if len(refs) == 0 {
		l.needsMark(s, text, plain)
		return
	}
	onlyPractice, binding, soft := true, false, false
	for _, r := range refs {
		if r[1] == practice {
			continue
		}
		onlyPractice = false
		if c, err := l.base.cite(r[1]); err == nil && c.Law != nil {
			binding, soft = binding || !c.Law.soft(), soft || c.Law.soft()
		}
	}
	if onlyPractice {
		for _, w := range l.rules.NotPractice {
			if strings.Contains(plain, w) {
				l.add("error", s, text, "「%s」 is law, and [practice] is no source for it", w)
			}
		}
	}
	if soft && !binding && strings.Contains(plain, l.rules.Unlawful) && !negated(plain, l.rules.Unlawful) {
		l.add("error", s, text, "a recommended standard or a norm of an association makes nothing 「%s」: say that it can be complained of", l.rules.Unlawful)
	}
}

// needsMark checks that a sentence without a source says nothing of the law.
func (l *linter) needsMark(s *Snippet, text, plain string) {
	rest := without(plain, l.rules.NotLaw)
	for _, w := range l.rules.NeedsMark {
		if strings.Contains(rest, w) {
			l.add("error", s, text, "a sentence with 「%s」 needs a mark: [law:article], [channel] or [practice]", w)
			return
		}
	}
}

// without is a text with some words left out.
func without(text string, words []string) string {
	for _, w := range words {
		text = strings.ReplaceAll(text, w, " ")
	}
	return text
}

// negated says whether a word only stands behind a no.
func negated(text, word string) bool {
	at := strings.Index(text, word)
	before := []rune(text[:at])
	return strings.ContainsAny(string(before[max(0, len(before)-8):]), "不没非未")
}

// contacts checks that every number and address is one of the channel list.
func (l *linter) contacts(s *Snippet, text, plain string) {
	rest := plain
	for _, u := range urlForm.FindAllString(plain, -1) {
		rest = strings.ReplaceAll(rest, u, " ")
		if !l.knownURL(u) {
			l.add("error", s, text, "%s is not in channels.yaml: leave it out, or add it there with its source", u)
		}
	}
	for _, m := range telForm.FindAllStringSubmatch(rest, -1) {
		if !l.knownNumber(m[1]) {
			l.add("error", s, text, "the number %s is not in channels.yaml: leave it out, or add it there with its source", m[1])
		}
	}
}

func (l *linter) knownURL(u string) bool {
	for _, c := range l.base.channels {
		for _, known := range c.URLs {
			if strings.Contains(known, strings.TrimRight(strings.TrimPrefix(strings.TrimPrefix(u, "https://"), "http://"), "/")) {
				return true
			}
		}
	}
	return false
}

// knownNumber: numbers that are no telephone number, such as 106 or a range of amounts, are the rules' own to know.
func (l *linter) knownNumber(n string) bool {
	if len(n) == 3 && n != "110" && n != "120" || len(n) == 4 || slices.Contains(notTelephones, n) {
		return true
	}
	for _, c := range l.base.channels {
		if slices.Contains(c.Numbers, n) {
			return true
		}
	}
	return false
}

// notTelephones are five digits that are amounts.
var notTelephones = []string{"10000", "12000", "15000"}
