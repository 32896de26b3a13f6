package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"sync/atomic"
	"time"

	"wenzhu/bot/chat"
	"wenzhu/bot/config"
	"wenzhu/bot/metrics"
	"wenzhu/bot/ocr"
	"wenzhu/bot/turn"
	"wenzhu/dialog"
)

// app is what serve and chat have in common: the store, the knowledge and the path.
type app struct {
	config  config.Config
	log     *slog.Logger
	store   turn.Store
	dialog  atomic.Pointer[dialog.Dialog]
	metrics *metrics.Metrics
	path    *turn.Path
	read    func(context.Context, []byte) (string, error) // reads a picture; nil: cannot
}

func newApp(ctx context.Context, p process, content string) (*app, error) {
	c, err := settings(p)
	if err != nil {
		return nil, err
	}
	a := &app{config: c, log: logger(p, c), metrics: metrics.New()}
	if err := a.loadDialog(content); err != nil {
		return nil, err
	}
	if a.store, err = openStore(ctx, c, a.log); err != nil {
		return nil, err
	}
	if pictures, err := ocr.New(); err == nil {
		a.read = pictures.Read
	} else {
		a.log.Info("pictures are not read, people are asked for the words", "reason", err)
	}
	a.path = turn.New(turn.Options{
		Store: a.store, Dialog: func() turn.Dialog { return a.dialog.Load() },
		Channels: make(map[string]chat.Channel), Now: now, Log: a.log, Meter: a.metrics,
		Replica: replicaName(), Retention: c.Retention, FloodLimit: c.FloodLimit,
	})
	a.metrics.Watch(a.store, func() time.Time { return a.path.Now() }, a.path.Waiting)
	return a, nil
}

// now is the clock in the zone that people are taken to live in until they say otherwise.
func now() time.Time { return time.Now().In(dialog.Session{}.Location()) }

func replicaName() string {
	var b [6]byte
	rand.Read(b[:]) // never fails, see crypto/rand
	return hex.EncodeToString(b[:])
}

// add makes a channel known to the path. It has to happen before the first update.
func (a *app) add(c chat.Channel) { a.path.Channels[c.Name()] = c }

// close stops in the order of the path: nothing is received any more, so finish the deliveries, then the store.
func (a *app) close() error {
	a.path.Stop()
	return a.store.Close()
}
