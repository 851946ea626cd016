package main

import (
	"fmt"
	"net"
)

type serveCmd struct {
	NoMigrate bool `help:"Do not bring the database up to date; refuse to start when it is not."`
}

// Run serves until it is asked to stop, then finishes what it is doing.
func (c serveCmd) Run(w *world) error {
	a, err := w.openWith(c.NoMigrate)
	if err != nil {
		return err
	}
	defer a.Close()
	listener, err := net.Listen("tcp", a.Config.Listen)
	if err != nil {
		return fmt.Errorf("cannot listen on %s: %w; choose another address with ESSAIM_LISTEN", a.Config.Listen, err)
	}
	return a.Serve(w.ctx, listener)
}
