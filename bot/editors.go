package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"wenzhu/bot/turn"
	"wenzhu/dialog"
	"wenzhu/knowledge"
)

// flow prints the dialog as a picture.
func flow(_ context.Context, p process) error {
	flags := p.flags("flow")
	dot := flags.Bool("dot", false, "for Graphviz instead of Mermaid")
	if err := p.parse(flags); err != nil {
		return err
	}
	_, err := fmt.Fprint(p.stdout, dialog.Flow(*dot))
	return err
}

// gaps lists the questions that found no answer or a useless one, most asked first; with --verdicts the disputed
// verdicts. They hold no identity, and personal details are masked.
func gaps(ctx context.Context, p process) error {
	flags := p.flags("gaps")
	verdicts := flags.Bool("verdicts", false, "disputed verdicts instead of questions")
	if err := p.parse(flags); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return exit{2, errors.New("usage: bot gaps [--verdicts]")}
	}
	journal := "gap"
	if *verdicts {
		journal = "dispute"
	}
	lines, err := askStore(ctx, p, "/notes/"+journal, func(s turn.Store) ([][]byte, error) { return s.Notes(ctx, journal) })
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

// lint checks all knowledge content.
func lint(_ context.Context, p process) error {
	flags := p.flags("lint")
	content := flags.String("content", "", "directory with content/, law/, words/ and channels.yaml; empty: the built-in knowledge")
	asOf := flags.String("as-of", "", "check as on this day, such as 2027-01-01; empty: today")
	asJSON := flags.Bool("json", false, "print the problems as JSON")
	if err := p.parse(flags); err != nil {
		return err
	}
	day := now()
	if *asOf != "" {
		var err error
		if day, err = time.Parse(time.DateOnly, *asOf); err != nil {
			return exit{2, fmt.Errorf("--as-of %q: want a date such as 2027-01-01", *asOf)}
		}
	}
	files := knowledgeIn(*content)
	tests, err := knowledge.TestLines(files)
	if err != nil {
		return err
	}
	base, problems := knowledge.Lint(files, day, tests)
	if *asJSON {
		err = writeJSON(p.stdout, append([]knowledge.Problem{}, problems...))
	} else {
		err = showProblems(p.stdout, base, problems)
	}
	if err == nil && slices.ContainsFunc(problems, func(found knowledge.Problem) bool { return found.Level == "error" }) {
		return exit{1, nil}
	}
	return err
}

// showProblems prints a line for each problem and, where the knowledge can be read, one about all of it.
func showProblems(w io.Writer, base *knowledge.Base, problems []knowledge.Problem) error {
	for _, found := range problems {
		fmt.Fprintf(w, "%s: %s\n", found.Level, found.Error())
	}
	if base == nil {
		return nil
	}
	reviewed, all := base.Reviewed()
	_, err := fmt.Fprintf(w, "%d snippets, %d reviewed by a lawyer, %d not yet; %d problems\n", all, reviewed, all-reviewed, len(problems))
	return err
}

// printAll writes all snippets as one document, for reviewers.
func printAll(_ context.Context, p process) error {
	base, err := knowledge.Load(knowledge.Embedded())
	if err != nil {
		return err
	}
	return base.Print(p.stdout)
}
