package activity

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"essaim/federation/vocab"
	"essaim/internal/essaim"
	"essaim/internal/jobs"
	"essaim/internal/store"
	"essaim/internal/text"
)

// nameThing gives what a member creates its addresses, author, audience and dates, and writes its document (AP §6.2). What the member wrote in
// their place is not believed.
func (c *change) nameThing(ctx context.Context) error {
	if c.thing == nil {
		return essaim.Errorf(essaim.Invalid, "nothing here is made of type %q", c.a.Object.Type())
	}
	id := essaim.Identity{AttributedTo: c.actor.IRI, Published: c.a.Published, Language: string(c.Language)}
	if c.kind.Name == essaim.KindPerson {
		id.AttributedTo = "" // people belong to nobody
	}
	if c.kind.Actor {
		handle := strings.ToLower(c.a.Object.Doc.String("preferredUsername"))
		id.Handle, id.ID, id.URL = handle, c.Site.Actor(handle), c.Site.Profile(handle)
	} else {
		if err := c.nameObject(ctx, &id); err != nil {
			return err
		}
	}
	c.thing.Identify(id)
	c.thing.Clean(text.SanitizeLocal)
	if err := c.thing.Validate(); err != nil {
		return err
	}
	if p, ok := c.thing.(*essaim.Project); ok {
		p.History = slices.Clone(p.History)
		p.Succeed(&essaim.Project{}, c.a.Published, "")
	}
	c.setDocument()
	return nil
}

// nameObject addresses an object: the activity's audience is the object's (AP §6.2), public to the author's followers when none was given; a
// reply also names who is answered, and stays in the parent's conversation.
func (c *change) nameObject(ctx context.Context, id *essaim.Identity) error {
	doc := c.a.Object.Doc
	to, cc := c.a.To, c.a.CC
	if len(to) == 0 && len(cc) == 0 {
		to, cc = vocab.Addresses(doc, "to"), vocab.Addresses(doc, "cc")
	}
	parent, err := c.parent(ctx, doc)
	if err != nil {
		return err
	}
	if len(to) == 0 && len(cc) == 0 && len(c.a.BTo) == 0 && len(c.a.BCC) == 0 {
		to, cc = c.audienceFor(ctx, parent)
	}
	to, cc = slices.Clone(to), slices.Clone(cc)
	for _, m := range mentions(doc) {
		if !slices.Contains(to, m) && !slices.Contains(cc, m) {
			cc = append(cc, m)
		}
	}
	if parent != nil && parent.AttributedTo != c.actor.ID && essaim.VisibilityOf(to, cc, c.actor.Followers) <= essaim.Unlisted {
		if author := c.concerned(ctx, parent); !slices.Contains(to, author) && !slices.Contains(cc, author) {
			cc = append(cc, author) // who is answered hears of it
		}
	}
	objectID := c.newID(c.a.Published)
	suffix := ""
	if essaim.VisibilityOf(to, cc, c.actor.Followers) > essaim.Unlisted {
		suffix = fmt.Sprintf("%016x", c.Random())
	}
	id.ID = c.Site.Object(objectID, suffix)
	id.URL = c.Site.Profile(c.actor.Handle) + "/" + strings.TrimPrefix(id.ID, c.Site.Base+"/objects/")
	if c.kind.Name == essaim.KindEvent {
		id.URL = c.Site.Base + "/agenda/" + strings.TrimPrefix(id.ID, c.Site.Base+"/objects/")
	}
	id.Context = id.ID + "/context"
	if parent != nil && parent.Context != "" {
		id.Context = parent.Context
	}
	if about := doc.IRI("about"); about != "" && c.from.kind == system {
		id.Context = about
	}
	id.To, id.CC, c.a.To, c.a.CC = to, cc, to, cc
	c.object = &store.Object{ID: objectID}
	return nil
}

// parent is what a thing answers, nil when that is nothing, or nothing known.
func (c *change) parent(ctx context.Context, doc *vocab.Object) (*store.Object, error) {
	iri := doc.IRI("inReplyTo")
	if iri == "" {
		return nil, nil
	}
	p, err := store.ObjectByIRI(ctx, c.tx, iri)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return p, err
}

// audienceFor is whom a thing is for when its author did not say: everybody, but an answer to something private stays among those concerned.
func (c *change) audienceFor(ctx context.Context, parent *store.Object) (to, cc []string) {
	switch {
	case parent == nil || parent.Visibility <= essaim.Unlisted:
		return essaim.PublicV.Address(c.actor.Followers)
	case parent.AttributedTo != c.actor.ID:
		return []string{c.concerned(ctx, parent)}, nil
	}
	doc, err := parent.Document()
	if err != nil {
		return []string{c.actor.IRI}, nil
	}
	return vocab.Addresses(doc, "to"), vocab.Addresses(doc, "cc")
}

