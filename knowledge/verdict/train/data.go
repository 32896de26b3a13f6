package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"wenzhu/knowledge/verdict"
)

// row is a labelled message.
type row struct {
	id, hand, text string
	subtype        string
	label, alt     verdict.Label
	class          int // of Labels
	features       verdict.Features
	missed         []verdict.Features // with signals left out at random
	unread         verdict.Features   // as rules would find it whose writer had not read it
}

// readAll reads all messages of the folder and the hash of its files.
func readAll(c *verdict.Checker, set settings) (rows []row, hash string, err error) {
	paths, err := filepath.Glob(filepath.Join(dataDir, "*.jsonl"))
	if err != nil {
		return nil, "", err
	}
	sum := sha256.New()
	for _, path := range paths {
		content, err := os.ReadFile(path) //nolint:gosec // the project's own files
		if err != nil {
			return nil, "", err
		}
		_, _ = sum.Write(content)
		more, err := read(c, string(content), set)
		if err != nil {
			return nil, "", fmt.Errorf("%s: %w", path, err)
		}
		rows = append(rows, more...)
	}
	return rows, hex.EncodeToString(sum.Sum(nil)), nil
}

func read(c *verdict.Checker, content string, set settings) ([]row, error) {
	var rows []row
	scanner := bufio.NewScanner(strings.NewReader(content))
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		var m struct {
			ID, Text, Sender string
			Subtype          string
			Label, Alt       verdict.Label
		}
		if err := json.Unmarshal(scanner.Bytes(), &m); err != nil {
			return nil, err
		}
		class := slices.Index(verdict.Labels, m.Label)
		if class < 0 {
			return nil, fmt.Errorf("%s: no label %q", m.ID, m.Label)
		}
		message := verdict.Message{Text: m.Text, Sender: m.Sender}
		r := row{id: m.ID, hand: hand(m.ID), text: m.Text, subtype: m.Subtype, label: m.Label, alt: m.Alt, class: class, features: c.Features(message)}
		for k := range set.Copies {
			r.missed = append(r.missed, c.FeaturesWithout(message, func(rule string) bool { return chance(m.ID, rule, k) < set.Miss }))
		}
		r.unread = c.FeaturesWithout(message, func(rule string) bool { return chance(m.ID, rule, -1) < unreadMiss })
		rows = append(rows, r)
	}
	return rows, scanner.Err()
}

// unreadMiss is about how many of the signals rules miss in messages that their writers have not read: of messages by two
// such hands, 0.83 had a signal for their label, of those read 0.97.
const unreadMiss = 0.35

// hand is who wrote a message: what stands before the hyphen of its id, or its first letter.
func hand(id string) string {
	if before, _, ok := strings.Cut(id, "-"); ok {
		return before
	}
	return id[:1]
}

// hands are all who wrote, sorted.
func hands(rows []row) []string {
	var all []string
	for _, r := range rows {
		all = append(all, r.hand)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// chance is a number from 0 to 1 that is the same each time for the same message, rule and copy.
func chance(id, rule string, copied int) float64 {
	h := fnv.New32a()
	_, _ = fmt.Fprint(h, id, rule, copied)
	x := h.Sum32()
	x ^= x >> 16
	x *= 0x7feb352d
	x ^= x >> 15
	return float64(x) / (1 << 32)
}
