package main

import (
	"fmt"

	"essaim/internal/app"
)

type migrateCmd struct {
	Up     migrateUpCmd     `cmd:"" default:"1" help:"Apply what is missing."`
	Status migrateStatusCmd `cmd:"" help:"Show what was applied."`
}

type migrateUpCmd struct{}

// Run applies what is missing.
func (migrateUpCmd) Run(w *world) error {
	cfg, _, err := w.config()
	if err != nil {
		return err
	}
	if err := app.Migrate(w.ctx, cfg); err != nil {
		return err
	}
	fmt.Fprintln(w.out, "the database is up to date")
	return nil
}

type migrateStatusCmd struct{}

// Run lists the migrations.
func (migrateStatusCmd) Run(w *world) error {
	cfg, _, err := w.config()
	if err != nil {
		return err
	}
	list, err := app.MigrationStatus(w.ctx, cfg)
	if err != nil {
		return err
	}
	for _, m := range list {
		state := "missing"
		if !m.Applied.IsZero() {
			state = "applied"
		}
		fmt.Fprintf(w.out, "%04d  %-8s %s\n", m.Version, state, m.Name)
	}
	return nil
}
