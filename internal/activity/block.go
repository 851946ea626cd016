package activity

import (
	"context"

	"essaim/internal/essaim"
	"essaim/internal/store"
)

func verifyBlock(ctx context.Context, c *change) error {
	if c.actor == nil {
		return refused("the actor %s is not known", c.a.Actor)
	}
	if !c.byUs() && !c.Site.Owns(c.a.Object.ID) {
		return errIgnored
	}
	_, err := c.target(ctx)
	return err
}

// receiveBlock ties the block and ends the follows between the two, both ways.
func receiveBlock(ctx context.Context, c *change) error {
	target, err := c.target(ctx)
	if err != nil {
		return err
	}
	rel := &store.Relation{ID: c.newID(c.now), Kind: store.RelBlock, Source: c.actor.ID, Target: target.ID, State: store.Accepted, Activity: c.a.ID, Created: c.now}
	if err := c.content.PutRelation(ctx, rel); err != nil {
		return err
	}
	for _, pair := range [][2]essaim.ID{{c.actor.ID, target.ID}, {target.ID, c.actor.ID}} {
		if _, err := c.content.DropRelation(ctx, store.RelFollow, pair[0], pair[1]); err != nil {
			return err
		}
	}
	if c.byUs() {
		c.a.To = []string{target.IRI}
	}
	return nil
}
