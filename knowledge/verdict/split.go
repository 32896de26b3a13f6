package verdict

import (
	"regexp"
	"slices"
	"strings"
)

// Part is one message of a text that holds several.
type Part struct {
	Start, End int // bytes of the text
	Verdict    Verdict
}

// mostParts is how many messages of a text are told apart; the last one holds the rest.
const mostParts = 50

// CheckAll judges each message of a text: a pasted conversation, or several short messages with their signatures. The
// worst comes first. There is always one at least.
func (c *Checker) CheckAll(m Message) []Part {
	var parts []Part
	for _, p := range split(firstBytes(m.Text, textMax)) {
		one := m
		one.Text = m.Text[p.start:p.end]
		parts = append(parts, Part{p.start, p.end, c.Check(one)})
	}
	slices.SortStableFunc(parts, func(a, b Part) int { return badness(a.Verdict.Label) - badness(b.Verdict.Label) })
	return parts
}

// badness is the place of a label when the worst comes first: that of Labels.
func badness(l Label) int { return slices.Index(Labels, l) }

// speaker matches the line that a chat puts before words: a name and a time, either first, or a name and a colon.
var (
	timeLine  = regexp.MustCompile(`^\s*(.{0,24}?\s)?\[?(\d{2,4}[-/年.]\d{1,2}[-/月.]\d{1,2}日?)?\s*(上午|下午|凌晨|晚上|中午|早上)?\s*\d{1,2}[:：]\d{2}([:：]\d{2})?\]?\s*(.{0,24})$`)
	speakLine = regexp.MustCompile(`^\s*(\[?[\d:：/\- 年月日上下午]{0,24}\]?\s*)([^\s，。！？:：【】]{1,12})[:：]\s*\S`)
)

// mostLine is how much of a line is looked at for a speaker, in bytes.
const mostLine = 120

// split finds the messages of a text.
func split(text string) []place {
	var starts []int
	speaker, at := "", 0
	names := speakers(text)
	for line := range strings.SplitAfterSeq(text, "\n") {
		head := strings.TrimRight(firstBytes(line, mostLine), "\r\n")
		name, begins := names.of(head)
		switch {
		case begins && name != "" && name == speaker: // goes on
		case begins:
			starts, speaker = append(starts, at), name
		default:
			for _, s := range signatures(line) {
				if s == 0 && len(starts) == 0 || s > 0 || at > 0 {
					starts = append(starts, at+s)
				}
			}
		}
		at += len(line)
	}
	return pieces(text, starts)
}

// pieces cuts a text at its starts and leaves out what is empty.
func pieces(text string, starts []int) []place {
	starts = slices.Compact(append([]int{0}, starts...))
	var all []place
	for i, start := range starts {
		end := len(text)
		if i+1 < len(starts) && len(all) < mostParts-1 {
			end = starts[i+1]
		}
		if strings.TrimSpace(text[start:end]) != "" {
			all = append(all, place{start, end})
		}
		if end == len(text) {
			break
		}
	}
	if len(all) == 0 {
		return []place{{0, len(text)}}
	}
	return all
}

// talkers are the names that a text gives to its lines. One line with a colon alone is no conversation.
type talkers struct {
	names map[string]int
	times int
}

func speakers(text string) talkers {
	t := talkers{names: make(map[string]int)}
	for line := range strings.SplitSeq(text, "\n") {
		head := strings.TrimSpace(firstBytes(line, mostLine))
		if m := speakLine.FindStringSubmatch(head); m != nil {
			t.names[m[2]]++
		} else if timeLine.MatchString(head) {
			t.times++
		}
	}
	return t
}

// fewest is how many lines with a name or a time make a conversation.
const fewest = 2

// of says whether a line begins somebody's words, and whose.
func (t talkers) of(line string) (name string, begins bool) {
	total := 0
	for _, n := range t.names {
		total += n
	}
	if total >= fewest {
		if m := speakLine.FindStringSubmatch(line); m != nil {
			return m[2], true
		}
	}
	if m := timeLine.FindStringSubmatch(line); m != nil && t.times >= fewest {
		return strings.TrimSpace(m[1] + m[5]), true
	}
	return "", false
}

// signatures are where a message with its 【signature】 begins inside a line.
func signatures(line string) []int {
	var all []int
	for at := 0; ; {
		next := strings.Index(line[at:], "【")
		if next < 0 {
			return all
		}
		at += next
		before := strings.TrimRight(line[:at], " \t")
		if before == "" || endsSentence(before) {
			all = append(all, at)
		}
		at += len("【")
	}
}

// endsSentence says whether a text ends with what ends a message before the next signature.
func endsSentence(s string) bool {
	for _, end := range []string{"。", "！", "!", "？", "；", "退订", "T", "】"} {
		if strings.HasSuffix(s, end) {
			return true
		}
	}
	return false
}
