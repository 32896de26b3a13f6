package dialog

import (
	"slices"
	"strings"

	"wenzhu/dialog/words"
)

// held are the opinions of people, in the order in which they are offered: the labels, and not knowing.
var held = append(slices.Clone(labels), "unknown")

// dispute shows the reasons once more and the official way to check, and asks what the person takes it for.
func (t *talk) dispute(id string) {
	messages, ok := t.judged(id)
	if !ok {
		return
	}
	o := t.opinions(messages)[0]
	p := new(page)
	p.add(partHead, words.Get("dispute.head"))
	question := words.Get("dispute.ask")
	p.used += len([]rune(question)) + 1
	var reasons []string
	for _, r := range o.Reasons {
		reasons = append(reasons, r.line())
	}
	p.each(partReasons, reasons, 0, 1)
	p.each(partMeaning, o.Verify, 0, 1)
	p.each(partReasons, reasons, 1, 3)
	t.s.State, t.s.Draft = Dispute, id
	var buttons []Button
	for _, label := range held {
		if label != o.Label {
			buttons = append(buttons, choice("dispute."+label, "held:"+label))
		}
	}
	t.tell(p.String()+"\n"+question, append(buttons, named("verdict.verify", "verify:"+id), home())...)
}

// setHeld does not argue. It says what is prudent either way, and asks whether editors may see the message.
func (t *talk) setHeld(label string) {
	id := t.s.Draft
	if !slices.Contains(held, label) {
		t.stale()
		return
	}
	if _, ok := t.judged(id); !ok {
		return
	}
	key := "dispute.as_harmless"
	if badness(label) <= badness("verify") {
		key = "dispute.as_harmful"
	}
	t.s.State = Hub // nothing is asked any more
	t.tell(words.Get(key)+"\n"+words.Get("dispute.give"),
		named("dispute.yes", "give:"+label+":"+id), named("dispute.no", "verify:"+id), t.back(), home())
}

// give notes a disputed verdict for the editors: both labels and the words, masked.
func (t *talk) give(arg string) {
	label, id, _ := strings.Cut(arg, ":")
	messages, ok := t.judged(id)
	if !ok {
		return
	}
	if !slices.Contains(held, label) {
		t.stale()
		return
	}
	worst := slices.MinFunc(messages, func(a, b KeptMessage) int { return badness(a.Label) - badness(b.Label) })
	t.notes = append(t.notes, Note{"dispute", worst.Label + " → " + label + " " + mask(cut(worst.Text, 500))})
	t.say("dispute.given", nil, named("verdict.verify", "verify:"+id), t.back(), home())
}
