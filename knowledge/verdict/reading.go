package verdict

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// reading is a message with everything that was found in it.
type reading struct {
	text    string // the part that is judged
	senders []string
	present []bool  // by rule
	places  []place // by rule; empty where there is nothing to quote
	glyphs  []glyph // the normalised text; only until release
	scratch *scratch
}

// textMax is how many bytes are judged; a contract says nothing more after that.
const textMax = 40_000

// read finds all signals of a message. Whoever calls it releases it.
func (c *Checker) read(m Message) *reading {
	r := &reading{text: firstBytes(m.Text, textMax), present: make([]bool, len(c.rules)), places: make([]place, len(c.rules))}
	r.senders = c.senders.classes(m.Sender, m.Said)
	r.scratch = c.matcher.scratch.Get().(*scratch)
	var links []Link
	r.scratch.glyphs, links = c.disguises.normalise(r.text, r.scratch.glyphs)
	r.glyphs = r.scratch.glyphs
	c.structure(r.text, r.glyphs, links, func(name string, p place) {
		if at, ok := c.byName[name]; ok && !r.present[at] {
			r.present[at], r.places[at] = true, p
		}
	})
	c.matcher.find(r.glyphs, r.scratch)
	for i := range c.rules {
		c.decide(r, i)
	}
	return r
}

func (r *reading) release(c *Checker) {
	r.glyphs = nil
	c.matcher.scratch.Put(r.scratch)
}

// decide says whether a rule holds. Those that it names come before it.
func (c *Checker) decide(r *reading, i int) {
	rule := &c.rules[i]
	if rule.Built || len(rule.Only.Senders) > 0 && !anyOf(rule.Only.Senders, r.senders) {
		return
	}
	var quote place
	if len(rule.Any) > 0 {
		at, ok := r.scratch.byRule[i].first()
		if !ok {
			return
		}
		quote = bytesOf(r.glyphs, int(at.start), int(at.end))
	}
	for _, name := range rule.All {
		p, ok := c.holds(r, name)
		if !ok {
			return
		}
		if quote == (place{}) {
			quote = p
		}
	}
	for _, name := range rule.None {
		if _, ok := c.holds(r, name); ok {
			return
		}
	}
	r.present[i], r.places[i] = true, quote
}

// holds says whether a signal is present, and where.
func (c *Checker) holds(r *reading, name string) (place, bool) {
	if at, ok := c.byName[name]; ok {
		return r.places[at], r.present[at]
	}
	class, ok := strings.CutPrefix(name, senderPrefix)
	return place{}, ok && slices.Contains(r.senders, class)
}

func anyOf(some, all []string) bool {
	return slices.ContainsFunc(some, func(s string) bool { return slices.Contains(all, s) })
}

// firstBytes is the beginning of a text, whole characters only.
func firstBytes(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}

// signals are those with something to say to the reader, in the order of the text.
func (r *reading) signals(c *Checker) []Signal {
	var all []Signal
	for i, rule := range c.rules {
		if !r.present[i] || rule.Speaks == "" {
			continue
		}
		p := r.places[i]
		all = append(all, Signal{
			Name: rule.Name, Label: rule.Speaks, Weight: rule.Weight, Quote: r.text[p.start:p.end], Start: p.start, End: p.end,
			Meaning: rule.Says, Basis: rule.Basis,
		})
	}
	slices.SortStableFunc(all, func(a, b Signal) int { return a.Start - b.Start })
	return all
}
