package dialog

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"wenzhu/dialog/words"
)

// input is what an event was read as: a verb of the table and its argument.
type input struct{ verb, arg string }

// read finds what a text or a press means. The order is that of the design: danger has been looked for before;
// then a menu entry, an answer to what was just asked, a message to judge, a question, and else nothing understood.
func (t *talk) read() input {
	switch t.e.Kind {
	case Press:
		return t.readPress(t.e.Data)
	case Start:
		return input{verb: "start"}
	case Media:
		return input{"medium", string(t.e.Medium)}
	}
	text := strings.TrimSpace(t.e.Text)
	if text == "" {
		return input{verb: "unclear"}
	}
	if !t.e.Forwarded && !t.e.FromPicture {
		if b, ok := t.onScreen(text); ok {
			return t.readPress(b.Data)
		}
		if in, ok := command(text); ok {
			return in
		}
		if in, ok := t.reminding(text); ok {
			return in
		}
		if in, ok := t.answerTo(text); ok {
			return in
		}
	}
	return t.readFree(text)
}

// readPress tells the choices of this round from older ones, and from buttons that name their own thing.
func (t *talk) readPress(data string) input {
	round, rest, isChoice := strings.Cut(data, ".")
	if !isChoice || !strings.HasPrefix(round, "r") {
		return parse(data)
	}
	n, err := strconv.ParseInt(round[1:], 36, 64)
	switch {
	case err != nil:
		return input{verb: "stale"}
	case data == t.s.Taken:
		return input{verb: "twice"}
	case int(n) != t.s.Round:
		return input{verb: "stale"}
	}
	t.s.Taken = data
	return parse(rest)
}

// parse reads a button's data; one that nothing knows any more is stale.
func parse(data string) input {
	verb, arg, _ := strings.Cut(data, ":")
	if _, ok := find(Any, verb); !ok && !stateVerbs[verb] {
		return input{verb: "stale"}
	}
	return input{verb, arg}
}

// stateVerbs are the verbs that only some states know.
var stateVerbs = map[string]bool{
	"self": true, "relative": true, "mistaken": true, "tick": true, "done": true, "skip": true, "lender": true, "others": true, "rewrite": true,
	"old": true, "sent": true, "yes": true, "no": true, "when": true, "sent_by": true, "held": true,
}

// From these values of Looks on a text is taken for a message that somebody received, or may be one.
const (
	pasted        = 0.7
	certain       = 0.9 // where a time was asked for: "11月30号还花呗" sounds like a message and is an answer
	perhaps       = 0.4
	receivedLeast = 5 // characters of a message that can be told from talk: 你猜 is none
	fewRunes      = 6 // of a statement; shorter ones ask nothing unless they name a topic
)

// answerTo reads a text as an answer to what was just asked: a fitting choice, number, date, name.
func (t *talk) answerTo(text string) (input, bool) {
	if t.s.showsItems() {
		if numbers, ok := itemNumbers(text, len(checklist(t.s, t.s.Step))); ok {
			return input{"tick", numbers}, true
		}
	}
	if _, numbered := ordinal(kernel(text)); t.s.State == When && !numbered && fitsTime(t, text) { // 改到9点 is no 改到早上
		return input{"text", text}, true
	}
	if b, ok := t.typedChoice(text); ok {
		return t.readPress(b.Data), true
	}
	if t.s.State == LogHow && isNumber(text) {
		return input{"text", text}, true
	}
	if fits := free[t.s.State]; fits != nil && fits(t, text) {
		return input{"text", text}, true
	}
	return input{}, false
}

// showsItems says whether the newest screen is a checklist: its numbers are items then.
func (s Session) showsItems() bool {
	return len(s.Offered) > 0 && strings.Contains(s.Offered[0].Data, "mark:")
}

func (t *talk) looks(text string) float64 {
	if t.Judge == nil || utf8.RuneCountInString(text) < receivedLeast {
		return 0
	}
	return t.Judge.Looks(text)
}

// received says whether a text is surely a message that somebody got. A few words that address nobody may be anything.
func (t *talk) received(text string) bool {
	looks := t.looks(text)
	few := utf8.RuneCountInString(text) <= talkMost && !oneOf("read.reader", text) && !oneOf("read.topics", text) && !oneOf("read.received", text)
	return !asksProgram(text) && (looks >= pasted && !few || looks >= perhaps && addressed(text) || copied(text))
}

// spokenTo says whether a text, whatever its voice, speaks to somebody about what is theirs or tells them what to do,
// which nobody says to this program: 我已在你公司楼下. What others said or want, told, is not meant.
func spokenTo(text string) bool {
	return (oneOf("read.theirs", text) || oneOf("read.demand", text)) && !oneOf("read.reported", text) && !asksProgram(text)
}

