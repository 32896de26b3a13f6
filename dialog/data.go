package dialog

import (
	"encoding/json"
	"fmt"
	"strings"

	"wenzhu/dialog/words"
)

// data shows in plain words what is stored.
func (t *talk) data() {
	c := t.s.Counts
	consent := words.Get("data.consent_" + []string{"open", "yes", "no"}[t.s.Consent])
	t.s.State = Hub
	t.say("data.text", []string{
		"log", itoa(c.Log), "kept", itoa(c.Kept), "due", itoa(c.Due), "step", stepName(t.s.Step), "consent", consent,
	}, named("log.list", "list"), named("data.export", "export"), named("data.delete", "delete"), t.back(), home())
}

// export sends everything as a file.
func (t *talk) export() {
	r := t.tell(words.Get("data.exported"), t.back(), home())
	r.File = "export"
}

func (t *talk) askErase() {
	t.ask(Erasing, "data.sure", nil, choice("data.delete_yes", "yes"), choice("data.delete_no", "no"))
}

// eraseAll removes everything; the answer says what is true.
func (t *talk) eraseAll() {
	c := t.s.Counts
	t.s = Session{}
	t.erase = true
	t.replies = append(t.replies, Reply{Text: words.Fill("data.deleted", "log", itoa(c.Log), "kept", itoa(c.Kept), "due", itoa(c.Due))})
}

// Export is everything of a person as a text.
func Export(s Session, lists map[List][]Item) string {
	var b strings.Builder
	b.WriteString(words.Get("data.export_head") + "\n\n")
	fmt.Fprintf(&b, "%s %s\n", stepName(s.Step), bar(s))
	for name, value := range s.Facts {
		fmt.Fprintf(&b, "%s: %s\n", name, value)
	}
	b.WriteString("\n" + evidence(s, lists[Log], lists[Kept]) + "\n\n")
	for _, i := range lists[Reminders] {
		var r Reminder
		if json.Unmarshal(i.Value, &r) == nil {
			at := words.Get("remind.waits")
			if !r.At.IsZero() {
				at = r.At.In(s.Location()).Format("2006-01-02 15:04")
			}
			fmt.Fprintf(&b, "%s %s %s\n", at, r.About, r.Rule)
		}
	}
	return b.String()
}
