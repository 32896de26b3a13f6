package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"wenzhu/dialog/when"
)

type whenIn struct {
	ID   json.RawMessage `json:"id"`
	Now  string          `json:"now"`
	Text string          `json:"text"`
}

type whenOut struct {
	ID       json.RawMessage `json:"id"`
	At       *string         `json:"at"`
	DateOnly bool            `json:"date_only"`
	Repeat   *string         `json:"repeat"`
	Error    *string         `json:"error"`
}

// whenIs shows the instant that a Chinese time phrase means, without quiet hours.
func whenIs(_ context.Context, p process) error {
	text, jsonl, err := textArgs(p, "when")
	if err != nil {
		return err
	}
	if jsonl {
		return eachJSON(p.stdin, p.stdout, answerWhen)
	}
	out := whenLine(whenIn{Text: text}, now())
	if out.Error != nil {
		return exit{1, errors.New(*out.Error)}
	}
	fmt.Fprint(p.stdout, *out.At)
	if out.Repeat != nil {
		fmt.Fprint(p.stdout, " ", *out.Repeat)
	}
	fmt.Fprintln(p.stdout)
	return nil
}

func answerWhen(in whenIn) any {
	at, err := time.Parse(time.RFC3339, in.Now)
	if err != nil {
		return struct {
			ID    json.RawMessage `json:"id"`
			Error string          `json:"error"`
		}{in.ID, "now: want RFC 3339, such as 2026-11-24T10:00:00+08:00"}
	}
	if _, offset := at.Zone(); offset == 0 {
		at = at.In(now().Location())
	}
	return whenLine(in, at)
}

func whenLine(in whenIn, at time.Time) whenOut {
	out := whenOut{ID: in.ID}
	t, err := when.Parse(in.Text, at)
	if err != nil {
		code := err.Error()
		out.Error = &code
		return out
	}
	s := t.At.Format(time.RFC3339)
	out.At, out.DateOnly = &s, t.DateOnly
	if t.Repeat != "" {
		out.Repeat = &t.Repeat
	}
	return out
}
