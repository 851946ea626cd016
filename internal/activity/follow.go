package activity

import (
	"context"
	"errors"

	"essaim/federation/vocab"
	"essaim/internal/essaim"
	"essaim/internal/jobs"
	"essaim/internal/store"
)

func verifyFollow(ctx context.Context, c *change) error {
	target := c.a.Object.ID
	switch {
	case target == "" || target == c.a.Actor:
		return refused("a Follow needs somebody else to follow")
	case !c.byUs() && !c.Site.Owns(target):
		return refused("%s is not here to be followed", target)
	case c.actor == nil:
		return refused("the actor %s is not known", c.a.Actor)
	}
	_, err := c.target(ctx)
	return err
}

// target finds the actor an activity is about: it must be known by now (internal/remote reads it before a member follows it).
func (c *change) target(ctx context.Context) (*store.Actor, error) {
	a, err := store.ActorByIRI(ctx, c.tx, c.a.Object.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, essaim.Errorf(essaim.NotFound, "no actor is known as %q: %w", c.a.Object.ID, err)
	}
	if err != nil {
		return nil, err
	}
	if a.State == store.GoneActor {
		return nil, essaim.Errorf(essaim.Gone, "%s was deleted", a.IRI)
	}
	return a, nil
}

// receiveFollow ties the follower; a followed actor of ours accepts at once, in the same transaction. A second Follow with a new id gets an Accept
// of the new id (federation §11).
func receiveFollow(ctx context.Context, c *change) error {
	target, err := c.target(ctx)
	if err != nil {
		return err
	}
	undone, err := c.content.Marked(ctx, c.a.ID, c.a.Actor)
	if err != nil || undone {
		c.status = Ignored
		return err
	}
	if !c.byUs() {
		if err := c.content.ForgetUndo(ctx, c.actor.ID, c.a.ID); err != nil {
			return err
		}
	}
	blocked, err := store.Blocks(ctx, c.tx, c.actor.ID, target.ID)
	if err != nil {
		return err
	}
	if blocked {
		if !target.Local {
			return essaim.Errorf(essaim.Forbidden, "there is a block between you and %s", target.Address())
		}
		return c.answer(ctx, vocab.Reject, target)
	}
	rel := &store.Relation{ID: c.newID(c.now), Kind: store.RelFollow, Source: c.actor.ID, Target: target.ID, State: store.Pending, Activity: c.a.ID, Created: c.now}
	was, err := store.FindRelation(ctx, c.tx, store.RelFollow, c.actor.ID, target.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	asks := false
	if target.Local {
		if asks, err = c.approves(ctx, target); err != nil {
			return err
		}
	}
	if was != nil && was.State == store.Accepted || target.Local && !asks {
		rel.State = store.Accepted
	}
	if err := c.content.PutRelation(ctx, rel); err != nil {
		return err
	}
	if !target.Local {
		c.a.To = []string{target.IRI}
		return nil
	}
	if was == nil || asks && was.State == store.Rejected {
		c.tell(target.ID, map[bool]string{false: "follow", true: "request"}[asks], 0)
	}
	if c.actor.Local || rel.State == store.Pending {
		c.silent = true
		return nil
	}
	return c.answer(ctx, vocab.AcceptType, target)
}

// approves tells whether a person of ours answers followers by hand; bodies and projects are for everybody to follow.
func (c *change) approves(ctx context.Context, target *store.Actor) (bool, error) {
	if target.Kind != essaim.KindPerson {
		return false, nil
	}
	o, err := store.ObjectByID(ctx, c.tx, target.ID)
	if err != nil {
		return false, err
	}
	profile, ok := o.Thing().(*essaim.Profile)
	return ok && profile.ManuallyApproves, nil
}

// answer sends Accept or Reject of the activity at hand, with the activity embedded (R14), from the actor it was addressed to.
func (c *change) answer(ctx context.Context, typ string, by *store.Actor) error {
	inner := vocab.New(c.a.Type, c.a.ID).SetString("actor", c.a.Actor).SetString("object", c.a.Object.ID)
	_, err := c.further(ctx, &vocab.Activity{Type: typ, Actor: by.IRI, To: []string{c.a.Actor}, Object: vocab.Item{ID: c.a.ID, Doc: inner}}, nil)
	return err
}

// verifyAnswer finds the Follow an Accept or a Reject answers: by its id, else by the two ends of it. Only the actor that was followed may answer,
// and accepting is for what is pending (S9).
func verifyAnswer(ctx context.Context, c *change) error {
	if c.from.kind == system {
		return nil
	}
	rel, err := c.answered(ctx)
	if err != nil {
		return err
	}
	if c.actor == nil || rel.Target != c.actor.ID {
		return refused("%s was not asked (S9)", c.a.Actor)
	}
	return nil
}

func (c *change) answered(ctx context.Context) (*store.Relation, error) {
	if c.a.Object.ID != "" {
		rel, err := store.RelationByActivity(ctx, c.tx, c.a.Object.ID)
		if err == nil && rel.Kind == store.RelFollow {
			return rel, nil
		}
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, err
		}
	}
	doc := c.a.Object.Doc
	if doc == nil || doc.Type() != vocab.Follow {
		return nil, errIgnored
	}
	follower, err := store.ActorByIRI(ctx, c.tx, doc.IRI("actor"))
	if err != nil {
		return nil, unknownIsIgnored(err)
	}
	followed, err := store.ActorByIRI(ctx, c.tx, doc.IRI("object"))
	if err != nil {
		return nil, unknownIsIgnored(err)
	}
	rel, err := store.FindRelation(ctx, c.tx, store.RelFollow, follower.ID, followed.ID)
	return rel, unknownIsIgnored(err)
}

