package knowledge

import (
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
)

// matter is the head of a snippet's file.
type matter struct {
	ID         string
	Title      string
	Kind       Kind
	Step       string
	Lenders    []string
	Behaviours []string
	Asks       []string
	Author     string
	Checked    string
	Reviewed   []struct{ By, Qualification, Date string }
	Related    []string
}

var (
	idForm   = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	markForm = regexp.MustCompile(` ?\[([a-z0-9-]+(?::[a-z0-9-]+)?)\]`)
)

// practice marks plain advice.
const practice = "practice"

func (b *Base) loadContent(files fs.FS) []Problem {
	names, err := fs.Glob(files, "content/*/*.md")
	if err != nil || len(names) == 0 {
		return []Problem{fault("content", 0, "there is no content/*/*.md")}
	}
	var problems []Problem
	for _, name := range names {
		content, problem := read(files, name)
		if problem != nil {
			problems = append(problems, *problem)
			continue
		}
		s, src, found := b.parse(name, string(content))
		problems = append(problems, found...)
		if len(found) > 0 {
			continue
		}
		if other, double := b.files[s.ID]; double {
			problems = append(problems, fault(name, 2, "id %s stands in %s too: ids are never used twice", s.ID, other.path))
			continue
		}
		b.byID[s.ID], b.files[s.ID] = s, src
		b.snippets = append(b.snippets, s)
	}
	return problems
}

// parse reads one file.
func (b *Base) parse(name, content string) (*Snippet, source, []Problem) {
	src := source{path: name, lines: strings.Split(content, "\n")}
	rest, ok := strings.CutPrefix(content, "---\n")
	head, body, ended := strings.Cut(rest, "\n---\n")
	if !ok || !ended {
		return nil, src, []Problem{fault(name, 1, "needs a head between two lines of ---")}
	}
	var m matter
	if err := strict([]byte(head), &m); err != nil {
		return nil, src, []Problem{yamlFault(name, err, 1)}
	}
	src.body = strings.Count(head, "\n") + 4
	src.raw, src.detail, _ = strings.Cut(strings.TrimSpace(body), "\n## "+b.words.detailHead+"\n")
	src.raw, src.detail = strings.TrimSpace(src.raw), strings.TrimSpace(src.detail)
	s, problems := m.snippet(name, src)
	if len(problems) > 0 {
		return nil, src, problems
	}
	s.Body, s.Detail = unmarked(src.raw), unmarked(src.detail)
	for _, ref := range marks(src.raw + "\n" + src.detail) {
		cite, err := b.cite(ref)
		if err != nil {
			problems = append(problems, fault(name, src.lineOf("["+ref+"]"), "%v", err))
			continue
		}
		s.Cites = append(s.Cites, cite)
	}
	return s, src, problems
}

// snippet checks that nothing is missing.
func (m matter) snippet(name string, src source) (*Snippet, []Problem) {
	var problems []Problem
	bad := func(field, format string, args ...any) {
		problems = append(problems, fault(name, src.lineOf(field+":"), format, args...))
	}
	if !idForm.MatchString(m.ID) || m.ID+".md" != path.Base(name) {
		bad("id", "id %q must be the file's name: lower-case letters, digits and hyphens", m.ID)
	}
	if m.Title == "" {
		bad("title", "title is missing")
	}
	if m.Kind == "" {
		m.Kind = Answered
	}
	if !slices.Contains([]Kind{Answered, Refuse, None}, m.Kind) {
		bad("kind", "kind %q is not answer, refuse or none", m.Kind)
	}
	if len(m.Asks) == 0 {
		bad("asks", "asks are missing: at least eight ways in which people ask this")
	}
	if m.Author == "" {
		bad("author", "author is missing")
	}
	checked, err := time.Parse(dateForm, m.Checked)
	if err != nil {
		bad("checked", "checked %q is not a date such as 2026-11-24", m.Checked)
	}
	if src.raw == "" {
		problems = append(problems, fault(name, src.body, "the body is empty"))
	}
	s := &Snippet{
		ID: m.ID, Title: m.Title, Kind: m.Kind, Theme: path.Base(path.Dir(name)), Step: m.Step, Lenders: m.Lenders, Behaviours: m.Behaviours,
		Asks: m.Asks, Related: m.Related, Author: m.Author, Checked: checked,
	}
	for _, r := range m.Reviewed {
		date, err := time.Parse(dateForm, r.Date)
		if err != nil || r.By == "" || r.Qualification == "" {
			bad("reviewed", "a review needs by, qualification and a date")
			continue
		}
		s.Reviews = append(s.Reviews, Review{r.By, r.Qualification, date})
	}
	return s, problems
}

// lineOf is the first line with a text, from 1; 1 where there is none.
func (s source) lineOf(text string) int {
	for i, line := range s.lines {
		if strings.Contains(line, text) {
			return i + 1
		}
	}
	return 1
}

// marks are the sources that a text names, each once, without practice.
func marks(text string) []string {
	var refs []string
	for _, m := range markForm.FindAllStringSubmatch(text, -1) {
		if m[1] != practice && !slices.Contains(refs, m[1]) {
			refs = append(refs, m[1])
		}
	}
	return refs
}

func unmarked(text string) string { return strings.TrimSpace(markForm.ReplaceAllString(text, "")) }
