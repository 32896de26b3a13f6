// Command train fits the part of the crisis recogniser that learns from examples and writes
// knowledge/crisis/weights.bin.
//
//	go run ./knowledge/crisis/train
package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"wenzhu/knowledge/crisis"
)

const (
	rounds  = 40
	rate    = 0.8
	shrink  = 0.95
	penalty = 0.0005
)

type row struct {
	features map[uint32]float64
	danger   bool
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run() error {
	rows, err := collect()
	if err != nil {
		return err
	}
	bias, weights := fit(rows)
	return os.WriteFile("knowledge/crisis/weights.bin", crisis.Pack(bias, weights), 0o644) //nolint:gosec // public weights
}

// collect reads the examples of this folder, the half of the test set that may be looked at, and the asks of the
// snippets, which people in no danger would write.
func collect() ([]row, error) {
	var rows []row
	add := func(text string, danger bool) { rows = append(rows, row{crisis.Features(text), danger}) }
	for name, danger := range map[string]bool{"own.txt": true, "calm.txt": false} {
		content, err := os.ReadFile(filepath.Join("knowledge/crisis/train/data", name))
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(string(content)) {
			add(strings.TrimSpace(line), danger)
		}
	}
	f, err := os.Open("knowledge/crisis/testdata/crisis.jsonl")
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	scanner := bufio.NewScanner(f)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		var e struct{ ID, Text, Want, Form string }
		if err := json.Unmarshal(scanner.Bytes(), &e); err != nil {
			return nil, err
		}
		if sum := sha256.Sum256([]byte(e.ID)); sum[31]%2 == 0 && e.Form != "long" {
			add(e.Text, e.Want != "none")
		}
	}
	if err := typed(add); err != nil {
		return nil, err
	}
	return rows, asks(add)
}

// typed are things that people type to the bot, of the half of that set that may be looked at.
func typed(add func(string, bool)) error {
	f, err := os.Open("dialog/testdata/reading.jsonl")
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // only read
	for scanner := bufio.NewScanner(f); scanner.Scan(); {
		var e struct {
			ID, Text, Want string
			Forwarded      bool
		}
		if err := json.Unmarshal(scanner.Bytes(), &e); err != nil {
			return err
		}
		if sum := sha256.Sum256([]byte(e.ID)); sum[31]%2 == 0 && !e.Forwarded && len(e.Text) < 300 {
			add(e.Text, e.Want == "crisis")
		}
	}
	return nil
}

var askLine = regexp.MustCompile(`(?m)^  - "?(.+?)"?$`)

func asks(add func(string, bool)) error {
	files, err := filepath.Glob("knowledge/content/*/*.md")
	if err != nil {
		return err
	}
	for _, name := range files {
		if strings.Contains(name, "/care/") || strings.Contains(name, "violence") {
			continue
		}
		content, err := os.ReadFile(name) //nolint:gosec // the project's own files
		if err != nil {
			return err
		}
		for _, m := range askLine.FindAllStringSubmatch(string(content), -1) {
			add(m[1], false)
		}
	}
	return nil
}

func fit(rows []row) (bias float64, weights []float64) {
	weights = make([]float64, crisis.Buckets)
	random := rand.New(rand.NewPCG(3, 4)) //nolint:gosec // the same weights each time
	positive := 0.0
	for _, r := range rows {
		if r.danger {
			positive++
		}
	}
	up := math.Sqrt(float64(len(rows)) / positive)
	step := rate
	for range rounds {
		random.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		for _, r := range rows {
			z, truth, w := bias, 0.0, 1.0
			for f, x := range r.features {
				z += weights[f] * x
			}
			if r.danger {
				truth, w = 1, up
			}
			g := w * (1/(1+math.Exp(-z)) - truth)
			bias -= step * 0.1 * g
			for f, x := range r.features {
				weights[f] -= step * (g*x + penalty*weights[f])
			}
		}
		step *= shrink
	}
	return bias, weights
}
