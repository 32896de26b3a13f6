package dialog

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"wenzhu/dialog/words"
)

// LogEntry is one act of harassment.
type LogEntry struct {
	At     time.Time `json:"t"`
	How    string    `json:"h,omitempty"` // call, sms, wechat, visit, third
	Number string    `json:"n,omitempty"`
	Words  string    `json:"w,omitempty"`
}

// KeptMessage is a message kept as evidence, or one of the last that were judged.
type KeptMessage struct {
	At      time.Time `json:"t"`
	Text    string    `json:"x"`
	From    string    `json:"f,omitempty"`
	Label   string    `json:"l,omitempty"`
	Version string    `json:"v,omitempty"` // of the rules that judged it
}

const (
	logWords    = 60   // runes of what was said
	messageMost = 4096 // runes of a kept message
)

// dailyFrom is the entry of the log at which a daily check-in is offered.
const dailyFrom = 3

var hows = []string{"call", "sms", "wechat", "visit", "third"}

// allowed says whether something of the case may be stored now. Before the first time it asks, and remembers what
// was wanted.
func (t *talk) allowed(wanted string) bool {
	switch t.s.Consent {
	case Granted:
		return true
	case Refused:
		t.say("consent.refused", nil, named("consent.change", "go:data"), t.back(), home())
		return false
	}
	t.s.Wanted = wanted
	if t.s.Draft != "" && strings.HasPrefix(wanted, "keep") {
		t.s.Wanted = "keep:" + t.s.Draft
	}
	t.ask(AskConsent, "consent.ask", nil, choice("consent.yes", "yes"), choice("consent.no", "no"))
	return false
}

// consent takes the answer and does at once what was wanted.
func (t *talk) consent(yes bool) {
	wanted := t.s.Wanted
	t.s.Wanted = ""
	if !yes {
		t.s.Consent = Refused
		if in := parse(wanted); in.verb == "remind" || in.verb == "remindme" {
			row, _ := find(Any, in.verb) // a calendar file needs no leave
			row.do(t, in.arg)
			return
		}
		t.s.State = t.s.Home
		t.say("consent.no_thanks", nil, t.back(), home())
		return
	}
	t.s.Consent = Granted
	in := parse(wanted)
	from := t.s.Home
	if in.verb == "tick" {
		from = InStep
	}
	t.s.State = from
	if row, ok := find(from, in.verb); ok {
		row.do(t, in.arg)
		return
	}
	t.say("consent.thanks", nil, t.back(), home())
}

// log notes one act of harassment, now, with one tap.
func (t *talk) log() {
	if !t.allowed("log") {
		return
	}
	if t.s.Counts.Log >= logMost {
		t.say("log.full", []string{"most", strconv.Itoa(logMost)}, named("log.list", "list"), home())
		return
	}
	id, now := t.itemID(), t.e.At.In(t.s.Location())
	t.put(Log, id, LogEntry{At: now})
	t.s.Draft = id
	t.count(now, 1)
	today := t.s.Counts.Days[now.Format(time.DateOnly)]
	buttons := make([]Button, 0, len(hows)+2)
	for _, how := range hows {
		buttons = append(buttons, choice("log.how_"+how, "how:"+how))
	}
	buttons = append(buttons, named("log.undo", "undo:"+id), home())
	t.s.State = LogHow
	t.say("log.noted", []string{
		"when", t.moment(now), "today", strconv.Itoa(today.All), "night", strconv.Itoa(t.s.Counts.Night), "all", strconv.Itoa(t.s.Counts.Log),
	}, buttons...)
}

// count adds to or takes from the sums, keeping the last days only.
func (t *talk) count(at time.Time, n int) {
	night := 0
	if at.Hour() >= quietFrom || at.Hour() < quietTo {
		night = n
	}
	c := t.s.Counts
	c.Log += n
	c.Night += night
	c.Days = maps.Clone(c.Days)
	if c.Days == nil {
		c.Days = make(map[string]Day)
	}
	day := at.Format(time.DateOnly)
	d := c.Days[day]
	c.Days[day] = Day{All: d.All + n, Night: d.Night + night}
	for len(c.Days) > countedDays {
		delete(c.Days, slices.Min(slices.Collect(maps.Keys(c.Days))))
	}
	t.s.Counts = c
}

func (t *talk) put(l List, id string, v any) {
	value, err := json.Marshal(v)
	if err != nil {
		return // plain strings and times: cannot happen
	}
	t.changes = append(t.changes, Change{List: l, ID: id, Value: value})
}

// draft is the log entry that is being completed.
func (t *talk) draft() (LogEntry, bool) {
	items, ok := t.need(Log)
	if !ok {
		return LogEntry{}, false
	}
	for _, i := range items {
		var e LogEntry
		if i.ID == t.s.Draft && json.Unmarshal(i.Value, &e) == nil {
			return e, true
		}
	}
	t.say("log.gone", nil, t.back(), home())
	return LogEntry{}, false
}

