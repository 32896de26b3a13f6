package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"wenzhu/bot/terminal"
)

// chatHere is the dialog in this terminal.
func chatHere(ctx context.Context, p process) error {
	a, err := newApp(ctx, p, "")
	if err != nil {
		return err
	}
	a.path.FloodLimit = 0
	live := isTerminal(p.stdin)
	t := terminal.New(terminal.Options{
		In: p.stdin, Out: p.stdout, Live: live, Colour: isTerminal(p.stdout) && p.getenv("NO_COLOR") == "",
		Path: a.path, Prefix: replicaName(), File: a.saveFile,
		Idle: func(ctx context.Context) bool { return a.path.Idle(ctx, terminal.User) },
	})
	a.add(t)
	sweeping, stop := context.WithCancel(ctx)
	defer stop()
	done := make(chan error, 1)
	go func() { done <- a.path.Sweep(sweeping) }()
	err = t.Run(ctx)
	stop()
	return errors.Join(err, <-done, a.close())
}

// saveFile puts the file of a recipe beside the data, for nobody else to read.
func (a *app) saveFile(ctx context.Context, recipe string) (string, error) {
	name, content, err := a.file(ctx, terminal.User, recipe)
	if err != nil {
		return "", err
	}
	path := filepath.Join(a.config.DataDir, name)
	return path, os.WriteFile(path, content, 0o600)
}

// isTerminal says whether somebody sits at the other end.
func isTerminal(f any) bool {
	file, ok := f.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
