package knowledge

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// source is where a snippet was read, for the checks.
type source struct {
	path   string
	text   string // of the whole file
	body   int    // line where the body begins, from 1
	raw    string // body with its marks
	detail string // longer part with its marks
}

// fileMost is the largest file that is read, in bytes.
const fileMost = 1 << 20

// Problem is something wrong in a file. Line 0 is the whole file.
type Problem struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Level   string `json:"level"` // error or warning
	Message string `json:"message"`
}

func (p Problem) Error() string {
	if p.Line == 0 {
		return fmt.Sprintf("%s: %s", p.File, p.Message)
	}
	return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Message)
}

func fault(file string, line int, format string, args ...any) Problem {
	return Problem{File: file, Line: line, Level: "error", Message: fmt.Sprintf(format, args...)}
}

// Load reads content/*/*.md, law/*.yaml, channels.yaml and words/. It reports all problems at once, each a Problem.
func Load(files fs.FS) (*Base, error) {
	b := &Base{
		byID: make(map[string]*Snippet), laws: make(map[string]*Law), channels: make(map[string]*Channel), files: make(map[string]source),
	}
	var drafts []draft
	var problems [5][]Problem
	var reading sync.WaitGroup
	reading.Go(func() { problems[0] = b.loadChannels(files) })
	reading.Go(func() { problems[1] = b.loadLaws(files) })
	reading.Go(func() { problems[2] = b.loadWords(files) })
	reading.Go(func() { drafts, problems[3] = readDrafts(files) })
	reading.Wait()
	problems[4] = b.loadContent(drafts)
	if found := slices.Concat(problems[:]...); len(found) > 0 {
		return nil, join(found)
	}
	slices.SortFunc(b.snippets, func(a, c *Snippet) int { return strings.Compare(a.ID, c.ID) })
	b.index = newIndex(b.words, b.snippets)
	return b, nil
}

// each does something for 0 to n-1, on all cores.
func each(n int, do func(i int)) {
	var next atomic.Int64
	var working sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		working.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				do(int(i))
			}
		})
	}
	working.Wait()
}

func join(problems []Problem) error {
	all := make([]error, len(problems))
	for i, p := range problems {
		all[i] = p
	}
	return errors.Join(all...)
}

// read is a file's text, checked for size and encoding.
func read(files fs.FS, name string) ([]byte, *Problem) {
	info, err := fs.Stat(files, name)
	if err != nil {
		p := fault(name, 0, "cannot be read: %v", err)
		return nil, &p
	}
	if info.Size() > fileMost {
		p := fault(name, 0, "has %d bytes, at most %d are read: is it the right file?", info.Size(), fileMost)
		return nil, &p
	}
	content, err := fs.ReadFile(files, name)
	if err != nil {
		p := fault(name, 0, "cannot be read: %v", err)
		return nil, &p
	}
	if !utf8.Valid(content) {
		p := fault(name, badLine(content), "is not UTF-8: save it with that encoding")
		return nil, &p
	}
	content = bytes.TrimPrefix(content, []byte("\ufeff"))
	if bytes.IndexByte(content, '\r') >= 0 {
		content = bytes.ReplaceAll(content, []byte("\r\n"), []byte("\n"))
	}
	return content, nil
}

func badLine(content []byte) int {
	for i, line := range bytes.Split(content, []byte("\n")) {
		if !utf8.Valid(line) {
			return i + 1
		}
	}
	return 0
}

func (b *Base) loadChannels(files fs.FS) []Problem {
	content, problem := read(files, "channels.yaml")
	if problem != nil {
		return []Problem{*problem}
	}
	var all []*Channel
	if err := strict(content, &all); err != nil {
		return []Problem{yamlFault("channels.yaml", err, 0)}
	}
	for _, c := range all {
		b.channels[c.ID] = c
	}
	return nil
}

func (b *Base) loadLaws(files fs.FS) []Problem {
	names, err := fs.Glob(files, "law/*.yaml")
	if err != nil || len(names) == 0 {
		return []Problem{fault("law", 0, "there is no law/*.yaml")}
	}
	var problems []Problem
	for _, name := range names {
		content, problem := read(files, name)
		if problem != nil {
			problems = append(problems, *problem)
			continue
		}
		var l Law
		if err := strict(content, &l); err != nil {
			problems = append(problems, yamlFault(name, err, 0))
			continue
		}
		if l.ID == "" || l.Title == "" || l.ID+".yaml" != path.Base(name) {
			problems = append(problems, fault(name, 1, "needs an id that is the file's name, and a title"))
		}
		b.laws[l.ID] = &l
	}
	return problems
}

// strict reads YAML in which every field is known.
func strict(content []byte, into any) error {
	d := yaml.NewDecoder(bytes.NewReader(content))
	d.KnownFields(true)
	return d.Decode(into)
}

var (
	yamlForm  = regexp.MustCompile(`line (\d+): (.*)`)
	fieldForm = regexp.MustCompile(`field (\S+) not found in type .*`)
)

// yamlFault is an error of the YAML reader in a file of which lines were cut off before.
func yamlFault(name string, err error, before int) Problem {
	found := yamlForm.FindStringSubmatch(err.Error())
	if found == nil {
		return fault(name, 1, "is not sound YAML: %v", err)
	}
	line, _ := strconv.Atoi(found[1]) // digits
	said := fieldForm.ReplaceAllString(found[2], `the field "$1" is not known: is it spelt right?`)
	if said == found[2] {
		said = "is not sound YAML: " + said + ": look at brackets, quotes and indents"
	}
	return fault(name, line+before, "%s", said)
}

const dateForm = time.DateOnly
