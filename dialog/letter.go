package dialog

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"wenzhu/dialog/words"
)

// The papers that can be written: to the company, to the authority that is competent for it, to the police.
const (
	platformPaper  = "platform"
	regulatorPaper = "regulator"
	policePaper    = "police"
)

// lenderPages are the kinds of lenders in the order in which they are offered; the second page is behind 更多.
var lenderPages = [2][]string{
	{"bank-card", "bank-loan", "consumer-finance", "microloan", "lease", "instalment-shop", "unknown"},
	{"loan-assist", "guarantee", "transferred", "illegal-lender", "friend", "repaid"},
}

// letter asks for the facts that are missing, one by one, and then shows the paper.
func (t *talk) letter(paper string) {
	if paper != platformPaper && paper != regulatorPaper && paper != policePaper {
		t.stale()
		return
	}
	if !t.permitted("letter:" + paper) {
		return
	}
	t.s.Paper = paper
	if t.s.Home == InStep {
		t.s.Home = Letter // what is half written is come back to
	}
	lender := t.s.Facts["lender"]
	switch {
	case paper == policePaper:
		t.showLetter(paper)
	case lender == "":
		t.askLender("0")
	case lender == "illegal-lender":
		t.showLetter(policePaper)
	case lender == "friend" && paper == regulatorPaper:
		t.noOffice()
	case t.s.Facts["platform"] == "" && lender != "friend":
		t.ask(Platform, "letter.platform", nil, choice("letter.skip", "skip"), t.back(), home())
	case paper == platformPaper && t.owes() && lender != "friend" && t.s.Facts["old"] == "":
		t.ask(Old, "letter.old", nil, choice("letter.old_yes", "old:yes"), choice("letter.old_no", "old:no"), choice("letter.old_unknown", "old:unknown"), t.back(), home())
	default:
		t.showLetter(paper)
	}
}

// noOffice says that nobody takes complaints about a private loan, and what there is.
func (t *talk) noOffice() {
	d := t.doorOf()
	t.s.State = Hub
	t.say("letter.no_office", []string{"door", words.Get("door." + d.name), "not", words.Get("door_not." + d.name)},
		named("letter.to_friend", "letter:"+platformPaper), named("letter.police", "letter:"+policePaper), t.back(), home())
}

// askLender offers a page of lenders.
func (t *talk) askLender(page string) {
	n := 0
	if page == "1" {
		n = 1
	}
	var buttons []Button
	for _, l := range lenderPages[n] {
		if l != "repaid" || t.s.Facts["repaid"] == "" {
			buttons = append(buttons, choice("lender."+l, "lender:"+l))
		}
	}
	key := "letter.lender"
	switch {
	case t.s.Facts["repaid"] != "":
		key = "letter.lender_repaid"
	case t.s.person() != Borrower:
		key = "letter.lender_other"
	}
	if n == 1 {
		buttons = append(buttons, choice("letter.others_back", "others:0"), t.back())
	} else {
		buttons = append(buttons, choice("letter.others", "others:1"))
	}
	t.ask(Lender, key, nil, append(buttons, home())...)
}

// setLender takes the kind of lender; that the debt is repaid is a fact of its own, and the kind is asked again.
func (t *talk) setLender(l string) {
	switch {
	case l == "repaid":
		t.learn("repaid", "yes")
		t.askLender("0")
		return
	case !slices.Contains(lenderPages[0], l) && !slices.Contains(lenderPages[1], l):
		t.stale()
		return
	}
	t.learn("lender", l)
	t.letter(t.s.Paper)
}

// nameForLender keeps the name of a company that was given in place of its kind, and asks for the kind again.
func (t *talk) nameForLender(said string) {
	name, ok := companyName(said)
	if !ok {
		t.told(said)
		return
	}
	t.learn("platform", name)
	t.askLender("0")
	r := &t.replies[len(t.replies)-1]
	r.Text = words.Fill("letter.lender_name", "name", t.s.Facts["platform"]) + "\n" + r.Text
}

// setPlatform takes the name of a company. Whoever does not know it leaves it blank; what is no name is not stored.
func (t *talk) setPlatform(said string) {
	name, ok := companyName(said)
	switch {
	case ok:
	case said == "", oneOf("read.unsure", said):
		name = words.Get("letter.blank_platform")
	default:
		t.told(said)
		return
	}
	t.learn("platform", name)
	t.letter(t.s.Paper)
}

// companyName is the name in what was said: what stands in quotes, what follows 叫 at the end, or few words without a pause.
func companyName(said string) (string, bool) {
	for _, form := range []*regexp.Regexp{quotedName, calledName} {
		if m := form.FindStringSubmatch(said); m != nil && !slices.Contains(readWords["read.no_name"], m[1]) {
			return m[1], true
		}
	}
	simple := len(clauses(said)) == 1 || !strings.ContainsFunc(said, func(c rune) bool { return unicode.Is(unicode.Han, c) })
	return said, said != "" && simple && utf8.RuneCountInString(said) <= meansMost && !oneOf("read.unsure", said)
}

var quotedName, calledName = regexp.MustCompile(words.Get("read.form_quoted")), regexp.MustCompile(words.Get("read.form_called"))

func (t *talk) setOld(old string) {
	t.learn("old", old)
	t.letter(t.s.Paper)
}

// rewrite forgets the facts of the letters and asks for them anew.
func (t *talk) rewrite() {
	for _, name := range []string{"lender", "platform", "old", "repaid"} {
		t.learn(name, "")
	}
	t.letter(t.s.Paper)
}

// showLetter is the paper to copy, with where it goes and what that door does not do.
func (t *talk) showLetter(paper string) {
	logged, ok := t.need(Log)
	kept, ok2 := t.need(Kept)
	if !ok || !ok2 {
		return
	}
	t.s.State, t.s.Paper = Letter, paper
	d := t.doorOf()
	head, link := []string{words.Get("letter.head_" + paper)}, ""
	switch {
	case t.writer(paper) == "friend":
		head[0] = words.Get("letter.head_friend")
	case paper == platformPaper && t.debtMayBeOld():
		head = append(head, words.Get("letter.head_old"))
		link = words.Get("letter_topic.old")
	case paper == regulatorPaper:
		head = append(head, words.Get("door."+d.name), words.Get("door_not."+d.name))
		link = words.Get("door_topic." + d.name)
	default:
		link = words.Get("letter_topic." + paper)
	}
	sent := choice("letter.sent", "sent")
	if paper == policePaper {
		sent = choice("letter.reported", "sent")
	}
	buttons := append([]Button{sent}, t.topics(link)...)
	switch {
	case paper != policePaper:
		buttons = append(buttons, choice("letter.rewrite", "rewrite"))
	case t.s.Facts["lender"] == "illegal-lender":
		head = append(head, words.Get("letter.head_illegal"))
		buttons = append(buttons, t.topics(words.Get("letter_topic.illegal"))...)
	}
	r := t.tell(strings.Join(head, "\n"), append(buttons, t.back(), home())...)
	r.Copy = t.letterText(paper, readCase(t.s, logged, kept))
}
