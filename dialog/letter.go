package dialog

import (
	"strings"
	"time"

	"wenzhu/dialog/when"
	"wenzhu/dialog/words"
)

// lenders are the kinds of lenders, in the order in which they are offered.
var lenders = []string{"bank-card", "bank-loan", "consumer-finance", "microloan", "loan-assist", "lease", "instalment-shop", "unknown"}

// letter asks for the facts that are missing and then shows the text to send.
func (t *talk) letter() {
	switch {
	case t.s.Facts["lender"] == "":
		var buttons []Button
		for _, l := range lenders {
			buttons = append(buttons, choice("lender."+l, "lender:"+l))
		}
		t.ask(Lender, "letter.lender", nil, buttons...)
	case t.s.Facts["platform"] == "":
		t.ask(Platform, "letter.platform", nil, choice("letter.skip", "skip"))
	case t.s.Person == Borrower && t.s.Facts["old"] == "":
		t.ask(Old, "letter.old", nil, choice("letter.old_yes", "old:yes"), choice("letter.old_no", "old:no"), choice("letter.old_unknown", "old:unknown"))
	default:
		t.showLetter()
	}
}

func (t *talk) setLender(l string) {
	t.learn("lender", l)
	t.letter()
}

func (t *talk) setPlatform(name string) {
	if name == "" {
		name = words.Get("letter.blank_platform")
	}
	t.learn("platform", name)
	t.letter()
}

func (t *talk) setOld(old string) {
	t.learn("old", old)
	t.letter()
}

// showLetter is what to say to the platform, or to write to the authority that is competent for the lender.
func (t *talk) showLetter() {
	to := stepKeys[t.s.Step]
	lender := t.fact("lender", "unknown")
	if to != "regulator" {
		to = "platform"
	}
	person := string(t.s.Person)
	if person == "" {
		person = string(Borrower)
	}
	text := words.Fill("letter."+to+"_"+person, "platform", t.fact("platform", words.Get("letter.blank_platform")), "log", t.logLine())
	if to == "platform" && t.s.Person == Borrower && t.s.Facts["old"] == "no" {
		text += "\n" + words.Get("letter.plan")
	}
	door := words.Get("door." + lender)
	head := "letter.head_" + to
	t.s.State = Letter
	r := t.tell(words.Fill(head, "door", door), choice("letter.sent", "sent"), t.back(), home())
	r.Copy = text
}

// logLine sums up the log in one sentence, with a blank where nothing is logged.
func (t *talk) logLine() string {
	c := t.s.Counts
	if c.Log == 0 {
		return words.Get("letter.blank_log")
	}
	return words.Fill("letter.log", "all", itoa(c.Log), "night", itoa(c.Night), "third", itoa(c.Third))
}

func sentChoices(t *talk) []Button {
	return []Button{choice("letter.today", "sent:today"), choice("letter.yesterday", "sent:yesterday"), t.back()}
}

// setSent takes the day on which the text was sent, and offers a reminder for the day on which an answer is due.
func (t *talk) setSent(arg string) {
	now := t.e.At.In(t.s.Location())
	day := now
	switch arg {
	case "", "today":
	case "yesterday":
		day = now.AddDate(0, 0, -1)
	default:
		if strings.Contains(arg, words.Get("letter.yesterday")) || strings.Contains(arg, words.Get("letter.yesterday_short")) {
			day = now.AddDate(0, 0, -1)
		} else if parsed, err := when.Parse(arg, now.AddDate(-1, 0, 0)); err == nil && parsed.At.Before(now) {
			day = parsed.At
		}
	}
	due := day.AddDate(0, 0, 15)
	t.learn("due", due.Format(time.DateOnly))
	t.learn("due_from", stepKeys[t.s.Step])
	if t.s.Facts["complained"] == "" {
		t.learn("complained", day.Format(time.DateOnly))
	}
	t.s.State = InStep
	t.say("letter.due", []string{"day", t.day(due)}, Button{Label: words.Get("letter.remind"), Data: "remind:due"}, choice("step.done", "done"), t.back(), home())
}
