package main

import (
	"fmt"
	"text/tabwriter"
)

type configCmd struct{}

// Run prints every setting; secrets are masked.
func (configCmd) Run(w *world) error {
	_, settings, err := w.config()
	table := tabwriter.NewWriter(w.out, 0, 4, 2, ' ', 0)
	for _, s := range settings {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", s.Name, s.Value, s.Origin, s.Meaning)
	}
	if flushed := table.Flush(); flushed != nil {
		return flushed
	}
	return err
}
