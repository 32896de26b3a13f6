package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"wenzhu/dialog/words"
)

const (
	maxConnections = "40"
	watchEvery     = 5 * time.Minute
	presentTries   = 15 // failures
)

// introduce tells Telegram who the bot is and how updates come, until that worked or ctx ends. Only how updates
// come is needed; a server that does not know the rest is good enough.
func (t *Telegram) introduce(ctx context.Context) {
	for b := (backoff{}); ctx.Err() == nil; b.wait(ctx) {
		err := t.arrange(ctx)
		if err == nil {
			break
		}
		b.note(t.trouble(ctx, err))
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
		return t.api.fault("getMe", err)
	}
	t.me.Store(&me)
	if t.Webhook {
		err = t.setWebhook(ctx)
	} else {
		_, err = t.api.call(ctx, "deleteWebhook", nil)
	}
	if err == nil {
		t.setState(stateOK)
	}
	return err
}

func (t *Telegram) setWebhook(ctx context.Context) error {
	_, err := t.api.call(ctx, "setWebhook", tgbotapi.Params{
		"url": t.URL, "secret_token": t.Secret, "allowed_updates": allowed, "max_connections": maxConnections,
	})
	return err
}

// watch looks after the webhook: somebody who polls with the same token removes it without a word.
func (t *Telegram) watch(ctx context.Context) {
	var told int64
	for sleep(ctx, watchEvery); ctx.Err() == nil; sleep(ctx, watchEvery) {
		told = t.lookAfter(ctx, told)
	}
}

// lookAfter sets a lost webhook again and says what the server could not deliver since the time told.
func (t *Telegram) lookAfter(ctx context.Context, told int64) int64 {
	raw, err := t.api.call(ctx, "getWebhookInfo", nil)
	if err != nil {
		t.Log.Debug("telegram webhook not seen", "error", err)
		return told
	}
	var info struct {
		URL     string `json:"url"`
		Waiting int    `json:"pending_update_count"`
		FailAt  int64  `json:"last_error_date"`
		Fail    string `json:"last_error_message"`
	}
	if err := json.Unmarshal(raw, &info); err != nil {
		return told
	}
	if info.URL != t.URL {
		t.Log.Warn("telegram webhook was removed: does another process poll with this token?")
		if err := t.setWebhook(ctx); err != nil {
			_ = t.trouble(ctx, err) // looked at again later
			return told
		}
		t.setState(stateOK)
	}
	if info.FailAt > told {
		t.Log.Warn("telegram could not deliver", "reason", info.Fail, "waiting", info.Waiting)
	}
	return max(told, info.FailAt)
}

// present sets the command menu and the descriptions.
func (t *Telegram) present(ctx context.Context) {
	calls := presentation()
	for b := (backoff{}); len(calls) > 0 && b.tries < presentTries && ctx.Err() == nil; b.wait(ctx) {
		calls = slices.DeleteFunc(calls, func(c introduction) bool {
			_, err := t.api.call(ctx, c.method, c.params)
			var e *tgbotapi.Error
			final := err == nil || errors.As(err, &e) && (e.Code == http.StatusBadRequest || e.Code == http.StatusNotFound)
			if err != nil && ctx.Err() == nil {
				t.Log.Info("telegram does not take the bot's introduction", "method", c.method, "error", err)
				b.note(err)
			}
			return final
		})
		if len(calls) == 0 {
			return
		}
	}
}

type introduction struct {
	method string
	params tgbotapi.Params
}

func presentation() []introduction {
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
		return nil
	}
	return []introduction{
		{"setMyCommands", tgbotapi.Params{"commands": string(commands)}},
		{"setMyDescription", tgbotapi.Params{"description": words.Get("telegram.description")}},
		{"setMyShortDescription", tgbotapi.Params{"short_description": words.Get("telegram.short")}},
	}
}
