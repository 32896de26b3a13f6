package main

import (
	"fmt"

	"wenzhu/bot/web"
	"wenzhu/dialog"
)

// addChannels sets up what is configured.
func (s *server) addChannels() error {
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

func (s *server) addWeb() error {
	a := s.app
	c, err := web.New(web.Options{
		Path: a.path, Store: a.store, Log: a.log, PublicURL: a.config.PublicURL, TrustedProxies: a.config.TrustedProxies,
		Retention: a.config.Retention, Now: now, Read: a.read,
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
