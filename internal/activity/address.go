package activity

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"essaim/federation/vocab"
	"essaim/internal/essaim"
	"essaim/internal/jobs"
	"essaim/internal/store"
)

// keepTrying is how long a delivery is worth trying (DL3).
const keepTrying = 7 * 24 * time.Hour

// address decides who must receive a local activity, and passes on a remote one where AP §7.1.2 asks for it.
func (c *change) address(ctx context.Context) error {
	if !c.byUs() {
		return c.forward(ctx)
	}
	if c.silent {
		return nil
	}
	inboxes := c.audience
	if inboxes == nil {
		var err error
		if inboxes, err = c.inboxes(ctx); err != nil {
			return err
		}
	}
	if len(inboxes) == 0 {
		return nil
	}
	if err := c.content.PutPayload(ctx, c.id, c.wire(ctx)); err != nil {
		return err
	}
	object := essaim.ID(0)
	if c.object != nil && c.a.Type != vocab.Delete && c.a.Type != vocab.Undo {
		object = c.object.ID // its deletion cancels this
	}
	about := c.a.Object.ID
	if c.a.Type == vocab.Undo && c.a.Object.Doc.IRI("object") != "" {
		about = c.a.Object.Doc.IRI("object") // an Undo does not overtake what it undoes
	}
	for _, in := range inboxes {
		c.jobs = append(c.jobs, jobs.New{Kind: JobDeliver, Lane: in.Host, Serial: in.URL + " " + about, Activity: int64(c.id), Object: int64(object),
			Args: DeliverArgs{Inbox: in.URL, Actor: c.a.Actor}, Expires: keepTrying})
	}
	return nil
}

// wire makes the bytes that are sent: the activity with its object embedded; a Create and an Update carry it whole (federation §11). An actor's
// document goes out with its endpoints and keys.
func (c *change) wire(ctx context.Context) []byte {
	doc := c.a.Document()
	if c.kind.Actor && c.a.Type == vocab.Update {
		if complete, err := CompleteActor(ctx, c.tx, c.Site, c.a.Object.Doc); err == nil {
			doc.SetObject("object", complete)
		}
	}
	return doc.Document()
}

// inboxes turns the addresses of an activity into inboxes, one per server where the content is public enough (DL1).
func (c *change) inboxes(ctx context.Context) ([]store.Inbox, error) {
	var out []store.Inbox
	add := func(list ...store.Inbox) {
		for _, in := range list {
			if !slices.ContainsFunc(out, func(o store.Inbox) bool { return o.URL == in.URL }) {
				out = append(out, in)
			}
		}
	}
	if c.object != nil && (c.a.Type == vocab.Update || c.a.Type == vocab.Delete) && c.object.Visibility <= essaim.Unlisted {
		list, err := store.ReactorInboxes(ctx, c.tx, c.object.ID)
		if err != nil {
			return nil, err
		}
		out = list
	}
	shared := c.visibility <= essaim.Followers && c.a.Type != vocab.Follow
	seen := make(map[string]bool, 64)
	for _, iri := range append(c.a.Recipients(), c.also...) {
		if iri == "" || vocab.IsPublic(iri) || seen[iri] {
			continue
		}
		seen[iri] = true
		if c.Site.Owns(iri) {
			followed, err := c.collectionOwner(ctx, iri)
			if err != nil {
				return nil, err
			}
			if followed != nil {
				list, err := store.FollowerInboxes(ctx, c.tx, followed.ID, false)
				if err != nil {
					return nil, err
				}
				if len(out) == 0 {
					out = list
				} else {
					add(list...)
				}
			}
			continue
		}
		a, err := store.ActorByIRI(ctx, c.tx, iri)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if a.State < store.Suspended {
			add(store.Inbox{URL: a.DeliveryInbox(shared), Host: a.Host})
		}
	}
	return out, nil
}

// collectionOwner finds whose followers an address of ours stands for: the author's, or the instance's when it speaks beside him. Nobody writes to
// the followers of somebody else.
func (c *change) collectionOwner(ctx context.Context, iri string) (*store.Actor, error) {
	if !strings.HasSuffix(iri, "/followers") {
		return nil, nil
	}
	a, err := store.ActorByFollowers(ctx, c.tx, iri)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil || a.ID == c.actor.ID || slices.Contains(c.also, iri) {
		return a, err
	}
	return nil, nil
}

// forward passes on an answer to something of ours that is addressed to the followers of one of our actors, so that those who follow the
// conversation here see it (AP §7.1.2). It goes as it came; receivers read the object at its origin (federation §2.5).
func (c *change) forward(ctx context.Context) error {
	raw := c.a.Doc.Raw()
	if c.from.kind != remote || raw == nil || c.object == nil || c.status != Done || c.object.ReplyTo == 0 {
		return nil
	}
	if c.a.Type != vocab.Create && c.a.Type != vocab.Update && c.a.Type != vocab.Delete {
		return nil
	}
	parent, err := store.ObjectByID(ctx, c.tx, c.object.ReplyTo)
	if err != nil || !parent.Local {
		return err
	}
	for _, iri := range c.a.Recipients() {
		if !c.Site.Owns(iri) || !strings.HasSuffix(iri, "/followers") {
			continue
		}
		by, err := store.ActorByFollowers(ctx, c.tx, iri)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		inboxes, err := store.FollowerInboxes(ctx, c.tx, by.ID, false)
		if err != nil {
			return err
		}
		for _, in := range inboxes {
			if in.Host == c.actor.Host {
				continue
			}
			c.jobs = append(c.jobs, jobs.New{Kind: JobForward, Lane: in.Host, Serial: in.URL + " " + c.a.Object.ID, Object: int64(c.object.ID), Body: raw,
				Args: DeliverArgs{Inbox: in.URL, Actor: by.IRI}, Expires: keepTrying})
		}
	}
	return nil
}
