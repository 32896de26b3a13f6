package main

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"wenzhu/knowledge"
)

// version and commit are stamped by the linker.
var (
	version = "dev"
	commit  = "unknown"
)

func printVersion(_ context.Context, p process) error {
	base, err := knowledge.Load(knowledge.Embedded())
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "wenzhu %s (commit %s, %s), knowledge checked %s\n", version, commit, runtime.Version(), base.Newest().Format(time.DateOnly))
	return err
}
