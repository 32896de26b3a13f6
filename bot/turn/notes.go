package turn

import (
	"context"

	"wenzhu/dialog"
)

// journals are the notes that editors read; all others are only counted.
var journals = map[string]int{"gap": 5000, "dispute": 5000, "relief": 5000}

func (p *Path) note(ctx context.Context, n dialog.Note) {
	p.Meter.Noted(n)
	limit, kept := journals[n.Kind]
	if !kept {
		return
	}
	if err := p.Store.Note(ctx, n.Kind, []byte(n.Value), limit); err != nil {
		p.Log.Warn("note for editors lost", "kind", n.Kind, "error", err)
	}
}
