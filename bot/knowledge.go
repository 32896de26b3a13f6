package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"wenzhu/bot/chat"
	"wenzhu/dialog"
	"wenzhu/knowledge"
	"wenzhu/knowledge/verdict"
)

// loadDialog builds the dialog on the embedded knowledge, or on the files in dir.
func (a *app) loadDialog(dir string) error {
	files := knowledge.Embedded()
	if dir != "" {
		files = os.DirFS(dir)
	}
	base, err := knowledge.Load(files)
	if err != nil {
		return fmt.Errorf("knowledge:\n%w", err)
	}
	checker, err := verdict.New()
	if err != nil {
		return fmt.Errorf("verdict: %w", err)
	}
	operator := strings.TrimSpace(a.config.OperatorName + " " + a.config.OperatorContact)
	a.dialog.Store(dialog.New(dialog.Parts{Answers: base, Judge: judge{checker}, Operator: operator}))
	return nil
}

// file makes the file of a recipe from a person's own data.
func (a *app) file(ctx context.Context, u chat.UserKey, recipe string) (string, []byte, error) {
	if recipe != "export" {
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
	return "wenzhu.txt", []byte(dialog.Export(standing.Session, lists)), nil
}
