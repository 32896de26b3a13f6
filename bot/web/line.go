package web

import (
	"context"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"wenzhu/bot/chat"
	"wenzhu/bot/turn"
	"wenzhu/dialog"
	"wenzhu/dialog/words"
)

const ownMost = 400 // runes of the person's own words that are shown unfolded

// shownLine is a line of the conversation as the page shows it.
type shownLine struct {
	N       int
	At      time.Time // in the zone of the page
	Day     string    // where a day begins, such as 11-23 周一
	Timed   bool      // the first line of its minute
	First   bool      // the first of the newest replies, where reading begins
	Mine    string
	Folded  string // the beginning of own words that are long; "" they are short
	Blocks  []chat.Block
	Quotes  bool // shows the words that decided it
	Copy    string
	File    string
	Choices []dialog.Button // what can be pressed while this is the newest line
	Crisis  bool
}

// lineHTML is a line for the script, drawn by the same templates as the page.
type lineHTML struct {
	N       int           `json:"n"` // 0: kept nowhere
	Mine    bool          `json:"mine,omitempty"`
	HTML    template.HTML `json:"html"`
	Choices template.HTML `json:"choices"`
}

// Clock is the time of a line as it is shown.
func (l shownLine) Clock() string { return l.At.Format("15:04") }

// Stamp is the time of a line for machines.
func (l shownLine) Stamp() string { return l.At.Format(time.RFC3339) }

// shown prepares lines that follow one another; only what comes after number n is wanted.
func shown(lines []turn.Line, n int) []shownLine {
	var all []shownLine
	var before time.Time
	for i, l := range lines {
		s := show(l)
		if i > 0 && turnOf(lines[i-1]) == turnOf(l) && l.Mine == "" { // said in one breath: the choices of both are open
			s.Choices = join(lines[i-1].Reply.Buttons, s.Choices)
		}
		if day := s.At.Format(time.DateOnly); day != before.Format(time.DateOnly) {
			s.Day = s.At.Format("01-02 ") + strings.Fields(words.Get("go.weekdays"))[s.At.Weekday()]
		}
		s.Timed = s.At.Truncate(time.Minute) != before.Truncate(time.Minute)
		before = s.At
		if l.N > n {
			all = append(all, s)
		}
	}
	for i := len(all) - 1; i >= 0 && all[i].Mine == ""; i-- {
		if i == 0 || all[i-1].Mine != "" {
			all[i].First = true
		}
	}
	return all
}

// turnOf names the event that a reply answers.
func turnOf(l turn.Line) string {
	event, _, _ := strings.Cut(l.Reply.ID, "/")
	return event
}

// join puts the choices of two replies together: what only leads around stands last and once.
func join(first, second []dialog.Button) []dialog.Button {
	all := slices.Concat(second, slices.DeleteFunc(slices.Clone(first), func(b dialog.Button) bool { return slices.Contains(second, b) }))
	slices.SortStableFunc(all, func(a, b dialog.Button) int {
		switch {
		case quiet(a) == quiet(b):
			return 0
		case quiet(b):
			return -1
		}
		return 1
	})
	return all
}

func show(l turn.Line) shownLine {
	s := shownLine{
		N: l.N, At: l.At.In(dialog.Session{}.Location()), Mine: l.Mine, Copy: l.Reply.Copy, File: l.Reply.File,
		Choices: l.Reply.Buttons, Crisis: l.Reply.Crisis,
	}
	if l.Mine != "" {
		if utf8.RuneCountInString(l.Mine) > ownMost {
			s.Folded = string([]rune(l.Mine)[:ownMost/4])
		}
		return s
	}
	s.Blocks = chat.Blocks(l.Reply.Text)
	for _, b := range s.Blocks {
		s.Quotes = s.Quotes || b.Kind == chat.Quote
	}
	return s
}

// said are replies that are kept nowhere or not yet, numbered from first, or by 0.
func (c *Chat) said(replies []dialog.Reply, first int) []shownLine {
	lines := make([]turn.Line, 0, len(replies))
	for i, reply := range replies {
		l := turn.Line{At: c.Now(), Reply: reply}
		if first > 0 {
			l.N = first + i
		}
		lines = append(lines, l)
	}
	return shown(lines, -1)
}

// drawn are lines for the script.
func (c *Chat) drawn(lines []shownLine) ([]lineHTML, error) {
	all := make([]lineHTML, 0, len(lines))
	for _, l := range lines {
		var line, choices strings.Builder
		if err := c.pages.ExecuteTemplate(&line, "line", l); err != nil {
			return nil, fmt.Errorf("draw line: %w", err)
		}
		if err := c.pages.ExecuteTemplate(&choices, "choices", l); err != nil {
			return nil, fmt.Errorf("draw choices: %w", err)
		}
		all = append(all, lineHTML{
			N: l.N, Mine: l.Mine != "",
			HTML: template.HTML(line.String()), Choices: template.HTML(choices.String()), //nolint:gosec // made by the templates
		})
	}
	return all, nil
}

// since reads the conversation after a number. Anew says that the number is from before a deletion: what the page
// shows is no more.
func (c *Chat) since(ctx context.Context, v visitor, n int) (lines []shownLine, anew bool, err error) {
	items, err := c.Store.List(ctx, v.user(), dialog.Lines)
	if err != nil {
		return nil, false, err
	}
	stored := make([]turn.Line, 0, len(items))
	for _, item := range items {
		line, err := turn.ReadLine(item)
		if err != nil {
			return nil, false, err
		}
		stored = append(stored, line)
	}
	newest := 0
	if len(stored) > 0 {
		newest = stored[len(stored)-1].N
	} else if n > 0 { // nothing said yet, or all of it deleted
		s, err := c.Path.Standing(ctx, v.user())
		if err != nil || !s.Gone {
			return nil, false, err
		}
	}
	if newest < n {
		return nil, true, nil
	}
	return shown(stored, n), false, nil
}