func unknownIsIgnored(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return errIgnored
	}
	return err
}

func receiveAccept(ctx context.Context, c *change) error {
	rel, err := c.answered(ctx)
	if errors.Is(err, errIgnored) && c.byUs() {
		return nil
	}
	if err != nil {
		return err
	}
	if rel.State != store.Pending {
		c.status = Known
		return nil
	}
	if err := c.content.SetRelationState(ctx, rel.ID, store.Accepted); err != nil {
		return err
	}
	if c.from.kind == local {
		if err := c.embedFollow(ctx, rel); err != nil || !c.silent {
			return err // a follower elsewhere is told by the Accept
		}
	}
	c.tell(rel.Source, "accept", rel.Target)
	if !c.actor.Local { // a page of what it published, so that no profile is blank (product Q4)
		c.jobs = append(c.jobs, jobs.New{Kind: JobBackfill, Lane: c.actor.Host, Serial: c.actor.IRI, Args: BackfillArgs{Root: c.actor.IRI, Pages: 1}})
	}
	return nil
}

// receiveReject ends a follow, before or after it was accepted (federation §11).
func receiveReject(ctx context.Context, c *change) error {
	rel, err := c.answered(ctx)
	if errors.Is(err, errIgnored) && c.byUs() {
		return nil // a follower turned away at the door was never tied
	}
	if err != nil {
		return err
	}
	if c.byUs() {
		if _, err = c.content.DropRelation(ctx, rel.Kind, rel.Source, rel.Target); err != nil || c.from.kind == system {
			return err
		}
		return c.embedFollow(ctx, rel)
	}
	return c.content.SetRelationState(ctx, rel.ID, store.Rejected)
}

// embedFollow addresses an answer of ours to the follower, with the Follow embedded (R14).
func (c *change) embedFollow(ctx context.Context, rel *store.Relation) error {
	follower, err := store.ActorByID(ctx, c.tx, rel.Source)
	if err != nil {
		return err
	}
	c.silent = follower.Local
	c.a.To = []string{follower.IRI}
	c.a.Object = vocab.Item{ID: rel.Activity, Doc: vocab.New(vocab.Follow, rel.Activity).SetString("actor", follower.IRI).SetString("object", c.a.Actor)}
	c.a.Objects = nil
	return nil
}
