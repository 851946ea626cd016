package loadtest

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"
)

// Row is one line of the table: what was measured, what came of it, what its budget allows, and what the bare operations cost in this run.
type Row struct{ What, Result, Budget, Bare string }

// Table collects rows.
type Table struct{ Rows []Row }

func (t *Table) add(what, result, budget, bare string) {
	t.Rows = append(t.Rows, Row{what, result, budget, bare})
}

// Print writes it for people.
func (t *Table) Print(w io.Writer) error {
	out := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(out, "what\tresult\tbudget\tbare operation, same run")
	for _, r := range t.Rows {
		fmt.Fprintf(out, "%s\t%s\t%s\t%s\n", r.What, r.Result, r.Budget, r.Bare)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("print the table: %w", err)
	}
	return nil
}

// millis writes a duration as milliseconds with three digits that mean something.
func millis(d time.Duration) string {
	ms := float64(d) / float64(time.Millisecond)
	switch {
	case ms < 1:
		return fmt.Sprintf("%.3f ms", ms)
	case ms < 100:
		return fmt.Sprintf("%.2f ms", ms)
	}
	return fmt.Sprintf("%.0f ms", ms)
}

func perSecond(n int, d time.Duration) string {
	if d <= 0 {
		return "—"
	}
	return fmt.Sprintf("%.0f/s", float64(n)/d.Seconds())
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/(1<<20)) }
