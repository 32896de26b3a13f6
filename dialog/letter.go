package dialog

import (
	"slices"
	"strings"
	"time"

	"wenzhu/dialog/when"
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

// door is where complaints about a kind of lender go, and by when an answer is due there.
type door struct {
	name    string // of its sentences, door.<name>
	company answer // of the company itself
	office  answer // of the authority
}

// answer names the rule by which an answer is due; its sentence is letter.due_<name>. Only rules that were found in a
// source stand here: the others are looked back at after lookBack, which is said to be no more than a suggestion.
type answer string

const (
	byInsurer answer = "15_days"    // 银行业保险业消费投诉处理管理办法: the institution, 15 days from receipt
	byMarket  answer = "7_workdays" // 消费者权益保护法实施条例 第四十六条: seven working days
	byPolice  answer = "police"     // 治安管理处罚法 第一百一十八条: 30 days from the opening of the case
	byNobody  answer = "unknown"
)

const lookBack = 15 // days

var doors = map[string]door{
	"bank-card":        {"nfra", byInsurer, byInsurer},
	"bank-loan":        {"nfra", byInsurer, byInsurer},
	"consumer-finance": {"nfra", byInsurer, byInsurer},
	"microloan":        {"local", byNobody, byNobody},
	"guarantee":        {"guarantee", byNobody, byNobody},
	"loan-assist":      {"assist", byNobody, byNobody},
	"transferred":      {"transferred", byNobody, byNobody},
	"lease":            {"market", byNobody, byMarket},
	"instalment-shop":  {"shop", byNobody, byMarket},
	"illegal-lender":   {"police", byNobody, byPolice},
	"friend":           {"friend", byNobody, byNobody},
	"unknown":          {"unknown", byNobody, byNobody},
}

// doorOf is the door for the lender of the case.
func (t *talk) doorOf() door {
	d, ok := doors[t.s.Facts["lender"]]
	if !ok {
		d = doors["unknown"]
	}
	return d
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
	t.s.Draft = paper
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

// owes says whether the person is the borrower of a debt that is not repaid.
func (t *talk) owes() bool { return t.s.person() == Borrower && t.s.Facts["repaid"] == "" }

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
	t.letter(t.paper())
}

// nameForLender keeps the name of a company that was given in place of its kind, and asks for the kind again.
func (t *talk) nameForLender(name string) {
	t.learn("platform", name)
	t.askLender("0")
	r := &t.replies[len(t.replies)-1]
	r.Text = words.Fill("letter.lender_name", "name", t.s.Facts["platform"]) + "\n" + r.Text
}

// paper is the paper being written; after a side way it is that of the step.
func (t *talk) paper() string {
	switch {
	case t.s.Draft == platformPaper || t.s.Draft == regulatorPaper || t.s.Draft == policePaper:
		return t.s.Draft
	case stepKeys[t.s.Step] == regulatorPaper:
		return regulatorPaper
	}
	return platformPaper
}

func (t *talk) setPlatform(name string) {
	if name == "" {
		name = words.Get("letter.blank_platform")
	}
	t.learn("platform", name)
	t.letter(t.paper())
}

func (t *talk) setOld(old string) {
	t.learn("old", old)
	t.letter(t.paper())
}

// rewrite forgets the facts of the letters and asks for them anew.
func (t *talk) rewrite() {
	for _, name := range []string{"lender", "platform", "old", "repaid"} {
		t.learn(name, "")
	}
	t.letter(t.paper())
}

// showLetter is the paper to copy, with where it goes and what that door does not do.
func (t *talk) showLetter(paper string) {
	logged, ok := t.need(Log)
	kept, ok2 := t.need(Kept)
	if !ok || !ok2 {
		return
	}
	t.s.State, t.s.Draft = Letter, paper
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

// debtMayBeOld says whether a promise to pay could cost a defence: three years have gone by, or may have.
func (t *talk) debtMayBeOld() bool {
	return t.owes() && t.s.Facts["lender"] != "friend" && t.s.Facts["old"] != "no"
}

// letterText is the paper: who writes, what happened, what is asked for.
func (t *talk) letterText(paper string, c caseFile) string {
	who := t.writer(paper)
	platform := t.fact("platform", words.Get("letter.blank_platform"))
	if t.s.Facts["lender"] == "friend" && t.s.Facts["platform"] == "" {
		platform = words.Get("letter.blank_friend")
	}
	parts := []string{
		words.Fill("letter_from."+paper+"_"+who, "platform", platform),
		words.Fill("letter.facts", "facts", c.facts()),
	}
	if paper == regulatorPaper {
		parts = append(parts, words.Get("letter.before"))
	}
	parts = append(parts, words.Get("letter.demands_"+paper)+t.demands(paper, who))
	if paper == platformPaper && who == string(Borrower) && t.s.Facts["old"] == "no" {
		parts = append(parts, words.Get("letter.plan"))
	}
	return strings.Join(append(parts, words.Get("letter.signed")), "\n")
}

// writer names who writes a paper, as the words do: a kind of person, or a case that is told in another way.
func (t *talk) writer(paper string) string {
	switch {
	case t.s.person() != Borrower:
		return string(t.s.person())
	case t.s.Facts["repaid"] != "":
		return "repaid"
	case t.s.Facts["lender"] == "friend" && paper == platformPaper:
		return "friend"
	}
	return string(Borrower)
}

// demands numbers what is asked for: what everybody of this kind asks, and what fits the lender.
func (t *talk) demands(paper, who string) string {
	all := strings.Split(words.Get("demand."+paper+"_"+who), "\n")
	if who == string(Borrower) {
		if more, ok := words.Find("demand." + paper + "_" + t.fact("lender", "unknown")); ok {
			all = append(all, strings.Split(more, "\n")...)
		}
	}
	if paper == platformPaper && t.debtMayBeOld() {
		all = append(all, words.Get("demand.old"))
	}
	if last, ok := words.Find("demand." + paper + "_last"); ok && who != "friend" {
		all = append(all, last)
	}
	var b strings.Builder
	numerals := []rune(words.Get("read.numerals"))
	for i, d := range all {
		key := "letter.demand"
		if i == len(all)-1 {
			key = "letter.demand_last"
		}
		b.WriteString("\n" + words.Fill(key, "n", string(numerals[i]), "what", d))
	}
	return b.String()
}

// facts sums up what was logged, with the gravest acts word for word; where nothing is logged a blank is named.
func (c caseFile) facts() string {
	if len(c.entries) == 0 {
		return words.Get("letter.blank_log")
	}
	first, last := c.entries[0].At, c.entries[0].At
	for _, e := range c.entries {
		if e.At.Before(first) {
			first = e.At
		}
		if e.At.After(last) {
			last = e.At
		}
	}
	key := "letter.log"
	if first.Format(time.DateOnly) == last.Format(time.DateOnly) {
		key = "letter.log_day"
	}
	text := words.Fill(key, "first", first.Format(time.DateOnly), "last", last.Format(time.DateOnly), "all", itoa(len(c.entries)), "kinds", c.kinds())
	if n := c.night(); n > 0 {
		text += words.Fill("letter.log_night", "n", itoa(n))
	}
	text += words.Get("letter.log_end")
	for _, e := range c.worst(3) {
		text += "\n" + words.Fill("letter.act", "act", e.line())
	}
	return text
}

// worst are the acts that weigh most: at the door, towards others, with words, by night; among equals the newest.
func (c caseFile) worst(most int) []LogEntry {
	weight := func(e LogEntry) int {
		n := map[string]int{"visit": 3, "third": 2}[e.How]
		if e.Words != "" {
			n += 4
		}
		if atNight(e.At) {
			n++
		}
		return n
	}
	all := slices.Clone(c.entries)
	slices.Reverse(all)
	slices.SortStableFunc(all, func(a, b LogEntry) int { return weight(b) - weight(a) })
	all = all[:min(most, len(all))]
	slices.SortStableFunc(all, func(a, b LogEntry) int { return a.At.Compare(b.At) })
	return all
}

func (t *talk) askSent() {
	key := "letter.when_sent"
	if t.paper() == policePaper {
		key = "letter.when_reported"
	}
	t.ask(SentOn, key, nil, choice("letter.today", "sent:today"), choice("letter.yesterday", "sent:yesterday"), t.back(), home())
}

// setSent takes the day on which the paper was sent, and offers a reminder for the day on which an answer is due there.
func (t *talk) setSent(arg string) {
	day, ok := sentChoice(arg, t.e.At.In(t.s.Location()))
	if !ok {
		t.ask(SentOn, "letter.sent_later", nil, choice("letter.today", "sent:today"), choice("letter.yesterday", "sent:yesterday"), t.back(), home())
		return
	}
	paper := t.paper()
	by := t.doorOf().company
	switch paper {
	case regulatorPaper:
		by = t.doorOf().office
	case policePaper:
		by = byPolice
	}
	due := by.due(day)
	t.learn("due", due.Format(time.DateOnly))
	t.learn("due_from", paper)
	t.learn("due_by", string(by))
	if t.s.Facts["complained"] == "" {
		t.learn("complained", day.Format(time.DateOnly))
	}
	t.s.State, t.s.Home = InStep, InStep
	key, link := "letter.due_"+string(by), words.Get("due_topic."+string(by))
	if by == byNobody && paper == regulatorPaper {
		link = words.Get("door_topic." + t.doorOf().name)
	}
	if !due.After(t.e.At) {
		key = "letter.overdue"
	}
	buttons := []Button{{Label: words.Get("letter.remind"), Data: "remind:due"}}
	if stepKeys[t.s.Step] == paper {
		buttons = append(buttons, choice("step.done", "done"))
	}
	t.say(key, []string{"day", t.day(due)}, append(append(buttons, t.topics(link)...), t.back(), home())...)
}

// sentChoice is the day of a button, or of what was typed.
func sentChoice(arg string, now time.Time) (time.Time, bool) {
	switch arg {
	case "today":
		return now, true
	case "yesterday":
		return now.AddDate(0, 0, -1), true
	}
	return pastDay(arg, now)
}

// due is the day on which an answer is due to what was sent on a day.
func (a answer) due(sent time.Time) time.Time {
	switch a {
	case byMarket:
		if at, err := when.Parse(words.Get("letter.phrase_7_workdays"), sent); err == nil {
			return at.At
		}
		return sent.AddDate(0, 0, 9)
	case byPolice:
		return sent.AddDate(0, 0, 30)
	case byInsurer:
		return sent.AddDate(0, 0, 15)
	}
	return sent.AddDate(0, 0, lookBack)
}
