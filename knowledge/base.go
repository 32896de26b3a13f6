package knowledge

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Base is a loaded set of knowledge. It is a value: nothing changes it.
type Base struct {
	snippets []*Snippet // by id
	byID     map[string]*Snippet
	laws     map[string]*Law
	channels map[string]*Channel
	index    *index
	words    lexicon
	files    map[string]source // of snippets, by id
}

// Snippet finds a snippet by its id.
func (b *Base) Snippet(id string) (*Snippet, bool) {
	s, ok := b.byID[id]
	return s, ok
}

// Newest is the date of the newest check.
func (b *Base) Newest() time.Time {
	var newest time.Time
	for _, s := range b.snippets {
		if s.Checked.After(newest) {
			newest = s.Checked
		}
	}
	return newest
}

// Reviewed counts the snippets that a lawyer has reviewed, and all.
func (b *Base) Reviewed() (reviewed, all int) {
	for _, s := range b.snippets {
		if len(s.Reviews) > 0 {
			reviewed++
		}
	}
	return reviewed, len(b.snippets)
}

// byTheme are all snippets by theme and id.
func (b *Base) byTheme() []*Snippet {
	all := slices.Clone(b.snippets)
	slices.SortStableFunc(all, func(x, y *Snippet) int { return strings.Compare(x.Theme, y.Theme) })
	return all
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
