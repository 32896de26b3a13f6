// Command bot is 稳住: a chat advisor for people under improper debt collection.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	_ "time/tzdata" // the program may run where no zone files are

	_ "golang.org/x/crypto/x509roots/fallback" // nor certificates
)

// process is what a command sees of the outside.
type process struct {
	args   []string
	getenv func(string) string
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
}

// flags are those of a command; what is wrong with them is said on standard error.
func (p process) flags(command string) *flag.FlagSet {
	f := flag.NewFlagSet(command, flag.ContinueOnError)
	f.SetOutput(p.stderr)
	return f
}

// parse reads the arguments. What is wrong with them has been said when it returns.
func (p process) parse(f *flag.FlagSet) error {
	if err := f.Parse(p.args); err != nil {
		return exit{2, nil}
	}
	return nil
}

// command is one subcommand.
type command struct {
	name  string
	usage string
	does  string
	run   func(context.Context, process) error
}

func commands() []command {
	return []command{
		{"serve", "[--content DIR]", "runs the bot: every configured channel, else the web chat on this machine", serve},
		{"chat", "", "the dialog in the terminal; works piped", chatHere},
		{"check", "[--jsonl] [TEXT]", "a verdict on one message", check},
		{"ask", "[--jsonl] [QUESTION]", "the answer from the knowledge base", askBase},
		{"when", "[--jsonl] [TEXT]", "the instant that a Chinese time phrase means", whenIs},
		{"lint", "[--content DIR] [--as-of DATE] [--json]", "checks all knowledge content; exit 1 on any fault", lint},
		{"eval", "FILE", "quality figures of the verdict on labelled messages", evaluate},
		{"flow", "[--dot]", "the dialog as a picture: Mermaid or Graphviz", flow},
		{"gaps", "[--verdicts]", "what editors need to see: unanswered questions, disputed verdicts", gaps},
		{"print", "", "all snippets as one document, for reviewers", printAll},
		{"reminders", "--due", "how many people are due, by hour", reminders},
		{"config", "[--env]", "every setting with its meaning and present value", printConfig},
		{"health", "[URL]", "asks a running bot whether it is ready: exit 0 or 1", health},
		{"version", "", "version, commit, date of the newest knowledge check", printVersion},
	}
}

// exit is an error with a code of the command line's contract.
type exit struct {
	code int
	err  error
}

func (e exit) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func (e exit) Unwrap() error { return e.err }

// The live heap is a few megabytes: collecting it less often costs little memory and saves a tenth of the CPU.
const gcPercent = 300

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	p := process{args: os.Args[1:], getenv: os.Getenv, stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr}
	code := 0
	if err := run(ctx, p); err != nil {
		code = 1
		var e exit
		if errors.As(err, &e) {
			code = e.code
		}
		if err.Error() != "" {
			fmt.Fprintln(os.Stderr, "bot:", err)
		}
	}
	stop()
	os.Exit(code)
}

func run(ctx context.Context, p process) error {
	name := "serve"
	if len(p.args) > 0 {
		name, p.args = p.args[0], p.args[1:]
	}
	for _, c := range commands() {
		if c.name == name {
			return c.run(ctx, p)
		}
	}
	if name == "help" || name == "-h" || name == "--help" {
		return help(p.stdout)
	}
	if err := help(p.stderr); err != nil {
		return err
	}
	return exit{2, fmt.Errorf("no command %q", name)}
}

func help(w io.Writer) error {
	fmt.Fprint(w, "usage: bot [command]\n\n")
	for _, c := range commands() {
		if _, err := fmt.Fprintf(w, "  bot %-9s %-40s %s\n", c.name, c.usage, c.does); err != nil {
			return err
		}
	}
	return nil
}