func mentions(doc *vocab.Object) []string {
	_, tags := vocab.ReadTags(doc)
	var out []string
	for _, t := range tags {
		if !slices.Contains(out, t.Href) {
			out = append(out, t.Href)
		}
	}
	return out
}

// setDocument writes the thing as the activity's object.
func (c *change) setDocument() {
	doc := c.thing.Encode()
	c.a.Object = vocab.Item{ID: doc.ID(), Doc: doc}
	c.a.Objects = []vocab.Item{c.a.Object}
	c.html = c.thing.Summary(c.Language).HTML
}

func verifyCreate(ctx context.Context, c *change) error {
	doc := c.a.Object.Doc
	if doc == nil {
		return refused("a Create needs its object")
	}
	if c.byUs() {
		if c.kind.Actor {
			return c.verifyNewActor(ctx)
		}
		return nil
	}
	if c.kind.Actor {
		return refused("actors are read at their origin, not created from afar")
	}
	if err := c.verifyOwn(doc); err != nil {
		return err
	}
	return c.verifyWanted(ctx)
}

// verifyOwn holds that an object comes from its author's own server and names him as its author (S3, S7, S8, D4). Mobilizon names the person in
// actor and the group in attributedTo: the person counts when it is of the object's server (federation §14).
func (c *change) verifyOwn(doc *vocab.Object) error {
	id := doc.ID()
	author := doc.IRI("attributedTo")
	switch {
	case c.Site.Owns(id):
		return refused("%s is ours (S8)", id)
	case id == c.a.Actor:
		return refused("the actor %s does not become a %s", id, doc.Type())
	case id == "" || len(id) > maxIRI || !essaim.SameOrigin(id, c.a.Actor):
		return refused("the object %q is not of its author's server (S3)", id)
	case author != c.a.Actor && doc.IRI("actor") != c.a.Actor: // of several authors the first
		return refused("%s is attributed to %q, not to %s (S3)", id, author, c.a.Actor)
	case c.thing == nil, isVote(doc):
		return errIgnored
	}
	return nil
}

// isVote recognises a vote in a poll (FEP-9967): a Note that is nothing but a name. There are no polls of ours to vote in.
func isVote(doc *vocab.Object) bool {
	return doc.Type() == vocab.Note && doc.Has("name") && !doc.Has("content") && !doc.Has("contentMap") && doc.IRI("inReplyTo") != ""
}

// verifyWanted keeps out what nobody here asked for: an author somebody follows, an address here, an answer to something known, or a read of ours.
func (c *change) verifyWanted(ctx context.Context) error {
	if c.actor == nil {
		return refused("the actor %s is not known", c.a.Actor)
	}
	if c.from.kind == fetched {
		return nil
	}
	doc := c.a.Object.Doc
	for _, iri := range slices.Concat(c.a.Recipients(), vocab.Addresses(doc, "to"), vocab.Addresses(doc, "cc"), mentions(doc)) {
		if c.Site.Owns(iri) {
			return nil
		}
	}
	if parent := doc.IRI("inReplyTo"); parent != "" {
		_, err := store.ObjectID(ctx, c.tx, parent)
		if err == nil {
			return nil
		}
		if !errors.Is(err, store.ErrNotFound) {
			return err
		}
	}
	wanted, err := store.Relevant(ctx, c.tx, c.actor.ID)
	if err == nil && !wanted {
		return errIgnored
	}
	return err
}

func receiveCreate(ctx context.Context, c *change) error {
	if c.byUs() && c.kind.Actor {
		return c.createActor(ctx)
	}
	gone, err := c.content.Marked(ctx, c.a.Object.ID, c.a.Actor)
	if err != nil || gone {
		c.status = Ignored
		return err
	}
	row := c.row(c.object)
	fresh, err := c.content.InsertObject(ctx, row)
	if err != nil {
		return err
	}
	if !fresh {
		return c.alreadyThere(ctx)
	}
	c.object = row
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
	if err := c.tellOfObject(ctx, row); err != nil {
		return err
	}
	if c.byUs() && row.Visibility == essaim.PublicV && c.kind.Announced {
		return c.announceOwn(ctx, row)
	}
	return nil
}

// alreadyThere ties a Create to an object that an Announce or a read brought before it.
func (c *change) alreadyThere(ctx context.Context) error {
	known, err := store.ObjectByIRI(ctx, c.tx, c.a.Object.ID)
	if err != nil {
		return err
	}
	c.object, c.status = known, Known
	if c.recorded() && known.Deleted.IsZero() && known.AttributedTo == c.actor.ID {
		return c.content.SetActivityObject(ctx, c.id, known.ID, known.Visibility)
	}
	return nil
}

