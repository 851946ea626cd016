package main

import "essaim/internal/app"

type healthCmd struct{}

// Run asks /healthz of the server on the listen address; a container's health check.
func (healthCmd) Run(w *world) error {
	cfg, _, err := w.config()
	if err != nil {
		return err
	}
	return app.Health(w.ctx, cfg)
}
