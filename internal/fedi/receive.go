package fedi

import (
	"context"
	"errors"
	"net/http"

	"essaim/federation/inbox"
	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/jobs"
	"essaim/internal/store"
)

// Back-pressure (S38): with so many activities waiting to be worked off, senders are asked to come back. The count is
// looked at once in a while, since it costs more than what it protects from.
const (
	backlogLimit = 50_000
	backlogEvery = 256
)

func (s *Service) newInbox() http.Handler {
	return inbox.New(inbox.Options{
		Origin: s.Site.Base, Hosts: s.ours, Now: s.Clock, Inbox: s.inboxHere, Key: s.Keys.Key, Policy: s.Policy, Addr: clientAddr,
		Known:  func(ctx context.Context, iri string) (bool, error) { return store.KnowsObject(ctx, s.DB.Read(), iri) },
		Seen:   func(ctx context.Context, iri string) (bool, error) { return store.KnowsActivity(ctx, s.DB.Read(), iri) },
		Accept: s.accept, Rates: s.Rates, Logger: s.Logger,
	})
}

// inboxHere tells whether somebody receives at the address of a request: the shared inbox always does.
func (s *Service) inboxHere(r *http.Request) error {
	if r.URL.Path == "/inbox" || r.URL.Path == "/actor/inbox" {
		return nil
	}
	handle, err := handleOf(r)
	if err != nil {
		return inbox.ErrNoInbox
	}
	a, err := store.ActorByHandle(r.Context(), s.DB.Read(), handle, s.Site.Host)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return inbox.ErrNoInbox
	case err != nil:
		return err
	case !a.Local:
		return inbox.ErrNoInbox
	case a.State == store.GoneActor:
		return inbox.ErrInboxGone
	}
	return nil
}

// accept leaves an activity as a job and returns once that is on the disk (law 6): one signer's activities in order, one
// host no more than its share. What somebody forwarded is kept by its ids alone (S13).
func (s *Service) accept(ctx context.Context, in *inbox.Received) error {
	if s.crowded(ctx) {
		return inbox.ErrBusy
	}
	if err := s.standing(ctx, in.Signer); err != nil {
		if essaim.CodeOf(err) == essaim.Forbidden {
			return inbox.ErrBlocked
		}
		return err
	}
	if s.Heard != nil {
		if err := s.Heard(ctx, in.Signer, in.Family, in.Ed25519); err != nil {
			return err
		}
	}
	job := jobs.New{Kind: activity.JobReceive, Lane: essaim.HostOf(in.Signer), Serial: in.Activity.Actor, Body: in.Raw,
		Args: activity.ReceiveArgs{Signer: in.Signer, Forwarded: in.Forwarded, Type: in.Activity.Type, ID: in.Activity.ID, Actor: in.Activity.Actor, Object: in.Activity.Object.ID}}
	if in.Forwarded {
		job.Body, job.Serial = nil, "forwarded "+in.Signer // nobody stands in the way of another's own activities
	}
	return s.DB.Write(ctx, store.Promised, func(tx *store.Tx) error { return s.Jobs.Insert(ctx, tx, job) })
}

// crowded looks at the backlog at every so many arrivals, and at each one while it is too long.
func (s *Service) crowded(ctx context.Context) bool {
	if s.arrived.Add(1)%backlogEvery != 0 && !s.full.Load() {
		return false
	}
	n, err := s.Jobs.Backlog(ctx, activity.JobReceive, backlogLimit)
	s.full.Store(err == nil && n >= backlogLimit)
	return s.full.Load()
}
