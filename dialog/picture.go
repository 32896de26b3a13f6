package dialog

import (
	"strings"

	"wenzhu/dialog/words"
)

const (
	readShown = 200  // runes of what was read from a picture
	readCopy  = 1500 // runes of it that are given back for correction
)

// readPicture keeps what was read from a picture, not judged yet. Where there are no words it asks for them.
func (t *talk) readPicture(messages []KeptMessage) {
	if len(messages) == 0 || poorness(messages[0].Text) == poorEmpty {
		t.medium(string(Photo))
		return
	}
	ids := ""
	for _, m := range messages {
		ids += t.remember(m)
	}
	if !t.gathered(ids) {
		t.showRead(ids, messages)
	}
}

// showRead shows what was read from pictures, before anything is judged: reading makes mistakes.
func (t *talk) showRead(id string, messages []KeptMessage) {
	t.s.State, t.s.Draft = Reading, id
	t.tell(words.Fill("picture.read", "words", readable(messages, readShown)), named("picture.right", "judge:"+id), named("picture.fix", "fix:"+id), t.back(), home())
}

// readable are the words of messages as they are shown: nothing in them to press.
func readable(messages []KeptMessage, most int) string {
	var all []string
	for _, m := range messages {
		all = append(all, m.Text)
	}
	return "> " + strings.ReplaceAll(safe.Replace(cut(strings.Join(all, "\n"), most)), "\n", "\n> ")
}

// judgeKept judges what was read, or what was kept, as it stands.
func (t *talk) judgeKept(id string) {
	messages, ok := t.judged(id)
	if !ok {
		return
	}
	all := t.opinions(messages)
	for i := range messages {
		if messages[i].Label == "" {
			t.rejudge(&messages[i])
			t.notes = append(t.notes, Note{"verdict", messages[i].Label})
		}
	}
	t.arriveAfter()
	t.tellVerdict(id, all, several(all))
}

// fix gives back what was read, to be corrected and sent again.
func (t *talk) fix(id string) {
	messages, ok := t.judged(id)
	if !ok {
		return
	}
	t.ask(Check, "picture.correct", nil, named("picture.right", "judge:"+id), t.back(), home())
	var all []string
	for _, m := range messages {
		all = append(all, m.Text)
	}
	t.replies[len(t.replies)-1].Copy = cut(strings.Join(all, "\n"), readCopy)
}
