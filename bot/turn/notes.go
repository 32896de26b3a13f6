package turn

import (
	"context"
	"time"

	"wenzhu/dialog"
)

// journals are the notes that editors read; all others are only counted.
var journals = map[string]int{"gap": 5000, "dispute": 5000}

// noteWithin is how long a note waits for the store.
const noteWithin = 5 * time.Second

// note counts notes and keeps those for editors. Nobody waits for that.
func (p *Path) note(notes []dialog.Note) {
	for _, n := range notes {
		p.Meter.Noted(n)
		limit, kept := journals[n.Kind]
		if !kept {
			continue
		}
		keep := func() {
			ctx, cancel := context.WithTimeout(context.Background(), noteWithin)
			defer cancel()
			if err := p.Store.Note(ctx, n.Kind, []byte(n.Value), limit); err != nil {
				p.Log.Warn("note for editors lost", "kind", n.Kind, "error", err)
			}
		}
		if p.stopped() {
			keep()
		} else {
			p.background.Go(keep)
		}
	}
}
