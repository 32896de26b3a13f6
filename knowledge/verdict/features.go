package verdict

import (
	"math"
	"slices"

	"wenzhu/knowledge/han"
)

// Features are what the model sees of a message.
type Features struct {
	Dense  []Dense  // signals, senders and figures about the whole
	Orders []uint32 // hashes of what is talked about beside what, each once, sorted
	Grams  []uint32 // hashes of runs of 1 to longestGram characters, each once, sorted
}

// Dense is one named feature with its value, by its place in DenseNames.
type Dense struct {
	Index int
	Value float64
}

// longestGram is how many characters a gram has at most.
const longestGram = 4

// Figures about the whole message, beside signals: names as in the weights.
var figures = []string{
	"figure-length", "figure-short", "figure-long", "figure-formal-you", "figure-plain-you", "figure-i", "figure-question", "figure-exclaim",
	"figure-digits", "figure-links", "figure-lines", "figure-quiet", "figure-disguise",
}

// sums are, for each label, how strongly the signals that speak for it speak together, and the strongest of them.
func sumName(l Label) string { return "sum-" + string(l) }
func maxName(l Label) string { return "max-" + string(l) }

// bothName is for two labels that both have signals: what is quoted in a warning or told by its victim counts for less.
func bothName(a, b Label) string { return "both-" + string(a) + "-" + string(b) }

// denseNames are the names of all dense features, in their order.
func (c *Checker) denseNames() []string {
	var names []string
	for _, r := range c.rules {
		names = append(names, r.Name)
	}
	var classes []string
	for class := range c.senders.Classes {
		classes = append(classes, class)
	}
	slices.Sort(classes)
	for _, class := range append(classes, classOverseas, classPerson, classOdd) {
		names = append(names, senderPrefix+class)
	}
	names = append(names, figures...)
	for _, l := range Labels {
		names = append(names, sumName(l), maxName(l))
	}
	for i, a := range Labels {
		for _, b := range Labels[i+1:] {
			names = append(names, bothName(a, b))
		}
	}
	return names
}

// DenseNames are the names of the dense features.
func (c *Checker) DenseNames() []string { return slices.Clone(c.dense) }

// Features reads a message as the model does.
func (c *Checker) Features(m Message) Features {
	r := c.read(m)
	defer r.release(c)
	return c.features(r)
}

// FeaturesMisread reads a message as if some signals had been missed and others found for nothing. Rules are written by
// people who have seen the training messages: of new ones they find less, and more that is not there.
func (c *Checker) FeaturesMisread(m Message, missed, invented func(rule string) bool) Features {
	r := c.read(m)
	defer r.release(c)
	for i, found := range r.present {
		if rule := c.rules[i]; !rule.Built && rule.Speaks != "" {
			r.present[i] = found && !missed(rule.Name) || invented(rule.Name)
		}
	}
	return c.features(r)
}

func (c *Checker) features(r *reading) Features {
	f := Features{Dense: make([]Dense, 0, 48)}
	add := func(name string, value float64) {
		if at, ok := c.denseIndex[name]; ok && value != 0 {
			f.Dense = append(f.Dense, Dense{at, value})
		}
	}
	sum, strongest := make(map[Label]float64), make(map[Label]float64)
	for i, ok := range r.present {
		if !ok {
			continue
		}
		f.Dense = append(f.Dense, Dense{i, 1})
		l, w := c.rules[i].Speaks, float64(c.rules[i].Weight)
		sum[l] += w
		strongest[l] = max(strongest[l], w)
	}
	for _, class := range r.senders {
		add(senderPrefix+class, 1)
	}
	quiet := 1.0
	for _, l := range Labels {
		add(sumName(l), math.Log1p(sum[l])/2)
		add(maxName(l), strongest[l]/mostWeight)
		if sum[l] > 0 {
			quiet = 0
		}
	}
	for i, a := range Labels {
		for _, b := range Labels[i+1:] {
			add(bothName(a, b), math.Sqrt(strongest[a]*strongest[b])/mostWeight)
		}
	}
	add("figure-quiet", quiet)
	c.figures(r, add)
	r.scratch.mentions = c.concepts.find(r.glyphs, r.scratch.mentions[:0])
	f.Orders = orders(r.scratch.mentions)
	f.Grams = grams(r.glyphs)
	return f
}

// figures adds what is counted over the whole message.
func (c *Checker) figures(r *reading, add func(string, float64)) {
	n := float64(len(r.glyphs))
	counts := make(map[rune]float64)
	digits, moved := 0.0, 0.0
	for i, g := range r.glyphs {
		switch g.char {
		case '您', '你', '我', link:
			counts[g.char]++
		}
		if digit(g.char) {
			digits++
		}
		if i > 0 && g.before == noise && han.Is(g.char) && han.Is(r.glyphs[i-1].char) {
			moved++
		}
	}
	lines := 0.0
	for _, b := range r.text {
		switch b {
		case '?', '？':
			counts['?']++
		case '!', '！':
			counts['!']++
		case '\n':
			lines++
		}
	}
	add("figure-length", math.Log1p(n)/5)
	add("figure-short", step(n < 20))
	add("figure-long", step(n > 120))
	add("figure-formal-you", min(counts['您'], 3)/3)
	add("figure-plain-you", min(counts['你'], 3)/3)
	add("figure-i", min(counts['我'], 3)/3)
	add("figure-question", min(counts['?'], 2)/2)
	add("figure-exclaim", min(counts['!'], 3)/3)
	add("figure-digits", digits/max(n, 1))
	add("figure-links", min(counts[link], 2)/2)
	add("figure-lines", min(lines, 5)/5)
	add("figure-disguise", min(moved/max(n, 1)*10, 1))
}

func step(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

// grams are the hashes of all runs of characters. Numbers count by their length only, ends of phrases as a character.
func grams(text []glyph) []uint32 {
	runes := make([]rune, 0, len(text)+16)
	for i := 0; i < len(text); {
		if i > 0 && text[i].before >= comma {
			runes = append(runes, '|')
		}
		if !digit(text[i].char) {
			runes = append(runes, text[i].char)
			i++
			continue
		}
		end := runEnd(text, i, noise)
		runes = append(runes, numberClass(end-i))
		i = end
	}
	all := make([]uint32, 0, longestGram*len(runes))
	for i := range runes {
		h := uint32(2166136261)
		for n := 0; n < longestGram && i+n < len(runes); n++ {
			h = (h ^ uint32(runes[i+n])) * 16777619 //nolint:gosec // runes are not negative
			h ^= h >> 15
			all = append(all, h+uint32(n)*0x9e3779b9)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// numberClass stands for a number with so many digits.
func numberClass(n int) rune {
	switch {
	case n <= 2:
		return '1'
	case n <= 4:
		return '4'
	case n <= 9:
		return '6'
	}
	return '9'
}
