package remote

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"time"

	"essaim/federation/fetch"
	"essaim/federation/vocab"
	"essaim/federation/webfinger"
	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/store"
)

// Actor finds an actor by its handle (@user@host), its id or the address of its page, here or at its origin. One of another server is read again
// after a day; when that fails, what is known is given. Errors carry a code and a sentence fit for people.
func (s *Service) Actor(ctx context.Context, ref string) (*store.Actor, error) {
	ref = strings.TrimSpace(ref)
	if !strings.Contains(ref, "://") {
		return s.byHandle(ctx, ref)
	}
	if s.Site.Owns(ref) {
		return s.ours(ctx, ref)
	}
	a, err := s.actor(ctx, ref)
	return a, mask(err, ref)
}

// ours finds an actor of this instance by its id or its page.
func (s *Service) ours(ctx context.Context, ref string) (*store.Actor, error) {
	a, err := store.ActorByIRI(ctx, s.DB.Read(), ref)
	if handle, isPage := strings.CutPrefix(ref, s.Site.Base+"/@"); isNotFound(err) && isPage {
		a, err = store.ActorByHandle(ctx, s.DB.Read(), strings.ToLower(handle), s.Site.Host)
	}
	return a, mask(err, ref)
}

// byHandle resolves a handle, and believes it only when it leads to an actor that bears it (S12).
func (s *Service) byHandle(ctx context.Context, ref string) (*store.Actor, error) {
	handle, err := webfinger.ParseHandle(ref)
	if err != nil {
		return nil, &essaim.Error{Code: essaim.Invalid, Sentence: "an account is written @name@server", Err: err}
	}
	known, err := store.ActorByHandle(ctx, s.DB.Read(), strings.ToLower(handle.User), handle.Host)
	switch {
	case err == nil && known.Local:
		return known, nil
	case err == nil:
		a, err := s.actor(ctx, known.IRI)
		return a, mask(err, ref)
	case !isNotFound(err):
		return nil, err
	case s.own(handle.Host):
		return nil, mask(err, ref)
	}
	if err := s.Policy(ctx, handle.Host); err != nil {
		return nil, mask(err, ref)
	}
	found, err := s.Webfinger.Lookup(ctx, handle.String())
	if err != nil {
		return nil, mask(err, ref)
	}
	if s.Site.Owns(found.Self) {
		return nil, mask(refused("%s points at an actor of ours (S12)", handle), ref)
	}
	a, err := s.actor(ctx, found.Self)
	if err != nil {
		return nil, mask(err, ref)
	}
	if !s.bears(ctx, a, found.Subject) {
		return nil, mask(refused("%s does not bear the handle %s (S12)", a.IRI, found.Subject), ref)
	}
	return a, nil
}

// bears tells whether an actor bears a handle that leads to it: as its own name on its own host, or as the name on another domain that its document
// claims (FEP-2c59) or that its own host answers with.
func (s *Service) bears(ctx context.Context, a *store.Actor, h webfinger.Handle) bool {
	if strings.EqualFold(a.Handle, h.User) && a.Host == h.Host {
		return true
	}
	if o, err := store.ObjectByID(ctx, s.DB.Read(), a.ID); err == nil {
		if doc, err := o.Document(); err == nil && strings.EqualFold(strings.TrimPrefix(doc.String("webfinger"), "@"), h.String()) {
			return true
		}
	}
	found, err := s.Webfinger.Lookup(ctx, a.Handle+"@"+a.Host)
	return err == nil && found.Self == a.IRI && found.Subject.Equal(h)
}

// actor gives an actor of another server by id or page, read again when it is older than a day.
func (s *Service) actor(ctx context.Context, iri string) (*store.Actor, error) {
	known, err := store.ActorByIRI(ctx, s.DB.Read(), iri)
	if err != nil && !isNotFound(err) {
		return nil, err
	}
	if err == nil && (known.State == store.GoneActor || s.Clock().Sub(time.UnixMilli(known.Fetched)) < actorFor) {
		return known, nil
	}
	found, failed := s.readActor(ctx, iri)
	if failed != nil && err == nil {
		return known, nil
	}
	return found, failed
}

