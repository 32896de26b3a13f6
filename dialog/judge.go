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

// judge gives a verdict on what somebody received. What was read from a picture is shown for correction first.
func (t *talk) judge(text string) {
	if t.Judge == nil || strings.TrimSpace(text) == "" {
		t.unclear()
		return
	}
	t.arriveAfter()
	messages, whole := t.pieces(text)
	if t.e.FromPicture {
		t.readPicture(messages)
		return
	}
	all := t.opinions(messages)
	if kind := poorness(text); kind.holds(all[0]) {
		t.poor(kind)
		return
	}
	t.noted(all)
	ids := ""
	for _, m := range messages {
		o := t.opinions([]KeptMessage{m})[0]
		m.Label, m.Version = o.Label, o.Version
		ids += t.remember(m)
	}
	if t.gathered(ids) {
		return
	}
	before := several(all)
	if !whole {
		before = strings.TrimSpace(words.Fill("verdict.too_long", "n", itoa(messageMost*piecesMost)) + "\n" + before)
	}
	t.tellVerdict(ids, all, before)
}

// piecesMost is how many messages a long text is kept as; what is beyond is not looked at, and that is said.
const piecesMost = 4

// pieces are a text as it is kept: in parts of at most messageMost characters, cut between lines where that is possible.
// whole is false when there is more than is looked at.
func (t *talk) pieces(text string) (all []KeptMessage, whole bool) {
	for runes := []rune(text); len(runes) > 0; {
		if len(all) == piecesMost {
			return all, false
		}
		n := min(messageMost, len(runes))
		if n < len(runes) {
			for at := n; at > n/2; at-- {
				if runes[at-1] == '\n' {
					n = at
					break
				}
			}
		}
		all = append(all, KeptMessage{At: t.e.At, Text: string(runes[:n]), From: cut(t.e.From, 40)})
		runes = runes[n:]
	}
	return all, true
}

// several says how many messages there are and how many of them do harm; "" for one.
func several(all []Opinion) string {
	if len(all) < 2 {
		return ""
	}
	bad := 0
	for _, o := range all {
		if o.Harmful {
			bad++
		}
	}
	if bad == 0 {
		return words.Fill("verdict.several_fine", "n", itoa(len(all)))
	}
	return words.Fill("verdict.several", "n", itoa(len(all)), "bad", itoa(bad))
}

// noted counts the verdicts for operators.
func (t *talk) noted(all []Opinion) {
	for _, o := range all {
		t.notes = append(t.notes, Note{"verdict", o.Label})
	}
}

// remember puts a message into the ring of the last ones and returns its place there, two digits.
func (t *talk) remember(m KeptMessage) string {
	if t.s.Counts.Judge == 0 {
		t.s.Rules = t.Judge.Version()
	}
	id := ringPlace(t.s.Counts.Judge)
	t.s.Counts.Judge++
	t.put(Judged, id, m)
	t.wakeRules()
	return id
}

// ringPlace is the place of the nth message judged, two digits.
func ringPlace(n int) string { return fmt.Sprintf("%02d", n%judgedMost) }

// Forwards that come close together get one answer: the first at once, the others together when no more come.
const (
	gatherWithin = 3 * time.Second
	gatherWait   = 2 * time.Second
)

// gathered keeps a message for the common answer, if it came right after another one.
func (t *talk) gathered(ids string) bool {
	g := t.s.Gather
	near := t.e.At.Sub(g.Last) <= gatherWithin || g.Album != "" && g.Album == t.e.Album
	if !near || !t.e.Forwarded && t.e.Album == "" {
		t.s.Gather = gather{Last: t.e.At, Album: t.e.Album}
		return false
	}
	g.Last, g.IDs = t.e.At, append(slices.Clone(g.IDs), split(ids)...)
	g.IDs = g.IDs[max(0, len(g.IDs)-judgedMost):] // the places of older ones were taken by the newest
	t.s.Gather = g
	t.s.wake(Wake{ID: wakeGather, At: t.e.At.Add(gatherWait)})
	t.silence = Gathering
	return true
}

// dueGathered answers the messages that were kept together, the worst first. Pictures are shown for correction first.
func (t *talk) dueGathered() {
	ids := join(t.s.Gather.IDs)
	messages, ok := t.ringed(ids)
	if !ok {
		return
	}
	t.s.Gather.IDs, t.s.Gather.Album = nil, ""
	t.s.wake(Wake{ID: wakeGather})
	if len(messages) == 0 {
		return
	}
	t.silence = ""
	if slices.ContainsFunc(messages, func(m KeptMessage) bool { return m.Label == "" }) {
		t.showRead(ids, messages)
		return
	}
	all := t.opinions(messages)
	t.tellVerdict(ids, all, several(all))
}

// join makes one argument of a button of places in the ring, and split takes it apart.
func join(ids []string) string {
	all := ""
	for _, id := range ids {
		all += id
	}
	return all
}

func split(arg string) []string {
	var ids []string
	for ; len(arg) >= 2 && len(ids) < judgedMost; arg = arg[2:] {
		ids = append(ids, arg[:2])
	}
	return ids
}

// ringed are the last messages at some places. false: the list has to be loaded first.
func (t *talk) ringed(arg string) ([]KeptMessage, bool) {
	items, ok := t.need(Judged)
	if !ok {
		return nil, false
	}
	ids := split(arg)
	var found []KeptMessage
	for _, i := range items {
		var m KeptMessage
		if slices.Contains(ids, i.ID) && json.Unmarshal(i.Value, &m) == nil {
			m.id = i.ID
			found = append(found, m)
		}
	}
	return found, true
}

