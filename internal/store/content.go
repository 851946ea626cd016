package store

import (
	"context"
	"time"

	"essaim/internal/essaim"
)

// Content writes the tables that only activity.Apply may write (law 1): objects, actors, recipients, terms, activities, payloads, relations,
// versions, markers, notifications. internal/archtest holds that no other package asks for it.
type Content struct{ tx *Tx }

// Content gives access to content within a transaction.
func (tx *Tx) Content() Content { return Content{tx} }

// InsertObject adds an object; false when its iri is already known, which changes nothing.
func (c Content) InsertObject(ctx context.Context, o *Object) (bool, error) {
	n, err := c.tx.Exec(ctx, `insert into objects (id, iri, kind, type, host, local, attributed_to, context, in_reply_to, reply_to, visibility, published, updated,
		starts, ends, phase, language, lat, lon, deleted, fetched, version, policy, doc, html)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, 1, $22, $23, $24)
		on conflict (iri) do nothing`,
		int64(o.ID), o.IRI, o.Kind, o.Type, o.Host, o.Local, null(o.AttributedTo), o.Context, o.InReplyTo, null(o.ReplyTo), int(o.Visibility), ms(o.Published), ms(o.Updated),
		ms(o.Starts), ms(o.Ends), o.Phase, o.Language, o.Lat, o.Lon, ms(o.Deleted), ms(o.Fetched), o.Policy, o.Doc, o.HTML)
	if err == nil && n == 1 && o.Visibility == essaim.PublicV {
		err = c.tx.touch(ctx, o.ID)
	}
	return n == 1, err
}

// LockObject reads an object for changing: on PostgreSQL the row stays locked until the end, on SQLite the writer is alone anyway.
// ErrNotFound when it is not known.
func (c Content) LockObject(ctx context.Context, iri string) (*Object, error) {
	return one(ctx, c.tx, scanObject, `update objects as o set version = version + 1 where iri = $1 returning id, iri, kind, type, host, local, attributed_to, context, in_reply_to,
		reply_to, visibility, published, updated, starts, ends, phase, language, lat, lon, deleted, fetched, version, policy, doc, html`, iri)
}

// UpdateObject replaces the document and columns of an object. Its id, iri, author and publication never change (S8).
func (c Content) UpdateObject(ctx context.Context, o *Object) error {
	_, err := c.tx.Exec(ctx, `update objects set kind = $2, type = $3, context = $4, in_reply_to = $5, reply_to = $6, visibility = $7, updated = $8, starts = $9, ends = $10,
		phase = $11, language = $12, lat = $13, lon = $14, deleted = $15, fetched = $16, policy = $17, doc = $18, html = $19 where id = $1`,
		int64(o.ID), o.Kind, o.Type, o.Context, o.InReplyTo, null(o.ReplyTo), int(o.Visibility), ms(o.Updated), ms(o.Starts), ms(o.Ends),
		o.Phase, o.Language, o.Lat, o.Lon, ms(o.Deleted), ms(o.Fetched), o.Policy, o.Doc, o.HTML)
	if err != nil {
		return err
	}
	return c.tx.touch(ctx, o.ID)
}

// Adopt ties replies that came before their parent to it. The condition on ” is what lets SQLite use the partial index.
func (c Content) Adopt(ctx context.Context, parent *Object) error {
	_, err := c.tx.Exec(ctx, `update objects set reply_to = $1 where in_reply_to = $2 and in_reply_to <> '' and reply_to is null`, int64(parent.ID), parent.IRI)
	return err
}

// PutActor adds or replaces the row of an actor; its handle is never given to another (D3).
func (c Content) PutActor(ctx context.Context, a *Actor) error {
	_, err := c.tx.Exec(ctx, `insert into actors (object, handle, host, type, inbox, shared_inbox, outbox, followers, verified, state) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		on conflict (object) do update set type = excluded.type, inbox = excluded.inbox, shared_inbox = excluded.shared_inbox, outbox = excluded.outbox,
		followers = excluded.followers, verified = excluded.verified`,
		int64(a.ID), a.Handle, a.Host, a.Type, a.Inbox, a.SharedInbox, a.Outbox, a.Followers, a.Verified, int(a.State))
	return err
}

