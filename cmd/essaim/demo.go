package main

import (
	"fmt"
	"log/slog"

	"essaim/internal/app"
	"essaim/internal/config"
	"essaim/internal/demo"
)

type demoCmd struct {
	Port    int  `help:"First of the three ports." default:"8401"`
	Verbose bool `short:"v" help:"Show the logs of the instances."`
}

// Run starts the demonstration and stays until it is interrupted.
func (c demoCmd) Run(w *world) error {
	if c.Port < 0 || c.Port > 65533 {
		return fmt.Errorf("--port takes the first of three ports, 65533 at most, not %d", c.Port)
	}
	log := slog.New(slog.DiscardHandler)
	if c.Verbose {
		log = app.NewLogger(w.err, config.LogText, slog.LevelInfo)
	}
	return demo.Run(w.ctx, demo.Options{FirstPort: c.Port, Out: w.out, Logger: log})
}