// readActor reads an actor at its origin and stores it at once. What failed lately is not asked again (S19).
func (s *Service) readActor(ctx context.Context, iri string) (*store.Actor, error) {
	if err := s.recall(iri); err != nil {
		return nil, err
	}
	return s.actors.do(ctx, iri, actorDeadline, func(ctx context.Context) (*store.Actor, error) {
		doc, err := s.document(ctx, iri)
		var a *store.Actor
		if err == nil {
			a, err = s.storeActor(ctx, doc)
		}
		s.note(iri, err)
		if fetch.Gone(err) {
			if err := s.bury(ctx, iri, iri); err != nil {
				return nil, err
			}
		}
		return a, err
	})
}

// storeActor keeps an actor as its own document, just read, says it is.
func (s *Service) storeActor(ctx context.Context, doc *vocab.Object) (*store.Actor, error) {
	actor := vocab.ReadActor(doc)
	if actor == nil || s.Site.Owns(actor.ID) {
		return nil, refused("%q is no actor of another server", doc.ID())
	}
	host := essaim.HostOf(actor.ID)
	s.checkClaim(ctx, doc)
	a := &vocab.Activity{Type: vocab.Update, Actor: actor.ID, Object: vocab.Item{ID: actor.ID, Doc: doc}}
	if _, err := s.Activity.Apply(ctx, a, activity.Fetched(host)); err != nil {
		return nil, err
	}
	s.ForgetActor(actor.ID)
	s.fresh.put(actor.ID, struct{}{})
	for _, href := range actor.Implements {
		if href == vocab.RFC9421 {
			if err := s.advertised(ctx, host); err != nil {
				return nil, err
			}
		}
	}
	if err := s.acquaint(ctx, host); err != nil {
		return nil, err
	}
	return store.ActorByIRI(ctx, s.DB.Read(), actor.ID)
}

// checkClaim leaves the claim to a handle of another domain out of an actor's document unless that domain agrees (S12): what is kept may be shown.
func (s *Service) checkClaim(ctx context.Context, doc *vocab.Object) {
	claim, id := strings.TrimPrefix(doc.String("webfinger"), "@"), doc.ID()
	if claim == "" || strings.EqualFold(claim, doc.String("preferredUsername")+"@"+essaim.HostOf(id)) || s.answersFor(ctx, claim, id) {
		return
	}
	doc.Remove("webfinger")
}

// answersFor tells whether the domain of a handle leads to an actor (FEP-2c59).
func (s *Service) answersFor(ctx context.Context, handle, id string) bool {
	h, err := webfinger.ParseHandle(handle)
	if err != nil || s.own(h.Host) || s.Policy(ctx, h.Host) != nil {
		return false
	}
	found, err := s.Webfinger.Lookup(ctx, h.String())
	return err == nil && found.Self == id && found.Subject.Equal(h)
}

// bury marks what its own server says is gone as deleted. Who is not known cannot delete, and nothing is then known of it either.
func (s *Service) bury(ctx context.Context, iri, author string) error {
	a := &vocab.Activity{Type: vocab.Delete, Actor: author, Object: vocab.Item{ID: iri}}
	if _, err := s.Activity.Apply(ctx, a, activity.Fetched(essaim.HostOf(author))); err != nil && temporary(err) {
		return err
	}
	s.ForgetActor(iri)
	return nil
}

// Object finds an object or an actor by its id, here or at its origin; its author is resolved first. What was deleted is an error of code Gone.
func (s *Service) Object(ctx context.Context, iri string) (*store.Object, error) {
	o, err := s.object(ctx, iri)
	return o, mask(err, iri)
}

