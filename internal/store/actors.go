package store

import (
	"context"

	"essaim/internal/essaim"
)

// Actor is a row of actors with the iri and kind of its object.
type Actor struct {
	ID                         essaim.ID
	IRI, Kind                  string
	Handle, Host, Type         string
	Inbox, SharedInbox, Outbox string
	Followers                  string
	Verified, Local            bool
	State                      ActorState
	Fetched                    int64 // milliseconds; 0 for local ones
}

// ActorState is how an actor is treated here.
type ActorState int16

// The states.
const (
	Active ActorState = iota
	Limited
	Suspended
	GoneActor // deleted at its origin, or here
)

// Address is @handle@host as people write it.
func (a *Actor) Address() string { return "@" + a.Handle + "@" + a.Host }

// DeliveryInbox is where to send: the shared inbox when the content is public enough, else the actor's own (DL1).
func (a *Actor) DeliveryInbox(shared bool) string {
	if shared && a.SharedInbox != "" {
		return a.SharedInbox
	}
	return a.Inbox
}

const actorColumns = `o.id, o.iri, o.kind, a.handle, a.host, a.type, a.inbox, a.shared_inbox, a.outbox, a.followers, a.verified, o.local, a.state, o.fetched`

const fromActors = ` from actors a join objects o on o.id = a.object `

func scanActor(s scanner) (*Actor, error) {
	var a Actor
	err := s.Scan(&a.ID, &a.IRI, &a.Kind, &a.Handle, &a.Host, &a.Type, &a.Inbox, &a.SharedInbox, &a.Outbox, &a.Followers, &a.Verified, &a.Local, &a.State, &a.Fetched)
	if err != nil {
		return nil, err
	}
	return &a, nil
}

// ActorByIRI finds an actor by its id, or ErrNotFound.
func ActorByIRI(ctx context.Context, q Q, iri string) (*Actor, error) {
	return one(ctx, q, scanActor, `select `+actorColumns+fromActors+`where o.iri = $1`, iri)
}

// ActorByID finds an actor by its row.
func ActorByID(ctx context.Context, q Q, id essaim.ID) (*Actor, error) {
	return one(ctx, q, scanActor, `select `+actorColumns+fromActors+`where a.object = $1`, int64(id))
}

// ActorByHandle finds an actor by handle and host, both in lower case; the host of local ones is the instance's own.
func ActorByHandle(ctx context.Context, q Q, handle, host string) (*Actor, error) {
	return one(ctx, q, scanActor, `select `+actorColumns+fromActors+`where a.host = $2 and a.handle = $1`, handle, host)
}

// ActorByFollowers finds whose followers collection an iri is, or ErrNotFound.
func ActorByFollowers(ctx context.Context, q Q, followers string) (*Actor, error) {
	return one(ctx, q, scanActor, `select `+actorColumns+fromActors+`where a.followers = $1`, followers)
}

// ActorsByIRI finds those known among some ids.
func ActorsByIRI(ctx context.Context, q Q, iris []string) ([]*Actor, error) {
	var found []*Actor
	for _, iri := range iris { // few per activity, each one keyed read
		a, err := ActorByIRI(ctx, q, iri)
		if err == nil {
			found = append(found, a)
		} else if !isNotFound(err) {
			return nil, err
		}
	}
	return found, nil
}

// KnownSharedInboxes lists every inbox that should learn of an actor's deletion: one per server ever met, but those that are gone.
func KnownSharedInboxes(ctx context.Context, q Q) ([]Inbox, error) {
	return many(ctx, q, scanInbox, `select distinct case when a.shared_inbox <> '' then a.shared_inbox else a.inbox end, a.host`+fromActors+
		`where o.local = $1 and a.state < 3 and not exists (select 1 from dead_inboxes d where d.inbox = (case when a.shared_inbox <> '' then a.shared_inbox else a.inbox end) and d.misses >= 3)`, false)
}

// Inbox is an address to deliver to, with the host whose lane it takes.
type Inbox struct{ URL, Host string }

func scanInbox(s scanner) (Inbox, error) {
	var i Inbox
	err := s.Scan(&i.URL, &i.Host)
	return i, err
}

// FollowerInboxes lists one inbox per server of an actor's remote followers, shared where there is one (DL1). With applications only, those
// whose follower is of type Application (A2). Dead inboxes and suspended followers are left out (DL4).
func FollowerInboxes(ctx context.Context, q Q, actor essaim.ID, applications bool) ([]Inbox, error) {
	return many(ctx, q, scanInbox, `select distinct i.url, i.host from (
		select case when a.shared_inbox <> '' then a.shared_inbox else a.inbox end as url, a.host as host
		from relations r join actors a on a.object = r.source join objects o on o.id = r.source
		where r.kind = 'follow' and r.target = $1 and r.state = 1 and o.local = $2 and a.state < 2 and ($3 = $2 or a.type = 'Application')) i
		where not exists (select 1 from dead_inboxes d where d.inbox = i.url and d.misses >= 3)`, int64(actor), false, applications)
}