// TakeHandle makes way for an actor whose handle an older id held: a peer was set up anew. The old row keeps its id behind an impossible handle.
func (c Content) TakeHandle(ctx context.Context, handle, host string, holder essaim.ID) error {
	old, err := many(ctx, c.tx, scanID, `update actors set handle = handle || '#' || $3, state = 3 where host = $1 and handle = $2 and object <> $4 returning object`,
		host, handle, holder.String(), int64(holder))
	for _, id := range old {
		if err == nil {
			err = c.tx.touch(ctx, id)
		}
	}
	return err
}

// SetActorState limits, suspends or retires an actor.
func (c Content) SetActorState(ctx context.Context, actor essaim.ID, s ActorState) error {
	if _, err := c.tx.Exec(ctx, `update actors set state = $2 where object = $1`, int64(actor), int(s)); err != nil {
		return err
	}
	return c.tx.touch(ctx, actor)
}

// SetRecipients replaces who a non-public object is for.
func (c Content) SetRecipients(ctx context.Context, object essaim.ID, actors []essaim.ID) error {
	if _, err := c.tx.Exec(ctx, `delete from recipients where object = $1`, int64(object)); err != nil {
		return err
	}
	for _, a := range actors {
		if _, err := c.tx.Exec(ctx, `insert into recipients (object, actor) values ($1, $2) on conflict do nothing`, int64(object), int64(a)); err != nil {
			return err
		}
	}
	return nil
}

// AddTerms files an object under terms.
func (c Content) AddTerms(ctx context.Context, object essaim.ID, terms []essaim.Term) error {
	for _, t := range terms {
		if _, err := c.tx.Exec(ctx, `insert into terms (scheme, key, object) values ($1, $2, $3) on conflict do nothing`, t.Scheme, t.Key, int64(object)); err != nil {
			return err
		}
	}
	return nil
}

// DropTerms takes an object out of every term.
func (c Content) DropTerms(ctx context.Context, object essaim.ID) error {
	_, err := c.tx.Exec(ctx, `delete from terms where object = $1`, int64(object))
	return err
}

// RecordActivity notes an activity; false when its iri is known, which is how everything is done once (S16).
func (c Content) RecordActivity(ctx context.Context, a *Activity) (bool, error) {
	n, err := c.tx.Exec(ctx, `insert into activities (id, iri, type, actor, object, object_iri, target_iri, origin, visibility, published, extra)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (iri) do nothing`,
		int64(a.ID), a.IRI, a.Type, int64(a.Actor), null(a.Object), a.ObjectIRI, a.TargetIRI, a.Origin, int(a.Visibility), ms(a.Published), a.Extra)
	return n == 1, err
}

// SetActivityObject ties an activity to the row of what it made.
func (c Content) SetActivityObject(ctx context.Context, activity, object essaim.ID, v essaim.Visibility) error {
	_, err := c.tx.Exec(ctx, `update activities set object = $2, visibility = $3 where id = $1`, int64(activity), int64(object), int(v))
	return err
}

// ForgetActivity takes back an activity that was refused after it was recorded.
func (c Content) ForgetActivity(ctx context.Context, id essaim.ID) error {
	_, err := c.tx.Exec(ctx, `delete from activities where id = $1`, int64(id))
	return err
}

// ForgetUndo takes back the record of an actor's Undo of something it does anew under the same id, so that it can be undone again.
func (c Content) ForgetUndo(ctx context.Context, actor essaim.ID, iri string) error {
	_, err := c.tx.Exec(ctx, `delete from activities where actor = $1 and type = 'Undo' and object_iri = $2`, int64(actor), iri)
	return err
}

// PutPayload keeps the bytes of an activity until its last delivery.
func (c Content) PutPayload(ctx context.Context, activity essaim.ID, body []byte) error {
	_, err := c.tx.Exec(ctx, `insert into payloads (activity, body) values ($1, $2) on conflict (activity) do update set body = excluded.body`, int64(activity), body)
	return err
}

// ErasePayloads drops the bytes of every Create, Update and Announce about an object: what was deleted is not kept, nor sent again.
func (c Content) ErasePayloads(ctx context.Context, object essaim.ID) error {
	_, err := c.tx.Exec(ctx, `delete from payloads where activity in (select id from activities where object = $1 and type in ('Create', 'Update', 'Announce'))`, int64(object))
	return err
}

