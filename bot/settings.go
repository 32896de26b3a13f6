package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"

	"wenzhu/bot/config"
)

// settings reads the environment.
func settings(p process) (config.Config, error) {
	c, err := config.Load(p.getenv, os.ReadFile)
	if err != nil {
		return c, exit{2, fmt.Errorf("settings:\n%w", err)}
	}
	return c, nil
}

// logger writes as the settings say.
func logger(p process, c config.Config) *slog.Logger {
	o := &slog.HandlerOptions{Level: c.LogLevel}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(p.stderr, o))
	}
	return slog.New(slog.NewTextHandler(p.stderr, o))
}

// printConfig shows every setting, or a sample file of them.
func printConfig(_ context.Context, p process) error {
	flags := p.flags("config")
	env := flags.Bool("env", false, "print a sample environment file")
	if err := p.parse(flags); err != nil {
		return err
	}
	if *env {
		return config.PrintEnv(p.stdout)
	}
	return config.Print(p.stdout, p.getenv)
}
