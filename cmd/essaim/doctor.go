package main

import (
	"errors"
	"fmt"

	"essaim/internal/app"
)

type doctorCmd struct{}

// Run checks everything it can and says what to do about what is wrong.
func (doctorCmd) Run(w *world) error {
	cfg, _, err := w.config()
	if err != nil {
		return err
	}
	sick := 0
	for _, finding := range app.Examine(w.ctx, cfg) {
		mark := "ok  "
		if finding.Advice != "" {
			mark, sick = "fail", sick+1
		}
		fmt.Fprintf(w.out, "%s %-12s %s\n", mark, finding.What, oneLine(finding.Found))
		if finding.Advice != "" {
			fmt.Fprintf(w.out, "     %-12s %s\n", "", finding.Advice)
		}
	}
	if sick > 0 {
		return errors.New(plural(sick, "thing needs", "things need") + " attention")
	}
	return nil
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