func (s *Service) object(ctx context.Context, iri string) (*store.Object, error) {
	o, err := store.ObjectByIRI(ctx, s.DB.Read(), iri)
	switch {
	case err == nil && !o.Deleted.IsZero():
		return nil, essaim.Errorf(essaim.Gone, "%s was deleted", iri)
	case err == nil || !isNotFound(err) || s.Site.Owns(iri):
		return o, err
	}
	return s.readObject(ctx, iri, nil)
}

// gate judges a document that was just read before it is kept: whether anybody here wants it.
type gate func(ctx context.Context, doc *vocab.Object, author string) (bool, error)

var errUnwanted = errors.New("nobody here asked for it")

// readObject reads an object at its origin, new or known, and stores it when the gate (nil lets all through) wants it.
func (s *Service) readObject(ctx context.Context, iri string, wanted gate) (*store.Object, error) {
	if err := s.recall(iri); err != nil {
		return nil, err
	}
	return s.objects.do(ctx, iri, objectDeadline, func(ctx context.Context) (*store.Object, error) {
		doc, err := s.document(ctx, iri)
		if err != nil {
			s.note(iri, err)
			return nil, err
		}
		return s.storeDocument(ctx, doc, wanted)
	})
}

// storeDocument keeps what was read at its origin: an actor, an object, or the object an activity is about.
func (s *Service) storeDocument(ctx context.Context, doc *vocab.Object, wanted gate) (*store.Object, error) {
	switch typ := doc.Type(); {
	case vocab.IsActor(typ):
		a, err := s.storeActor(ctx, doc)
		if err != nil {
			return nil, err
		}
		return store.ObjectByID(ctx, s.DB.Read(), a.ID)
	case typ == vocab.Tombstone:
		return nil, essaim.Errorf(essaim.Gone, "%s was deleted", doc.ID())
	case vocab.IsActivity(typ):
		deeper, err := fetch.Deeper(ctx)
		if err != nil {
			return nil, err
		}
		inner, err := s.document(deeper, doc.IRI("object"))
		if err != nil {
			return nil, err
		}
		return s.storeDocument(deeper, inner, wanted)
	}
	author, err := authorOf(doc)
	if err != nil {
		return nil, err
	}
	if wanted != nil {
		if ok, err := wanted(ctx, doc, author); err != nil || !ok {
			return nil, errors.Join(err, errUnwanted)
		}
	}
	if _, err := s.actor(ctx, author); err != nil {
		return nil, err
	}
	if err := s.keep(ctx, doc, author, nil); err != nil {
		return nil, err
	}
	return store.ObjectByIRI(ctx, s.DB.Read(), doc.ID())
}

// authorOf names the author of an object on its own server; Mobilizon's actor counts where attributedTo is a group elsewhere (federation §14).
func authorOf(doc *vocab.Object) (string, error) {
	for _, iri := range append(doc.IRIs("attributedTo"), doc.IRI("actor")) {
		if essaim.SameOrigin(iri, doc.ID()) {
			return iri, nil
		}
	}
	return "", refused("%s names no author on its own server (S3)", doc.ID())
}

// keep applies an object read at its origin: as an Update, which acts as a Create for what is new.
func (s *Service) keep(ctx context.Context, doc *vocab.Object, author string, also also) error {
	a := &vocab.Activity{Type: vocab.Update, Actor: author, To: vocab.Addresses(doc, "to"), CC: vocab.Addresses(doc, "cc"), Object: vocab.Item{ID: doc.ID(), Doc: doc}}
	from := activity.Fetched(essaim.HostOf(author))
	if also != nil {
		from = from.Also(also)
	}
	_, err := s.Activity.Apply(ctx, a, from)
	return err
}

type also = func(ctx context.Context, tx *store.Tx) error

// isRoot tells the address of a server from that of something on it.
func isRoot(ref string) (host string, ok bool) {
	u, err := url.Parse(ref)
	if err != nil || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
		return "", false
	}
	return u.Host, true
}