// judged are such messages, or it says that they are gone.
func (t *talk) judged(arg string) ([]KeptMessage, bool) {
	found, ok := t.ringed(arg)
	if ok && len(found) == 0 {
		t.say("log.gone", nil, t.back(), home())
	}
	return found, len(found) > 0
}

// opinions are those on messages, the worst first.
func (t *talk) opinions(messages []KeptMessage) []Opinion {
	var all []Opinion
	for _, m := range messages {
		all = append(all, t.Judge.Judge(m.received())...)
	}
	slices.SortStableFunc(all, worse)
	return all
}

// rejudge judges a message of the ring as it now stands, and keeps what came of it.
func (t *talk) rejudge(m *KeptMessage) {
	o := t.opinions([]KeptMessage{*m})[0]
	m.Label, m.Version = o.Label, o.Version
	t.put(Judged, m.id, *m)
}

func (m KeptMessage) received() Received {
	return Received{Text: m.Text, Sender: m.From, Said: m.Said}
}

// tellVerdict is the screen of a verdict.
func (t *talk) tellVerdict(id string, all []Opinion, before string) {
	t.s.State, t.s.Draft = Verdict, id
	t.threatened = all[0].Danger
	text := fill(all, before).String()
	if basis := t.basis(all[0]); basis != "" {
		text += "\n" + basis
	}
	buttons := []Button{named("verdict.keep", "keep:"+id), named("verdict.verify", "verify:"+id)}
	if all[0].Risky {
		buttons = append(buttons, named("verdict.hurt", "hour"))
	}
	t.tell(text, append(buttons, named("verdict.more", "further:"+id), home())...)
}

// basis is the line with the laws of an opinion; patterns of fraud have none.
func (t *talk) basis(o Opinion) string {
	if t.Answers == nil || !o.Harmful && o.Label != "verify" {
		return ""
	}
	return t.Answers.Basis(o.Basis)
}

// further is the second screen of a verdict: what did not fit the first, and what else can be done.
func (t *talk) further(id string) {
	messages, ok := t.judged(id)
	if !ok {
		return
	}
	all := t.opinions(messages)
	p := new(page)
	left := fill(all, several(all)).left
	key := "verdict.further"
	if len(left) > 0 {
		key = "verdict.left"
	}
	p.add(partHead, words.Get(key))
	for _, l := range left {
		p.add(partReasons, l)
	}
	buttons := []Button{named("verdict.sender", "sender:"+id), named("verdict.dispute", "dispute:"+id)}
	if t.basis(all[0]) != "" {
		buttons = append(buttons, named("verdict.law", "wording:"+id))
	}
	t.tell(p.String(), append(buttons, t.back(), home())...)
}

// wording is the text of the laws that a verdict rests on.
func (t *talk) wording(id string) {
	messages, ok := t.judged(id)
	if !ok {
		return
	}
	o := t.opinions(messages)[0]
	if t.basis(o) == "" {
		t.say("verdict.no_law", nil, named("verdict.verify", "verify:"+id), t.back(), home())
		return
	}
	t.tell(cut(t.Answers.Wording(o.Basis), 3000), named("verdict.verify", "verify:"+id), t.back(), home())
}

// howToVerify names the official ways for what the message claims to be.
func (t *talk) howToVerify(id string) {
	messages, ok := t.judged(id)
	if !ok {
		return
	}
	all := t.opinions(messages)
	p := new(page)
	p.add(partHead, words.Get("verdict.verify_head"))
	p.each(partReasons, all[0].Verify, 0, len(all[0].Verify))
	t.tell(p.String(), append(t.topics(all[0].Topic), named("verdict.sender", "sender:"+id), t.back(), home())...)
}

// senders are what a person can say about who sent a message, in the order in which it is offered.
var senders = []string{"unknown_number", "mass_number", "overseas_number", "added_person", "known_person", "lender_app", "official_number", "unknown"}

// askSender asks who sent it.
func (t *talk) askSender(id string) {
	if _, ok := t.judged(id); !ok {
		return
	}
	t.s.Draft = id
	var buttons []Button
	for _, s := range senders {
		buttons = append(buttons, choice("sender."+s, "sent_by:"+s))
	}
	t.ask(Sender, "sender.ask", nil, append(buttons, home())...)
}

// setSender judges once more, with the sender, and says what that changed.
func (t *talk) setSender(said string) {
	if !slices.Contains(senders, said) {
		t.stale()
		return
	}
	id := t.s.Draft
	messages, ok := t.judged(id)
	if !ok {
		return
	}
	if said == "unknown" {
		t.tellVerdict(id, t.opinions(messages), words.Get("sender.still"))
		return
	}
	before := t.opinions(messages)[0]
	for i := range messages {
		messages[i].Said = said
		t.rejudge(&messages[i])
	}
	all := t.opinions(messages)
	t.tellVerdict(id, all, words.Fill(changed(before, all[0]), "who", words.Get("sender."+said), "before", words.Get("verdict.is_"+before.Label)))
}

// changed is the sentence for what became of an opinion.
func changed(before, after Opinion) string {
	switch {
	case before.Label == after.Label && before.Sure == after.Sure:
		return "sender.same"
	case before.Label == after.Label:
		return "sender.surer"
	}
	return "sender.changed"
}

// arriveAfter remembers, for somebody who began with a question or a message, that they have not arrived yet.
func (t *talk) arriveAfter() {
	t.newcomer = t.s.Home == ""
}

func (t *talk) askWhich() {
	t.s.Text = cut(t.e.Text, textKept)
	if utf8.RuneCountInString(t.e.Text) > textKept {
		t.judge(t.e.Text)
		return
	}
	t.ask(Which, "hub.which", nil, choice("hub.which_message", "message"), choice("hub.which_question", "question"))
}
