package store

import (
	"context"
	"time"

	"essaim/internal/essaim"
)

// Notification is what an actor is told: who did what about which of its things.
type Notification struct {
	ID, Actor, Source, Activity, Object essaim.ID
	Kind                                string // mention, reply, follow, accept, like, announce, report
	Created                             time.Time
	Seen                                bool
}

// Notifications lists what an actor was told, newest first.
func Notifications(ctx context.Context, q Q, actor essaim.ID, p Page) ([]*Notification, error) {
	return many(ctx, q, scanNotification, `select `+notificationColumns+` from notifications n where n.actor = $1 and n.id < $2 order by n.id desc limit $3`,
		int64(actor), p.before(), p.limit())
}

const notificationColumns = `n.id, n.actor, n.kind, n.source, n.activity, n.object, n.created, n.seen`

func scanNotification(s scanner) (*Notification, error) {
	var n Notification
	var object *int64
	var created int64
	err := s.Scan(&n.ID, &n.Actor, &n.Kind, &n.Source, &n.Activity, &object, &created, &n.Seen)
	if object != nil {
		n.Object = essaim.ID(*object)
	}
	n.Created = at(created)
	return &n, err
}

// Report is a Flag received, or made here. Objects is a JSON array of iris.
type Report struct {
	ID, Reporter, Target       essaim.ID
	Objects, Content, Activity string
	Created                    time.Time
}

// Reports lists the open reports, newest first.
func Reports(ctx context.Context, q Q, p Page) ([]*Report, error) {
	return many(ctx, q, func(s scanner) (*Report, error) {
		var r Report
		var created int64
		err := s.Scan(&r.ID, &r.Reporter, &r.Target, &r.Objects, &r.Content, &r.Activity, &created)
		r.Created = at(created)
		return &r, err
	}, `select id, reporter, target, objects, content, activity, created from reports where state = 0 and id < $1 order by id desc limit $2`, p.before(), p.limit())
}
