package store

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"essaim/internal/essaim"
)

// What ActivityPub collections show (federation §5): only what nobody in particular may see, unless a viewer is given. Pages are read in both
// directions; a page has one row more than Limit when the list goes on.

// Oldest is the After of the page at the end of a list.
const Oldest essaim.ID = 1

// window reads a page: query ends in a condition, column is the key of the list, args those of query. Read backward or forward, rows come newest first.
func window[T any](ctx context.Context, q Q, scan func(scanner) (T, error), p Page, column, query string, args ...any) ([]T, error) {
	key, limit := "$"+strconv.Itoa(len(args)+1), " limit $"+strconv.Itoa(len(args)+2)
	if p.After == 0 {
		return many(ctx, q, scan, query+` and `+column+` < `+key+` order by `+column+` desc`+limit, append(args, p.before(), p.limit()+1)...)
	}
	rows, err := many(ctx, q, scan, query+` and `+column+` > `+key+` order by `+column+limit, append(args, int64(p.After), p.limit()+1)...)
	slices.Reverse(rows)
	return rows, err
}

// published are the deeds of an outbox: what an actor created or announced. The birth of an actor is not one: it is sent to nobody, and the
// instance's outbox would list every member.
const published = ` from activities v join objects o on o.id = v.object left join actors a on a.object = o.attributed_to
	where v.actor = $2 and v.type in ('Create', 'Announce') and (v.visibility <= 1 or v.type = 'Create')
	and not exists (select 1 from actors born where born.object = o.id) and ` + visible

// OutboxPage lists what an actor did that a viewer may see, in either direction (federation §5).
func OutboxPage(ctx context.Context, q Q, viewer, actor essaim.ID, p Page) ([]*Activity, error) {
	return window(ctx, q, scanActivity, p, "v.id", `select `+activityColumns+published, int64(viewer), int64(actor))
}

// CountDeeds counts what OutboxPage lists.
func CountDeeds(ctx context.Context, q Q, viewer, actor essaim.ID) (int64, error) {
	return one(ctx, q, scanInt, `select count(*)`+published, int64(viewer), int64(actor))
}

// InboxPage lists what reached an actor, newest first, one more than the limit: what the actors it follows published and announced, and what was done to it.
// Branches are joined by UNION ALL rather than OR, each along its own index.
func InboxPage(ctx context.Context, q Q, actor essaim.ID, p Page) ([]*Activity, error) {
	return many(ctx, q, scanActivity, `select distinct `+activityColumns+` from activities v join (
		select * from (select w.id from relations f join activities w on w.actor = f.target
			join objects o on o.id = w.object left join actors a on a.object = o.attributed_to
			where f.kind = 'follow' and f.source = $1 and f.state = 1 and w.id < $2 and w.type in ('Create', 'Announce', 'Update') and o.attributed_to is not null and `+visible+`
			order by w.id desc limit $3) followed
		union all
		select * from (select n.activity as id from notifications n where n.actor = $1 and n.activity < $2 order by n.activity desc limit $3) told
	) i on i.id = v.id order by v.id desc limit $3`, int64(actor), p.before(), p.limit()+1)
}

// SourcePage and TargetPage list the two sides of accepted relations, by id and position.
func SourcePage(ctx context.Context, q Q, kind string, target essaim.ID, p Page) ([]Position, error) {
	return window(ctx, q, scanPosition, p, "r.id", `select r.id, o.iri from relations r join objects o on o.id = r.source
		where r.kind = $1 and r.target = $2 and r.state = 1`, kind, int64(target))
}

// TargetPage is SourcePage for the other side.
func TargetPage(ctx context.Context, q Q, kind string, source essaim.ID, p Page) ([]Position, error) {
	return window(ctx, q, scanPosition, p, "r.id", `select r.id, o.iri from relations r join objects o on o.id = r.target
		where r.kind = $1 and r.source = $2 and r.state = 1`, kind, int64(source))
}

