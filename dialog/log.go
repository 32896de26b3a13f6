package dialog

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"wenzhu/dialog/words"
	"wenzhu/knowledge/crisis"
)

// LogEntry is one act of harassment.
type LogEntry struct {
	At     time.Time `json:"t"`
	How    string    `json:"h,omitempty"` // call, sms, wechat, visit, third
	Number string    `json:"n,omitempty"`
	Words  string    `json:"w,omitempty"`
}

const (
	logWords  = 60 // runes of what was said
	logNumber = 40 // runes of a number
)

// hows are the ways of harassing, in the order in which they are offered. The first is taken until another is chosen:
// the button is pressed when the phone rings.
var hows = []string{"call", "sms", "wechat", "visit", "third"}

// dailyFrom is the entry of the log at which a daily check-in is offered.
const dailyFrom = 3

// tapWithin is how soon after a tap another one on the same button is its second half.
const tapWithin = 2 * time.Second

// log notes one act of harassment, now, with one tap.
func (t *talk) log() {
	if t.e.Kind == Press && t.s.Taken == justLogged && t.s.Draft != "" && t.e.At.Sub(madeAt(t.s.Draft)) < tapWithin {
		t.silence = DoubleTap
		return
	}
	if !t.allowed("log") {
		return
	}
	if t.s.Counts.Log >= logMost {
		t.say("log.full", []string{"most", itoa(logMost)}, named("data.export", "export"), named("log.list", "list"), t.back(), home())
		return
	}
	id, e := t.itemID(), LogEntry{At: t.now(), How: hows[0]}
	t.put(Log, id, e)
	t.count(e, 1)
	t.s.Taken = justLogged
	t.showEntry(id, e)
}

// justLogged is what was taken last where that was the button that logs; whatever else is said takes its place.
const justLogged = "log"

