package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"essaim/federation/vocab"
	"essaim/internal/essaim"
)

// Object is a row of objects: a document with the columns queries need. Times are zero for "none".
type Object struct {
	ID                 essaim.ID
	IRI, Kind, Type    string
	Host               string
	Local              bool
	AttributedTo       essaim.ID // 0 for actors and unknown authors
	Context, InReplyTo string
	ReplyTo            essaim.ID
	Visibility         essaim.Visibility
	Published, Updated time.Time
	Starts, Ends       time.Time
	Phase, Language    string
	Lat, Lon           *float64
	Deleted, Fetched   time.Time
	Version, Policy    int
	Doc, HTML          string
}

// Document parses the stored document. What was stored passed the guards once, so a failure is a fault of the database.
func (o *Object) Document() (*vocab.Object, error) {
	doc, err := vocab.Parse([]byte(o.Doc))
	if err != nil {
		return nil, essaim.Errorf(essaim.Internal, "the stored document %s cannot be read: %w", o.IRI, err)
	}
	return doc, nil
}

// Thing decodes the stored document; nil when it is of no kind we show or is deleted.
func (o *Object) Thing() essaim.Thing {
	doc, err := o.Document()
	if err != nil || !o.Deleted.IsZero() {
		return nil
	}
	return essaim.Decode(doc)
}

const objectColumns = `o.id, o.iri, o.kind, o.type, o.host, o.local, o.attributed_to, o.context, o.in_reply_to, o.reply_to, o.visibility, o.published, o.updated,
	o.starts, o.ends, o.phase, o.language, o.lat, o.lon, o.deleted, o.fetched, o.version, o.policy, o.doc, o.html`

func scanObject(s scanner) (*Object, error) {
	var o Object
	var author, parent sql.NullInt64
	var lat, lon sql.NullFloat64
	var published, updated, starts, ends, deleted, fetched int64
	err := s.Scan(&o.ID, &o.IRI, &o.Kind, &o.Type, &o.Host, &o.Local, &author, &o.Context, &o.InReplyTo, &parent, &o.Visibility, &published, &updated,
		&starts, &ends, &o.Phase, &o.Language, &lat, &lon, &deleted, &fetched, &o.Version, &o.Policy, &o.Doc, &o.HTML)
	if err != nil {
		return nil, err
	}
	o.AttributedTo, o.ReplyTo = essaim.ID(author.Int64), essaim.ID(parent.Int64)
	o.Published, o.Updated, o.Starts, o.Ends, o.Deleted, o.Fetched = at(published), at(updated), at(starts), at(ends), at(deleted), at(fetched)
	if lat.Valid && lon.Valid {
		o.Lat, o.Lon = &lat.Float64, &lon.Float64
	}
	return &o, nil
}

