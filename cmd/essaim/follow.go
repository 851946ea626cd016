package main

import (
	"fmt"

	"essaim/internal/store"
)

type followCmd struct {
	Who string `arg:"" name:"actor-or-host" help:"@handle@host, the address of an actor, or a host."`
}

// Run follows, as the instance.
func (c followCmd) Run(w *world) error {
	a, err := w.open()
	if err != nil {
		return err
	}
	defer a.Close()
	if _, err := a.Remote.FollowAs(w.ctx, a.Site.Instance(), c.Who); err != nil {
		return err
	}
	if err := a.WorkOff(w.ctx); err != nil {
		return err
	}
	fmt.Fprintf(w.out, "asked to follow %s; the answer comes to the running server\n", c.Who)
	return nil
}

type backfillCmd struct {
	Who string `arg:"" name:"actor-or-host" help:"@handle@host, the address of an actor, or a host."`
}

// Run reads the past of an actor or an instance, page by page; interrupted, it goes on where it was when run again.
func (c backfillCmd) Run(w *world) error {
	a, err := w.open()
	if err != nil {
		return err
	}
	defer a.Close()
	root, err := a.Remote.Backfill(w.ctx, c.Who)
	if err != nil {
		return err
	}
	if err := a.WorkOff(w.ctx); err != nil {
		return err
	}
	p, err := a.Remote.Progress(w.ctx, root)
	if err != nil {
		return err
	}
	fmt.Fprintf(w.out, "%s: %d pages read, %d items new here\n", root, p.Pages, p.Items)
	if p.State == store.BackfillRunning {
		fmt.Fprintln(w.out, "the walk is not at its end: the server goes on with it while it runs, and tries again what does not answer")
	}
	if p.Error != "" {
		return fmt.Errorf("the walk ended early: %s; run the command again to go on", p.Error)
	}
	return nil
}
