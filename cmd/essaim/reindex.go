package main

import (
	"fmt"
	"time"
)

type reindexCmd struct{}

// Run makes everything again that is made from documents, and says how far it is.
func (reindexCmd) Run(w *world) error {
	a, err := w.open()
	if err != nil {
		return err
	}
	defer a.Close()
	said := time.Now()
	return a.Reindex(w.ctx, func(done, total int64, changed int) {
		if done < total && time.Since(said) < time.Second {
			return
		}
		said = time.Now()
		fmt.Fprintf(w.out, "%d of %d objects, %d of them filed anew\n", done, total, changed)
	})
}
