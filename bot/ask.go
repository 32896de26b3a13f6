package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"wenzhu/dialog"
	"wenzhu/dialog/words"
	"wenzhu/knowledge"
)

type askIn struct {
	ID      json.RawMessage `json:"id"`
	Text    string          `json:"text"`
	Context string          `json:"context"`
}

type askOut struct {
	ID       json.RawMessage `json:"id"`
	Kind     knowledge.Kind  `json:"kind"`
	Snippets []scored        `json:"snippets"`
	Answer   string          `json:"answer"`
	Sources  []string        `json:"sources"`
}

type scored struct {
	ID    string  `json:"id"`
	Score float64 `json:"score"`
}

// askBase answers from the knowledge base.
func askBase(_ context.Context, p process) error {
	text, jsonl, err := textArgs(p, "ask")
	if err != nil {
		return err
	}
	base, err := knowledge.Load(knowledge.Embedded())
	if err != nil {
		return err
	}
	if jsonl {
		return eachJSON(p.stdin, p.stdout, func(in askIn) any { return askLine(base, in) })
	}
	out := askLine(base, askIn{Text: text})
	fmt.Fprintln(p.stdout, out.Answer)
	for _, s := range out.Snippets[:min(1, len(out.Snippets))] {
		if snippet, ok := base.Snippet(s.ID); ok && out.Kind == knowledge.Answered {
			fmt.Fprintf(p.stdout, "\n%s\n", base.Sources(snippet))
		}
	}
	return nil
}

func askLine(b *knowledge.Base, in askIn) askOut {
	a := b.Ask(knowledge.Question{Text: in.Text, Before: in.Context})
	out := askOut{ID: in.ID, Kind: a.Kind, Snippets: []scored{}, Answer: read(b, in.Text, a), Sources: []string{}}
	for _, h := range a.Hits {
		out.Snippets = append(out.Snippets, scored{h.Snippet.ID, h.Score})
	}
	seen := make(map[string]bool)
	for _, s := range a.Parts {
		for _, ref := range b.Refs(s) {
			if !seen[ref] {
				seen[ref] = true
				out.Sources = append(out.Sources, ref)
			}
		}
	}
	return out
}

// read is what a person would have read as the answer to a question.
func read(b *knowledge.Base, question string, a knowledge.Answer) string {
	switch {
	case a.Kind == knowledge.Crisis:
		replies, _ := dialog.Emergency(dialog.Event{Kind: dialog.Text, Text: question})
		var texts []string
		for _, r := range replies {
			texts = append(texts, r.Text)
		}
		return strings.Join(texts, "\n\n")
	case len(a.Parts) > 0:
		return b.Text(a)
	case !knowledge.Asks(question):
		return words.Get("go.unclear")
	}
	return words.Get("answer.none")
}

// lint checks all knowledge content.
func lint(_ context.Context, p process) error {
	flags := flag.NewFlagSet("lint", flag.ContinueOnError)
	flags.SetOutput(p.stderr)
	content := flags.String("content", "", "directory with content/, law/, words/ and channels.yaml; empty: the built-in knowledge")
	asOf := flags.String("as-of", "", "check as on this day, such as 2027-01-01; empty: today")
	asJSON := flags.Bool("json", false, "print the problems as JSON")
	if err := flags.Parse(p.args); err != nil {
		return exit{2, nil}
	}
	day := now()
	if *asOf != "" {
		var err error
		if day, err = time.Parse(time.DateOnly, *asOf); err != nil {
			return exit{2, fmt.Errorf("--as-of %q: want a date such as 2027-01-01", *asOf)}
		}
	}
	files := knowledge.Embedded()
	if *content != "" {
		files = os.DirFS(*content)
	}
	tests, err := knowledge.TestLines(files)
	if err != nil {
		return err
	}
	base, problems := knowledge.Lint(files, day, tests)
	failed := false
	for _, problem := range problems {
		failed = failed || problem.Level == "error"
		if !*asJSON {
			fmt.Fprintf(p.stdout, "%s: %s\n", problem.Level, problem.Error())
		}
	}
	if *asJSON {
		if problems == nil {
			problems = []knowledge.Problem{}
		}
		if err := writeJSON(p.stdout, problems); err != nil {
			return err
		}
	} else if base != nil {
		reviewed, all := base.Reviewed()
		fmt.Fprintf(p.stdout, "%d snippets, %d reviewed by a lawyer, %d not yet; %d problems\n", all, reviewed, all-reviewed, len(problems))
	}
	if failed {
		return exit{1, nil}
	}
	return nil
}

// printAll writes all snippets as one document, for reviewers.
func printAll(_ context.Context, p process) error {
	base, err := knowledge.Load(knowledge.Embedded())
	if err != nil {
		return err
	}
	return base.Print(p.stdout)
}
