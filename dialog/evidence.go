package dialog

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"wenzhu/dialog/words"
)

// KeptMessage is a message kept as evidence, or one of the last that were judged.
type KeptMessage struct {
	At      time.Time `json:"t"`
	Text    string    `json:"x"`
	From    string    `json:"f,omitempty"`
	Said    string    `json:"s,omitempty"` // what the person said about the sender
	Label   string    `json:"l,omitempty"` // the worst in it; "" not judged yet
	Version string    `json:"v,omitempty"` // of the rules that judged it

	id string // its place in the list it was read from
}

const (
	messageMost = 4096 // runes of a kept message
	listMost    = 1800 // runes of the evidence list in the chat; the whole is in the export
	listed      = 300  // runes of one message in it
)

// keep keeps judged messages as evidence, each once. Of several the person chooses: all, or the worst.
func (t *talk) keep(id string) {
	if !t.allowed("keep:" + id) {
		return
	}
	messages, ok := t.judged(id)
	if !ok {
		return
	}
	if len(messages) > 1 {
		worst := slices.MinFunc(messages, func(a, b KeptMessage) int { return badness(a.Label) - badness(b.Label) })
		all := named("log.keep_all", "keepall:"+id)
		all.Label = words.Fill("log.keep_all", "n", itoa(len(messages)))
		t.say("log.keep_which", []string{"n", itoa(len(messages))}, all, named("log.keep_worst", "keep:"+worst.id), t.back(), home())
		return
	}
	t.keepAll(id)
}

// keepAll keeps judged messages as evidence.
func (t *talk) keepAll(id string) {
	if !t.allowed("keepall:" + id) {
		return
	}
	messages, ok := t.judged(id)
	if !ok {
		return
	}
	kept, ok := t.need(Kept)
	if !ok {
		return
	}
	stored, full := 0, false
	for _, m := range messages {
		as := fmt.Sprintf("%x-%s", m.At.UnixMilli(), m.id)
		switch {
		case slices.ContainsFunc(kept, func(i Item) bool { return i.ID == as }):
		case t.s.Counts.Kept >= keptMost:
			full = true
		default:
			t.put(Kept, as, m)
			t.s.Counts.Kept++
			stored++
		}
	}
	t.tellKept(stored, full)
}

// tellKept says how many messages were kept, and when there is hardly any room left.
func (t *talk) tellKept(stored int, full bool) {
	export := named("data.export", "export")
	list := []Button{named("log.list", "list"), t.back(), home()}
	numbers := []string{"n", itoa(t.s.Counts.Kept), "new", itoa(stored), "most", itoa(keptMost)}
	switch {
	case full:
		t.say("log.kept_full", numbers, append([]Button{export}, list...)...)
	case stored == 0:
		t.say("log.kept_before", nil, list...)
	case t.s.Counts.Kept >= keptMost*9/10:
		t.say("log.kept_nearly_full", numbers, append([]Button{export}, list...)...)
	case stored > 1:
		t.say("log.kept_several", numbers, list...)
	default:
		t.say("log.kept", numbers, list...)
	}
}

// listEvidence is the whole log and what was kept, as a text to copy.
func (t *talk) listEvidence() {
	logged, ok := t.need(Log)
	kept, ok2 := t.need(Kept)
	if !ok || !ok2 {
		return
	}
	if len(logged)+len(kept) == 0 {
		t.say("log.empty", nil, named("hub.log", "log"), named("hub.check", "go:check"), t.back(), home())
		return
	}
	c := readCase(t.s, logged, kept)
	r := t.tell(words.Fill("log.list_title", "log", itoa(len(c.entries)), "kept", itoa(len(c.messages)), "night", itoa(c.night()), "third", itoa(c.how("third"))),
		named("data.export", "export"), named("letter.police", "letter:"+policePaper), named("hub.log", "log"), t.back(), home())
	r.Copy = c.list(listMost)
}

// caseFile is what is known of a case, oldest first, in the person's zone.
type caseFile struct {
	entries  []LogEntry
	messages []KeptMessage
}

