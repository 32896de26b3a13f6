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
	markForm = regexp.MustCompile(`\[([a-z0-9-]+(?::[a-z0-9-]+)?)\]`)
)

// practice marks plain advice.
const practice = "practice"

// draft is a snippet's file as far as it can be read without the others.
type draft struct {
	src     source
	head    matter
	content string // behind the head
	problem *Problem
}

// readDrafts reads the files of all snippets, on all cores.
func readDrafts(files fs.FS) ([]draft, []Problem) {
	names, err := fs.Glob(files, "content/*/*.md")
	if err != nil || len(names) == 0 {
		return nil, []Problem{fault("content", 0, "there is no content/*/*.md")}
	}
	drafts := make([]draft, len(names))
	each(len(names), func(i int) { drafts[i] = readDraft(files, names[i]) })
	return drafts, nil
}

func readDraft(files fs.FS, name string) draft {
	d := draft{src: source{path: name}}
	bad := func(p Problem) draft {
		d.problem = &p
		return d
	}
	text, problem := read(files, name)
	if problem != nil {
		return bad(*problem)
	}
	d.src.text = string(text)
	rest, ok := strings.CutPrefix(d.src.text, "---\n")
	head, content, ended := strings.Cut(rest, "\n---\n")
	if !ok || !ended {
		return bad(fault(name, 1, "needs a head between two lines of ---"))
	}
	if err := strict([]byte(head), &d.head); err != nil {
		return bad(yamlFault(name, err, 1))
	}
	d.src.body, d.content = strings.Count(head, "\n")+4, strings.TrimSpace(content)
	return d
}

// loadContent makes snippets of drafts, when everything that they name is loaded.
func (b *Base) loadContent(drafts []draft) []Problem {
	var problems []Problem
	for _, d := range drafts {
		if d.problem != nil {
			problems = append(problems, *d.problem)
			continue
		}
		s, src, found := b.finish(d)
		problems = append(problems, found...)
		if len(found) > 0 {
			continue
		}
		if other, double := b.files[s.ID]; double {
			problems = append(problems, fault(src.path, 2, "id %s stands in %s too: ids are never used twice", s.ID, other.path))
			continue
		}
		b.byID[s.ID], b.files[s.ID] = s, src
		b.snippets = append(b.snippets, s)
	}
	return problems
}

// finish makes a snippet of a draft.
func (b *Base) finish(d draft) (*Snippet, source, []Problem) {
	src := d.src
	src.raw, src.detail, _ = strings.Cut(d.content, "\n## "+b.words.detailHead+"\n")
	src.raw, src.detail = strings.TrimSpace(src.raw), strings.TrimSpace(src.detail)
	s, problems := d.head.snippet(src)
	if len(problems) > 0 {
		return nil, src, problems
	}
	s.Body, s.Detail = unmarked(src.raw), unmarked(src.detail)
	for _, ref := range marks(src.raw + "\n" + src.detail) {
		cite, err := b.cite(ref)
		if err != nil {
			problems = append(problems, fault(src.path, src.lineOf("["+ref+"]"), "%v", err))
			continue
		}
		s.Cites = append(s.Cites, cite)
	}
	return s, src, problems
}

// snippet checks that nothing is missing.
func (m matter) snippet(src source) (*Snippet, []Problem) {
	name := src.path
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
	before, _, found := strings.Cut(s.text, text)
	if !found {
		return 1
	}
	return strings.Count(before, "\n") + 1
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

// unmarked is a text without its marks, each with the blank before it.
func unmarked(text string) string {
	var b strings.Builder
	done := 0
	for _, mark := range markForm.FindAllStringIndex(text, -1) {
		b.WriteString(strings.TrimSuffix(text[done:mark[0]], " "))
		done = mark[1]
	}
	b.WriteString(text[done:])
	return strings.TrimSpace(b.String())
}
