// Command essaim runs an instance of Essaim, and everything an operator does to it. Each command has its file: it reads its arguments, calls
// internal/app, prints. See docs/architecture.md for the rooms and `essaim --help` for the commands.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr))
}
