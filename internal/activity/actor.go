package activity

import (
	"context"
	"errors"
	"strings"

	"essaim/federation/vocab"
	"essaim/internal/essaim"
	"essaim/internal/store"
)

// verifyNewActor holds what a member may found: a project or an organisation, under a handle nobody ever had (D3).
func (c *change) verifyNewActor(ctx context.Context) error {
	if c.from.kind == local && c.kind.Name != essaim.KindProject && c.kind.Name != essaim.KindOrganisation {
		return essaim.Errorf(essaim.Forbidden, "members create projects and organisations; a %s is made by the instance", c.kind.Name)
	}
	handle := c.thing.Encode().String("preferredUsername")
	_, err := store.ActorByHandle(ctx, c.tx, handle, c.Site.Host)
	switch {
	case err == nil:
		return &essaim.Error{Code: essaim.Conflict, Field: "preferredUsername", Sentence: "the handle " + handle + " is taken; handles are never given twice"}
	case errors.Is(err, store.ErrNotFound):
		return nil
	}
	return err
}

// createActor brings a local actor into being with its keys, and its founder as owner. The Create itself is sent to nobody: peers learn of the
// actor from the companion Note (design §5).
func (c *change) createActor(ctx context.Context) error {
	doc := c.a.Object.Doc
	row := c.row(nil)
	fresh, err := c.content.InsertObject(ctx, row)
	if err != nil {
		return err
	}
	if !fresh {
		return essaim.Errorf(essaim.Conflict, "%s exists", row.IRI)
	}
	c.object, c.silent = row, true
	handle := doc.String("preferredUsername")
	actor := &store.Actor{ID: row.ID, IRI: row.IRI, Kind: row.Kind, Handle: handle, Host: c.Site.Host, Type: row.Type, Inbox: row.IRI + "/inbox",
		SharedInbox: c.Site.SharedInbox(), Outbox: row.IRI + "/outbox", Followers: row.IRI + "/followers", Verified: true, Local: true}
	if err := c.content.PutActor(ctx, actor); err != nil {
		return err
	}
	if err := c.giveKeys(ctx, row.IRI); err != nil {
		return err
	}
	if err := c.content.AddTerms(ctx, row.ID, expandTerms(c.thing.Columns())); err != nil {
		return err
	}
	if err := c.keepPictures(ctx, row); err != nil {
		return err
	}
	if err := c.content.SetActivityObject(ctx, c.id, row.ID, row.Visibility); err != nil {
		return err
	}
	if founder := c.founder(ctx); founder != 0 {
		member := &store.Relation{ID: c.newID(c.now), Kind: store.RelMember, Source: founder, Target: row.ID, State: store.Accepted, Role: "owner", Activity: c.a.ID, Created: c.now}
		if err := c.content.PutRelation(ctx, member); err != nil {
			return err
		}
	}
	if project, ok := c.thing.(*essaim.Project); ok {
		return c.companion(ctx, actor, project, c.projectPublished(project))
	}
	return nil
}

// founder is the person behind the account that acts, such as who creates an actor; 0 when that is no member.
func (c *change) founder(ctx context.Context) essaim.ID {
	if c.from.kind != local {
		return 0
	}
	account, err := store.AccountByID(ctx, c.tx, c.from.account)
	if err != nil {
		return 0
	}
	return account.Actor
}

// Fragments of key ids (federation-R1, FEP-521a).
const (
	RSAFragment     = "#main-key"
	Ed25519Fragment = "#ed25519-1"
)

func (c *change) giveKeys(ctx context.Context, iri string) error {
	if c.keys == nil {
		return essaim.Errorf(essaim.Internal, "%s is born without keys", iri)
	}
	pair := *c.keys
	for _, k := range []store.Key{
		{ID: iri + RSAFragment, Owner: iri, Algorithm: store.RSA, Public: pair.RSAPublic, Private: pair.RSAPrivate, Created: c.now},
		{ID: iri + Ed25519Fragment, Owner: iri, Algorithm: store.Ed25519, Public: pair.Ed25519Public, Private: pair.Ed25519Private, Created: c.now},
	} {
		if err := c.tx.PutKey(ctx, &k); err != nil {
			return err
		}
	}
	return nil
}

