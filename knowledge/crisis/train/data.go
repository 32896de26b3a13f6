package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"wenzhu/knowledge/crisis"
)

// row is a message with the hand that wrote it.
type row struct {
	hand, id, text, form string
	forwarded            bool
	class                int // place in crisis.Dangers
	windows              []crisis.Window
}

// written are the hands that wrote crises and look-alikes.
var written = []string{"a", "b", "first", "second", "third"}

// hard says whether a hand wrote crises and what only sounds alike.
func hard(hand string) bool {
	return hand == "own" || hand == "c" || hand == "d" || slices.Contains(written, hand)
}

// readAll reads all that may be learnt from: whole files of hands, of the two test sets the half that may be looked at,
// and what people in no danger ask and receive.
func readAll(l *crisis.Lexicon) ([]row, error) {
	var rows []row
	sources := []struct {
		pattern string
		half    bool
	}{
		{"knowledge/crisis/train/data/*.jsonl", false},
		{"knowledge/crisis/testdata/*.jsonl", true},
		{"dialog/testdata/reading*.jsonl", true},
		{"knowledge/verdict/train/data/*.jsonl", true},
	}
	for _, s := range sources {
		files, err := filepath.Glob(s.pattern)
		if err != nil || len(files) == 0 {
			return nil, fmt.Errorf("no %s here: run in the project's folder (%w)", s.pattern, err)
		}
		for _, name := range files {
			found, err := readFile(name, s.half)
			if err != nil {
				return nil, err
			}
			rows = append(rows, found...)
		}
	}
	asks, err := readAsks()
	if err != nil {
		return nil, err
	}
	rows = append(rows, asks...)
	for i := range rows {
		rows[i].windows = l.Windows(rows[i].text, rows[i].forwarded)
	}
	return rows, nil
}

func readFile(name string, half bool) ([]row, error) {
	f, err := os.Open(name) //nolint:gosec // the project's own files
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	var rows []row
	hand := strings.TrimSuffix(filepath.Base(name), ".jsonl")
	if hand == "crisis" {
		hand = "first"
	}
	messages := strings.Contains(name, "verdict")
	scanner := bufio.NewScanner(f)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		var e struct {
			ID, Text, Want, Form string
			Forwarded, Close     bool
		}
		if err := json.Unmarshal(scanner.Bytes(), &e); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if sum := sha256.Sum256([]byte(e.ID)); half && sum[31]%2 != 0 {
			continue
		}
		r := row{hand: hand, id: e.ID, text: e.Text, form: e.Form, forwarded: e.Forwarded}
		switch crisis.Danger(e.Want) {
		case crisis.Suicide:
			r.class = 1
			if e.Form == "third" || e.Forwarded || e.Close {
				r.class = 2 // crisis.Close
			}
		case crisis.Violence:
			r.class = 3
		case crisis.Minor:
			r.class = 4
		}
		if strings.HasPrefix(hand, "reading") && e.Want == "crisis" {
			continue // of which kind is not said
		}
		rows = append(rows, r)
		if messages { // pasted as well as forwarded
			r.forwarded = true
			rows = append(rows, r)
		}
	}
	return rows, scanner.Err()
}

var askLine = regexp.MustCompile(`(?m)^  - "?(.+?)"?$`)

// grave are snippets that people in danger, or not far from it, could ask for.
var grave = regexp.MustCompile(`lonely-night|violence|visit-kids-alone|followed|safe-first|eat-first`)

// readAsks reads the asks of the snippets, but for those.
func readAsks() ([]row, error) {
	files, err := filepath.Glob("knowledge/content/*/*.md")
	if err != nil {
		return nil, err
	}
	var rows []row
	for _, name := range files {
		if grave.MatchString(filepath.ToSlash(name)) {
			continue
		}
		content, err := os.ReadFile(name) //nolint:gosec // the project's own files
		if err != nil {
			return nil, err
		}
		for _, m := range askLine.FindAllStringSubmatch(string(content), -1) {
			rows = append(rows, row{hand: "asks", id: name, text: m[1]})
		}
	}
	return rows, nil
}
