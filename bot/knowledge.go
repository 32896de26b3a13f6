package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"wenzhu/bot/chat"
	"wenzhu/dialog"
	"wenzhu/knowledge"
	"wenzhu/knowledge/verdict"
)

// knowledgeIn is the knowledge in dir, or with "" the embedded one.
func knowledgeIn(dir string) fs.FS {
	if dir == "" {
		return knowledge.Embedded()
	}
	return os.DirFS(dir)
}

// loadDialog builds the dialog on the embedded knowledge, or on the files in dir.
func (a *app) loadDialog(dir string) error {
	files := knowledgeIn(dir)
	var base *knowledge.Base
	var checker *verdict.Checker
	var loading errgroup.Group // each takes a tenth of a second
	loading.Go(func() (err error) {
		if base, err = knowledge.Load(files); err != nil {
			return fmt.Errorf("knowledge:\n%w", err)
		}
		return nil
	})
	loading.Go(func() (err error) {
		if checker, err = verdict.New(); err != nil {
			return fmt.Errorf("verdict: %w", err)
		}
		return nil
	})
	if err := loading.Wait(); err != nil {
		return err
	}
	operator := strings.TrimSpace(a.config.OperatorName + " " + a.config.OperatorContact)
	a.dialog.Store(dialog.New(dialog.Parts{Answers: base, Judge: newJudge(checker), Operator: operator, Retention: a.config.Retention}))
	return nil
}

// watchEvery is how often edited knowledge is looked at.
const watchEvery = 2 * time.Second

// watch loads the knowledge in dir again when a file of it changes. A fault keeps the last good set and says why.
func (a *app) watch(ctx context.Context, dir string) {
	for seen := stamp(dir); ; {
		select {
		case <-ctx.Done():
			return
		case <-time.After(watchEvery):
		}
		now := stamp(dir)
		if now == seen {
			continue
		}
		seen = now
		if err := a.loadDialog(dir); err != nil {
			a.log.Error("knowledge not reloaded, the last good set stays", "error", err)
			continue
		}
		a.log.Info("knowledge reloaded", "dir", dir)
	}
}

// stamp changes when a file below dir is written, made or removed.
func stamp(dir string) string {
	newest, files := time.Time{}, 0
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			files++
			if info.ModTime().After(newest) {
				newest = info.ModTime()
			}
		}
		return err
	})
	return fmt.Sprint(newest.UnixNano(), files, err != nil)
}

// file makes the file of a recipe from a person's own data.
func (a *app) file(ctx context.Context, u chat.UserKey, recipe string) (string, []byte, error) {
	if file, ok := dialog.Calendar(recipe, now()); ok {
		return "reminder.ics", []byte(file), nil
	}
	write, ok := map[string]func(dialog.Session, map[dialog.List][]dialog.Item) string{"export": dialog.Export, "list": dialog.EvidenceList}[recipe]
	if !ok {
		return "", nil, errors.New("no such recipe")
	}
	standing, err := a.path.Standing(ctx, u)
	if err != nil {
		return "", nil, err
	}
	lists := make(map[dialog.List][]dialog.Item)
	for _, l := range []dialog.List{dialog.Log, dialog.Kept, dialog.Reminders} {
		if lists[l], err = a.store.List(ctx, u, l); err != nil {
			return "", nil, err
		}
	}
	return "wenzhu.txt", []byte(write(standing.Session, lists)), nil
}
