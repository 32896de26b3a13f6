package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"slices"

	"wenzhu/bot/turn"
	"wenzhu/dialog"
	"wenzhu/knowledge"
)

// flow prints the dialog as a picture.
func flow(_ context.Context, p process) error {
	flags := flag.NewFlagSet("flow", flag.ContinueOnError)
	flags.SetOutput(p.stderr)
	dot := flags.Bool("dot", false, "for Graphviz instead of Mermaid")
	if err := flags.Parse(p.args); err != nil {
		return exit{2, nil}
	}
	_, err := fmt.Fprint(p.stdout, dialog.Flow(*dot))
	return err
}

// gaps lists the questions that found no answer or a useless one, most asked first; with --verdicts the disputed
// verdicts. They hold no identity, and personal details are masked.
func gaps(ctx context.Context, p process) error {
	flags := flag.NewFlagSet("gaps", flag.ContinueOnError)
	flags.SetOutput(p.stderr)
	verdicts := flags.Bool("verdicts", false, "disputed verdicts instead of questions")
	if err := flags.Parse(p.args); err != nil {
		return exit{2, nil}
	}
	if flags.NArg() > 0 {
		return exit{2, errors.New("usage: bot gaps [--verdicts]")}
	}
	journal := "gap"
	if *verdicts {
		journal = "dispute"
	}
	lines, err := ask(ctx, p, "/notes/"+journal, func(s turn.Store) ([][]byte, error) { return s.Notes(ctx, journal) })
	if err != nil {
		return err
	}
	texts := make([]string, len(lines))
	for i, l := range lines {
		texts[i] = string(l)
	}
	base, err := knowledge.Load(knowledge.Embedded())
	if err != nil {
		return fmt.Errorf("knowledge: %w", err)
	}
	groups := base.GroupSimilar(texts)
	slices.SortStableFunc(groups, func(a, b []string) int { return len(b) - len(a) })
	for _, g := range groups {
		fmt.Fprintf(p.stdout, "%4d  %s\n", len(g), g[0])
		for _, other := range g[1:min(len(g), 4)] {
			fmt.Fprintf(p.stdout, "      %s\n", other)
		}
	}
	return nil
}
