package main

import (
	"fmt"

	"wenzhu/bot/telegram"
	"wenzhu/bot/web"
	"wenzhu/dialog"
)

// addChannels sets up what is configured.
func (s *server) addChannels() error {
	if s.app.config.Telegram.Token != "" {
		s.addTelegram()
	}
	if s.app.config.WebChat {
		if err := s.addWeb(); err != nil {
			return fmt.Errorf("web chat: %w", err)
		}
	}
	for _, c := range s.channels {
		s.app.add(c)
	}
	return nil
}

func (s *server) addTelegram() {
	a, c := s.app, s.app.config.Telegram
	t := telegram.New(telegram.Options{
		Token: c.Token, APIURL: c.APIURL, Webhook: c.Webhook, URL: c.WebhookURL, Secret: c.WebhookSecret,
		Rate: c.Rate, ChatRate: c.ChatRate, Path: a.path, File: a.file, Read: a.read, Log: a.log,
		Group: func(e dialog.Event, mentioned bool) dialog.Outcome { return a.dialog.Load().Group(e, mentioned) },
	})
	s.channels = append(s.channels, t)
	s.state["telegram"] = t.State
	if c.Webhook {
		s.mux.Handle("/telegram/webhook", t.Handler())
	}
}

func (s *server) addWeb() error {
	a := s.app
	c, err := web.New(web.Options{
		Path: a.path, Store: a.store, Log: a.log, PublicURL: a.config.PublicURL, TrustedProxies: a.config.TrustedProxies,
		Retention: a.config.Retention, Now: now, Read: a.read, File: a.file,
		Journey: dialog.Overview,
		Greet: func() dialog.Outcome {
			return a.dialog.Load().Step(dialog.Session{}, dialog.Event{ID: "start", At: now(), Kind: dialog.Start})
		},
	})
	if err != nil {
		return err
	}
	s.channels = append(s.channels, c)
	s.mux.Handle("/", c.Handler())
	return nil
}
