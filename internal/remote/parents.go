package remote

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"essaim/federation/fetch"
	"essaim/federation/vocab"
	"essaim/internal/activity"
	"essaim/internal/jobs"
	"essaim/internal/store"
)

// Bounds of one walk up a thread: ancestors, and the requests kept for their authors (S36).
const (
	maxAncestors    = 32
	forTheirAuthors = fetch.MaxRequests / 2
)

// parent looks for what a reply answers, and what that answers, up to something known. The walk is one job with one budget; where it is cut short
// it is not taken up again.
func (s *Service) parent(ctx context.Context, j *jobs.Job) error {
	var args activity.ParentArgs
	if err := json.Unmarshal(j.Args, &args); err != nil {
		return jobs.Permanent(refused("the arguments of the job cannot be read: %w", err))
	}
	ctx = fetch.WithBudget(ctx, fetch.MaxRequests)
	chain, whole, err := s.ancestors(ctx, args.IRI)
	if err != nil {
		if temporary(err) {
			return err
		}
		s.Logger.Debug("a parent was not found", "host", j.Lane, "reason", err)
		return nil
	}
	slices.Reverse(chain) // the oldest first, so that each finds its parent
	for i, doc := range chain {
		if err := s.keepAncestor(ctx, doc, i == 0 && !whole); err != nil {
			if temporary(err) {
				return err
			}
			s.Logger.Debug("an ancestor was not kept", "host", j.Lane, "reason", err)
		}
	}
	return nil
}

// ancestors reads the documents of a thread upwards, the nearest first. whole tells that the last one answers nothing, or something known.
func (s *Service) ancestors(ctx context.Context, iri string) (chain []*vocab.Object, whole bool, err error) {
	walking := fetch.WithBudget(ctx, fetch.MaxRequests-forTheirAuthors)
	for len(chain) < maxAncestors {
		if iri == "" || s.Site.Owns(iri) || slices.ContainsFunc(chain, func(o *vocab.Object) bool { return o.ID() == iri }) {
			return chain, true, nil
		}
		_, err := store.ObjectID(ctx, s.DB.Read(), iri)
		if err == nil {
			return chain, true, nil
		}
		if !isNotFound(err) {
			return nil, false, err
		}
		doc, err := s.document(walking, iri)
		if err == nil && (vocab.IsActor(doc.Type()) || vocab.IsActivity(doc.Type()) || doc.Type() == vocab.Tombstone) {
			err = refused("%s is no object", iri)
		}
		switch {
		case err != nil && len(chain) == 0 && !errors.Is(err, fetch.ErrBudget):
			return nil, false, err
		case err != nil:
			return chain, false, nil
		}
		chain = append(chain, doc)
		iri = doc.IRI("inReplyTo")
	}
	return chain, false, nil
}

// keepAncestor stores one; the last of a walk that was cut short leaves no job to go on.
func (s *Service) keepAncestor(ctx context.Context, doc *vocab.Object, last bool) error {
	author, err := authorOf(doc)
	if err != nil {
		return err
	}
	if _, err := s.actor(ctx, author); err != nil {
		return err
	}
	var stop also
	if last {
		stop = func(ctx context.Context, tx *store.Tx) error {
			id, err := store.ObjectID(ctx, tx, doc.ID())
			if isNotFound(err) {
				return nil
			}
			if err != nil {
				return err
			}
			return s.Jobs.CancelObject(ctx, tx, int64(id), activity.JobParent)
		}
	}
	return s.keep(ctx, doc, author, stop)
}
