package activity

import (
	"context"
	"errors"
	"slices"
	"time"

	"essaim/federation/vocab"
	"essaim/internal/essaim"
	"essaim/internal/jobs"
	"essaim/internal/store"
)

func verifyDelete(ctx context.Context, c *change) error {
	iri := c.a.Object.ID
	if iri == "" {
		return refused("a Delete needs the id of what it deletes")
	}
	if !c.byUs() {
		if c.Site.Owns(iri) || !essaim.SameOrigin(iri, c.a.Actor) {
			return refused("%s is not for %s to delete (S7, S8)", iri, c.a.Actor)
		}
		if c.actor == nil {
			return errIgnored // K4
		}
	}
	if c.from.kind == local && iri == c.a.Actor {
		return c.mayEnd(ctx)
	}
	err := c.verifyOwner(ctx, iri)
	if errors.Is(err, store.ErrNotFound) && !c.byUs() {
		return nil // it may come before its Create
	}
	return err
}

// mayEnd holds that nobody but himself, or an owner, ends an actor for good; the instance is not ended from outside.
func (c *change) mayEnd(ctx context.Context) error {
	if c.actor.Kind == essaim.KindInstance {
		return essaim.Errorf(essaim.Forbidden, "the instance itself is not deleted")
	}
	account, err := store.AccountByID(ctx, c.tx, c.from.account)
	if err != nil {
		return err
	}
	if account.Actor == c.actor.ID {
		alone, err := store.AloneIn(ctx, c.tx, account.Actor)
		if err == nil && len(alone) > 0 {
			err = &essaim.Error{Code: essaim.Conflict, Field: "owner", Sentence: "the last owner of " + alone[0].Handle + " hands it over before leaving"}
		}
		return err
	}
	role, err := store.Role(ctx, c.tx, account.Actor, c.actor.ID)
	if err != nil || role == "owner" {
		return err
	}
	if c.actor.Kind == essaim.KindAccelerator && account.Role == "admin" {
		return nil
	}
	return essaim.Errorf(essaim.Forbidden, "only an owner deletes %s", c.actor.Handle)
}

func receiveDelete(ctx context.Context, c *change) error {
	o, err := c.content.LockObject(ctx, c.a.Object.ID)
	if errors.Is(err, store.ErrNotFound) {
		c.status = Ignored
		return c.content.Mark(ctx, c.a.Object.ID, vocab.Delete, c.a.Actor, c.now)
	}
	if err != nil {
		return err
	}
	c.object = o
	if !o.Deleted.IsZero() {
		c.status, c.silent = Ignored, true
		return nil
	}
	if c.byUs() {
		if err := c.sayDeleted(ctx, o); err != nil {
			return err
		}
	}
	if c.a.Object.ID == c.a.Actor {
		return c.deleteActor(ctx, o)
	}
	return c.bury(ctx, o)
}

// sayDeleted gives a Delete of ours its Tombstone and the audience of what it deletes (AP §6.4, federation §11).
func (c *change) sayDeleted(ctx context.Context, o *store.Object) error {
	if o.IRI == c.a.Actor {
		c.a.To, c.a.Object = []string{vocab.Public}, vocab.Item{ID: o.IRI}
		return nil
	}
	doc, err := o.Document()
	if err != nil {
		return err
	}
	c.a.To, c.a.CC, c.visibility = vocab.Addresses(doc, "to"), vocab.Addresses(doc, "cc"), o.Visibility
	if c.a.BTo, err = c.readers(ctx, o); err != nil {
		return err
	}
	c.a.Object = vocab.Item{ID: o.IRI, Doc: tombstone(o, c.now)}
	return c.undoAnnounces(ctx, o)
}

func tombstone(o *store.Object, now time.Time) *vocab.Object {
	return vocab.New(vocab.Tombstone, o.IRI).SetString("formerType", o.Type).SetTime("published", o.Published).SetTime("deleted", now)
}

