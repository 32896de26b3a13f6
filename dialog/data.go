package dialog

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"wenzhu/dialog/words"
)

// data shows in plain words what is stored, and lets the person change their mind about it.
func (t *talk) data() {
	c := t.s.Counts
	consent, change := "data.consent_open", named("data.keep_on", "consent:on")
	switch t.s.Consent {
	case Granted:
		consent, change = "data.consent_yes", named("data.keep_off", "consent:off")
	case Refused:
		consent = "data.consent_no"
	}
	t.s.State = Hub
	t.say("data.text", []string{
		"log", itoa(c.Log), "kept", itoa(c.Kept), "due", itoa(c.Due), "step", stepName(t.s.Step), "consent", words.Get(consent),
	}, named("data.export", "export"), change, named("data.delete", "delete"), t.back(), home())
}

// export sends everything as a file.
func (t *talk) export() {
	r := t.tell(words.Get("data.exported"), t.back(), home())
	r.File = "export"
}

func (t *talk) askErase() {
	c := t.s.Counts
	t.ask(Erasing, "data.sure", []string{"log", itoa(c.Log), "kept", itoa(c.Kept), "due", itoa(c.Due)}, choice("data.delete_yes", "yes"), choice("data.delete_no", "no"))
}

// eraseAll removes everything; the answer says what is true.
func (t *talk) eraseAll() {
	c := t.s.Counts
	t.s = Session{}
	t.erase = true
	t.replies = append(t.replies, Reply{Text: words.Fill("data.deleted", "log", itoa(c.Log), "kept", itoa(c.Kept), "due", itoa(c.Due))})
}

// EvidenceList is the log and the kept messages of a person as a text; "" where there are none.
func EvidenceList(s Session, lists map[List][]Item) string {
	if len(lists[Log])+len(lists[Kept]) == 0 {
		return ""
	}
	return readCase(s, lists[Log], lists[Kept]).list(0)
}

// Export is everything of a person as a text.
func Export(s Session, lists map[List][]Item) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n%s %s\n", words.Get("data.export_head"), stepName(s.Step), bar(s))
	for _, name := range slices.Sorted(maps.Keys(s.Facts)) {
		value := s.Facts[name]
		if said, ok := words.Find(name + "." + value); ok {
			value = said
		}
		if label, ok := words.Find("fact." + name); ok {
			name = label
		}
		fmt.Fprintf(&b, "%s：%s\n", name, value)
	}
	b.WriteString("\n" + readCase(s, lists[Log], lists[Kept]).list(0) + "\n\n")
	for _, r := range decode[Reminder](lists[Reminders]) {
		at := words.Get("remind.waits")
		if !r.At.IsZero() {
			at = r.At.In(s.Location()).Format("2006-01-02 15:04")
		}
		fmt.Fprintf(&b, "%s %s %s\n", at, r.About, r.Rule)
	}
	return b.String()
}
