package store

import (
	"context"
	"database/sql"
	"time"

	"essaim/internal/essaim"
)

// Activity is a row of activities: references only (law 3).
type Activity struct {
	ID                   essaim.ID
	IRI, Type            string
	Actor, Object        essaim.ID // Object is 0 when it is not known here
	ObjectIRI, TargetIRI string
	Origin               int
	Visibility           essaim.Visibility
	Published            time.Time
	Extra                string // JSON: audience, result, reason
}

const activityColumns = `v.id, v.iri, v.type, v.actor, v.object, v.object_iri, v.target_iri, v.origin, v.visibility, v.published, v.extra`

func scanActivity(s scanner) (*Activity, error) {
	var a Activity
	var object sql.NullInt64
	var published int64
	err := s.Scan(&a.ID, &a.IRI, &a.Type, &a.Actor, &object, &a.ObjectIRI, &a.TargetIRI, &a.Origin, &a.Visibility, &published, &a.Extra)
	if err != nil {
		return nil, err
	}
	a.Object, a.Published = essaim.ID(object.Int64), at(published)
	return &a, nil
}

// ActivityByIRI finds an activity, or ErrNotFound.
func ActivityByIRI(ctx context.Context, q Q, iri string) (*Activity, error) {
	return one(ctx, q, scanActivity, `select `+activityColumns+` from activities v where v.iri = $1`, iri)
}

// ActivityByID finds an activity by its row.
func ActivityByID(ctx context.Context, q Q, id essaim.ID) (*Activity, error) {
	return one(ctx, q, scanActivity, `select `+activityColumns+` from activities v where v.id = $1`, int64(id))
}

// FindActivity finds the last activity of a type by an actor about an object: how an Undo without an id is read.
func FindActivity(ctx context.Context, q Q, typ string, actor essaim.ID, objectIRI string) (*Activity, error) {
	return one(ctx, q, scanActivity, `select `+activityColumns+` from activities v where v.actor = $2 and v.type = $1 and v.object_iri = $3 order by v.id desc limit 1`,
		typ, int64(actor), objectIRI)
}

// Outbox lists what an actor did that a viewer may see, newest first: Create and Announce of objects that still stand, as readers of an
// outbox expect it (federation §5).
func Outbox(ctx context.Context, q Q, viewer, actor essaim.ID, p Page) ([]*Activity, error) {
	return many(ctx, q, scanActivity, `select `+activityColumns+` from activities v join objects o on o.id = v.object left join actors a on a.object = o.attributed_to
		where v.actor = $2 and v.id < $3 and v.type in ('Create', 'Announce') and o.attributed_to is not null and (v.visibility <= 1 or v.type = 'Create') and `+visible+` order by v.id desc limit $4`,
		int64(viewer), int64(actor), p.before(), p.limit())
}

// CountOutbox counts them for nobody in particular.
func CountOutbox(ctx context.Context, q Q, actor essaim.ID) (int64, error) {
	return one(ctx, q, scanInt, `select count(*) from activities v join objects o on o.id = v.object left join actors a on a.object = o.attributed_to
		where v.actor = $2 and v.type in ('Create', 'Announce') and o.attributed_to is not null and v.visibility <= 1 and `+visible, 0, int64(actor))
}

// InboxOf lists what reached an actor, newest first: what the actors it follows published and announced, and what was done to it.
// Branches are joined by UNION ALL rather than OR, each along its own index (design §4).
func InboxOf(ctx context.Context, q Q, actor essaim.ID, p Page) ([]*Activity, error) {
	return many(ctx, q, scanActivity, `select distinct `+activityColumns+` from activities v join (
		select * from (select w.id from relations f join activities w on w.actor = f.target
			join objects o on o.id = w.object left join actors a on a.object = o.attributed_to
			where f.kind = 'follow' and f.source = $1 and f.state = 1 and w.id < $2 and w.type in ('Create', 'Announce', 'Update') and o.attributed_to is not null and `+visible+`
			order by w.id desc limit $3) followed
		union all
		select * from (select n.activity as id from notifications n where n.actor = $1 and n.activity < $2 order by n.activity desc limit $3) told
	) i on i.id = v.id order by v.id desc limit $3`, int64(actor), p.before(), p.limit())
}

// Payload returns the bytes of an activity as they are sent; ErrNotFound once they were erased.
func Payload(ctx context.Context, q Q, activity essaim.ID) ([]byte, error) {
	return one(ctx, q, func(s scanner) ([]byte, error) {
		var b []byte
		err := s.Scan(&b)
		return b, err
	}, `select body from payloads where activity = $1`, int64(activity))
}
