package store

import (
	"context"
	"time"

	"essaim/internal/essaim"
)

// Relation is a row of relations.
type Relation struct {
	ID             essaim.ID
	Kind           string
	Source, Target essaim.ID
	State          RelationState
	Role           string // of a member
	Activity       string // iri of what made it
	Created        time.Time
}

// RelationState is where a relation stands.
type RelationState int16

// The states.
const (
	Pending RelationState = iota
	Accepted
	Rejected
)

// Kinds of relations.
const (
	RelFollow   = "follow"
	RelLike     = "like"
	RelAnnounce = "announce"
	RelBlock    = "block"
	RelMember   = "member" // source is a person, target what it belongs to, role of V8
	RelFeatured = "featured"
)

const relationColumns = `r.id, r.kind, r.source, r.target, r.state, r.role, r.activity, r.created`

func scanRelation(s scanner) (*Relation, error) {
	var r Relation
	var created int64
	if err := s.Scan(&r.ID, &r.Kind, &r.Source, &r.Target, &r.State, &r.Role, &r.Activity, &created); err != nil {
		return nil, err
	}
	r.Created = at(created)
	return &r, nil
}

// FindRelation finds the relation of a kind between two rows, or ErrNotFound.
func FindRelation(ctx context.Context, q Q, kind string, source, target essaim.ID) (*Relation, error) {
	return one(ctx, q, scanRelation, `select `+relationColumns+` from relations r where r.kind = $1 and r.source = $2 and r.target = $3`, kind, int64(source), int64(target))
}

// RelationByActivity finds the relation an activity made, or ErrNotFound.
func RelationByActivity(ctx context.Context, q Q, iri string) (*Relation, error) {
	return one(ctx, q, scanRelation, `select `+relationColumns+` from relations r where r.activity = $1 and r.activity <> '' limit 1`, iri)
}

// LocalSources lists the relations of actors of ours that point at a target, oldest first.
func LocalSources(ctx context.Context, q Q, kind string, target essaim.ID) ([]*Relation, error) {
	return many(ctx, q, scanRelation, `select `+relationColumns+` from relations r join objects s on s.id = r.source
		where r.kind = $1 and r.target = $2 and r.state = 1 and s.local = $3 order by r.id`, kind, int64(target), true)
}

// Recipients lists the actors a private object is for, by address.
func Recipients(ctx context.Context, q Q, object essaim.ID) ([]string, error) {
	return many(ctx, q, scanText, `select o.iri from recipients r join objects o on o.id = r.actor where r.object = $1 order by o.id`, int64(object))
}

// ReactorInboxes lists the inboxes of remote actors who announced or liked an object: their servers keep a copy, follower or not.
func ReactorInboxes(ctx context.Context, q Q, object essaim.ID) ([]Inbox, error) {
	return many(ctx, q, scanInbox, `select distinct case when a.shared_inbox <> '' then a.shared_inbox else a.inbox end, a.host
		from relations r join actors a on a.object = r.source join objects o on o.id = r.source
		where r.kind in ('announce', 'like') and r.target = $1 and r.state = 1 and o.local = $2 and a.state < 2`, int64(object), false)
}

// CountSources counts the accepted relations that point at a target.
func CountSources(ctx context.Context, q Q, kind string, target essaim.ID) (int64, error) {
	return one(ctx, q, scanInt, `select count(*) from relations r where r.kind = $1 and r.target = $2 and r.state = 1`, kind, int64(target))
}

// CountTargets counts the accepted relations that leave a source.
func CountTargets(ctx context.Context, q Q, kind string, source essaim.ID) (int64, error) {
	return one(ctx, q, scanInt, `select count(*) from relations r where r.kind = $1 and r.source = $2 and r.state = 1`, kind, int64(source))
}

// Role returns the role a person has in a project or an organisation, "" for none.
func Role(ctx context.Context, q Q, person, group essaim.ID) (string, error) {
	role, err := one(ctx, q, scanText, `select r.role from relations r where r.kind = 'member' and r.source = $1 and r.target = $2 and r.state = 1`, int64(person), int64(group))
	if isNotFound(err) {
		return "", nil
	}
	return role, err
}

// Blocks tells whether either of two actors blocks the other.
func Blocks(ctx context.Context, q Q, a, b essaim.ID) (bool, error) {
	n, err := one(ctx, q, scanInt, `select count(*) from relations r where r.kind = 'block' and (r.source = $1 and r.target = $2 or r.source = $2 and r.target = $1)`, int64(a), int64(b))
	return n > 0, err
}

// Relevant tells whether somebody here should learn what a remote actor publishes: a local actor follows it, or follows the instance actor of
// its host. What nobody asked for is not stored (federation §6, S36).
func Relevant(ctx context.Context, q Q, author essaim.ID) (bool, error) {
	n, err := one(ctx, q, scanInt, `select count(*) from (select 1 from relations r join objects s on s.id = r.source
		where r.kind = 'follow' and r.target = $1 and r.state < 2 and s.local = $2 limit 1) x`, int64(author), true)
	if n > 0 || err != nil {
		return n > 0, err
	}
	n, err = one(ctx, q, scanInt, `select count(*) from (select 1 from actors me join actors app on app.host = me.host and app.type = 'Application'
		join relations r on r.kind = 'follow' and r.target = app.object and r.state < 2 join objects s on s.id = r.source
		where me.object = $1 and s.local = $2 limit 1) x`, int64(author), true)
	return n > 0, err
}

// Position is an iri with the key by which its list is paged.
type Position struct {
	ID  essaim.ID
	IRI string
}

func scanPosition(s scanner) (Position, error) {
	var p Position
	err := s.Scan(&p.ID, &p.IRI)
	return p, err
}

// AloneIn lists the living projects and organisations of which a person is the only owner: what must be handed over before the person leaves.
func AloneIn(ctx context.Context, q Q, person essaim.ID) ([]*Card, error) {
	return many(ctx, q, scanCard, `select `+cardColumns+living+`and o.local = $2 and o.id in (
			select r.target from relations r where r.kind = 'member' and r.source = $1 and r.role = 'owner' and r.state = 1)
		and not exists (select 1 from relations r join accounts c on c.actor = r.source
			where r.kind = 'member' and r.target = o.id and r.role = 'owner' and r.state = 1 and r.source <> $1 and c.state = 0) order by o.id`, int64(person), true)
}

// Reach counts the followers of an actor and the other servers they are on.
func Reach(ctx context.Context, q Q, actor essaim.ID) (followers, hosts int64, err error) {
	type row struct{ followers, hosts int64 }
	r, err := one(ctx, q, func(s scanner) (row, error) {
		var r row
		err := s.Scan(&r.followers, &r.hosts)
		return r, err
	}, `select count(*), count(distinct case when s.local = $2 then null else s.host end) from relations f join objects s on s.id = f.source
		where f.kind = 'follow' and f.target = $1 and f.state = 1`, int64(actor), true)
	return r.followers, r.hosts, err
}
