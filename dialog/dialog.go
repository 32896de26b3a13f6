package dialog

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"time"
	"unicode/utf8"

	"wenzhu/dialog/words"
	"wenzhu/knowledge"
)

// Answers is the knowledge that the dialog speaks from.
type Answers interface {
	Ask(q knowledge.Question) knowledge.Answer
	Text(a knowledge.Answer) string
	Snippet(id string) (*knowledge.Snippet, bool)
	Sources(s *knowledge.Snippet) string
	Original(s *knowledge.Snippet) string
	// Basis is one line with the laws among references such as "civil-code:1033"; "" where there is none. Wording is their text.
	Basis(refs []string) string
	Wording(refs []string) string
}

// Parts are what a dialog is made of.
type Parts struct {
	Answers  Answers
	Judge    Judge
	Operator string // who runs this bot and how to reach them; "" unknown

	Retention time.Duration // how long what the person allowed to keep outlives their last word; 0: 180 days
}

// Dialog is the conversation with the knowledge that it speaks from.
type Dialog struct{ Parts }

// New returns a dialog.
func New(p Parts) *Dialog { return &Dialog{p} }

// talk is one step being made.
type talk struct {
	*Dialog
	s       Session // the copy that becomes the outcome's
	e       Event
	replies []Reply
	changes []Change
	notes   []Note
	needs   []List
	silence Silence
	erase   bool
	was     State // before the step

	newcomer   bool // began with a question or a message: the first question follows the answer
	brief      bool // the text is nothing but the name of a choice
	threatened bool // a message was shown to threaten somebody
}

// Step is the pure heart: what happens because of an event.
func (d *Dialog) Step(s Session, e Event) Outcome {
	t := &talk{Dialog: d, s: s, e: e, was: s.State}
	t.step()
	if len(t.needs) > 0 {
		return Outcome{Session: s, Needs: t.needs}
	}
	return Outcome{
		Session: t.s, Replies: t.replies, Changes: t.changes, Notes: t.notes, Silence: t.silence, Erase: t.erase,
	}
}

// step reads the event and does what the table says for it.
func (t *talk) step() {
	if t.e.Kind == Due {
		t.due()
		t.askOn()
		return
	}
	t.brief = t.namesChoice()
	if replies, danger := Emergency(t.e); danger && !t.brief {
		t.danger(replies)
		return
	}
	r := t.read()
	if t.s.Taken == justLogged && r.verb != "log" {
		t.s.Taken = ""
	}
	if row, ok := find(t.s.State, r.verb); ok {
		row.do(t, r.arg)
	} else {
		t.unclear()
	}
	t.askOn()
	t.heard()
	t.returned()
	t.care()
	t.recheck()
}

// need asks for a list; false means that the step will be made again with it.
func (t *talk) need(l List) ([]Item, bool) {
	items, ok := t.e.Lists[l]
	if !ok {
		t.needs = append(t.needs, l)
	}
	return items, ok
}

// cut is a text of at most so many characters.
func cut(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}

// Stand says where the person stands.
func (d *Dialog) Stand(s Session) Reply {
	if s.Home == "" {
		return Reply{Text: words.Get("go.stand_new"), Buttons: []Button{home()}}
	}
	return Reply{
		Text:    words.Fill("go.stand", "step", stepName(s.Step), "bar", bar(s)),
		Buttons: []Button{named("go.back", "go:back"), home()},
	}
}

// itemID names what an event makes. IDs sort by time.
func (t *talk) itemID() string { return fmt.Sprintf("%x-%s", t.e.At.UnixMilli(), shortID(t.e.ID)) }

// shortID is a short hash of an id.
func shortID(id string) string {
	h := fnv.New32a()
	h.Write([]byte(id))
	return strconv.FormatUint(uint64(h.Sum32()), 36)
}

func itoa(n int) string { return strconv.Itoa(n) }
