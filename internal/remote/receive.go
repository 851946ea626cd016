package remote

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"essaim/federation/fetch"
	"essaim/federation/vocab"
	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/jobs"
	"essaim/internal/store"
)

// receive does a job of that name (design §6.1): prepares what was delivered to an inbox, and applies it in the transaction that ends the job.
// An author that is known and fresh and an object of his own need neither network nor query here. What fails for a moment is tried again; what
// is refused for good ends with a line in the log.
func (s *Service) receive(ctx context.Context, j *jobs.Job) error {
	var args activity.ReceiveArgs
	if err := json.Unmarshal(j.Args, &args); err != nil {
		return jobs.Permanent(refused("the arguments of the job cannot be read: %w", err))
	}
	ctx = fetch.WithBudget(ctx, fetch.MaxRequests)
	if args.Forwarded {
		return s.ended(args, s.receiveForwarded(ctx, args))
	}
	doc, err := vocab.Parse(j.Body)
	if err != nil {
		return s.ended(args, refused("it cannot be read: %w", err))
	}
	a := vocab.ReadActivity(doc)
	if a == nil {
		return nil // unknown types are dropped (federation §14)
	}
	apply, err := s.ready(ctx, a)
	if err != nil || !apply {
		return s.ended(args, err)
	}
	_, err = s.Activity.Apply(ctx, a, activity.Remote(args.Signer).Also(j.Done))
	if err == nil && a.Object.ID == a.Actor {
		s.ForgetActor(a.Actor) // it changed its keys, or left
	}
	return s.ended(args, err)
}

// ended says what becomes of the job.
func (s *Service) ended(args activity.ReceiveArgs, err error) error {
	if err == nil || temporary(err) {
		return err
	}
	s.Logger.Info("an activity was not taken in", "host", essaim.HostOf(args.Signer), "type", args.Type, "reason", err)
	return nil
}

// ready reads what an activity needs and does not bring (design §5 "Before it"). false ends it: it concerns nobody here, or what counts of it was
// read at its origin.
func (s *Service) ready(ctx context.Context, a *vocab.Activity) (bool, error) {
	author, err := s.author(ctx, a)
	if err != nil || author == nil && !s.isFresh(a.Actor) {
		return false, err
	}
	switch a.Type {
	case vocab.Announce:
		return s.readyAnnounce(ctx, a)
	case vocab.Create, vocab.Update:
		if a.Object.ID == a.Actor && a.Object.Doc != nil {
			s.checkClaim(ctx, a.Object.Doc)
			return true, nil
		}
		return s.readyObject(ctx, a)
	}
	return true, nil
}

func (s *Service) isFresh(actor string) bool {
	_, fresh := s.fresh.get(actor)
	return fresh
}

// author makes sure of who acts: unknown or older than a day, it is read. nil with no error is a stranger who deletes, of whom nothing is known
// (K4), or one remembered as fresh, whose row Apply reads anyway.
func (s *Service) author(ctx context.Context, a *vocab.Activity) (*store.Actor, error) {
	if s.isFresh(a.Actor) {
		return nil, nil
	}
	if a.Type == vocab.Delete {
		known, err := store.ActorByIRI(ctx, s.DB.Read(), a.Actor)
		if isNotFound(err) {
			return nil, nil
		}
		return known, err
	}
	known, err := s.actor(ctx, a.Actor)
	if err == nil {
		s.fresh.put(a.Actor, struct{}{})
	}
	return known, err
}

// relevant tells whether anybody here follows who acts: for others nothing is fetched (S36).
func (s *Service) relevant(ctx context.Context, actor string) (bool, error) {
	id, err := store.ObjectID(ctx, s.DB.Read(), actor)
	if isNotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return store.Relevant(ctx, s.DB.Read(), id)
}

// readyAnnounce has the announced object at hand: what is embedded is not believed, the id is read at its origin (A4). Of a wrapped activity
// (FEP-1b12) the object counts.
func (s *Service) readyAnnounce(ctx context.Context, a *vocab.Activity) (bool, error) {
	iri := a.Object.ID
	if inner := a.Object.Doc; inner != nil && vocab.IsActivity(inner.Type()) {
		if inner.Type() != vocab.Create {
			return false, nil
		}
		iri = inner.IRI("object")
	}
	a.Object = vocab.Item{ID: iri}
	_, err := store.ObjectID(ctx, s.DB.Read(), iri)
	if err == nil || s.Site.Owns(iri) {
		return true, nil
	}
	if !isNotFound(err) {
		return false, err
	}
	if wanted, err := s.relevant(ctx, a.Actor); err != nil || !wanted {
		return false, err
	}
	o, err := s.object(ctx, iri)
	if err != nil {
		return false, err
	}
	a.Object.ID = o.IRI
	return true, nil
}

