package turn

import (
	"context"
	"errors"

	"wenzhu/bot/chat"
)

// silent stands in for a channel that is no longer configured: what is owed there waits.
type silent struct{}

func (silent) Name() string        { return "none" }
func (silent) Limits() chat.Limits { return chat.Limits{} }

func (silent) Run(ctx context.Context) error {
	<-ctx.Done()
	return nil
}

func (silent) Send(context.Context, chat.Message) error {
	return &chat.SendError{Kind: chat.Broken, Err: errors.New("the channel is not configured")}
}
