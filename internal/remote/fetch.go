package remote

import (
	"context"
	"errors"
	"fmt"
	"time"

	"essaim/federation/fetch"
	"essaim/federation/inbox"
	"essaim/federation/vocab"
	"essaim/internal/essaim"
	"essaim/internal/store"
)

// Deadlines of what one look-up may take, second tries and authors included.
const (
	keyDeadline    = 5 * time.Second
	actorDeadline  = 15 * time.Second
	objectDeadline = 30 * time.Second
)

// errPaced tells that too many new hosts of one domain turned up within a minute (S39).
var errPaced = errors.New("too many new servers of one domain at once")

// retrieve reads a document where it is said to be and where it was found in the end, after the policy and the pace of new hosts were asked.
func (s *Service) retrieve(ctx context.Context, iri string) (doc *vocab.Object, at string, err error) {
	host := fetch.Host(iri)
	if host == "" || s.own(host) {
		return nil, "", refused("%q is no address of another server", iri)
	}
	if err := s.Policy(ctx, host); err != nil {
		return nil, "", err
	}
	p, err := s.peer(ctx, host)
	if err != nil {
		return nil, "", err
	}
	if !p.met() && s.arrivals.Admit(host) > 0 {
		return nil, "", essaim.Errorf(essaim.Unavailable, "%s: %w", host, errPaced)
	}
	found, err := s.get(ctx, p, iri)
	if err != nil {
		return nil, "", err
	}
	if end := fetch.Host(found.URL); end != host {
		if err := s.Policy(ctx, end); err != nil {
			return nil, "", err
		}
	}
	doc, err = vocab.Parse(found.Body)
	if err != nil {
		return nil, "", refused("what %s serves cannot be read: %w", host, err)
	}
	return doc, found.URL, nil
}

// document reads a document at its origin: what is found elsewhere than at its id is read once more at the id, on the same origin, and must be
// there (S4).
func (s *Service) document(ctx context.Context, iri string) (*vocab.Object, error) {
	doc, at, err := s.retrieve(ctx, iri)
	if err != nil || doc.ID() == at {
		return doc, err
	}
	id := doc.ID()
	if !fetch.SameOrigin(id, at) {
		return nil, refused("%s serves a document whose id is %q (S4)", at, id)
	}
	again, at, err := s.retrieve(ctx, id)
	if err != nil {
		return nil, err
	}
	if again.ID() != id || at != withoutFragment(id) {
		return nil, refused("%s is not found at its own address (S4)", id)
	}
	return again, nil
}

// recall is the failure of a recent look-up at an address, which is not asked again for a while (S19).
func (s *Service) recall(iri string) error {
	err, _ := s.tried.get(iri)
	return err
}

// note remembers the outcome of a look-up, unless it says nothing of the address: our budget, our policy, our pace.
func (s *Service) note(iri string, err error) {
	if err != nil && (errors.Is(err, fetch.ErrBudget) || errors.Is(err, inbox.ErrBlocked) || errors.Is(err, errPaced) || errors.Is(err, context.Canceled) ||
		errors.Is(err, store.ErrClosed) || fetch.KindOf(err) == fetch.Signing) {
		return
	}
	s.tried.put(iri, err)
}

// temporary tells that the same may succeed later.
func temporary(err error) bool {
	switch {
	case err == nil || errors.Is(err, fetch.ErrBudget) || errors.Is(err, inbox.ErrBlocked) || isNotFound(err):
		return false
	case fetch.KindOf(err) != 0:
		return fetch.Temporary(err)
	case errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled):
		return true
	}
	code := essaim.CodeOf(err)
	return code == essaim.Unavailable || code == essaim.Internal
}

// mask gives a person's request a sentence and a code, and keeps what the peer did for the log (S26).
func mask(err error, ref string) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, inbox.ErrBlocked):
		return &essaim.Error{Code: essaim.Forbidden, Sentence: fmt.Sprintf("this instance does not exchange with the server of %s", ref), Err: err}
	case fetch.Gone(err) || essaim.CodeOf(err) == essaim.Gone:
		return &essaim.Error{Code: essaim.Gone, Sentence: fmt.Sprintf("%s was deleted", ref), Err: err}
	case temporary(err):
		return &essaim.Error{Code: essaim.Unavailable, Sentence: fmt.Sprintf("the server of %s does not answer; try again later", ref), Err: err}
	}
	return &essaim.Error{Code: essaim.NotFound, Sentence: fmt.Sprintf("nothing was found at %s", ref), Err: err}
}

func refused(format string, args ...any) error { return essaim.Errorf(essaim.Refused, format, args...) }

func isNotFound(err error) bool { return errors.Is(err, store.ErrNotFound) }