// CompleteActor lays endpoints and keys over the stored document of a local actor: the form in which it is served and sent.
func CompleteActor(ctx context.Context, q store.Q, site essaim.Site, content *vocab.Object) (*vocab.Object, error) {
	keys, err := store.KeysOf(ctx, q, content.ID())
	if err != nil {
		return nil, err
	}
	var published essaim.ActorKeys
	for _, k := range keys {
		switch k.Algorithm {
		case store.RSA:
			published.RSAID, published.RSAPEM = k.ID, k.Public
		case store.Ed25519:
			published.Ed25519ID, published.Ed25519Multi = k.ID, k.Public
		}
	}
	return essaim.CompleteActor(content, site, published), nil
}

// storeRemoteActor writes what a remote actor's own document says, with its keys. Only a document read at its origin brings keys; an Update
// signed by the actor does too, since the old key vouches for the new (K5).
func (c *change) storeRemoteActor(ctx context.Context) error {
	actor := vocab.ReadActor(c.a.Object.Doc)
	if actor == nil {
		return refused("%s is not a usable actor document", c.a.Object.ID)
	}
	if !essaim.SameOrigin(actor.Inbox, actor.ID) {
		return refused("the inbox of %s is on another server", actor.ID)
	}
	row := c.row(nil)
	fresh, err := c.content.InsertObject(ctx, row)
	if err != nil {
		return err
	}
	if !fresh {
		known, err := c.content.LockObject(ctx, row.IRI)
		if err != nil {
			return err
		}
		row.ID = known.ID
		if err := c.keepVersion(ctx, known, row); err != nil {
			return err
		}
		if err := c.content.UpdateObject(ctx, row); err != nil {
			return err
		}
		if err := c.content.DropTerms(ctx, row.ID); err != nil {
			return err
		}
	}
	c.object = row
	if err := c.content.AddTerms(ctx, row.ID, expandTerms(c.thing.Columns())); err != nil {
		return err
	}
	handle := strings.ToLower(actor.Handle)
	if handle == "" || len(handle) > 200 || strings.ContainsAny(handle, " /@#?") {
		handle = row.ID.String()
	}
	if c.actor == nil { // one that is known keeps the handle it came with, and takes nobody's
		if err := c.content.TakeHandle(ctx, handle, row.Host, row.ID); err != nil {
			return err
		}
	}
	shared := actor.SharedInbox
	if !essaim.SameOrigin(shared, actor.ID) {
		shared = ""
	}
	stored := &store.Actor{ID: row.ID, IRI: row.IRI, Kind: row.Kind, Handle: handle, Host: row.Host, Type: row.Type, Inbox: actor.Inbox, SharedInbox: shared,
		Outbox: actor.Outbox, Followers: ownFollowers(actor),
		Verified: true} // a server answers for its own handles; a claim on another domain was checked, or taken out, by internal/remote (S12)
	if err := c.content.PutActor(ctx, stored); err != nil {
		return err
	}
	c.actor = stored
	return c.storeRemoteKeys(ctx, actor)
}

// ownFollowers is the collection an actor names as his, unless it is of another server: that of one of ours is not to be taken (S8).
func ownFollowers(a *vocab.Actor) string {
	if !essaim.SameOrigin(a.Followers, a.ID) {
		return ""
	}
	return a.Followers
}

func (c *change) storeRemoteKeys(ctx context.Context, actor *vocab.Actor) error {
	if err := c.tx.DropRemoteKeys(ctx, actor.ID); err != nil {
		return err
	}
	for _, k := range actor.Keys {
		if k.Owner != actor.ID || !essaim.SameOrigin(k.ID, actor.ID) || len(k.ID) > maxIRI {
			continue // S5: key and owner name each other, on one origin
		}
		row := store.Key{ID: k.ID, Owner: actor.ID, Algorithm: store.RSA, Public: k.PEM, Created: c.now}
		if k.PEM == "" {
			row.Algorithm, row.Public = store.Ed25519, k.Multibase
		}
		if row.Public == "" {
			continue
		}
		if err := c.tx.PutKey(ctx, &row); err != nil {
			return err
		}
	}
	return nil
}