// readyObject judges the object of a Create or an Update. One of the author's own server is taken as it came, or read when only its id was given;
// another server's is read there and the payload ignored (S3).
func (s *Service) readyObject(ctx context.Context, a *vocab.Activity) (bool, error) {
	if a.Object.ID == "" || s.Site.Owns(a.Object.ID) {
		return true, nil // Apply says no, with the reason (S8)
	}
	if !essaim.SameOrigin(a.Object.ID, a.Actor) {
		if wanted, err := s.relevant(ctx, a.Actor); err != nil || !wanted {
			return false, err
		}
		_, err := s.readObject(ctx, a.Object.ID, nil)
		return false, err
	}
	if a.Object.Doc == nil {
		doc, err := s.document(ctx, a.Object.ID)
		if err != nil {
			return false, err
		}
		a.Object.Doc = doc
		a.Objects = []vocab.Item{a.Object}
		if len(a.To) == 0 && len(a.CC) == 0 {
			a.To, a.CC = vocab.Addresses(doc, "to"), vocab.Addresses(doc, "cc")
		}
	}
	return true, s.meetMentioned(ctx, a)
}

// Bounds of what mentions may cost (S37).
const (
	maxMentions     = 5
	mentionDeadline = 5 * time.Second
)

// meetMentioned looks at most five unknown actors up that are mentioned, when the text is going to be kept. It is a courtesy to readers: what
// fails is left out.
func (s *Service) meetMentioned(ctx context.Context, a *vocab.Activity) error {
	_, mentions := vocab.ReadTags(a.Object.Doc)
	var unknown []string
	for _, m := range mentions {
		if m.Href == a.Actor || s.Site.Owns(m.Href) || s.isFresh(m.Href) {
			continue
		}
		_, err := store.ObjectID(ctx, s.DB.Read(), m.Href)
		if err != nil && !isNotFound(err) {
			return err
		}
		if err != nil && len(unknown) < maxMentions {
			unknown = append(unknown, m.Href)
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	if wanted, err := s.relevant(ctx, a.Actor); err != nil || !wanted {
		return err
	}
	limited, cancel := context.WithTimeout(ctx, mentionDeadline)
	defer cancel()
	var all sync.WaitGroup
	for _, iri := range unknown {
		all.Go(func() {
			if _, err := s.readActor(limited, iri); err != nil {
				s.Logger.Debug("a mentioned actor was not found", "host", essaim.HostOf(iri), "err", err)
			}
		})
	}
	all.Wait()
	return nil
}

// receiveForwarded deals with an activity that another than its actor signed: only its ids count (federation §2.5, S13). What it publishes is read
// at its origin and kept when somebody here wants it; what it deletes is deleted when its origin says so.
func (s *Service) receiveForwarded(ctx context.Context, args activity.ReceiveArgs) error {
	if args.Object == "" || s.Site.Owns(args.Object) {
		return nil
	}
	known, err := store.ObjectByIRI(ctx, s.DB.Read(), args.Object)
	if err != nil && !isNotFound(err) {
		return err
	}
	switch args.Type {
	case vocab.Create, vocab.Announce:
		if known != nil {
			return nil
		}
	case vocab.Update:
	case vocab.Delete:
		if known == nil || !known.Deleted.IsZero() {
			return nil
		}
		return s.deleteIfGone(ctx, known)
	default:
		return nil
	}
	_, err = s.readObject(ctx, args.Object, s.wantedFrom(args.Signer))
	if errors.Is(err, errUnwanted) && !temporary(err) {
		return nil
	}
	return err
}

// wantedFrom lets through what is by an author followed here, answers something known, names somebody here, or was passed on by somebody
// followed here.
func (s *Service) wantedFrom(signer string) gate {
	return func(ctx context.Context, doc *vocab.Object, author string) (bool, error) {
		if _, err := store.ObjectID(ctx, s.DB.Read(), doc.ID()); err == nil {
			return true, nil
		}
		for _, iri := range append(vocab.Addresses(doc, "to"), vocab.Addresses(doc, "cc")...) {
			if s.Site.Owns(iri) {
				return true, nil
			}
		}
		if parent := doc.IRI("inReplyTo"); parent != "" {
			if _, err := store.ObjectID(ctx, s.DB.Read(), parent); err == nil {
				return true, nil
			}
		}
		for _, iri := range []string{author, signer} {
			if wanted, err := s.relevant(ctx, iri); err != nil || wanted {
				return wanted, err
			}
		}
		return false, nil
	}
}

// deleteIfGone asks the origin of an object whether it is gone: 410 and a Tombstone say so, and 404 of what was for everybody, since what is
// private is a 404 to us as well. Anything else leaves it.
func (s *Service) deleteIfGone(ctx context.Context, o *store.Object) error {
	doc, _, err := s.retrieve(ctx, o.IRI)
	if err != nil && !fetch.Missing(err) {
		return err
	}
	if err != nil && !fetch.Gone(err) && o.Visibility > essaim.Unlisted {
		return nil
	}
	if err == nil && (doc.Type() != vocab.Tombstone || doc.ID() != o.IRI) {
		return nil
	}
	if o.AttributedTo == 0 {
		return s.bury(ctx, o.IRI, o.IRI)
	}
	author, err := store.ActorByID(ctx, s.DB.Read(), o.AttributedTo)
	if err != nil {
		return err
	}
	return s.bury(ctx, o.IRI, author.IRI)
}
