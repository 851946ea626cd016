// Command loadtest measures a running Essaim from outside, over loopback, against the budgets of docs/architecture.md, and prints what each operation
// costs beside the bare cost of what it cannot do without. It starts the instance and the peers by itself, and ends them; no figure makes it fail.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"essaim/internal/loadtest"
)

// atMost ends what hangs: a run of the usual size takes about a minute.
const atMost = 15 * time.Minute

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	if errors.Is(err, flag.ErrHelp) {
		os.Exit(2)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "loadtest:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out, progress io.Writer) error {
	plan := loadtest.Plan{Progress: progress}
	flags := flag.NewFlagSet("loadtest", flag.ContinueOnError)
	flags.SetOutput(progress)
	flags.StringVar(&plan.Binary, "binary", "", "the program to measure; built from the module in the current folder when left out")
	flags.IntVar(&plan.Notes, "notes", 5000, "notes delivered to the inbox")
	flags.IntVar(&plan.Hosts, "hosts", 1000, "hosts that follow and are delivered to")
	flags.Float64Var(&plan.Slow, "slow", 0.02, "part of the hosts that answers late")
	flags.DurationVar(&plan.SlowBy, "slow-by", 5*time.Second, "how late")
	flags.StringVar(&plan.Database, "database", "", "an empty database for the instance, postgres://…; a new SQLite file when left out")
	if err := flags.Parse(args); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, atMost)
	defer cancel()
	if plan.Binary == "" {
		dir, err := os.MkdirTemp("", "essaim-binary")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		if plan.Binary, err = loadtest.Build(ctx, ".", filepath.Join(dir, "essaim")); err != nil {
			return err
		}
	}
	var err error
	if plan.Binary, err = filepath.Abs(plan.Binary); err != nil {
		return err
	}
	table, err := loadtest.Measure(ctx, plan)
	if table != nil {
		err = errors.Join(err, table.Print(out))
	}
	return err
}
