package knowledge

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"wenzhu/knowledge/crisis"
)

// How near a candidate has to be to count as close, and what parts have to reach.
const (
	closeness     = 0.88
	unsure        = 1.8 // times the floor: below it close candidates are offered instead of guessed among
	partFloor     = 1.2 // times the floor: what a part of a question has to reach by itself
	looseFloor    = 1.7 // times the floor: what it has to reach in a story, or where only commas divide
	partsMost     = 80  // characters from which a text with several questions tells a story
	partShort     = 7   // characters of a part that leans on the one before
	questionLeast = 2   // letters or digits of a question
	partMost      = 3   // parts of a question that are answered
	hitsMost      = 5
	closeMost     = 3
	byItself      = 1.6 // times the floor: what a question has to reach to stand without the one before
	followMost    = 20  // characters of a question that may be a follow-up
)

// Ask finds what the base has to say to a question.
func (b *Base) Ask(q Question) Answer {
	if crisis.Recognise(q.Text, false) != crisis.Safe {
		return Answer{Kind: Crisis}
	}
	a := b.find(q)
	a.Danger = a.Kind != None && crisis.Threat(q.Text)
	return a
}

// find is Ask without the look for danger.
func (b *Base) find(q Question) Answer {
	if !Asks(q.Text) {
		return Answer{Kind: None}
	}
	hits, floor := b.search(&q)
	if len(hits) == 0 || hits[0].Score < floor && hits[0].Snippet.Kind != None {
		return Answer{Kind: None}
	}
	a := Answer{Kind: hits[0].Snippet.Kind, Parts: []*Snippet{hits[0].Snippet}, Hits: hits[:min(len(hits), hitsMost)]}
	for _, h := range hits[1:min(len(hits), 1+closeMost)] {
		if h.Score >= closeness*hits[0].Score && h.Snippet.Kind == Answered {
			a.Close = append(a.Close, h.Snippet)
		}
	}
	a.Unsure = len(a.Close) > 0 && hits[0].Score < unsure*floor
	if a.Kind == Answered {
		b.answerParts(q, &a)
	}
	return a
}

// hit says whether a snippet is among the best for the whole question.
func (a Answer) hit(s *Snippet) bool {
	return slices.ContainsFunc(a.Hits, func(h Hit) bool { return h.Snippet == s })
}

// search looks for a question, with the one before it where it leans on that, or finds little by itself; q then says
// which it was.
func (b *Base) search(q *Question) (hits []Hit, floor float64) {
	alone := *q
	alone.Before, alone.Topic = "", ""
	if !b.words.follows(*q) {
		hits, floor = b.index.search(alone)
		if q.Before == "" || len(hits) > 0 && hits[0].Score >= byItself*floor {
			*q = alone
			return hits, floor
		}
	}
	if q.Topic == "" {
		if before, _ := b.index.search(Question{Text: q.Before}); len(before) > 0 {
			q.Topic = before[0].Snippet.ID
		}
	}
	return b.index.search(*q)
}

// Asks says whether a text has letters or digits enough for a question.
func Asks(text string) bool {
	n := 0
	for _, c := range text {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			n++
		}
	}
	return n >= questionLeast
}

// answerParts adds the answers to the parts of a question, in their order; one who asks several things is not asked
// to choose. A short part leans on the one before it.
func (b *Base) answerParts(q Question, a *Answer) {
	parts, least := b.words.parts(q.Text), partFloor
	if len(parts) == 0 || utf8.RuneCountInString(q.Text) > partsMost {
		least = looseFloor
	}
	loose := len(parts) == 0
	if loose {
		parts = b.words.asides(q.Text)
	}
	var found []*Snippet
	before := ""
	for _, part := range parts {
		q.Text, q.Before = part, ""
		if utf8.RuneCountInString(part) <= partShort {
			q.Before = before
		} else {
			before = part
		}
		hits, floor := b.index.search(q)
		if len(hits) == 0 || hits[0].Score <= least*floor || hits[0].Snippet.Kind == None || loose && !a.hit(hits[0].Snippet) {
			continue
		}
		if !slices.Contains(found, hits[0].Snippet) {
			found = append(found, hits[0].Snippet)
		}
	}
	if len(found) < 2 {
		if len(found) == 1 && found[0] != a.Parts[0] {
			a.Parts = append(a.Parts, found[0])
		}
		return
	}
	if !slices.Contains(found, a.Parts[0]) {
		found = append(a.Parts[:1:1], found...)
	}
	a.Parts, a.Unsure = found[:min(len(found), partMost)], false
}

// follows says whether a question leans on the one before.
func (l lexicon) follows(q Question) bool {
	if q.Before == "" || utf8.RuneCountInString(q.Text) > followMost {
		return false
	}
	text := strings.TrimRight(q.Text, "？? ")
	return utf8.RuneCountInString(text) <= 6 || strings.HasSuffix(text, l.text["follow_end"]) || slices.ContainsFunc(l.follow, func(w string) bool { return strings.HasPrefix(text, w) })
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
