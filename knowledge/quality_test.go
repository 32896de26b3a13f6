package knowledge

import (
	"crypto/sha256"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// question is a line of the test sets, with the ids of the snippets that answer it.
type question struct {
	ID      string
	Text    string
	Before  string
	Context string // as Before, in the development file
	Kind    Kind
	Accept  []string
	Parts   [][]string // for each part of the question
}

func (q question) ask() Question {
	if q.Before == "" {
		q.Before = q.Context
	}
	return Question{Text: q.Text, Before: q.Before}
}

// shown says whether a line may be looked at; the others are for figures only.
func (q question) shown() bool {
	sum := sha256.Sum256([]byte(q.ID))
	return sum[len(sum)-1]%2 == 0
}

func readYAML(t testing.TB, name string, into any) {
	t.Helper()
	content, err := os.ReadFile(name)
	require.NoError(t, err)
	require.NoError(t, yaml.Unmarshal(content, into))
}

// questionsOf are the questions of a file of testdata, to be answered where nothing else is said.
func questionsOf(t testing.TB, name string) []question {
	t.Helper()
	var all []question
	readYAML(t, "testdata/"+name, &all)
	for i := range all {
		if all[i].Kind == "" {
			all[i].Kind = Answered
		}
	}
	return all
}

// developmentQuestions are those of the file that the environment names, with our judgement, as far as they were judged; nil where
// none is named.
func developmentQuestions(t testing.TB) []question {
	t.Helper()
	name := os.Getenv("WENZHU_QUESTIONS")
	if name == "" {
		return nil
	}
	var all []question
	readYAML(t, name, &all)
	var accept map[string][]string
	readYAML(t, "testdata/questions.yaml", &accept)
	for i := range all {
		all[i].Accept = accept[all[i].ID]
		if all[i].Kind == "out_of_scope" {
			all[i].Kind = None
		}
	}
	return slices.DeleteFunc(all, func(q question) bool {
		return q.Kind == Crisis || q.Kind == Answered && len(q.Accept) == 0 // set aside, or nothing says it yet
	})
}

// askedByOthers are asks by other hands than those in the snippets, for figures only.
func askedByOthers(t testing.TB, b *Base) []question {
	t.Helper()
	var asks map[string][]string
	readYAML(t, "testdata/asks-test.yaml", &asks)
	var all []question
	for id, lines := range asks {
		s, known := b.Snippet(id)
		if !known {
			continue
		}
		for _, line := range lines {
			all = append(all, question{Text: line, Kind: s.Kind, Accept: []string{id}})
		}
	}
	return all
}

// figures count how questions are answered.
type figures struct {
	good, first, third, declined int // questions to be answered; right first, among the first three, taken for outside
	refuse, refused              int
	none, outside                int
	parts, allParts              int
	wrong                        []string // what went wrong, for lines that may be shown
}

func (f *figures) add(b *Base, q question, show bool) {
	a := b.find(q.ask())
	hits, _ := b.index.search(q.ask())
	var right bool
	switch {
	case q.Kind == Refuse:
		f.refuse++
		if right = a.Kind == Refuse; right {
			f.refused++
		}
	case q.Kind == None:
		f.none++
		if right = a.Kind == None; right {
			f.outside++
		}
	case len(q.Parts) > 0:
		f.parts++
		right = !slices.ContainsFunc(q.Parts, func(accept []string) bool {
			return !slices.ContainsFunc(a.Parts, func(s *Snippet) bool { return slices.Contains(accept, s.ID) })
		})
		if right {
			f.allParts++
		}
	default:
		right = f.answered(a, q)
	}
	if !right && show {
		line := q.ID + " " + q.Text + " → " + string(a.Kind)
		for _, h := range hits[:min(len(hits), 4)] {
			line += " " + h.String()
		}
		f.wrong = append(f.wrong, line)
	}
}

func (f *figures) answered(a Answer, q question) bool {
	f.good++
	if a.Kind == None {
		f.declined++
	}
	for i, h := range a.Hits[:min(len(a.Hits), 3)] {
		if slices.Contains(q.Accept, h.Snippet.ID) {
			f.third++
			if i == 0 {
				f.first++
			}
			return i == 0
		}
	}
	return false
}

func (f *figures) log(t *testing.T, name string) {
	t.Helper()
	t.Logf("%s: first %.1f %%, among three %.1f %%, declined %.1f %% of %d; refused %d of %d; outside %d of %d; all parts %d of %d", name,
		share(f.first, f.good), share(f.third, f.good), share(f.declined, f.good), f.good, f.refused, f.refuse, f.outside, f.none, f.allParts, f.parts)
	for _, w := range f.wrong {
		t.Log(w)
	}
}

func share(n, of int) float64 { return 100 * float64(n) / float64(max(1, of)) }

// TestQuestionsFindTheirAnswers keeps what the search reaches on questions of our own, of which half was never
// looked at; and shows it for the development questions where the environment names their file.
func TestQuestionsFindTheirAnswers(t *testing.T) {
	b := embeddedBase(t)
	var shown, unseen, development figures
	for _, q := range questionsOf(t, "own-questions.yaml") {
		if q.shown() {
			shown.add(b, q, true)
		} else {
			unseen.add(b, q, false)
		}
	}
	for _, q := range developmentQuestions(t) {
		development.add(b, q, true)
	}
	shown.log(t, "own, shown")
	unseen.log(t, "own, never looked at")
	if development.good > 0 {
		development.log(t, "development")
	}
	for _, f := range []figures{shown, unseen} {
		assert.GreaterOrEqual(t, share(f.first, f.good), 88.0, "right first")
		assert.GreaterOrEqual(t, share(f.third, f.good), 96.0, "right among three")
		assert.LessOrEqual(t, share(f.declined, f.good), 3.0, "declined though good")
		assert.GreaterOrEqual(t, share(f.refused, f.refuse), 80.0, "refused")
		assert.GreaterOrEqual(t, share(f.outside, f.none), 90.0, "outside the field")
	}
}

// TestQuestionsOfAnotherHandKeepTheirAnswers: what was reached on questions that were read.
func TestQuestionsOfAnotherHandKeepTheirAnswers(t *testing.T) {
	b := embeddedBase(t)
	var f figures
	for _, q := range questionsOf(t, "adviser-questions.yaml") {
		f.add(b, q, true)
	}
	f.log(t, "another hand, read")
	assert.GreaterOrEqual(t, share(f.first, f.good), 95.0, "right first")
	assert.Equal(t, f.refuse, f.refused)
	assert.Equal(t, f.none, f.outside)
}

// TestAsksOfOtherHandsFindTheirSnippet keeps how often wording never seen finds the very snippet it was written for:
// where another one answers as well, it counts as missed.
func TestAsksOfOtherHandsFindTheirSnippet(t *testing.T) {
	b := embeddedBase(t)
	var f figures
	for _, q := range askedByOthers(t, b) {
		f.add(b, q, false)
	}
	f.log(t, "other hands")
	assert.GreaterOrEqual(t, share(f.first, f.good), 64.0, "right first")
	assert.GreaterOrEqual(t, share(f.third, f.good), 82.0, "right among three")
	assert.LessOrEqual(t, share(f.declined, f.good), 3.0, "declined though good")
}

// linesOf are the questions of a file of testdata.
func linesOf(t testing.TB, name string) []string {
	t.Helper()
	content, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	return strings.Split(strings.TrimSpace(string(content)), "\n")
}

// shareOf is the share of the lines of a file of testdata that are of a kind, danger aside.
func shareOf(t *testing.T, b *Base, name string, kind Kind) float64 {
	t.Helper()
	lines, n := linesOf(t, name), 0
	for _, line := range lines {
		if b.find(Question{Text: line}).Kind == kind {
			n++
		}
	}
	t.Logf("%s: %s %d of %d", name, kind, n, len(lines))
	return share(n, len(lines))
}

// TestEverydayQuestionsAreDeclined: the floor, on questions of everyday life.
func TestEverydayQuestionsAreDeclined(t *testing.T) {
	b := embeddedBase(t)
	assert.GreaterOrEqual(t, shareOf(t, b, "outside.txt", None), 90.0)
	assert.GreaterOrEqual(t, shareOf(t, b, "outside-further.txt", None), 70.0, "what nothing was mended for")
}

// TestWhatHarmsOthersIsRefused, and what only sounds like it is answered.
func TestWhatHarmsOthersIsRefused(t *testing.T) {
	b := embeddedBase(t)
	assert.GreaterOrEqual(t, shareOf(t, b, "refuse.txt", Refuse), 90.0)
	assert.GreaterOrEqual(t, shareOf(t, b, "refuse-further.txt", Refuse), 45.0, "wording that nothing was mended for")
	assert.LessOrEqual(t, shareOf(t, b, "neighbours.txt", Refuse), 3.0)
}