func (t *talk) setHow(how string) {
	e, ok := t.draft()
	if !ok {
		return
	}
	if how == "third" && e.How != how {
		t.s.Counts.Third++
	}
	e.How = how
	t.put(Log, t.s.Draft, e)
	t.ask(LogWho, "log.number", nil, choice("log.skip", "skip"), home())
}

func (t *talk) setNumber(number string) {
	if number != "" {
		e, ok := t.draft()
		if !ok {
			return
		}
		e.Number = cut(number, 40)
		t.put(Log, t.s.Draft, e)
	}
	t.ask(LogWords, "log.words", nil, choice("log.skip", "skip"), home())
}

func (t *talk) setWords(said string) {
	if said != "" {
		e, ok := t.draft()
		if !ok {
			return
		}
		e.Words = cut(said, logWords)
		t.put(Log, t.s.Draft, e)
	}
	t.s.State = t.s.Home
	buttons := []Button{named("hub.log", "log"), named("log.list", "list")}
	if t.s.Counts.Log == dailyFrom {
		buttons = append(buttons, named("remind.daily", "remind:daily"))
	}
	t.say("log.done", []string{"all", strconv.Itoa(t.s.Counts.Log)}, append(buttons, t.back(), home())...)
}

// undoLog takes the entry away again.
func (t *talk) undoLog(id string) {
	items, ok := t.need(Log)
	if !ok {
		return
	}
	for _, i := range items {
		var e LogEntry
		if i.ID == id && json.Unmarshal(i.Value, &e) == nil {
			t.changes = append(t.changes, Change{List: Log, ID: id})
			t.count(e.At.In(t.s.Location()), -1)
			if e.How == "third" {
				t.s.Counts.Third--
			}
			t.s.State = t.s.Home
			t.say("log.undone", nil, t.back(), home())
			return
		}
	}
	t.say("log.gone", nil, t.back(), home())
}

// listEvidence is the whole log and what was kept, as a text to copy.
func (t *talk) listEvidence() {
	logged, ok := t.need(Log)
	kept, ok2 := t.need(Kept)
	if !ok || !ok2 {
		return
	}
	if len(logged)+len(kept) == 0 {
		t.say("log.empty", nil, named("hub.log", "log"), t.back(), home())
		return
	}
	r := t.tell(words.Fill("log.list_title", "log", strconv.Itoa(len(logged)), "kept", strconv.Itoa(len(kept)), "night", strconv.Itoa(t.s.Counts.Night), "third", strconv.Itoa(t.s.Counts.Third)),
		named("data.export", "export"), t.back(), home())
	r.Copy = cut(evidence(t.s, logged, kept), 1800)
}

// evidence is the list in words.
func evidence(s Session, logged, kept []Item) string {
	var b strings.Builder
	for n, i := range logged {
		var e LogEntry
		if json.Unmarshal(i.Value, &e) != nil {
			continue
		}
		how := ""
		if e.How != "" {
			how = words.Get("log.how_" + e.How)
		}
		fmt.Fprintf(&b, "%d. %s %s %s %s\n", n+1, e.At.In(s.Location()).Format("2006-01-02 15:04"), how, e.Number, e.Words)
	}
	for n, i := range kept {
		var m KeptMessage
		if json.Unmarshal(i.Value, &m) != nil {
			continue
		}
		fmt.Fprintf(&b, "%s%d. %s %s\n%s\n", words.Get("log.message"), n+1, m.At.In(s.Location()).Format("2006-01-02 15:04"), m.From, m.Text)
	}
	return strings.TrimSpace(b.String())
}

// keep keeps the last judged message, or the one that is named, as evidence.
func (t *talk) keep(id string) {
	if t.s.Consent != Granted {
		t.s.Draft = id
	}
	if !t.allowed("keep:" + id) {
		return
	}
	items, ok := t.need(Judged)
	if !ok {
		return
	}
	if t.s.Counts.Kept >= keptMost {
		t.say("log.kept_full", []string{"most", strconv.Itoa(keptMost)}, named("data.export", "export"), home())
		return
	}
	for _, i := range items {
		var m KeptMessage
		if i.ID != id || json.Unmarshal(i.Value, &m) != nil {
			continue
		}
		t.put(Kept, t.itemID(), m)
		t.s.Counts.Kept++
		key := "log.kept"
		if t.s.Counts.Kept >= keptMost*9/10 {
			key = "log.kept_nearly_full"
		}
		t.say(key, []string{"n", strconv.Itoa(t.s.Counts.Kept)}, named("log.list", "list"), t.back(), home())
		return
	}
	t.say("log.gone", nil, t.back(), home())
}

// moment and day say a time in the person's zone.
func (t *talk) moment(at time.Time) string {
	at = at.In(t.s.Location())
	return at.Format("01-02 ") + weekday(at) + at.Format(" 15:04")
}

func (t *talk) day(at time.Time) string {
	at = at.In(t.s.Location())
	return at.Format("2006-01-02 ") + weekday(at)
}

func weekday(at time.Time) string { return strings.Fields(words.Get("go.weekdays"))[at.Weekday()] }
