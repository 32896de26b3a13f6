// Command train fits the weights of the crisis recogniser and writes knowledge/crisis/weights.bin. With -report it
// leaves out one hand after the other and tests on it, and writes nothing.
//
//	go run ./knowledge/crisis/train
//	go run ./knowledge/crisis/train -report
package main

import (
	"flag"
	"fmt"
	"os"

	"wenzhu/knowledge/crisis"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	set := settings{}
	flags := flag.NewFlagSet("train", flag.ContinueOnError)
	report := flags.Bool("report", false, "leave out one hand after the other and test on it; writes nothing")
	show := flags.Bool("show", false, "with -report: print each message with its probability")
	flags.Float64Var(&set.Dense, "dense", 1.4, "scale of concepts")
	flags.Float64Var(&set.Pairs, "pairs", 0.3, "scale of pairs of concepts")
	flags.Float64Var(&set.Grams, "grams", 6, "scale of grams")
	flags.Float64Var(&set.Penalty, "penalty", 3e-4, "L2 penalty")
	flags.Float64Var(&set.Rare, "rare", 0.5, "power of the inverse document frequency by which common grams are held back")
	flags.Float64Var(&set.Balance, "balance", 0.5, "0: windows count alike, 1: classes count alike")
	flags.IntVar(&set.MinRows, "min-rows", 2, "messages that use a gram")
	flags.IntVar(&set.MinHands, "min-hands", 2, "hands that use a gram")
	flags.IntVar(&set.Rounds, "rounds", 60, "rounds of L-BFGS")
	flags.Float64Var(&set.Blank, "blank", 0, "weight of a second copy of each window without grams")
	flags.Float64Var(&set.Ordinary, "ordinary", 0.6, "weight of a question or message by the hands that write nothing else")
	if err := flags.Parse(args); err != nil {
		return err
	}
	l, err := crisis.NewLexicon()
	if err != nil {
		return err
	}
	rows, err := readAll(l)
	if err != nil {
		return err
	}
	if *report {
		return leaveOut(rows, l, set, *show)
	}
	f, err := fit(rows, l, set)
	if err != nil {
		return err
	}
	packed := f.weights(l).Pack()
	fmt.Printf("%d messages, %d grams, %d bytes\n", len(rows), len(f.grams), len(packed))
	return os.WriteFile("knowledge/crisis/weights.bin", packed, 0o644) //nolint:gosec // public weights
}