// PutRelation adds a relation, or gives the one that is there its new state, role and activity.
func (c Content) PutRelation(ctx context.Context, r *Relation) error {
	_, err := c.tx.Exec(ctx, `insert into relations (id, kind, source, target, state, role, activity, created) values ($1, $2, $3, $4, $5, $6, $7, $8)
		on conflict (kind, source, target) do update set state = excluded.state, role = excluded.role, activity = excluded.activity`,
		int64(r.ID), r.Kind, int64(r.Source), int64(r.Target), int(r.State), r.Role, r.Activity, ms(r.Created))
	return err
}

// AddRelation adds a relation unless it is there; false when it was.
func (c Content) AddRelation(ctx context.Context, r *Relation) (bool, error) {
	n, err := c.tx.Exec(ctx, `insert into relations (id, kind, source, target, state, role, activity, created) values ($1, $2, $3, $4, $5, $6, $7, $8)
		on conflict (kind, source, target) do nothing`,
		int64(r.ID), r.Kind, int64(r.Source), int64(r.Target), int(r.State), r.Role, r.Activity, ms(r.Created))
	return n == 1, err
}

// SetRelationState moves a relation on.
func (c Content) SetRelationState(ctx context.Context, id essaim.ID, s RelationState) error {
	_, err := c.tx.Exec(ctx, `update relations set state = $2 where id = $1`, int64(id), int(s))
	return err
}

// DropRelation removes the relation of a kind between two rows; false when there was none.
func (c Content) DropRelation(ctx context.Context, kind string, source, target essaim.ID) (bool, error) {
	n, err := c.tx.Exec(ctx, `delete from relations where kind = $1 and source = $2 and target = $3`, kind, int64(source), int64(target))
	return n > 0, err
}

// DropRelationsOf removes everything that ties an actor or object to others.
func (c Content) DropRelationsOf(ctx context.Context, id essaim.ID) error {
	if _, err := c.tx.Exec(ctx, `delete from relations where kind in ('follow', 'like', 'announce', 'block', 'member', 'featured') and source = $1`, int64(id)); err != nil {
		return err
	}
	_, err := c.tx.Exec(ctx, `delete from relations where kind in ('follow', 'like', 'announce', 'block', 'member', 'featured') and target = $1`, int64(id))
	return err
}

// Mark leaves word that an Undo or a Delete came first.
func (c Content) Mark(ctx context.Context, iri, typ, actor string, now time.Time) error {
	_, err := c.tx.Exec(ctx, `insert into markers (iri, type, actor, created) values ($1, $2, $3, $4) on conflict (iri, actor) do nothing`, iri, typ, actor, ms(now))
	return err
}

// Marked tells whether an actor already undid or deleted an iri.
func (c Content) Marked(ctx context.Context, iri, actor string) (bool, error) {
	n, err := one(ctx, c.tx, scanInt, `select count(*) from markers where iri = $1 and actor = $2`, iri, actor)
	return n > 0, err
}

// Notify tells an actor of an activity, once.
func (c Content) Notify(ctx context.Context, n *Notification) error {
	_, err := c.tx.Exec(ctx, `insert into notifications (id, actor, kind, source, activity, object, created, seen, via) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (actor, activity) do nothing`,
		int64(n.ID), int64(n.Actor), n.Kind, int64(n.Source), int64(n.Activity), null(n.Object), ms(n.Created), false, null(n.Via))
	return err
}

// DropNotifications forgets what was told about an activity or an object that is no more.
func (c Content) DropNotifications(ctx context.Context, activity, object essaim.ID) error {
	_, err := c.tx.Exec(ctx, `delete from notifications where activity = $1 or object = $2`, int64(activity), null(object))
	return err
}

// Report files a Flag for the moderators.
func (c Content) Report(ctx context.Context, r *Report) error {
	_, err := c.tx.Exec(ctx, `insert into reports (id, reporter, target, objects, content, activity, created, state, reason, snapshot) values ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9)`,
		int64(r.ID), int64(r.Reporter), int64(r.Target), r.Objects, r.Words, r.Activity, ms(r.Created), r.Reason, r.Snapshot)
	return err
}

// DecideReport notes what was decided of an open report; false when somebody was quicker.
func (c Content) DecideReport(ctx context.Context, r *Report) (bool, error) {
	n, err := c.tx.Exec(ctx, `update reports set state = 1, decision = $2, note = $3, decided = $4, decided_by = $5 where id = $1 and state = 0`,
		int64(r.ID), r.Decision, r.Note, ms(r.Decided), int64(r.DecidedBy))
	return n == 1, err
}