// readFree tells messages from questions and from ordinary talk.
func (t *talk) readFree(text string) input {
	looks := t.looks(text)
	kind, chat := talkKind(text)
	switch {
	case t.e.Forwarded, t.e.FromPicture:
		return input{verb: "message"}
	case chat:
		return input{"talk", kind}
	case noise(text):
		return input{verb: "unclear"}
	case t.received(text):
		return input{verb: "message"}
	case spokenTo(text):
		return input{verb: "which"}
	case isQuestion(text) && looks < perhaps, asksProgram(text):
		return input{verb: "question"}
	case looks >= perhaps && !ownVoice(text), statement(text):
		return input{verb: "which"}
	case utf8.RuneCountInString(text) >= fewRunes || isQuestion(text) || oneOf("read.topics", text) || oneOf("read.few", text):
		return input{verb: "question"}
	}
	return input{verb: "unclear"}
}

// noise has nothing to read: no Chinese and hardly a word, or one character over and over.
func noise(text string) bool {
	first, same, han, words := rune(0), true, false, 0
	inWord := false
	for _, c := range text {
		if first == 0 {
			first = c
		}
		same = same && c == first
		han = han || unicode.Is(unicode.Han, c)
		letter := unicode.IsLetter(c)
		if letter && !inWord {
			words++
		}
		inWord = letter
	}
	return same && utf8.RuneCountInString(text) > 1 || !han && words < foreignWords && !strings.Contains(text, "://")
}

// foreignWords are what a text without Chinese needs to be read as a question.
const foreignWords = 3

// isQuestion says whether a text asks something.
func isQuestion(text string) bool {
	if oneOf("read.asking", without("read.not_asking", text)) || leavesOpen([]rune(text)) {
		return true
	}
	text = strings.TrimRight(text, " 。.!！~…")
	return endsIn("read.asking_end", text) && !endsIn("read.not_asking_end", text) || startsWith("read.follow", text) && endsIn("read.follow_end", text)
}

// leavesOpen says whether a text puts a thing and its opposite side by side: 能不能, 有没有, 合不合法.
func leavesOpen(text []rune) bool {
	for i := 0; i+2 < len(text); i++ {
		if text[i] == text[i+2] && unicode.Is(unicode.Han, text[i]) && strings.ContainsRune(words.Get("read.not"), text[i+1]) {
			return true
		}
	}
	return false
}

// asks is isQuestion for what may be an answer: not knowing is one, and so is a time with a polite tail.
func asks(text string) bool {
	if startsWith("read.unsure", text) {
		return false
	}
	bare := strings.TrimRight(text, " 。.!！~…?？")
	for _, tail := range readWords["read.polite"] {
		if rest, ok := strings.CutSuffix(bare, tail); ok {
			return isQuestion(rest)
		}
	}
	return isQuestion(text)
}

// asksAboutWords tells a question of the person from what was said to them, which may be a question itself.
func asksAboutWords(text string) bool {
	if !isQuestion(text) {
		return false
	}
	spoken := startsWith("read.told", text) || startsWith("read.unsure", text) || addressed(text) && !asksProgram(text)
	return !spoken || oneOf("read.told_asks", text)
}

// ownVoice says whether a text speaks for the person who types it.
func ownVoice(text string) bool {
	return (oneOf("read.own", text) || startsWith("read.own_start", text)) && !oneOf("read.not_own", text)
}

// addressed says whether a text speaks to a reader and not of the one who types it.
func addressed(text string) bool { return oneOf("read.reader", text) && !oneOf("read.self", text) }

// asksProgram says whether a few words ask something of the program itself: 你们这个收费吗.
func asksProgram(text string) bool {
	return utf8.RuneCountInString(text) <= meansMost && isQuestion(text) && oneOf("read.to_program", text)
}

var chatForm = regexp.MustCompile(words.Get("read.form_chat"))

// copied says whether a text is a chat that was copied: two lines or more that begin with a name or a time.
func copied(text string) bool { return len(chatForm.FindAllStringIndex(text, 2)) == 2 }

// statement says whether a text claims something without asking and without a voice of one's own, as messages do.
func statement(text string) bool {
	n := utf8.RuneCountInString(text)
	return !isQuestion(text) && !ownVoice(text) && !oneOf("read.self", text) && n >= fewRunes && (oneOf("read.reader", text) || n > fewRunes && oneOf("read.topics", text))
}

var numberForm = regexp.MustCompile(words.Get("read.number"))

// isNumber says whether a text is a telephone number and nothing else.
func isNumber(text string) bool { return numberForm.MatchString(narrow(strings.TrimSpace(text))) }

// talkMost is how many characters ordinary talk has at most.
const talkMost = 12

// talkKind says whether a text is ordinary talk, and which.
func talkKind(text string) (string, bool) {
	if utf8.RuneCountInString(text) > talkMost {
		return "", false
	}
	word, core := plain(text), kernel(text)
	for _, l := range talkWords {
		for _, form := range l.forms {
			part, inside := strings.CutPrefix(form, "~")
			if inside && strings.Contains(word, part) && !isQuestion(text) && !oneOf("read.topics", text) || form == word || form == core || form == text {
				return l.name, true
			}
		}
	}
	return "", false
}

func chats(text string) bool {
	_, ok := talkKind(text)
	return ok
}
