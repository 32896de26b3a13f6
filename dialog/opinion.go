package dialog

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"wenzhu/dialog/words"
)

// Judge gives verdicts on messages.
type Judge interface {
	// Judge says what is to be thought of each message in a text, the worst first. There is one at least.
	Judge(m Received) []Opinion
	// Version names the rules: with another one the same message may be judged differently.
	Version() string
	// Looks says from 0 to 1 how much a text looks like a message that somebody received.
	Looks(text string) float64
}

// Received is what somebody got.
type Received struct {
	Text   string
	Sender string // as the channel shows it; "" unknown
	Said   string // what the person says about the sender, one of senders; "" not asked
}

// Opinion is a verdict on one message. Its sentences are the rules' own; quotes are somebody else's words.
type Opinion struct {
	Label   string // scam, illegal_collection, verify, routine, other
	Sure    string // likely, possible, unsure
	Weight  int    // of the strongest reason, 1 to 5; 0 none
	Harmful bool
	Danger  bool // somebody is threatened with violence
	Risky   bool // clicking, paying or giving away something would do harm

	Text           string // the message that it is about
	Headline       string
	Reasons        []Reason
	Why            string // why it is to be verified although it sounds like something else
	Origin, Manner string // is it from whom it says; is this way of pressing allowed
	Advice, Avoid  []string
	Verify         []string
	Topic          string   // the answer that says more; "" none
	Basis          []string // law ids with articles, channels, patterns of fraud
	Version        string
}

// Reason is a sign with the words that show it. Without a quote it is about the whole.
type Reason struct{ Quote, Meaning string }

// OwnLine says whether a line of a conversation is what the person said themselves.
func OwnLine(text string) bool { return mineForm.MatchString(text) }

var mineForm = regexp.MustCompile(words.Get("read.form_mine"))

// labels are all labels, the worst first.
var labels = []string{"scam", "illegal_collection", "verify", "routine", "other"}

func badness(label string) int {
	if at := slices.Index(labels, label); at >= 0 {
		return at
	}
	return len(labels)
}

// worse sorts the worst first: danger to life or limb, then by label, then by the strongest reason.
func worse(a, b Opinion) int {
	switch {
	case a.Danger && !b.Danger:
		return -1
	case b.Danger && !a.Danger:
		return 1
	}
	if c := badness(a.Label) - badness(b.Label); c != 0 {
		return c
	}
	return b.Weight - a.Weight
}

// quoteRunes is how much of a quote is shown.
const quoteRunes = 20

// safe takes out of somebody else's words what a channel would make a link, a command or a name of.
var safe = strings.NewReplacer(".", "．", "/", "／", "@", "＠", "#", "＃", "「", "『", "」", "』")

var scheme = regexp.MustCompile(`(?i)\bhttps?://(?:www\.)?`)

// quoted is a quote as it is shown: on one line, its middle left out where it is long, nothing in it to press.
func quoted(text string) string {
	text = scheme.ReplaceAllString(text, "") // the host says more
	text = safe.Replace(strings.Join(strings.Fields(text), " "))
	runes := []rune(text)
	if len(runes) > quoteRunes {
		half := quoteRunes / 2
		head, tail := half, len(runes)-half+1
		for head > 1 && joins(runes, head) {
			head--
		}
		for tail < len(runes) && joins(runes, tail) {
			tail++
		}
		text = string(runes[:head]) + "…" + string(runes[tail:])
	}
	return words.Fill("verdict.quote", "words", text)
}

// joins says whether a character would be broken by a cut before runes[at].
func joins(runes []rune, at int) bool {
	const zeroWidthJoiner = '\u200d'
	c := runes[at]
	return c == zeroWidthJoiner || runes[at-1] == zeroWidthJoiner || unicode.Is(unicode.M, c) || unicode.Is(unicode.Sk, c) && c > 0x1f000
}

// line is a reason in words.
func (r Reason) line() string {
	if r.Quote == "" {
		return "· " + r.Meaning
	}
	return "· " + quoted(r.Quote) + r.Meaning
}

// short is an opinion on one line: how sure, what, and the words that show it best.
func (o Opinion) short() string {
	name := words.Get("verdict.is_" + o.Label)
	if o.Harmful {
		name = words.Get("verdict.sure_"+o.Sure) + name
	}
	for _, r := range o.Reasons {
		if r.Quote != "" {
			return name + quoted(r.Quote)
		}
	}
	return name + quoted(o.Text)
}

// screenRunes is what fits one screen of a phone.
const screenRunes = 300

// page is a screen being filled. Lines stand in the order of their parts, whatever the order in which they were
// added; what does not fit is left for the next screen.
type page struct {
	parts [partsOfPage][]string
	used  int
	left  []string
}

const (
	partHead = iota
	partReasons
	partMeaning
	partDo
	partDont
	partOthers
	partsOfPage
)

// heads stand above the first line of a part.
var heads = map[int]string{partDo: "verdict.do", partDont: "verdict.dont", partOthers: "verdict.others"}

// add puts a line into its part, if there is room.
func (p *page) add(part int, line string) {
	if line == "" {
		return
	}
	need := utf8.RuneCountInString(line) + 1
	if len(p.parts[part]) == 0 && heads[part] != "" {
		need += utf8.RuneCountInString(words.Get(heads[part])) + 1
	}
	if p.used+need > screenRunes {
		p.left = append(p.left, line)
		return
	}
	p.used += need
	p.parts[part] = append(p.parts[part], line)
}

// each adds one line of each list in turn: the first ones matter most.
func (p *page) each(part int, lines []string, from, to int) {
	for _, l := range lines[min(from, len(lines)):min(to, len(lines))] {
		if part != partHead {
			l = "· " + strings.TrimPrefix(l, "· ")
		}
		p.add(part, l)
	}
}

func (p *page) String() string {
	var lines []string
	for part, of := range p.parts {
		if head := heads[part]; head != "" && len(of) > 0 {
			lines = append(lines, words.Get(head))
		}
		lines = append(lines, of...)
	}
	return strings.Join(lines, "\n")
}

// fill is the screen of opinions, the worst first. What protects comes before what explains.
func fill(all []Opinion, before string) *page {
	p, o := new(page), all[0]
	p.add(partHead, before)
	p.add(partHead, o.Headline)
	var reasons []string
	for _, r := range o.Reasons {
		reasons = append(reasons, r.line())
	}
	p.each(partReasons, reasons, 0, 1)
	p.each(partDo, o.Advice, 0, 1)
	p.each(partDont, o.Avoid, 0, 1)
	if len(all) > 1 {
		p.others(all[1:])
	}
	p.each(partReasons, reasons, 1, 2)
	p.add(partMeaning, o.Why)
	p.add(partMeaning, o.Origin)
	p.each(partDo, o.Advice, 1, 2)
	p.add(partMeaning, o.Manner)
	p.each(partReasons, reasons, 2, 3)
	p.each(partDont, o.Avoid, 1, 2)
	p.each(partDo, o.Advice, 2, 3)
	p.each(partDont, o.Avoid, 2, 3)
	return p
}

// othersShown is how many messages beside the worst get a line.
const othersShown = 4

// others are the lines of the messages beside the worst one.
func (p *page) others(rest []Opinion) {
	for _, o := range rest[:min(len(rest), othersShown)] {
		p.add(partOthers, "· "+o.short())
	}
	if n := len(rest) - len(p.parts[partOthers]); n > 0 {
		p.add(partOthers, words.Fill("verdict.rest", "n", itoa(n)))
	}
}
