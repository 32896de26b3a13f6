package dialog

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"wenzhu/dialog/words"
)

// judge gives a verdict on a message.
func (t *talk) judge(text string, forwarded bool) {
	if t.Judge == nil {
		t.unclear()
		return
	}
	t.arriveAfter()
	v := t.Judge.Judge(text, t.e.From, forwarded)
	t.notes = append(t.notes, Note{"verdict", v.Label})
	id := fmt.Sprintf("%02d", t.s.Counts.Judge%judgedMost)
	t.s.Counts.Judge++
	t.put(Judged, id, KeptMessage{At: t.e.At, Text: cut(text, messageMost), From: cut(t.e.From, 40), Label: v.Label, Version: v.Version})
	if t.gathered(id) {
		return
	}
	t.tellVerdict(id, v, "")
}

// Forwards that come close together get one answer: the first at once, the others together when no more come.
const (
	gatherWithin = 3 * time.Second
	gatherWait   = 2 * time.Second
)

// gathered keeps a message for the common answer, if it came right after another one.
func (t *talk) gathered(id string) bool {
	g := t.s.Gather
	near := t.e.At.Sub(g.Last) <= gatherWithin || g.Album != "" && g.Album == t.e.Album
	if !near || !t.e.Forwarded && t.e.Album == "" {
		t.s.Gather = gather{Last: t.e.At, Album: t.e.Album}
		return false
	}
	g.Last, g.IDs = t.e.At, append(slices.Clone(g.IDs), id)
	t.s.Gather = g
	t.s.wake(Wake{ID: "gather", At: t.e.At.Add(gatherWait)})
	t.silence = Gathering
	return true
}

// dueGathered answers the messages that were kept together, the worst first.
func (t *talk) dueGathered() {
	items, ok := t.need(Judged)
	if !ok {
		return
	}
	ids := t.s.Gather.IDs
	t.s.Gather = gather{}
	t.s.wake(Wake{ID: "gather"})
	order := []string{"scam", "illegal_collection", "verify", "routine", "other"}
	worst, worstID, harmful := Opinion{}, "", 0
	for _, i := range items {
		var m KeptMessage
		if !slices.Contains(ids, i.ID) || json.Unmarshal(i.Value, &m) != nil {
			continue
		}
		v := t.Judge.Judge(m.Text, m.From, true)
		if v.Harmful {
			harmful++
		}
		if worstID == "" || slices.Index(order, v.Label) < slices.Index(order, worst.Label) {
			worst, worstID = v, i.ID
		}
	}
	if worstID == "" {
		return
	}
	t.silence = ""
	t.tellVerdict(worstID, worst, words.Fill("verdict.several", "n", itoa(len(ids)), "bad", itoa(harmful)))
}

// tellVerdict is the screen of a verdict.
func (t *talk) tellVerdict(id string, v Opinion, before string) {
	t.s.State, t.s.Draft = Verdict, id
	var b strings.Builder
	b.WriteString(strings.TrimSpace(before + "\n" + v.Headline))
	for _, l := range v.Lines {
		b.WriteString("\n" + l)
	}
	if len(v.Advice) > 0 {
		b.WriteString("\n" + words.Get("verdict.do") + strings.Join(v.Advice, ""))
	}
	if len(v.Avoid) > 0 {
		b.WriteString("\n" + words.Get("verdict.dont") + strings.Join(v.Avoid, ""))
	}
	buttons := []Button{named("verdict.keep", "keep:"+id), named("verdict.verify", "verify:"+id)}
	if v.Harmful {
		buttons = append(buttons, named("verdict.paid", "paid"))
	}
	t.tell(b.String(), append(buttons, named("verdict.dispute", "dispute:"+id), t.back(), home())...)
}

// arriveAfter remembers, for somebody who began with a question or a message, that they have not arrived yet.
func (t *talk) arriveAfter() {
	if t.s.Home == "" {
		t.s.Home, t.newcomer = Safety, true
	}
}

// judged finds one of the last messages.
func (t *talk) judged(id string) (KeptMessage, bool) {
	items, ok := t.need(Judged)
	if !ok {
		return KeptMessage{}, false
	}
	for _, i := range items {
		var m KeptMessage
		if i.ID == id && json.Unmarshal(i.Value, &m) == nil {
			return m, true
		}
	}
	t.say("log.gone", nil, t.back(), home())
	return KeptMessage{}, false
}

func (t *talk) howToVerify(id string) {
	m, ok := t.judged(id)
	if !ok {
		return
	}
	v := t.Judge.Judge(m.Text, m.From, true)
	t.tell(words.Get("verdict.verify_head")+"\n"+strings.Join(v.Verify, "\n"), t.back(), home())
}

func (t *talk) dispute(id string) {
	m, ok := t.judged(id)
	if !ok {
		return
	}
	if t.s.Consent == Granted {
		t.notes = append(t.notes, Note{"dispute", m.Label + " " + mask(cut(m.Text, 500))})
	}
	t.say("verdict.disputed", nil, named("verdict.verify", "verify:"+id), t.back(), home())
}

func (t *talk) askWhich() {
	t.s.Text = cut(t.e.Text, textKept)
	if utf8.RuneCountInString(t.e.Text) > textKept {
		t.judge(t.e.Text, false)
		return
	}
	t.ask(Which, "hub.which", nil, choice("hub.which_message", "message"), choice("hub.which_question", "question"))
}