// madeAt is when an item was made, from its id; long ago where that cannot be read.
func madeAt(id string) time.Time {
	ms, _, _ := strings.Cut(id, "-")
	n, err := strconv.ParseInt(ms, 16, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(n)
}

// showEntry is the screen of an entry: what is noted, what can be added. Nothing has to be.
func (t *talk) showEntry(id string, e LogEntry) {
	t.s.State, t.s.Draft = LogHow, id
	at := e.At.In(t.s.Location())
	counts := "log.counts"
	if t.s.Counts.Night > 0 {
		counts = "log.counts_night"
	}
	lines := []string{words.Fill("log.noted", "when", t.moment(at), "how", words.Get("log.how_"+e.How)), words.Fill(counts,
		"today", itoa(t.s.Counts.Days[at.Format(time.DateOnly)].All), "night", itoa(t.s.Counts.Night), "all", itoa(t.s.Counts.Log))}
	if e.Number != "" {
		lines = append(lines, words.Fill("log.has_number", "number", e.Number))
	}
	if e.Words != "" {
		lines = append(lines, words.Fill("log.has_words", "words", e.Words))
	}
	var buttons []Button
	last := t.back()
	for _, how := range hows {
		if how != e.How {
			buttons = append(buttons, named("log.how_"+how, "how:"+how+":"+id))
		}
	}
	switch {
	case e.How == "visit":
		lines = append(lines, words.Get("log.visit"))
	case crisis.Threat(e.Words):
		lines = append(lines, words.Get("log.threat"))
		buttons = []Button{named("letter.police", "letter:"+policePaper)}
	case t.s.Counts.Log == dailyFrom:
		lines, last = append(lines, words.Get("log.daily")), named("remind.daily", "remind:daily")
	default:
		lines = append(lines, words.Get("log.more"))
	}
	buttons = append(buttons, named("log.number_add", "number:"+id), named("log.words_add", "said:"+id), named("log.undo", "undo:"+id), last, home())
	t.tell(strings.Join(lines, "\n"), buttons...)
}

// count adds an entry to the sums or takes it away, keeping the last days only.
func (t *talk) count(e LogEntry, n int) {
	c := t.s.Counts
	at := e.At.In(t.s.Location())
	night := 0
	if atNight(at) {
		night = n
	}
	c.Log, c.Night = c.Log+n, c.Night+night
	if e.How == "third" {
		c.Third += n
	}
	c.Days = maps.Clone(c.Days)
	if c.Days == nil {
		c.Days = make(map[string]Day)
	}
	day := at.Format(time.DateOnly)
	d := c.Days[day]
	c.Days[day] = Day{All: max(0, d.All+n), Night: max(0, d.Night+night)}
	for len(c.Days) > countedDays {
		delete(c.Days, slices.Min(slices.Collect(maps.Keys(c.Days))))
	}
	t.s.Counts = c
}

// atNight says whether a time lies in the hours in which nobody should be called.
func atNight(at time.Time) bool { return at.Hour() >= quietFrom || at.Hour() < quietTo }

func (t *talk) put(l List, id string, v any) {
	value, err := json.Marshal(v)
	if err != nil {
		return // plain strings and times: cannot happen
	}
	t.changes = append(t.changes, Change{List: l, ID: id, Value: value})
}

// entry is one entry of the log; where it is gone that is said.
func (t *talk) entry(id string) (LogEntry, bool) {
	items, ok := t.need(Log.Only(id))
	if !ok {
		return LogEntry{}, false
	}
	for _, i := range items {
		var e LogEntry
		if json.Unmarshal(i.Value, &e) == nil {
			return e, true
		}
	}
	t.say("log.gone", nil, named("hub.log", "log"), t.back(), home())
	return LogEntry{}, false
}

// complete adds to an entry and shows it.
func (t *talk) complete(id string, with func(*LogEntry)) {
	e, ok := t.entry(id)
	if !ok {
		return
	}
	t.count(e, -1)
	with(&e)
	t.count(e, 1)
	t.put(Log, id, e)
	t.showEntry(id, e)
}

// setHow takes "sms:<id>".
func (t *talk) setHow(arg string) {
	how, id, _ := strings.Cut(arg, ":")
	if !slices.Contains(hows, how) {
		t.stale()
		return
	}
	e, ok := t.entry(id)
	switch {
	case !ok:
	case e.How == how && t.e.Kind == Press && t.s.State == LogHow && t.s.Draft == id:
		t.silence = DoubleTap
	default:
		t.complete(id, func(e *LogEntry) { e.How = how })
	}
}

// askAbout asks for the number or for the words of an entry.
func (t *talk) askAbout(id string, state State, key string) {
	if _, ok := t.entry(id); ok {
		t.s.Draft = id
		t.ask(state, key, nil, choice("log.skip", "skip"), t.back(), home())
	}
}

func (t *talk) setNumber(number string) {
	t.complete(t.s.Draft, func(e *LogEntry) {
		if number != "" {
			e.Number = cut(number, logNumber)
		}
	})
}

func (t *talk) setWords(said string) {
	t.complete(t.s.Draft, func(e *LogEntry) {
		if said != "" {
			e.Words = cut(strings.Join(strings.Fields(said), " "), logWords)
		}
	})
}

// undoLog takes an entry away again.
func (t *talk) undoLog(id string) {
	e, ok := t.entry(id)
	if !ok {
		return
	}
	t.changes = append(t.changes, Change{List: Log, ID: id})
	t.count(e, -1)
	t.s.State, t.s.Draft = Hub, ""
	t.say("log.undone", []string{"all", itoa(t.s.Counts.Log)}, named("hub.log", "log"), t.back(), home())
}

// moment, day and full say a time in the person's zone: without the year, without the hour, and with both.
func (t *talk) moment(at time.Time) string {
	at = at.In(t.s.Location())
	return at.Format("01-02 ") + weekday(at) + at.Format(" 15:04")
}

func (t *talk) day(at time.Time) string { return dated(at.In(t.s.Location())) }

func (t *talk) full(at time.Time) string { return t.day(at) + at.In(t.s.Location()).Format(" 15:04") }

// dated is the day of a time as its own zone has it.
func dated(at time.Time) string { return at.Format("2006-01-02 ") + weekday(at) }

func weekday(at time.Time) string { return strings.Fields(words.Get("go.weekdays"))[at.Weekday()] }