// ms and at translate between time.Time and the milliseconds of the database; the zero time is 0.
func ms(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func at(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// null makes 0 a null, for references.
func null(id essaim.ID) sql.NullInt64 { return sql.NullInt64{Int64: int64(id), Valid: id != 0} }

func scanID(s scanner) (essaim.ID, error) {
	var id essaim.ID
	err := s.Scan(&id)
	return id, err
}

func scanText(s scanner) (string, error) {
	var t string
	err := s.Scan(&t)
	return t, err
}

func scanInt(s scanner) (int64, error) {
	var n int64
	err := s.Scan(&n)
	return n, err
}

// ObjectByIRI finds an object, deleted or not; ErrNotFound when it was never seen.
func ObjectByIRI(ctx context.Context, q Q, iri string) (*Object, error) {
	return one(ctx, q, scanObject, `select `+objectColumns+` from objects o where o.iri = $1`, iri)
}

// ObjectByID finds an object by its row.
func ObjectByID(ctx context.Context, q Q, id essaim.ID) (*Object, error) {
	return one(ctx, q, scanObject, `select `+objectColumns+` from objects o where o.id = $1`, int64(id))
}

// ObjectID finds the row of an iri, or ErrNotFound.
func ObjectID(ctx context.Context, q Q, iri string) (essaim.ID, error) {
	return one(ctx, q, scanID, `select id from objects where iri = $1`, iri)
}

// Page is a position in a list that is read newest first: rows before Before (0 for the newest), Limit at most. Or, with After, those newer
// than it, oldest first (keyset paging).
type Page struct {
	Before, After essaim.ID
	Limit         int
}

func (p Page) before() int64 {
	if p.Before == 0 {
		return 1<<63 - 1
	}
	return int64(p.Before)
}

func (p Page) limit() int {
	if p.Limit <= 0 || p.Limit > 200 {
		return 20
	}
	return p.Limit
}

// visible is law 4 in SQL: what essaim.CanSee says of object o and author row a, for the viewer in parameter $1 (0 for nobody).
// Deleted objects and suspended authors are never visible.
const visible = `o.deleted = 0 and coalesce(a.state, 0) < 2 and (o.visibility <= 1 or cast($1 as bigint) <> 0 and (o.attributed_to = $1
	or exists (select 1 from recipients v where v.object = o.id and v.actor = $1)
	or o.visibility = 2 and exists (select 1 from relations f where f.kind = 'follow' and f.source = $1 and f.target = o.attributed_to and f.state = 1)))`

const fromObjects = ` from objects o left join actors a on a.object = o.attributed_to `

// CanSee asks the database whether a viewer may see an object: essaim.CanSee with its facts gathered.
func CanSee(ctx context.Context, q Q, viewer, object essaim.ID) (bool, error) {
	n, err := one(ctx, q, scanInt, `select count(*)`+fromObjects+`where o.id = $2 and `+visible, int64(viewer), int64(object))
	return n > 0, err
}

// SeenBy gathers the facts essaim.CanSee judges by.
func SeenBy(ctx context.Context, q Q, viewer, object essaim.ID) (essaim.Seen, error) {
	return one(ctx, q, func(s scanner) (essaim.Seen, error) {
		var seen essaim.Seen
		var author sql.NullInt64
		var deleted, state, named, follows int64
		err := s.Scan(&author, &seen.Visibility, &deleted, &state, &named, &follows)
		seen.Author, seen.Deleted, seen.Suspended = essaim.ID(author.Int64), deleted != 0, state >= 2
		seen.Named, seen.Follows = named > 0, follows > 0
		return seen, err
	}, `select o.attributed_to, o.visibility, o.deleted, coalesce(a.state, 0),
		(select count(*) from recipients v where v.object = o.id and v.actor = $1),
		(select count(*) from relations f where f.kind = 'follow' and f.source = $1 and f.target = o.attributed_to and f.state = 1)`+
		fromObjects+`where o.id = $2`, int64(viewer), int64(object))
}

// ObjectsBy lists what an author published of some kinds and a viewer may see, newest first.
func ObjectsBy(ctx context.Context, q Q, viewer, author essaim.ID, kind string, p Page) ([]*Object, error) {
	return many(ctx, q, scanObject, `select `+objectColumns+fromObjects+`where o.attributed_to = $2 and ($3 = '' or o.kind = $3) and o.id < $4 and `+visible+
		` order by o.id desc limit $5`, int64(viewer), int64(author), kind, p.before(), p.limit())
}

// Replies lists the direct replies a viewer may see, oldest first.
func Replies(ctx context.Context, q Q, viewer, object, after essaim.ID, limit int) ([]*Object, error) {
	return many(ctx, q, scanObject, `select `+objectColumns+fromObjects+`where o.reply_to = $2 and o.id > $3 and `+visible+` order by o.id limit $4`,
		int64(viewer), int64(object), int64(after), Page{Limit: limit}.limit())
}

// Upcoming lists public events that are not over, soonest first, after a start time and id; author 0 means the whole instance's own.
func Upcoming(ctx context.Context, q Q, author essaim.ID, now time.Time, after time.Time, afterID essaim.ID, limit int) ([]*Object, error) {
	return many(ctx, q, scanObject, `select `+objectColumns+fromObjects+`where o.kind = 'event' and o.starts <> 0 and (o.starts, o.id) > ($2, $3)
		and (case when o.ends <> 0 then o.ends else o.starts end) >= $4 and (cast($5 as bigint) = 0 and o.local = $6 or o.attributed_to = $5) and o.visibility = 0 and `+visible+
		` order by o.starts, o.id limit $7`, 0, ms(after), int64(afterID), ms(now), int64(author), true, Page{Limit: limit}.limit())
}

func isNotFound(err error) bool { return errors.Is(err, ErrNotFound) }

// Remains lists what a deleted actor still has standing here.
func Remains(ctx context.Context, q Q, author essaim.ID, limit int) ([]*Object, error) {
	return many(ctx, q, scanObject, `select `+objectColumns+` from objects o where o.attributed_to = $1 and o.deleted = 0 order by o.id limit $2`, int64(author), limit)
}

// Latest lists the public objects of a kind known here, of this instance and of others, newest first.
func Latest(ctx context.Context, q Q, kind string, p Page) ([]*Object, error) {
	return many(ctx, q, scanObject, `select `+objectColumns+fromObjects+`where o.kind = $2 and o.id < $3 and o.visibility = 0 and `+visible+` order by o.id desc limit $4`,
		0, kind, p.before(), p.limit())
}
