package dialog

import (
	"slices"
	"strings"
	"time"

	"wenzhu/dialog/words"
	"wenzhu/knowledge"
)

// shelf is a knowledge of one answer.
type shelf struct{}

var nights = &knowledge.Snippet{ID: "night-calls", Title: "夜里打电话", Theme: "behaviour", Kind: knowledge.Answered, Body: "夜里 10 点到早上 8 点不该催。", Detail: "更多", Related: []string{"check-who-lends", "court-sms-verify"}}

func (s shelf) Ask(q knowledge.Question) knowledge.Answer {
	if strings.Contains(q.Text, "夜") && strings.Contains(q.Text, "法院") {
		court, _ := s.Snippet("court-sms-verify")
		return knowledge.Answer{Kind: knowledge.Answered, Parts: []*knowledge.Snippet{nights, court}}
	}
	if strings.Contains(q.Text, "夜") {
		return knowledge.Answer{Kind: knowledge.Answered, Parts: []*knowledge.Snippet{nights}}
	}
	return knowledge.Answer{Kind: knowledge.None}
}

func (shelf) Text(a knowledge.Answer) string { return a.Parts[0].Body }

// Snippet knows one snippet, and the ids that the words name, which stand for their titles.
func (shelf) Snippet(id string) (*knowledge.Snippet, bool) {
	switch {
	case id == nights.ID:
		return nights, true
	case linked()[id]:
		return &knowledge.Snippet{ID: id, Title: id, Kind: knowledge.Answered, Body: "（" + id + "）"}, true
	}
	return nil, false
}

// linked are the ids of the snippets that screens lead to.
func linked() map[string]bool {
	all := map[string]bool{"fake-collection-sms": true, "check-who-lends": true} // the verdict's
	for _, key := range words.Keys() {
		group, _, _ := strings.Cut(key, ".")
		if group == "step_howto" || strings.HasSuffix(group, "_topic") {
			for id := range strings.FieldsSeq(words.Get(key)) {
				all[id] = true
			}
		}
	}
	return all
}
func (shelf) Sources(*knowledge.Snippet) string  { return "依据：测试" }
func (shelf) Original(*knowledge.Snippet) string { return "原文" }
func (shelf) Wording([]string) string            { return "第一千零三十二条原文" }
func (shelf) Basis(refs []string) string {
	if len(refs) == 0 {
		return ""
	}
	return "依据：《民法典》第一千零三十二条"
}

// bell is a judge that knows three words. With newer rules it knows one more.
type bell struct{ newer bool }

func (b bell) Version() string {
	if b.newer {
		return "2"
	}
	return "1"
}

func (b bell) Judge(m Received) []Opinion {
	var all []Opinion
	for part := range strings.SplitSeq(m.Text, "\n【") {
		all = append(all, b.one(part, m.Said))
	}
	slices.SortStableFunc(all, worse)
	return all
}

func (b bell) one(text, said string) Opinion {
	o := Opinion{Label: "other", Sure: "likely", Headline: "没看出风险信号。", Advice: []string{"再核对一次。"}, Text: text, Version: b.Version()}
	switch {
	case strings.Contains(text, "转账") || b.newer && strings.Contains(text, "返利"):
		o.Label, o.Headline, o.Harmful, o.Risky = "scam", "很可能是诈骗。", true, true
		o.Reasons = []Reason{{"转账", "机构不会这样收钱"}}
		o.Advice, o.Avoid, o.Verify = []string{"先别转。"}, []string{"不点链接。"}, []string{"打 12368。"}
		o.Topic = "fake-collection-sms"
		o.Origin = "真伪：像冒充。"
		if said == "lender_app" {
			o.Sure, o.Headline = "possible", "可能是诈骗。"
		}
		if said == "known_person" {
			o.Label, o.Headline, o.Harmful = "verify", "需要核实。", false
		}
	case strings.Contains(text, "通讯录"):
		o.Label, o.Headline, o.Harmful = "illegal_collection", "很可能是违规催收。", true
		o.Reasons, o.Basis = []Reason{{"通讯录", "拿家人来要挟"}}, []string{"civil-code:1032"}
		o.Manner, o.Topic = "催法：不该这样。", "check-who-lends"
	}
	return o
}

func (bell) Looks(text string) float64 {
	if strings.Contains(text, "【") || strings.Contains(text, "转账") {
		return 0.9
	}
	return 0
}

func testDialog() *Dialog { return New(Parts{Answers: shelf{}, Judge: bell{}, Operator: "测试"}) }

// person plays somebody who talks: it keeps the session and the lists as the path does.
type person struct {
	d     *Dialog
	s     Session
	lists map[List]map[string][]byte
	now   time.Time
	n     int
	gone  bool

	screen []Button // under the newest replies
	notes  []Note
}

func newPerson() *person {
	return &person{d: testDialog(), lists: make(map[List]map[string][]byte), now: time.Date(2026, 11, 24, 20, 0, 0, 0, shanghai)}
}

func (p *person) do(e Event) Outcome {
	p.n++
	p.now = p.now.Add(time.Second)
	e.ID, e.At = "e"+itoa(p.n), p.now
	out := p.d.Step(p.s, e)
	for len(out.Needs) > 0 {
		if e.Lists == nil {
			e.Lists = make(map[List][]Item)
		}
		for _, l := range out.Needs {
			e.Lists[l] = p.items(l)
		}
		out = p.d.Step(p.s, e)
	}
	p.s, p.screen = out.Session, nil
	for _, r := range out.Replies {
		p.screen = append(p.screen, r.Buttons...)
	}
	p.notes = append(p.notes, out.Notes...)
	if out.Erase {
		p.lists, p.gone = make(map[List]map[string][]byte), true
	}
	for _, c := range out.Changes {
		if p.lists[c.List] == nil {
			p.lists[c.List] = make(map[string][]byte)
		}
		if c.Value == nil {
			delete(p.lists[c.List], c.ID)
			continue
		}
		p.lists[c.List][c.ID] = c.Value
	}
	return out
}

// presses presses the newest button with that label, or opens the chat where there is none yet.
func (p *person) presses(label string) Outcome {
	for _, b := range p.s.Offered {
		if b.Label == label {
			return p.do(Event{Kind: Press, Data: b.Data})
		}
	}
	if len(p.s.Offered) == 0 {
		return p.do(Event{Kind: Start})
	}
	panic("no button " + label + " in state " + string(p.s.State))
}

func (p *person) items(l List) []Item {
	items := []Item{}
	list, only, one := l.Split()
	for id, v := range p.lists[list] {
		if one && id != only {
			continue
		}
		items = append(items, Item{ID: id, Value: v})
	}
	for i := range items {
		for j := i + 1; j < len(items); j++ {
			if items[j].ID < items[i].ID {
				items[i], items[j] = items[j], items[i]
			}
		}
	}
	return items
}
