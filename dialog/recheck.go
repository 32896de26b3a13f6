package dialog

import (
	"encoding/json"
	"slices"
	"time"

	"wenzhu/dialog/words"
)

// wakeRules wakes the bot once a day to see whether new rules judge a kept message differently, for people who allowed
// it to speak up.
const wakeRules = "rules"

// watchedFor is how long after the last message that was judged the bot looks by itself.
const watchedFor = 30 * 24 * time.Hour

// recheck corrects what was said earlier: when the rules have changed, the kept messages are judged once more, and the
// person is told once of what looked harmless and does no longer. The lists are loaded only when the version differs.
func (t *talk) recheck() {
	if !t.outdated() || t.erase || len(t.needs) > 0 || len(t.replies) == 0 || t.inDanger() {
		return
	}
	if found, ok := t.wrongly(); ok {
		t.correct(found)
	}
}

// outdated says whether kept messages were looked at last with other rules.
func (t *talk) outdated() bool {
	return t.Judge != nil && t.s.Counts.Judge > 0 && t.s.Rules != t.Judge.Version()
}

// wrong is what is thought today of a message that was called harmless.
type wrong struct {
	Opinion
	place string // in the ring; "" where it is evidence only
}

// wrongly finds the messages that were called harmless and are not by the rules of today, and keeps their new labels.
func (t *talk) wrongly() ([]wrong, bool) {
	lists := []List{Judged, Kept}
	for _, l := range lists {
		t.need(l)
	}
	if len(t.needs) > 0 {
		return nil, false
	}
	t.s.Rules = t.Judge.Version()
	var found []wrong
	seen := make(map[string]bool)
	for _, l := range lists {
		for _, i := range t.e.Lists[l] {
			var m KeptMessage
			renewed := slices.ContainsFunc(t.changes, func(c Change) bool { return c.List == l && c.ID == i.ID })
			if renewed || json.Unmarshal(i.Value, &m) != nil || m.Label == "" || badness(m.Label) <= badness("verify") {
				continue
			}
			o := t.opinions([]KeptMessage{m})[0]
			if !o.Harmful {
				continue
			}
			m.Label, m.Version = o.Label, o.Version
			t.put(l, i.ID, m)
			if !seen[m.Text] {
				w := wrong{Opinion: o}
				if l == Judged {
					w.place = i.ID
				}
				found = append(found, w)
			}
			seen[m.Text] = true
		}
	}
	slices.SortStableFunc(found, func(a, b wrong) int { return worse(a.Opinion, b.Opinion) })
	return found, true
}

// correct says what was wrong, beside everything else.
func (t *talk) correct(found []wrong) {
	if len(found) == 0 {
		return
	}
	t.notes = append(t.notes, Note{"corrected", itoa(len(found))})
	p := new(page)
	p.add(partHead, words.Fill("recheck.head", "n", itoa(len(found))))
	places, risky := "", false
	for _, w := range found {
		p.add(partReasons, "· "+quoted(w.Text)+w.Headline)
		places, risky = places+w.place, risky || w.Risky
	}
	p.each(partDo, found[0].Advice, 0, 2)
	var buttons []Button
	if risky {
		buttons = append(buttons, named("recheck.hurt", "hour"))
	}
	if places != "" {
		buttons = append(buttons, named("recheck.look", "judge:"+places))
	}
	t.beside(p.String(), append(buttons, named("log.list", "list"))...)
}

// wakeRules sets the next look, where the person allowed the bot to speak up.
func (t *talk) wakeRules() {
	if t.s.Allow.has(Nudges) {
		now := t.now()
		t.s.wake(Wake{ID: wakeRules, At: time.Date(now.Year(), now.Month(), now.Day()+1, askedAtHour, 0, 0, 0, now.Location()), Own: true})
	}
}

// dueRules looks whether the rules have changed. Most days it finds nothing and says nothing.
func (t *talk) dueRules() {
	if ends, quiet := Quiet(t.e.At, t.s.Location(), t.e.Spread); quiet {
		t.s.wake(Wake{ID: wakeRules, At: ends, Own: true})
		return
	}
	allowed := t.s.Allow.has(Nudges)
	rules, changes := t.s.Rules, len(t.changes)
	var found []wrong
	if allowed && t.outdated() {
		var ok bool
		if found, ok = t.wrongly(); !ok {
			return
		}
	}
	t.s.wake(Wake{ID: wakeRules})
	switch {
	case allowed && len(found) == 0 && t.e.At.Sub(t.s.Gather.Last) < watchedFor:
		t.wakeRules()
	case len(found) == 0:
	case t.s.Allow.has(Details):
		t.correct(found)
	default: // nothing telling on a lock screen: it is said when the person comes, so it is still to be found then
		t.s.Rules, t.changes = rules, t.changes[:changes]
		t.own("remind.due", named("remind.look", "look:"+wakeRules))
	}
}
