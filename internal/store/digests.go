package store

import (
	"context"
	"time"

	"essaim/internal/essaim"
)

// What the weekly letter of a person tells.

// Deed is what was done to one object of a person, or to the person: the newest of its kind, and how many there are.
type Deed struct {
	Kind           string
	Object, Source essaim.ID
	Via            essaim.ID // the team it came to; 0 for oneself
	Count          int64
	Created        time.Time
}

// NotificationByID finds a notification, or ErrNotFound.
func NotificationByID(ctx context.Context, q Q, id essaim.ID) (*Notification, error) {
	return one(ctx, q, scanNotification, `select `+notificationColumns+` from notifications n where n.id = $1`, int64(id))
}

// UnreadSince lists what an actor was told since a moment and has not seen, by kind and object, the newest first.
func UnreadSince(ctx context.Context, q Q, actor essaim.ID, since time.Time, limit int) ([]*Deed, error) {
	return many(ctx, q, func(s scanner) (*Deed, error) {
		var d Deed
		var object, via, created int64
		err := s.Scan(&d.Kind, &object, &via, &d.Source, &d.Count, &created)
		d.Object, d.Via, d.Created = essaim.ID(object), essaim.ID(via), at(created)
		return &d, err
	}, `select n.kind, coalesce(n.object, 0), coalesce(n.via, 0), n.source, g.total, n.created from (
			select max(n.id) as newest, count(*) as total from notifications n
			where n.actor = $1 and n.seen = $2 and n.created >= $3 and `+heard+` group by n.kind, n.object, n.via) g
		join notifications n on n.id = g.newest order by n.id desc limit $4`, int64(actor), false, ms(since), limit)
}

// FollowedSince lists what those whom an actor follows published since a moment, replies left out, the newest first.
func FollowedSince(ctx context.Context, q Q, actor essaim.ID, since time.Time, limit int) ([]*Object, error) {
	return many(ctx, q, scanObject, `select `+objectColumns+fromObjects+`where o.attributed_to in
			(select f.target from relations f where f.kind = 'follow' and f.source = $2 and f.state = 1)
		and o.published >= $3 and o.in_reply_to = '' and o.kind <> '' and o.visibility <= 1 and `+visible+` and `+unmuted+`order by o.id desc limit $4`,
		int64(actor), int64(actor), ms(since), limit)
}

// FollowedEvents lists the events to come of those whom an actor follows, the nearest first.
func FollowedEvents(ctx context.Context, q Q, actor essaim.ID, from, to time.Time, limit int) ([]*Object, error) {
	return many(ctx, q, scanObject, `select `+objectColumns+fromObjects+`where o.kind = 'event' and o.starts >= $3 and o.starts < $4 and o.attributed_to in
			(select f.target from relations f where f.kind = 'follow' and f.source = $2 and f.state = 1)
		and o.visibility <= 1 and `+visible+` and `+unmuted+`order by o.starts, o.id limit $5`, int64(actor), int64(actor), ms(from), ms(to), limit)
}
