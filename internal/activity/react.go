package activity

import (
	"context"
	"errors"

	"essaim/federation/vocab"
	"essaim/internal/essaim"
	"essaim/internal/store"
)

func verifyAnnounce(ctx context.Context, c *change) error { return c.verifyReaction(ctx) }
func verifyLike(ctx context.Context, c *change) error     { return c.verifyReaction(ctx) }

// verifyReaction holds that a Like or an Announce is about something that is known, stands, and that its author may see; and that its own server is
// not blocked (S33). What is not known was looked for before (internal/remote).
func (c *change) verifyReaction(ctx context.Context) error {
	if c.actor == nil || c.a.Object.ID == "" {
		return refused("a %s needs an object, by somebody known", c.a.Type)
	}
	o, err := store.ObjectByIRI(ctx, c.tx, c.a.Object.ID)
	if errors.Is(err, store.ErrNotFound) {
		if c.byUs() {
			return essaim.Errorf(essaim.NotFound, "%q is not known: %w", c.a.Object.ID, err)
		}
		return errIgnored
	}
	if err != nil {
		return err
	}
	policy, err := store.PolicyOf(ctx, c.tx, o.Host)
	if err != nil {
		return err
	}
	if policy == store.HostBlocked {
		return refused("%s is of a blocked server (S33)", o.IRI)
	}
	if !o.Deleted.IsZero() {
		return errIgnored
	}
	seen, err := store.CanSee(ctx, c.tx, c.actor.ID, o.ID)
	if err != nil {
		return err
	}
	if !seen || c.a.Type == vocab.Announce && o.Visibility > essaim.Unlisted && o.AttributedTo != c.actor.ID {
		return essaim.Errorf(forbiddenTo(c), "%s is not for %s to %s", o.IRI, c.a.Actor, c.a.Type)
	}
	c.object = o
	return nil
}

func receiveLike(ctx context.Context, c *change) error {
	return c.react(ctx, store.RelLike, "like")
}

func receiveAnnounce(ctx context.Context, c *change) error {
	return c.react(ctx, store.RelAnnounce, "announce")
}

// addressAnnounce makes an Announce of ours that names nobody public, before its audience is recorded.
func (c *change) addressAnnounce(ctx context.Context) error {
	if len(c.a.Recipients()) > 0 {
		return nil
	}
	o, err := store.ObjectByIRI(ctx, c.tx, c.a.Object.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil // verifyReaction says so
	}
	if err == nil {
		c.a.To, c.a.CC = essaim.PublicV.Address(c.actor.Followers, c.concerned(ctx, o))
	}
	return err
}

// react ties the reaction once, tells the author when it is one of ours, and addresses it to the author when he is not.
func (c *change) react(ctx context.Context, kind, told string) error {
	gone, err := c.content.Marked(ctx, c.a.ID, c.a.Actor)
	if err != nil || gone {
		c.status = Ignored
		return err
	}
	rel := &store.Relation{ID: c.newID(c.now), Kind: kind, Source: c.actor.ID, Target: c.object.ID, State: store.Accepted, Activity: c.a.ID, Created: c.now}
	fresh, err := c.content.AddRelation(ctx, rel)
	if err != nil {
		return err
	}
	c.a.Object = vocab.Item{ID: c.a.Object.ID} // an Announce names its object, it does not carry it (T22)
	c.a.Objects = nil
	if !fresh {
		c.status, c.silent = Known, true
		return nil
	}
	if c.recorded() {
		if err := c.content.SetActivityObject(ctx, c.id, c.object.ID, c.visibility); err != nil {
			return err
		}
	}
	if c.object.Local && c.object.AttributedTo != 0 {
		c.tell(c.object.AttributedTo, told, c.object.ID)
	}
	if c.byUs() && kind == store.RelLike && len(c.a.To) == 0 {
		c.a.To = []string{c.concerned(ctx, c.object)}
	}
	return nil
}
