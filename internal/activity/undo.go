package activity

import (
	"context"
	"errors"

	"essaim/federation/vocab"
	"essaim/internal/essaim"
	"essaim/internal/store"
)

// undone are the activities that can be taken back and the relation each made.
var undone = map[string]string{
	vocab.Follow: store.RelFollow, vocab.Like: store.RelLike, vocab.Announce: store.RelAnnounce, vocab.Block: store.RelBlock,
}

func undoable(relation string) bool {
	for _, kind := range undone {
		if kind == relation {
			return true
		}
	}
	return false
}

func verifyUndo(ctx context.Context, c *change) error {
	if c.a.Object.Zero() || c.actor == nil {
		return refused("an Undo needs what it undoes, by somebody known")
	}
	if doc := c.a.Object.Doc; doc != nil && doc.IRI("actor") != "" && doc.IRI("actor") != c.a.Actor {
		return refused("%s undoes what %s did (S7)", c.a.Actor, doc.IRI("actor"))
	}
	if !c.byUs() && c.a.Object.ID != "" && !essaim.SameOrigin(c.a.Object.ID, c.a.Actor) {
		return refused("%s is not for %s to undo (S7)", c.a.Object.ID, c.a.Actor)
	}
	rel, err := c.relationUndone(ctx)
	if err != nil {
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		return err
	}
	if rel.Source != c.actor.ID {
		return essaim.Errorf(forbiddenTo(c), "%s is not for %s to undo (S7)", c.a.Object.ID, c.a.Actor)
	}
	return nil
}

// relationUndone finds what an Undo takes back: by the id of the activity, else by (type, actor, object).
func (c *change) relationUndone(ctx context.Context) (*store.Relation, error) {
	if c.a.Object.ID != "" {
		rel, err := store.RelationByActivity(ctx, c.tx, c.a.Object.ID)
		if err == nil && !undoable(rel.Kind) { // a membership ends otherwise than by undoing the Create of the group
			return nil, store.ErrNotFound
		}
		if err == nil || !errors.Is(err, store.ErrNotFound) {
			return rel, err
		}
	}
	doc := c.a.Object.Doc
	kind, ok := undone[doc.Type()]
	if !ok || doc.IRI("object") == "" {
		return nil, store.ErrNotFound
	}
	object, err := store.ObjectID(ctx, c.tx, doc.IRI("object"))
	if err != nil {
		return nil, err
	}
	return store.FindRelation(ctx, c.tx, kind, c.actor.ID, object)
}

func receiveUndo(ctx context.Context, c *change) error {
	rel, err := c.relationUndone(ctx)
	if errors.Is(err, store.ErrNotFound) {
		c.status = Ignored
		if c.byUs() {
			return essaim.Errorf(essaim.NotFound, "there is nothing to undo: %w", err)
		}
		if c.a.Object.ID == "" {
			return nil
		}
		return c.content.Mark(ctx, c.a.Object.ID, vocab.Undo, c.a.Actor, c.now) // it may come before what it undoes
	}
	if err != nil {
		return err
	}
	if _, err := c.content.DropRelation(ctx, rel.Kind, rel.Source, rel.Target); err != nil {
		return err
	}
	if !c.byUs() && rel.Activity != "" && rel.Kind != store.RelFollow {
		if err := c.content.Mark(ctx, rel.Activity, vocab.Undo, c.a.Actor, c.now); err != nil { // what was undone stays undone if it comes again
			return err
		}
	}
	first, err := store.ActivityByIRI(ctx, c.tx, rel.Activity)
	switch {
	case err == nil:
		if err := c.content.DropNotifications(ctx, first.ID, 0); err != nil {
			return err
		}
		if !c.byUs() && first.Type == vocab.Follow { // Misskey follows again under the same id
			return c.content.ForgetActivity(ctx, first.ID)
		}
		if first.Type == vocab.Announce { // an outbox no longer shows it
			if err := c.content.SetActivityObject(ctx, first.ID, 0, first.Visibility); err != nil {
				return err
			}
		}
	case !errors.Is(err, store.ErrNotFound):
		return err
	}
	if c.byUs() {
		return c.sayUndone(ctx, rel)
	}
	return nil
}

// sayUndone embeds what an Undo of ours takes back (R14) and addresses it to whom it concerned.
func (c *change) sayUndone(ctx context.Context, rel *store.Relation) error {
	target, err := store.ObjectByID(ctx, c.tx, rel.Target)
	if err != nil {
		return err
	}
	typ := ""
	for t, kind := range undone {
		if kind == rel.Kind {
			typ = t
		}
	}
	c.a.Object = vocab.Item{ID: rel.Activity, Doc: vocab.New(typ, rel.Activity).SetString("actor", c.a.Actor).SetString("object", target.IRI)}
	c.a.Objects = nil
	if len(c.a.To) == 0 && len(c.a.CC) == 0 {
		c.a.To = []string{c.concerned(ctx, target)}
		if rel.Kind == store.RelAnnounce {
			c.a.To, c.a.CC = essaim.PublicV.Address(c.actor.Followers, c.concerned(ctx, target))
		}
	}
	return nil
}

// concerned is the actor a thing is, or the one who wrote it.
func (c *change) concerned(ctx context.Context, o *store.Object) string {
	if o.AttributedTo == 0 {
		return o.IRI
	}
	if author, err := store.ActorByID(ctx, c.tx, o.AttributedTo); err == nil {
		return author.IRI
	}
	return o.IRI
}
