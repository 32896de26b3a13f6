package turn

import (
	"context"

	"wenzhu/bot/chat"
	"wenzhu/dialog"
)

// Standing is where a person stands, as channels that show it need it.
type Standing struct {
	Session dialog.Session
	Lines   int   // number of the newest line of the conversation
	Ends    int64 // when everything of the person ends, Unix ms; 0: nothing is kept
	Gone    bool  // just deleted
}

// Standing reads where a person stands without changing anything.
func (p *Path) Standing(ctx context.Context, u chat.UserKey) (Standing, error) {
	stored, err := p.Store.Load(ctx, u)
	if err != nil {
		return Standing{}, err
	}
	r, err := decode(stored.Body)
	if err != nil {
		return Standing{}, err
	}
	return Standing{Session: r.Session, Lines: r.Lines, Ends: r.Ends, Gone: r.Gone}, nil
}
