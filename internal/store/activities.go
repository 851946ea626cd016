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

// Payload returns the bytes of an activity as they are sent; ErrNotFound once they were erased.
func Payload(ctx context.Context, q Q, activity essaim.ID) ([]byte, error) {
	return one(ctx, q, func(s scanner) ([]byte, error) {
		var b []byte
		err := s.Scan(&b)
		return b, err
	}, `select body from payloads where activity = $1`, int64(activity))
}
