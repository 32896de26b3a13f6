// Command train fits the weights of the verdict on the project's own messages and writes knowledge/verdict/weights.bin
// and weights.json, with the temperature and figures of the last report. With -report it leaves out one hand after the
// other, and a fifth of messages.jsonl after the other, and tests on it; that takes as long as twenty-five trainings.
//
//	go run ./knowledge/verdict/train -report
//	go run ./knowledge/verdict/train
package main

import (
	"flag"
	"fmt"
	"os"

	"wenzhu/knowledge/verdict"
)

const dataDir = "knowledge/verdict/train/data"

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	var set settings
	flags := flag.NewFlagSet("train", flag.ContinueOnError)
	only := flags.String("only", "", "with -report: only these hands, with commas, or fold")
	report := flags.Bool("report", false, "leave out one hand after the other, test on it, and write report.json")
	errorsOf := flags.String("errors", "", "with -report: print the messages of this hand, or all, that are wrong in the folds")
	set.flags(flags)
	if err := flags.Parse(args); err != nil {
		return err
	}
	c, err := verdict.New()
	if err != nil {
		return err
	}
	rows, hash, err := readAll(c, set)
	if err != nil {
		return err
	}
	texts, err := readTexts(c, rows)
	if err != nil {
		return err
	}
	if *report {
		return reportAll(c, rows, texts, set, *only, *errorsOf)
	}
	return train(c, rows, texts, set, hash)
}

// flags are the settings that can be tried, with what is used.
func (s *settings) flags(f *flag.FlagSet) {
	f.Float64Var(&s.Signals, "signals", 0.25, "scale of signals and figures")
	f.Float64Var(&s.Grams, "grams", 8, "scale of grams")
	f.Float64Var(&s.Orders, "orders", 4, "scale of orders of concepts")
	f.IntVar(&s.Copies, "copies", 3, "copies of each message with signals misread")
	f.Float64Var(&s.Miss, "miss", 0.6, "chance of a signal to be missed in a copy")
	f.Float64Var(&s.Invent, "invent", 0.3, "signals that a copy has for nothing")
	f.BoolVar(&s.NoOrders, "no-orders", false, "without orders of concepts")
	f.Float64Var(&s.Penalty, "penalty", 1e-4, "L2 penalty")
	f.IntVar(&s.MinHands, "min-hands", 2, "hands that use a gram")
	f.IntVar(&s.MinRows, "min-rows", 3, "messages that use a gram")
	f.Float64Var(&s.Balance, "balance", 0.5, "0: messages count alike, 1: labels count alike")
	f.IntVar(&s.Rounds, "rounds", 80, "rounds of L-BFGS")
	f.BoolVar(&s.NoSignals, "no-signals", false, "grams alone")
	f.BoolVar(&s.NoGrams, "no-grams", false, "signals alone")
}

// train fits all weights and writes them.
func train(c *verdict.Checker, rows []row, texts []text, set settings, hash string) error {
	last, err := readReport()
	if err != nil {
		return err
	}
	bias, weights, err := fitLooks(texts)
	if err != nil {
		return err
	}
	names := c.DenseNames()
	f, err := fit(rows, len(names), set)
	if err != nil {
		return err
	}
	made := verdict.Made{Command: "go run ./knowledge/verdict/train", Data: hash, Messages: len(rows), Figures: last.Figures}
	about, grams, err := f.pack(names, last.Temperature, made)
	if err != nil {
		return err
	}
	for path, content := range map[string][]byte{"knowledge/verdict/weights.json": about, "knowledge/verdict/weights.bin": grams, "knowledge/verdict/looks.bin": verdict.PackLooks(bias, weights)} {
		if err := os.WriteFile(path, content, 0o644); err != nil { //nolint:gosec // public weights
			return err
		}
	}
	fmt.Printf("%d messages, %d grams\n", len(rows), len(f.grams))
	return nil
}

// reportAll prints the figures of messages left out, and keeps them where no hand was chosen.
func reportAll(c *verdict.Checker, rows []row, texts []text, set settings, only, errorsOf string) error {
	figures, temperature, err := reports(rows, len(c.DenseNames()), set, only, errorsOf)
	if err != nil {
		return err
	}
	if err := reportLooks(texts); err != nil || only != "" {
		return err
	}
	return writeReport(temperature, figures)
}

// reports are the figures with each hand left out and, under "fold", those across the hands of messages.jsonl. Of the two
// temperatures it takes the higher, which makes the verdict less sure.
func reports(rows []row, dense int, set settings, only, errorsOf string) (map[string]string, float64, error) {
	across, err := leaveOut(rows, dense, set, byFold)
	if err != nil {
		return nil, 0, err
	}
	inFolds := across.print()
	across.printErrors(errorsOf)
	if only == "fold" {
		return nil, 0, nil
	}
	left, err := leaveOut(rows, dense, set, byHand(only))
	if err != nil {
		return nil, 0, err
	}
	figures := left.print()
	for _, name := range []string{"all", "signals missed"} {
		figures["fold "+name] = inFolds[name]
	}
	return figures, max(left.temperature, across.temperature), nil
}
