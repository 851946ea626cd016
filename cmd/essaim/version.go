package main

import (
	"fmt"

	"essaim/internal/app"
)

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run(w *world) error {
	fmt.Fprintln(w.out, "essaim", app.Version())
	return nil
}