// bury leaves a Tombstone: the text, its readers, its terms, what was about to be sent of it, all go; the id stays, so that a late Create revives
// nothing and the address answers 410 (R8, T18).
func (c *change) bury(ctx context.Context, o *store.Object) error {
	buried := &store.Object{ID: o.ID, IRI: o.IRI, Kind: o.Kind, Type: o.Type, Context: o.Context, InReplyTo: o.InReplyTo, ReplyTo: o.ReplyTo, Visibility: o.Visibility,
		Updated: o.Updated, Deleted: c.now, Fetched: o.Fetched, Doc: string(tombstone(o, c.now).Bytes())}
	if err := c.content.UpdateObject(ctx, buried); err != nil {
		return err
	}
	for _, step := range []func() error{
		func() error { return c.content.DropTerms(ctx, o.ID) },
		func() error { return c.content.DropVersions(ctx, o.ID) },
		func() error { return c.content.DropNotifications(ctx, 0, o.ID) },
		func() error { return c.Jobs.CancelObject(ctx, c.tx, int64(o.ID), JobDeliver, JobForward, JobParent) },
		func() error { return c.content.ErasePayloads(ctx, o.ID) },
		func() error { return c.forgetPictures(ctx, o) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	if c.recorded() {
		return c.content.SetActivityObject(ctx, c.id, o.ID, o.Visibility)
	}
	return nil
}

// deleteActor buries an actor: at once its document, its ties and its standing; what it published follows, page by page, as a job.
func (c *change) deleteActor(ctx context.Context, o *store.Object) error {
	if c.byUs() {
		inboxes, err := store.KnownSharedInboxes(ctx, c.tx)
		if err != nil {
			return err
		}
		c.audience = inboxes
	}
	if err := c.bury(ctx, o); err != nil {
		return err
	}
	if err := c.content.DropRelationsOf(ctx, o.ID); err != nil {
		return err
	}
	if err := c.content.SetActorState(ctx, o.ID, store.GoneActor); err != nil {
		return err
	}
	if o.Local {
		if err := c.tx.RetireKeys(ctx, o.IRI, c.now); err != nil {
			return err
		}
	} else if err := c.tx.DropRemoteKeys(ctx, o.IRI); err != nil {
		return err
	}
	c.jobs = append(c.jobs, jobs.New{Kind: JobErase, Serial: o.IRI, Object: 0, Args: EraseArgs{Actor: int64(o.ID)}})
	return nil
}

// EraseBatch buries a page of what a deleted actor published and tells whether more is left. It is the work of JobErase; Deletes are not sent
// one by one, since the actor's own Delete says it all.
func (s *Service) EraseBatch(ctx context.Context, actor essaim.ID, also func(context.Context, *store.Tx) error) (more bool, err error) {
	const page = 50
	err = s.DB.Write(ctx, store.Relaxed, func(tx *store.Tx) error {
		c := &change{Service: s, tx: tx, content: tx.Content(), now: s.Clock().UTC(), prepared: &prepared{a: &vocab.Activity{}}}
		objects, err := store.Remains(ctx, tx, actor, page)
		if err != nil {
			return err
		}
		for _, o := range objects {
			if err := c.bury(ctx, o); err != nil {
				return err
			}
		}
		if more = len(objects) == page; !more && also != nil {
			return also(ctx, tx)
		}
		return nil
	})
	return more, err
}

// undoAnnounces takes back what the instance and the groups announced of an object that goes (M2, federation §9).
func (c *change) undoAnnounces(ctx context.Context, o *store.Object) error {
	announces, err := store.LocalSources(ctx, c.tx, store.RelAnnounce, o.ID)
	if err != nil {
		return err
	}
	for _, r := range announces {
		by, err := store.ActorByID(ctx, c.tx, r.Source)
		if err != nil {
			return err
		}
		to, cc := essaim.PublicV.Address(by.Followers)
		undo := &vocab.Activity{Type: vocab.Undo, Actor: by.IRI, To: to, CC: cc, Object: vocab.Item{ID: r.Activity,
			Doc: vocab.New(vocab.Announce, r.Activity).SetString("actor", by.IRI).SetString("object", o.IRI)}}
		if _, err := c.further(ctx, undo, nil); err != nil {
			return err
		}
		if !slices.Contains(c.also, by.Followers) {
			c.also = append(c.also, by.Followers)
		}
	}
	return nil
}