// FeaturedPage lists what an actor put in front, without what is no longer for everybody.
func FeaturedPage(ctx context.Context, q Q, actor essaim.ID, p Page) ([]Position, error) {
	return window(ctx, q, scanPosition, p, "r.id", `select r.id, o.iri from relations r join objects o on o.id = r.target left join actors a on a.object = o.attributed_to
		where r.kind = 'featured' and r.source = $2 and r.state = 1 and `+visible, 0, int64(actor))
}

// PublicPage lists the public objects of a kind by an author; author 0 means everybody here.
func PublicPage(ctx context.Context, q Q, author essaim.ID, kind string, p Page) ([]*Object, error) {
	if author == 0 {
		return window(ctx, q, scanObject, p, "o.id", `select `+objectColumns+fromObjects+`where o.kind = $2 and o.local = $3 and o.visibility = 0 and `+visible, 0, kind, true)
	}
	return window(ctx, q, scanObject, p, "o.id", `select `+objectColumns+fromObjects+`where o.attributed_to = $2 and o.kind = $3 and o.visibility = 0 and `+visible, 0, int64(author), kind)
}

// CountPublic counts what PublicPage lists.
func CountPublic(ctx context.Context, q Q, author essaim.ID, kind string) (int64, error) {
	if author == 0 {
		return one(ctx, q, scanInt, `select count(*)`+fromObjects+`where o.kind = $2 and o.local = $3 and o.visibility = 0 and `+visible, 0, kind, true)
	}
	return one(ctx, q, scanInt, `select count(*)`+fromObjects+`where o.attributed_to = $2 and o.kind = $3 and o.visibility = 0 and `+visible, 0, int64(author), kind)
}

const localActors = ` from actors a join objects o on o.id = a.object where o.kind = $1 and o.local = $2 and o.deleted = 0 and a.state < 2`

// LocalActorPage lists the documents of the actors of a kind that live here.
func LocalActorPage(ctx context.Context, q Q, kind string, p Page) ([]*Object, error) {
	return window(ctx, q, scanObject, p, "o.id", `select `+objectColumns+localActors, kind, true)
}

// CountLocalActors counts them.
func CountLocalActors(ctx context.Context, q Q, kind string) (int64, error) {
	return one(ctx, q, scanInt, `select count(*)`+localActors, kind, true)
}

const taggedHere = ` from terms t join objects o on o.id = t.object left join actors a on a.object = o.attributed_to
	where t.scheme = 'tag' and t.key = $2 and o.local = $3 and o.visibility = 0 and a.object is not null and ` + visible

// TaggedPage lists the public objects of this instance under a hashtag.
func TaggedPage(ctx context.Context, q Q, tag string, p Page) ([]Position, error) {
	return window(ctx, q, scanPosition, p, "o.id", `select o.id, o.iri`+taggedHere, 0, tag, true)
}

// CountTagged counts them.
func CountTagged(ctx context.Context, q Q, tag string) (int64, error) {
	return one(ctx, q, scanInt, `select count(*)`+taggedHere, 0, tag, true)
}

// ReplyPage lists the direct replies anybody may see, oldest first, after a position; one more than the limit when the list goes on.
func ReplyPage(ctx context.Context, q Q, object, after essaim.ID, limit int) ([]Position, error) {
	return many(ctx, q, scanPosition, `select o.id, o.iri`+fromObjects+`where o.reply_to = $2 and o.id > $3 and `+visible+` order by o.id limit $4`,
		0, int64(object), int64(after), limit+1)
}

// CountReplies counts them.
func CountReplies(ctx context.Context, q Q, object essaim.ID) (int64, error) {
	return one(ctx, q, scanInt, `select count(*)`+fromObjects+`where o.reply_to = $2 and `+visible, 0, int64(object))
}

