package dialog

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	fewHan       = 2    // Chinese characters of a message that can be judged
	contractFrom = 3000 // runes from which a text with the marks of a contract is one
	contractMark = 3    // such marks
)

var (
	linkForm = regexp.MustCompile(`^(?i:(?:https?://)?[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:[/:?]\S*)?)$`)
	codeForm = regexp.MustCompile(`(?m)[;{}]\s*$|^\s*(?:[{<\[]|#include|import |def |func |SELECT |\$ )`)
)

// poverty is why a text is no message that can be judged; "" it is one.
type poverty string

// What is no message that can be judged.
const (
	poorNumber   poverty = "number"
	poorLink     poverty = "link"
	poorEmpty    poverty = "empty"
	poorCode     poverty = "code"
	poorForeign  poverty = "foreign"
	poorContract poverty = "contract"
)

// speaksForItself is the weight of a reason that makes a verdict out of a link alone: it imitates somebody's.
const speaksForItself = 4

// holds says whether a text is too poor for the verdict that it got all the same: a disguised message may look foreign,
// and still shows signs; a link alone says little, unless it imitates somebody's.
func (p poverty) holds(worst Opinion) bool {
	switch p {
	case "":
		return false
	case poorContract:
		return true
	case poorLink:
		return worst.Weight < speaksForItself
	}
	return len(worst.Reasons) == 0
}

// poor says honestly what cannot be judged, and what would help.
func (t *talk) poor(kind poverty) {
	t.s.State = Check
	var first []Button
	switch kind {
	case poorNumber:
		first = []Button{named("hub.log", "log")}
	case poorLink:
		first = []Button{named("verdict.hurt", "hour")}
	}
	t.say("poor."+string(kind), nil, append(first, t.back(), home())...)
}

// poorness says why a text cannot be judged.
func poorness(text string) poverty {
	text = strings.TrimSpace(text)
	han, letters := 0, 0
	for _, c := range text {
		switch {
		case unicode.Is(unicode.Han, c):
			han++
		case unicode.IsLetter(c):
			letters++
		}
	}
	switch {
	case isNumber(text):
		return poorNumber
	case linkForm.MatchString(text):
		return poorLink
	case han < fewHan && len(codeForm.FindAllStringIndex(text, 2)) == 2:
		return poorCode
	case han < fewHan && letters >= 3*fewRunes:
		return poorForeign
	case han < fewHan && letters < fewRunes:
		return poorEmpty
	case utf8.RuneCountInString(text) >= contractFrom && marksOf(text, readWords["read.contract"]) >= contractMark:
		return poorContract
	}
	return ""
}

// marksOf counts the words of a list that a text contains.
func marksOf(text string, list []string) int {
	n := 0
	for _, w := range list {
		if strings.Contains(text, w) {
			n++
		}
	}
	return n
}
