package telegram

import (
	"context"
	"encoding/json"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"wenzhu/dialog/words"
)

// introduce tells Telegram who the bot is and how updates come, until that worked or ctx ends. Only how updates
// come is needed; a server that does not know the rest is good enough.
func (t *Telegram) introduce(ctx context.Context) {
	wait := retryFirst
	for ctx.Err() == nil {
		err := t.arrange(ctx)
		if err == nil {
			break
		}
		t.trouble(ctx, err)
		sleep(ctx, wait)
		wait = min(2*wait, retryLatest)
	}
	t.present(ctx)
}

// arrange learns the bot's name and sets the way in which updates come.
func (t *Telegram) arrange(ctx context.Context) error {
	raw, err := t.api.call(ctx, "getMe", nil)
	if err != nil {
		return err
	}
	var me person
	if err := json.Unmarshal(raw, &me); err != nil {
		return err
	}
	t.username.Store(&me.Username)
	if t.Webhook {
		_, err = t.api.call(ctx, "setWebhook", tgbotapi.Params{
			"url": t.URL, "secret_token": t.Secret, "allowed_updates": allowed, "max_connections": "40",
		})
	} else {
		_, err = t.api.call(ctx, "deleteWebhook", nil)
	}
	if err == nil {
		t.setState("ok")
	}
	return err
}

// present sets the command menu and the descriptions.
func (t *Telegram) present(ctx context.Context) {
	type entry struct {
		Command     string `json:"command"`
		Description string `json:"description"`
	}
	var menu []entry
	for line := range strings.Lines(words.Get("telegram.commands")) {
		name, description, _ := strings.Cut(strings.TrimSpace(line), " ")
		menu = append(menu, entry{name, description})
	}
	commands, err := json.Marshal(menu)
	if err != nil {
		return
	}
	for method, params := range map[string]tgbotapi.Params{
		"setMyCommands":         {"commands": string(commands)},
		"setMyDescription":      {"description": words.Get("telegram.description")},
		"setMyShortDescription": {"short_description": words.Get("telegram.short")},
	} {
		if _, err := t.api.call(ctx, method, params); err != nil && ctx.Err() == nil {
			t.Log.Info("telegram does not take the bot's introduction", "method", method, "error", err)
		}
	}
}