// ThreadPage lists the conversation of a context anybody may see, oldest first (FEP-7888).
func ThreadPage(ctx context.Context, q Q, conversation string, after essaim.ID, limit int) ([]Position, error) {
	return many(ctx, q, scanPosition, `select o.id, o.iri`+fromObjects+`where o.context = $2 and o.context <> '' and o.id > $3 and `+visible+` order by o.id limit $4`,
		0, conversation, int64(after), limit+1)
}

// CountThread counts them.
func CountThread(ctx context.Context, q Q, conversation string) (int64, error) {
	return one(ctx, q, scanInt, `select count(*)`+fromObjects+`where o.context = $2 and o.context <> '' and `+visible, 0, conversation)
}

// CountUpcoming counts the public events Upcoming lists.
func CountUpcoming(ctx context.Context, q Q, author essaim.ID, now time.Time) (int64, error) {
	return one(ctx, q, scanInt, `select count(*)`+fromObjects+`where o.kind = 'event' and o.starts <> 0 and (case when o.ends <> 0 then o.ends else o.starts end) >= $2
		and (cast($3 as bigint) = 0 and o.local = $4 or o.attributed_to = $3) and o.visibility = 0 and `+visible, 0, ms(now), int64(author), true)
}

// Usage counts what this instance publishes: posts and events that answer nothing, and posts that do (FEP-0151).
func Usage(ctx context.Context, q Q) (posts, comments int64, err error) {
	const ours = `select count(*)` + fromObjects + `where o.kind in ('post', 'event') and o.local = $2 and o.visibility <= 1 and ` + visible
	if posts, err = one(ctx, q, scanInt, ours+` and o.in_reply_to = ''`, 0, true); err != nil {
		return 0, 0, err
	}
	comments, err = one(ctx, q, scanInt, ours+` and o.in_reply_to <> ''`, 0, true)
	return posts, comments, err
}

// ObjectsByID finds objects by row, in one query; what is missing is not in the result.
func ObjectsByID(ctx context.Context, q Q, ids []essaim.ID) (map[essaim.ID]*Object, error) {
	found := make(map[essaim.ID]*Object, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	in, args := listed(ids)
	objects, err := many(ctx, q, scanObject, `select `+objectColumns+` from objects o where o.id in `+in, args...)
	for _, o := range objects {
		found[o.ID] = o
	}
	return found, err
}

// IRIsByID finds the addresses of objects and actors by row, in one query.
func IRIsByID(ctx context.Context, q Q, ids []essaim.ID) (map[essaim.ID]string, error) {
	found := make(map[essaim.ID]string, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	in, args := listed(ids)
	positions, err := many(ctx, q, scanPosition, `select o.id, o.iri from objects o where o.id in `+in, args...)
	for _, p := range positions {
		found[p.ID] = p.IRI
	}
	return found, err
}

// inList writes ids as ($1, $2, …), filled up to a power of two so that few texts are prepared.
func listed(ids []essaim.ID) (string, []any) {
	size := 1
	for size < len(ids) {
		size *= 2
	}
	var b strings.Builder
	args := make([]any, 0, size)
	for i := range size {
		b.WriteString(",$" + strconv.Itoa(i+1))
		args = append(args, int64(ids[min(i, len(ids)-1)]))
	}
	return "(" + b.String()[1:] + ")", args
}

// KnowsActivity tells whether an activity was recorded (S16).
func KnowsActivity(ctx context.Context, q Q, iri string) (bool, error) {
	return exists(ctx, q, `select 1 from activities where iri = $1`, iri)
}

// KnowsObject tells whether an object or actor was ever seen here, deleted or not (K4).
func KnowsObject(ctx context.Context, q Q, iri string) (bool, error) {
	return exists(ctx, q, `select 1 from objects where iri = $1`, iri)
}

func exists(ctx context.Context, q Q, query string, args ...any) (bool, error) {
	_, err := one(ctx, q, scanInt, query, args...)
	if isNotFound(err) {
		return false, nil
	}
	return err == nil, err
}
