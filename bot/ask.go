package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

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