// row makes the stored form of the activity's object from its thing. was is nil, or holds the id already given.
func (c *change) row(was *store.Object) *store.Object {
	doc, cols := c.a.Object.Doc, c.thing.Columns()
	o := &store.Object{
		IRI: doc.ID(), Kind: c.kind.Name, Type: doc.Type(), Host: essaim.HostOf(doc.ID()), Local: c.Site.Owns(doc.ID()),
		Context: doc.IRI("context"), InReplyTo: doc.IRI("inReplyTo"), Published: c.clamp(doc.Time("published")), Updated: c.clampUpdate(doc.Time("updated")),
		Starts: cols.Starts, Ends: cols.Ends, Phase: cols.Phase, Language: cols.Language, Lat: cols.Lat, Lon: cols.Lon,
		Policy: text.PolicyVersion, Doc: string(doc.Bytes()), HTML: c.html,
	}
	o.Visibility = essaim.VisibilityOf(vocab.Addresses(doc, "to"), vocab.Addresses(doc, "cc"), c.followers())
	if c.kind.Actor {
		o.Visibility = essaim.PublicV
	} else if c.actor != nil {
		o.AttributedTo = c.actor.ID
	}
	if was != nil && was.ID != 0 {
		o.ID = was.ID
	} else {
		o.ID = c.newID(o.Published)
	}
	if !o.Local {
		o.Fetched = c.now
	}
	return o
}

// clamp brings a remote date within reason: the future is now, nothing is now (S47).
func (c *change) clamp(t time.Time) time.Time {
	if t.IsZero() || t.After(c.now) {
		return c.now
	}
	return t
}

func (c *change) clampUpdate(t time.Time) time.Time {
	if t.After(c.now) {
		return c.now
	}
	return t
}

// file ties a new or changed object to its parent, its replies, its terms and, when it is not public, its readers.
func (c *change) file(ctx context.Context, o *store.Object) error {
	if err := c.tie(ctx, o); err != nil {
		return err
	}
	if err := c.content.AddTerms(ctx, o.ID, expandTerms(c.thing.Columns())); err != nil {
		return err
	}
	if o.Visibility <= essaim.Unlisted {
		return nil
	}
	doc := c.a.Object.Doc
	named, err := store.ActorsByIRI(ctx, c.tx, slices.Concat(c.a.Recipients(), vocab.Addresses(doc, "to"), vocab.Addresses(doc, "cc")))
	if err != nil {
		return err
	}
	var ids []essaim.ID
	for _, a := range named {
		ids = append(ids, a.ID)
	}
	return c.content.SetRecipients(ctx, o.ID, ids)
}

// tie finds the parent of a reply, or leaves a job to look for it; and takes in replies that came first.
func (c *change) tie(ctx context.Context, o *store.Object) error {
	if o.InReplyTo != "" && o.ReplyTo == 0 {
		parent, err := store.ObjectByIRI(ctx, c.tx, o.InReplyTo)
		switch {
		case err == nil:
			o.ReplyTo = parent.ID
			if o.Context == "" {
				o.Context = parent.Context
			}
			if err := c.content.UpdateObject(ctx, o); err != nil {
				return err
			}
		case !errors.Is(err, store.ErrNotFound):
			return err
		case !c.Site.Owns(o.InReplyTo):
			c.jobs = append(c.jobs, jobs.New{Kind: JobParent, Lane: essaim.HostOf(o.InReplyTo), Object: int64(o.ID), Args: ParentArgs{IRI: o.InReplyTo}})
		}
	}
	if o.Kind == essaim.KindPost && o.InReplyTo == "" && o.Local {
		return nil // nothing can have answered what has just been named
	}
	return c.content.Adopt(ctx, o)
}

// expandTerms files an object under its own territories and every one that contains them (TER8), its themes, tags, publics and goals.
func expandTerms(cols essaim.Columns) []essaim.Term {
	const most = 100
	terms := slices.Clone(cols.Terms)
	for _, key := range essaim.Expand(cols.Territories) {
		terms = append(terms, essaim.Term{Scheme: essaim.TermTerritory, Key: key})
	}
	return terms[:min(len(terms), most)]
}

// tellOfObject notes whom a new object concerns here: those it names, and the author of what it answers.
func (c *change) tellOfObject(ctx context.Context, o *store.Object) error {
	var told essaim.ID
	if o.ReplyTo != 0 {
		parent, err := store.ObjectByID(ctx, c.tx, o.ReplyTo)
		if err != nil {
			return err
		}
		if parent.Local && parent.AttributedTo != 0 {
			told = parent.AttributedTo
			c.tell(told, "reply", o.ID)
		}
	}
	for _, iri := range slices.Concat(mentions(c.a.Object.Doc), c.a.Recipients()) {
		if !c.Site.Owns(iri) || strings.HasSuffix(iri, "/followers") {
			continue
		}
		a, err := store.ActorByIRI(ctx, c.tx, iri)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		if a.ID != told {
			c.tell(a.ID, "mention", o.ID)
		}
	}
	return nil
}
