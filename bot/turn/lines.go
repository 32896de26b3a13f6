package turn

import (
	"encoding/json"
	"fmt"
	"time"

	"wenzhu/dialog"
)

// Line is one entry of a conversation that is kept as such. Numbers rise by one and start at 1.
type Line struct {
	N     int          `json:"n"`
	At    time.Time    `json:"t"`
	Mine  string       `json:"m,omitempty"` // what the person said or pressed; "" for the bot's lines
	Reply dialog.Reply `json:"r,omitzero"`
}

// LineID makes ids that sort by number.
func LineID(n int) string { return fmt.Sprintf("%09d", n) }

// ReadLine reads what converse wrote.
func ReadLine(i dialog.Item) (Line, error) {
	var l Line
	if err := json.Unmarshal(i.Value, &l); err != nil {
		return Line{}, fmt.Errorf("read line %s: %w", i.ID, err)
	}
	return l, nil
}

// converse appends the person's own line and the replies to the conversation, and lets the oldest lines go.
func (r record) converse(e dialog.Event, replies []dialog.Reply, now time.Time) (record, []dialog.Change) {
	var lines []Line
	if mine := e.Text; mine != "" && e.Kind != dialog.Due {
		lines = append(lines, Line{At: now, Mine: mine})
	}
	for _, reply := range replies {
		lines = append(lines, Line{At: now, Reply: reply})
	}
	var changes []dialog.Change
	for _, l := range lines {
		r.Lines++
		l.N = r.Lines
		value, err := json.Marshal(l)
		if err != nil {
			continue // plain strings and numbers: cannot happen
		}
		changes = append(changes, dialog.Change{List: dialog.Lines, ID: LineID(l.N), Value: value})
		if old := l.N - linesMost; old > 0 {
			changes = append(changes, dialog.Change{List: dialog.Lines, ID: LineID(old)})
		}
	}
	return r, changes
}
