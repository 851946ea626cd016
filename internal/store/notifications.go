package store

import (
	"context"
	"time"

	"essaim/internal/essaim"
)

// Notification is what an actor is told: who did what about which of its things.
type Notification struct {
	ID, Actor, Source, Activity, Object essaim.ID
	Via                                 essaim.ID // the team it came to, when one is told as its member
	Kind                                string    // mention, reply, follow, accept, like, announce, report
	Created                             time.Time
	Seen                                bool
}

// Notifications lists what an actor was told, newest first.
func Notifications(ctx context.Context, q Q, actor essaim.ID, p Page) ([]*Notification, error) {
	return many(ctx, q, scanNotification, `select `+notificationColumns+` from notifications n where n.actor = $1 and n.id < $2 order by n.id desc limit $3`,
		int64(actor), p.before(), p.limit())
}

const notificationColumns = `n.id, n.actor, n.kind, n.source, n.activity, n.object, n.created, n.seen, n.via`

func scanNotification(s scanner) (*Notification, error) {
	var n Notification
	var object, via *int64
	var created int64
	err := s.Scan(&n.ID, &n.Actor, &n.Kind, &n.Source, &n.Activity, &object, &created, &n.Seen, &via)
	if via != nil {
		n.Via = essaim.ID(*via)
	}
	if object != nil {
		n.Object = essaim.ID(*object)
	}
	n.Created = at(created)
	return &n, err
}

// NotificationPage lists what an actor was told, newest first, of some kinds or of all, one more than the limit when the list goes on.
func NotificationPage(ctx context.Context, q Q, actor essaim.ID, kinds []string, p Page) ([]*Notification, error) {
	const most = 4 // kinds of a filter
	args := []any{int64(actor), len(kinds) == 0}
	for i := range most {
		kind := ""
		if len(kinds) > 0 {
			kind = kinds[min(i, len(kinds)-1)]
		}
		args = append(args, kind)
	}
	return window(ctx, q, scanNotification, p, "n.id", `select `+notificationColumns+` from notifications n where n.actor = $1 and ($2 or n.kind in ($3, $4, $5, $6)) and `+heard, args...)
}

// SeeNotifications marks what an actor was told as seen: from an id on, or all of it for 0.
func (tx *Tx) SeeNotifications(ctx context.Context, actor, from essaim.ID) error {
	_, err := tx.Exec(ctx, `update notifications set seen = $3 where actor = $1 and id >= $2 and seen <> $3`, int64(actor), int64(from), true)
	return err
}

// CountRequests counts those who asked to follow an actor and wait for an answer.
func CountRequests(ctx context.Context, q Q, actor essaim.ID) (int64, error) {
	return one(ctx, q, scanInt, `select count(*) from relations r where r.kind = 'follow' and r.target = $1 and r.state = 0`, int64(actor))
}
