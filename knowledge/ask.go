package knowledge

import (
	"fmt"
	"io"
	"regexp"
	"strings"

	"wenzhu/knowledge/crisis"
)

// The floor below which nothing fits, and how near a candidate has to be to count as close.
const (
	floor     = 1.25
	closeness = 0.88
	partMost  = 3 // parts of a question that are answered
	hitsMost  = 5
)

// Ask finds what the base has to say to a question.
func (b *Base) Ask(q Question) Answer {
	if crisis.Recognise(q.Text, false) != crisis.Safe {
		return Answer{Kind: Crisis}
	}
	if follows(q) {
		q.Text = q.Before + " " + q.Text
	}
	hits := b.index.search(q)
	if len(hits) == 0 || hits[0].Score < floor {
		return Answer{Kind: None, Hits: nil}
	}
	a := Answer{Kind: hits[0].Snippet.Kind, Parts: []*Snippet{hits[0].Snippet}, Hits: hits[:min(len(hits), hitsMost)], Danger: crisis.Threat(q.Text)}
	for _, h := range hits[1:min(len(hits), 4)] {
		if h.Score >= closeness*hits[0].Score {
			a.Close = append(a.Close, h.Snippet)
		}
	}
	a.Unsure = len(a.Close) > 0 && hits[0].Score < 1.6*floor
	for _, part := range parts(q.Text) {
		found := b.index.search(Question{Text: part, Step: q.Step, Lender: q.Lender, Behaviours: q.Behaviours})
		if len(found) > 0 && found[0].Score > 1.5*floor && found[0].Snippet.Kind == Answered && len(a.Parts) < partMost && !has(a.Parts, found[0].Snippet) {
			a.Parts = append(a.Parts, found[0].Snippet)
		}
	}
	return a
}

func has(all []*Snippet, s *Snippet) bool {
	for _, other := range all {
		if other == s {
			return true
		}
	}
	return false
}

// follows says whether a question is too short to stand without the one before.
func follows(q Question) bool {
	return q.Before != "" && len([]rune(q.Text)) <= 10 && followForm.MatchString(q.Text)
}

var followForm = regexp.MustCompile(`^(那|那么|如果|要是|可是|但是|万一|还有)|呢[？?]?$`)

// parts splits a question with several question marks.
func parts(text string) []string {
	pieces := strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune("？?；;\n", c) })
	if len(pieces) < 2 {
		return nil
	}
	var all []string
	for _, p := range pieces {
		if len([]rune(strings.TrimSpace(p))) >= 5 {
			all = append(all, p)
		}
	}
	if len(all) < 2 {
		return nil
	}
	return all
}

// Text is the whole that a person reads as the answer, without the sources.
func (b *Base) Text(a Answer) string {
	var texts []string
	if a.Danger {
		texts = append(texts, b.words.text["threat"])
	}
	for _, s := range a.Parts {
		texts = append(texts, s.Body)
	}
	return strings.Join(texts, "\n\n")
}

// Print writes all snippets as one document for reviewers.
func (b *Base) Print(w io.Writer) error {
	theme := ""
	for _, s := range b.byTheme() {
		if s.Theme != theme {
			theme = s.Theme
			if _, err := fmt.Fprintf(w, "# %s\n\n", theme); err != nil {
				return err
			}
		}
		detail := ""
		if s.Detail != "" {
			detail = "\n\n" + s.Detail
		}
		_, err := fmt.Fprintf(w, "## %s\n\n`%s` · %s\n\n%s%s\n\n%s\n\n", s.Title, s.ID, strings.Join(s.Asks[:min(3, len(s.Asks))], " / "), s.Body, detail, b.Sources(s))
		if err != nil {
			return err
		}
	}
	return nil
}
