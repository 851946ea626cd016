package activity

import (
	"context"
	"errors"
	"slices"

	"essaim/federation/vocab"
	"essaim/internal/essaim"
	"essaim/internal/store"
	"essaim/internal/text"
)

// nextVersion completes what a member changed: the addresses, author, audience and first date of the thing stay what they were (AP §6.3), the
// phase history of a project only grows, and the whole document is written anew.
func (c *change) nextVersion(ctx context.Context) error {
	doc := c.a.Object.Doc
	if doc == nil || c.thing == nil {
		return essaim.Errorf(essaim.Invalid, "an Update needs the whole object")
	}
	was, err := store.ObjectByIRI(ctx, c.tx, doc.ID())
	if err != nil {
		return essaim.Errorf(essaim.NotFound, "there is nothing to update at %q: %w", doc.ID(), err)
	}
	if !was.Deleted.IsZero() {
		return essaim.Errorf(essaim.Gone, "%q was deleted", was.IRI)
	}
	old, err := was.Document()
	if err != nil {
		return err
	}
	if kind, _ := essaim.KindNamed(was.Kind); kind.Name != c.kind.Name && kind.Decode != nil {
		c.kind, c.thing = kind, kind.Decode(doc) // a client that leaves our marker out does not change the kind
	}
	to, cc := vocab.Addresses(old, "to"), vocab.Addresses(old, "cc")
	for _, m := range mentions(doc) { // whom an edit mentions hears of it
		if !slices.Contains(to, m) && !slices.Contains(cc, m) && !c.kind.Actor {
			cc = append(cc, m)
		}
	}
	c.thing.Identify(essaim.Identity{ID: was.IRI, URL: old.Link("url"), AttributedTo: old.IRI("attributedTo"), Handle: old.String("preferredUsername"),
		To: to, CC: cc, Context: old.IRI("context"), Language: string(c.Language), Published: was.Published, Updated: c.a.Published})
	c.thing.Clean(text.SanitizeLocal)
	if err := c.thing.Validate(); err != nil {
		return err
	}
	c.evolve(was)
	c.setDocument()
	if was.Visibility > essaim.Unlisted { // what is private is sent to those it is for and to nobody else
		c.a.To, c.a.CC, c.a.BTo, c.a.BCC = to, cc, nil, nil
	}
	if len(c.a.To) == 0 && len(c.a.CC) == 0 {
		c.a.To, c.a.CC = to, cc
		if c.kind.Actor {
			c.a.To, c.a.CC = essaim.PublicV.Address(c.actor.Followers)
		}
	}
	c.a.BTo, err = c.readers(ctx, was)
	return err
}

// readers are those a private object was given to, who were perhaps addressed blindly: they hear of what becomes of it too.
func (c *change) readers(ctx context.Context, o *store.Object) ([]string, error) {
	if o.Visibility <= essaim.Unlisted {
		return c.a.BTo, nil
	}
	iris, err := store.Recipients(ctx, c.tx, o.ID)
	return append(slices.Clone(c.a.BTo), iris...), err
}

// evolve keeps what a new version must not lose.
func (c *change) evolve(was *store.Object) {
	switch now := c.thing.(type) {
	case *essaim.Project:
		if before, ok := was.Thing().(*essaim.Project); ok {
			comment := c.a.Content
			now.History = slices.Clone(now.History)
			now.Succeed(before, c.a.Published, comment)
		}
	case *essaim.Event:
		before, ok := was.Thing().(*essaim.Event)
		if ok && !before.Starts.Equal(now.Starts) && (now.Status == "" || now.Status == essaim.EventScheduled) {
			now.Status, now.Previous = essaim.EventRescheduled, before.Starts
		}
	}
}

func verifyUpdate(ctx context.Context, c *change) error {
	doc := c.a.Object.Doc
	if doc == nil {
		return refused("an Update needs the whole object")
	}
	if c.byUs() {
		return c.verifyOwner(ctx, doc.ID())
	}
	if c.kind.Actor {
		switch {
		case doc.ID() != c.a.Actor:
			return refused("%s updates the actor %s (S7)", c.a.Actor, doc.ID())
		case c.actor == nil && c.from.kind == remote:
			return errIgnored // K4: unknown here, nobody asked
		}
		return nil
	}
	if err := c.verifyOwn(doc); err != nil {
		return err
	}
	if _, err := store.ObjectID(ctx, c.tx, doc.ID()); errors.Is(err, store.ErrNotFound) {
		return c.verifyWanted(ctx)
	}
	return c.verifyOwner(ctx, doc.ID())
}

// verifyOwner holds that what is changed belongs to who changes it: the very actor, not merely somebody of the same server (S7).
func (c *change) verifyOwner(ctx context.Context, iri string) error {
	if iri == c.a.Actor {
		return nil
	}
	o, err := store.ObjectByIRI(ctx, c.tx, iri)
	if err != nil {
		return essaim.Errorf(essaim.NotFound, "%q is not known: %w", iri, err)
	}
	if c.actor == nil || o.AttributedTo != c.actor.ID {
		return essaim.Errorf(forbiddenTo(c), "%s does not belong to %s (S7)", iri, c.a.Actor)
	}
	return nil
}

func forbiddenTo(c *change) essaim.Code {
	if c.byUs() {
		return essaim.Forbidden
	}
	return essaim.Refused
}

func receiveUpdate(ctx context.Context, c *change) error {
	if !c.byUs() && c.kind.Actor {
		return c.storeRemoteActor(ctx)
	}
	was, err := c.content.LockObject(ctx, c.a.Object.ID)
	if errors.Is(err, store.ErrNotFound) {
		return receiveCreate(ctx, c) // an Update of something unknown acts as a Create
	}
	if err != nil {
		return err
	}
	c.object = was
	row := c.row(was)
	if !was.Deleted.IsZero() || !newer(row, was) && !c.byUs() {
		c.status = Ignored // an Update wins only if it is newer; nothing brings back what was deleted
		return nil
	}
	row.Published, row.AttributedTo, row.ReplyTo, row.InReplyTo, row.Context = was.Published, was.AttributedTo, was.ReplyTo, was.InReplyTo, was.Context
	if row.Updated.IsZero() {
		row.Updated = c.now
	}
	c.object = row
	if err := c.keepVersion(ctx, was, row); err != nil {
		return err
	}
	if err := c.content.UpdateObject(ctx, row); err != nil {
		return err
	}
	if err := c.content.DropTerms(ctx, row.ID); err != nil {
		return err
	}
	if err := c.file(ctx, row); err != nil {
		return err
	}
	if err := c.keepPictures(ctx, row); err != nil {
		return err
	}
	if c.recorded() {
		if err := c.content.SetActivityObject(ctx, c.id, row.ID, row.Visibility); err != nil {
			return err
		}
	}
	if c.byUs() {
		return c.tellWhatChanged(ctx, was)
	}
	return nil
}

func newer(row, was *store.Object) bool {
	if row.Updated.IsZero() {
		return was.Updated.IsZero() && row.Doc != was.Doc
	}
	return row.Updated.After(was.Updated)
}
