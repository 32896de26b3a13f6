// Package knowledge holds the reviewed snippets with their sources: it loads, checks and searches them.
// It does no I/O of its own: Load is given a file system.
package knowledge

import (
	"fmt"
	"time"
)

// Kind says what sort of answer a question gets.
type Kind string

// The kinds of answers.
const (
	Answered Kind = "answer"
	Crisis   Kind = "crisis" // suicide, self-harm, violence or confinement now
	Refuse   Kind = "refuse" // understood and declined
	None     Kind = "none"   // outside the field, or nothing fits well enough
)

// Question is what a person asks, with what is known of them to break ties.
type Question struct {
	Text       string
	Before     string   // the question asked before, for follow-ups such as 「那周末呢」; "" none
	Topic      string   // id of the snippet that answered it; "" none
	Step       string   // the step the person is in: calm, evidence, platform, regulator, lawyer; "" unknown
	Lender     string   // lender type of their case; "" unknown
	Behaviours []string // what was done to them, as far as known
}

// Answer is what the base has to say. With None and Crisis there are no Parts.
type Answer struct {
	Kind   Kind
	Parts  []*Snippet // one for each part of the question, in its order; at least one for Answered and Refuse
	Close  []*Snippet // other candidates close to the first part, to be offered as buttons; best first
	Unsure bool       // the candidates are so close that the person should choose among Parts[0] and Close
	Hits   []Hit      // best first, at most 5
	Danger bool       // a threat to life or limb was told of: the answer begins with 110
}

// Hit is a snippet with its score.
type Hit struct {
	Snippet *Snippet
	Score   float64
}

// Snippet is one short answer.
type Snippet struct {
	ID         string
	Title      string
	Kind       Kind
	Theme      string // its folder
	Step       string
	Lenders    []string
	Behaviours []string
	Asks       []string
	Body       string // for the chat, without marks
	Detail     string // the longer part, without marks; "" none
	Cites      []Cite // in the order of their first mark, body before detail
	Related    []string
	Author     string
	Checked    time.Time
	Reviews    []Review
}

// Review is a lawyer's word on a snippet.
type Review struct {
	By            string
	Qualification string
	Date          time.Time
}

// Cite is a source that a snippet names: an article or a channel.
type Cite struct {
	Ref     string // "civil-code:1033" or "nfra-12378"
	Law     *Law
	Article *Article
	Channel *Channel
}

// Law is an instrument. Force is one of law, regulation, rule, notice, interpretation, standard, norm, draft.
type Law struct {
	ID           string     `yaml:"id"`
	Title        string     `yaml:"title"`
	Issuer       string     `yaml:"issuer"`
	Number       string     `yaml:"number"`
	Effective    string     `yaml:"effective"` // a date, or as much of one as is known
	Until        string     `yaml:"until"`     // last day in force; "" still is
	Force        string     `yaml:"force"`
	Status       string     `yaml:"status"`
	SupersededBy string     `yaml:"superseded_by"`
	OfficialURL  string     `yaml:"official_url"`
	Checked      string     `yaml:"checked"`
	Articles     []*Article `yaml:"articles"`
}

// Article is one article of a law. Text is word for word; Gist, where there is no Text, is a summary in our words.
type Article struct {
	N       string `yaml:"n"`    // "1033", "293-1", "time"
	Name    string `yaml:"name"` // as it is cited
	Text    string `yaml:"text"`
	Gist    string `yaml:"gist"`
	Partial bool   `yaml:"partial"` // Text is a part of the article
}

// Channel is a hotline, complaint channel or look-up site.
type Channel struct {
	ID      string   `yaml:"id"`
	Name    string   `yaml:"name"`
	Numbers []string `yaml:"numbers"`
	URLs    []string `yaml:"urls"`
	Hours   string   `yaml:"hours"`
	For     string   `yaml:"for"` // what it is for, in a few words
}

func (h Hit) String() string { return fmt.Sprintf("%.2f %s", h.Score, h.Snippet.ID) }
