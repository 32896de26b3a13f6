package dialog

import (
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"wenzhu/dialog/words"
)

// hour is the checklist of the first hour after something went wrong.
type hour struct {
	What  string `json:"w,omitempty"` // one of losses
	Ticks uint16 `json:"t,omitempty"`
}

// losses are what people have done, in the order in which it is offered, the most urgent first.
var losses = []string{"paid", "code", "screen", "app", "info", "link"}

// firstHour asks what happened, and shows what to do about it, with marks. arg is "", a loss, or a loss with the number
// of an item and its new mark: paid:2:1.
func (t *talk) firstHour(arg string) {
	what, mark, marks := strings.Cut(arg, ":")
	switch {
	case what == "":
		var buttons []Button
		for _, l := range losses {
			buttons = append(buttons, named("hour."+l, "hour:"+l))
		}
		t.ask(Hour, "hour.ask", nil, append(buttons, t.back(), home())...)
		return
	case !slices.Contains(losses, what):
		t.stale()
		return
	}
	if t.s.First.What != what {
		t.s.First = hour{What: what}
	}
	if marks && !t.markHour(mark) {
		return
	}
	t.showHour()
}

// markHour sets or takes away the mark of an item; false: it said why not, or there is nothing to show anew.
func (t *talk) markHour(arg string) bool {
	number, to, _ := strings.Cut(arg, ":")
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > len(hourItems(t.s.First.What)) || to != "0" && to != "1" {
		t.stale()
		return false
	}
	bit := uint16(1) << (n - 1)
	if (t.s.First.Ticks&bit != 0) == (to == "1") {
		t.silence = DoubleTap
		return false
	}
	t.s.First.Ticks ^= bit
	return true
}

// hourItems are what to do about a loss, the most urgent first: a short label for the button, then the sentence.
func hourItems(what string) [][2]string {
	var items [][2]string
	for line := range strings.Lines(words.Get("hour_items." + what)) {
		label, text, _ := strings.Cut(strings.TrimSpace(line), " ")
		items = append(items, [2]string{label, text})
	}
	return items
}

// showHour is the checklist.
func (t *talk) showHour() {
	t.s.State = Hour
	what, items := t.s.First.What, hourItems(t.s.First.What)
	lines := []string{words.Get("hour_head." + what)}
	var buttons []Button
	for i, item := range items {
		box, to := "□ ", "1"
		if t.s.First.Ticks&(1<<i) != 0 {
			box, to = "☑ ", "0"
		}
		lines = append(lines, box+itoa(i+1)+" "+item[1])
		buttons = append(buttons, Button{Label: box + item[0], Data: "hour:" + what + ":" + itoa(i+1) + ":" + to})
	}
	last := "hour.dont"
	if bits.OnesCount16(t.s.First.Ticks) == len(items) {
		last = "hour.all"
	}
	lines = append(lines, words.Get(last))
	if ids, ok := words.Find("hour_topic." + what); ok {
		buttons = append(buttons, t.topics(ids)...)
	}
	t.tell(strings.Join(lines, "\n"), append(buttons, named("hour.more", "hour"), t.back(), home())...)
}
