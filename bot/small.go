package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"net/http"
	"runtime"
	"time"

	"wenzhu/bot/config"
	"wenzhu/knowledge"
)

// version and commit are stamped by the linker.
var (
	version = "dev"
	commit  = "unknown"
)

func printVersion(_ context.Context, p process) error {
	base, err := knowledge.Load(knowledge.Embedded())
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "wenzhu %s (commit %s, %s), knowledge checked %s\n", version, commit, runtime.Version(), base.Newest().Format(time.DateOnly))
	return err
}

func printConfig(_ context.Context, p process) error {
	flags := flag.NewFlagSet("config", flag.ContinueOnError)
	flags.SetOutput(p.stderr)
	env := flags.Bool("env", false, "print a sample environment file")
	if err := flags.Parse(p.args); err != nil {
		return exit{2, nil}
	}
	if *env {
		return config.PrintEnv(p.stdout)
	}
	return config.Print(p.stdout, p.getenv)
}

// health asks a running bot whether it is ready: exit 0 or 1.
func health(ctx context.Context, p process) error {
	var address string
	if len(p.args) > 0 {
		address = p.args[0]
	} else {
		c, err := settings(p)
		if err != nil {
			return err
		}
		host, port, err := net.SplitHostPort(c.ListenAddr)
		if err != nil {
			return err
		}
		if host == "" || host == "0.0.0.0" || host == "::" {
			host = "127.0.0.1"
		}
		address = "http://" + net.JoinHostPort(host, port) + "/readyz"
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close() //nolint:errcheck // only its status counts
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", address, response.Status)
	}
	return nil
}
