package knowledge

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// cite finds what a mark names.
func (b *Base) cite(ref string) (Cite, error) {
	id, n, isLaw := strings.Cut(ref, ":")
	if !isLaw {
		if c, ok := b.channels[id]; ok {
			return Cite{Ref: ref, Channel: c}, nil
		}
		return Cite{}, fmt.Errorf("[%s] is no channel of channels.yaml: correct the id, or use [practice] for plain advice", ref)
	}
	l, ok := b.laws[id]
	if !ok {
		return Cite{}, fmt.Errorf("[%s]: there is no law/%s.yaml: correct the id, or add the law", ref, id)
	}
	for _, a := range l.Articles {
		if a.N == n {
			return Cite{Ref: ref, Law: l, Article: a}, nil
		}
	}
	return Cite{}, fmt.Errorf("[%s]: law/%s.yaml has no article %q: correct the number, or add the article with its text", ref, id, n)
}

// inForce says whether a law may be cited on a day, and if not why.
func (l *Law) inForce(day time.Time) error {
	switch {
	case l.Status == "superseded" && l.SupersededBy != "":
		if until, err := time.Parse(dateForm, l.Until); err != nil || day.After(until) {
			return fmt.Errorf("%s was superseded by %s: cite that one, its articles have other numbers", l.ID, l.SupersededBy)
		}
	case l.Status == "draft" || l.Force == "draft":
		return fmt.Errorf("%s is a draft and binds nobody: it cannot be cited", l.ID)
	}
	if from, err := time.Parse(dateForm, l.Effective); err == nil && day.Before(from) {
		return fmt.Errorf("%s is in force from %s on only: cite what is in force today", l.ID, l.Effective)
	}
	return nil
}

// soft says whether a law binds nobody by itself: a recommended standard, a norm of an association.
func (l *Law) soft() bool { return l.Force == "standard" || l.Force == "norm" }

// Refs are the sources of a snippet: law ids with articles, channel ids.
func (b *Base) Refs(s *Snippet) []string {
	refs := make([]string, 0, len(s.Cites))
	for _, c := range s.Cites {
		refs = append(refs, c.Ref)
	}
	return refs
}

// Sources is the line under an answer: what it rests on, when that was checked, and whether a lawyer has reviewed it.
func (b *Base) Sources(s *Snippet) string {
	parts := b.named(s.Cites)
	for _, c := range s.Cites {
		if c.Channel != nil && !slices.Contains(parts, c.Channel.Name) {
			parts = append(parts, c.Channel.Name)
		}
	}
	line := b.words.fill("advice", "")
	if len(parts) > 0 {
		line = b.words.fill("sources", strings.Join(parts, b.words.text["semicolon"]))
	}
	line += b.words.fill("checked", s.Checked.Format("2006-01"))
	if len(s.Reviews) > 0 {
		return line + "\n" + b.words.fill("reviewed", s.Reviews[0].Qualification)
	}
	return line + "\n" + b.words.text["unreviewed"]
}

// named are the laws of cites, each with its articles, in the order in which they are cited first.
func (b *Base) named(cites []Cite) []string {
	articles := make(map[*Law][]string)
	var laws []*Law
	for _, c := range cites {
		if c.Law == nil {
			continue
		}
		if !slices.Contains(laws, c.Law) {
			laws = append(laws, c.Law)
		}
		if strings.HasPrefix(c.Article.Name, b.words.articleFirst) && !slices.Contains(articles[c.Law], c.Article.Name) {
			articles[c.Law] = append(articles[c.Law], c.Article.Name)
		}
	}
	var names []string
	for _, l := range laws {
		names = append(names, b.words.fill("title", b.shortTitle(l))+strings.Join(articles[l], b.words.text["and"]))
	}
	return names
}

// valid are the cites of refs that name an article in force; channels, patterns of fraud and what is unknown are left out.
func (b *Base) valid(refs []string) []Cite {
	var cites []Cite
	for _, ref := range refs {
		c, err := b.cite(ref)
		if err == nil && c.Law != nil && c.Law.inForce(b.Newest()) == nil {
			cites = append(cites, c)
		}
	}
	return cites
}

// lawsMost is how many laws a verdict names.
const lawsMost = 3

// Basis is the line that names the laws among refs; "" where there is none. What binds nobody by itself says so.
func (b *Base) Basis(refs []string) string {
	byLaw := make(map[*Law][]Cite)
	var laws []*Law
	for _, c := range b.valid(refs) {
		if byLaw[c.Law] == nil && len(laws) < lawsMost {
			laws = append(laws, c.Law)
		}
		byLaw[c.Law] = append(byLaw[c.Law], c)
	}
	var parts []string
	for _, l := range laws {
		name := b.named(byLaw[l])[0]
		if l.soft() {
			name += b.words.text["soft"]
		}
		parts = append(parts, name)
	}
	if len(parts) == 0 {
		return ""
	}
	return b.words.fill("sources", strings.Join(parts, b.words.text["semicolon"]))
}

// Wording is the wording of the laws among refs.
func (b *Base) Wording(refs []string) string { return b.wording(b.valid(refs)) }

// inner are the marks of a title inside another.
var inner = strings.NewReplacer("《", "〈", "》", "〉")

// shortTitle is a law's name without the country's and without what is said of its version, to stand between the marks
// of a title.
func (b *Base) shortTitle(l *Law) string {
	title, _, _ := strings.Cut(l.Title, "(")
	return inner.Replace(strings.TrimPrefix(strings.TrimSpace(title), b.words.text["law_prefix"]))
}

// Original is the wording of the articles that a snippet cites.
func (b *Base) Original(s *Snippet) string { return b.wording(s.Cites) }

func (b *Base) wording(cites []Cite) string {
	var parts []string
	for _, c := range cites {
		switch {
		case c.Article == nil:
			continue
		case c.Article.Text != "":
			note := ""
			if c.Article.Partial {
				note = b.words.text["partial"]
			}
			parts = append(parts, b.words.fill("title", b.shortTitle(c.Law))+c.Article.Name+note+"\n> "+strings.ReplaceAll(c.Article.Text, "\n", "\n> "))
		default:
			parts = append(parts, b.words.fill("title", b.shortTitle(c.Law))+"\n"+b.words.fill("gist", c.Article.Gist))
		}
	}
	if len(parts) == 0 {
		return b.words.text["no_original"]
	}
	return strings.Join(parts, "\n\n")
}