func readCase(s Session, logged, kept []Item) caseFile {
	c := caseFile{entries: decode[LogEntry](logged), messages: decode[KeptMessage](kept)}
	for i := range c.entries {
		c.entries[i].At = c.entries[i].At.In(s.Location())
	}
	for i := range c.messages {
		c.messages[i].At = c.messages[i].At.In(s.Location())
	}
	return c
}

// decode reads the values of a list; a damaged one is left out.
func decode[T any](items []Item) []T {
	var all []T
	for _, i := range items {
		var v T
		if json.Unmarshal(i.Value, &v) == nil {
			all = append(all, v)
		}
	}
	return all
}

func (c caseFile) night() int {
	n := 0
	for _, e := range c.entries {
		if atNight(e.At) {
			n++
		}
	}
	return n
}

// how counts the entries of one way of harassing.
func (c caseFile) how(how string) int {
	n := 0
	for _, e := range c.entries {
		if e.How == how {
			n++
		}
	}
	return n
}

// kinds says how often they harassed in which way, the ways that did not occur left out.
func (c caseFile) kinds() string {
	var parts []string
	for _, how := range hows {
		if n := c.how(how); n > 0 {
			parts = append(parts, words.Get("log.how_"+how)+" "+itoa(n))
		}
	}
	return strings.Join(parts, words.Get("log.and"))
}

// list is the evidence in words: sums, days, hours of the night, then each entry and message. What is beyond most
// runes is left out from the end, and that is said, and long messages are shortened; 0 leaves out nothing.
func (c caseFile) list(most int) string {
	lines := append([]string{words.Fill("log.sum", "log", itoa(len(c.entries)), "kinds", c.kinds(), "night", itoa(c.night()), "kept", itoa(len(c.messages)))}, c.days()...)
	if hours := c.nightHours(); hours != "" {
		lines = append(lines, words.Fill("log.hours", "hours", hours))
	}
	head := len(lines)
	for n, e := range c.entries {
		lines = append(lines, itoa(n+1)+". "+e.line())
	}
	for n, m := range c.messages {
		text := m.Text
		if most > 0 {
			text = cut(text, listed)
		}
		lines = append(lines, fmt.Sprintf("%s%d. %s %s\n%s", words.Get("log.message"), n+1, m.At.Format("2006-01-02 15:04"), m.From, text))
	}
	used := 0
	for i, l := range lines {
		used += len([]rune(l)) + 1
		if most > 0 && used > most && i > head {
			return strings.Join(append(lines[:i:i], words.Fill("log.rest", "n", itoa(len(lines)-i))), "\n")
		}
	}
	text := strings.Join(lines, "\n")
	if most > 0 {
		text = cut(text, most)
	}
	return text
}

// line is an entry in words.
func (e LogEntry) line() string {
	parts := []string{e.At.Format("2006-01-02 15:04")}
	if e.How != "" {
		parts = append(parts, words.Get("log.how_"+e.How))
	}
	if e.Number != "" {
		parts = append(parts, e.Number)
	}
	if e.Words != "" {
		parts = append(parts, words.Fill("log.quote", "words", e.Words))
	}
	return strings.Join(parts, " ")
}

// days are the sums of each day, the last countedDays of them.
func (c caseFile) days() []string {
	sums := make(map[string]caseFile)
	for _, e := range c.entries {
		day := dated(e.At)
		sum := sums[day]
		sum.entries = append(sum.entries, e)
		sums[day] = sum
	}
	days := slices.Sorted(maps.Keys(sums))
	var lines []string
	for _, day := range days[max(0, len(days)-countedDays):] {
		sum := sums[day]
		lines = append(lines, words.Fill("log.day", "day", day, "all", itoa(len(sum.entries)), "night", itoa(sum.night()), "third", itoa(sum.how("third"))))
	}
	return lines
}

// nightHours counts the calls by hour of the night, from its beginning to its end.
func (c caseFile) nightHours() string {
	var parts []string
	for h := quietFrom; h < quietTo+24; h++ {
		n := 0
		for _, e := range c.entries {
			if e.At.Hour() == h%24 {
				n++
			}
		}
		if n > 0 {
			parts = append(parts, words.Fill("log.hour", "hour", itoa(h%24), "n", itoa(n)))
		}
	}
	return strings.Join(parts, words.Get("log.and"))
}
