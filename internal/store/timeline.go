package store

import (
	"context"
	"strconv"
	"strings"
	"time"

	"essaim/internal/essaim"
)

// TimelineItem is an entry of somebody's timeline: an object, and who shared it when it stands there for that.
type TimelineItem struct {
	ID     essaim.ID // key of the list: that of the object, or of the share
	Object *Object
	Shared essaim.ID // the actor who shared it; 0 for what its author published
	Parent essaim.ID // the author of what it answers, when that is known
}

// TimelineFilter narrows a timeline.
type TimelineFilter string

// The filters: everything, news of projects, events, messages of people and bodies.
const (
	TimelineAll      TimelineFilter = ""
	TimelineProjects TimelineFilter = "projects"
	TimelineEvents   TimelineFilter = "events"
	TimelineMessages TimelineFilter = "messages"
)

// Candidates of a page: how many each author brings, and how many are looked at before the filters.
const (
	perAuthor       = 40
	perPage         = 60
	perFilteredPage = 400
)

// newestOf takes from every author followed, and from the reader, the newest few along the index of their work and that of their shares, so that a reader of five
// hundred authors costs five hundred short reads, whatever the size of the table; candidates are then put in order and cut. $1 is the reader, $2 the end of
// the page before, $3 how many each author may bring, $4 how many are kept.
const newestOf = `with who as (
		select f.target as actor from relations f where f.kind = 'follow' and f.source = $1 and f.state = 1
		union select cast($1 as bigint)
	), candidates as (
		select o.id as id, o.id as object, cast(0 as bigint) as shared from who join objects o on o.attributed_to = who.actor and o.id < $2
			and o.id > coalesce((select i.id from objects i where i.attributed_to = who.actor and i.id < $2 order by i.id desc limit 1 offset $3), 0)
		union all
		select v.id, v.object, v.actor from who join activities v on v.actor = who.actor and v.type = 'Announce' and v.object is not null and v.id < $2
			and v.id > coalesce((select i.id from activities i where i.actor = who.actor and i.type = 'Announce' and i.object is not null and i.id < $2 order by i.id desc limit 1 offset $3), 0)
	), page as (select id, object, shared from candidates order by id desc limit $4) `

// shown is what a reader is shown of the candidates: what they may see and is of a kind pages know, answers only within what they follow, nothing of those
// they are on bad terms with.
const shown = ` from page p join objects o on o.id = p.object left join actors a on a.object = o.attributed_to left join objects w on w.id = o.attributed_to
	where o.kind <> '' and ` + visible + ` and o.attributed_to is not null
	and (o.reply_to is null and o.in_reply_to = '' or p.shared <> 0 or exists (select 1 from objects r join who on who.actor = r.attributed_to where r.id = o.reply_to))
	and ` + unmuted + `and ` + unshared + `
	and not exists (select 1 from relations b where b.kind = 'block' and (b.source = $1 and b.target = o.attributed_to or b.source = o.attributed_to and b.target = $1))
	and ($5 = '' or $5 = 'events' and o.kind = 'event' or $5 = 'projects' and w.kind = 'project' or $5 = 'messages' and o.kind = 'post' and w.kind <> 'project') `

// Timeline lists what an actor follows, newest first, before an id. last is the key of the oldest candidate looked at, whether it was shown or not: the
// next page goes on from there; 0 when there is nothing older.
func Timeline(ctx context.Context, q Q, reader essaim.ID, filter TimelineFilter, before essaim.ID, limit int) (items []*TimelineItem, last essaim.ID, err error) {
	candidates := perPage
	if filter != TimelineAll {
		candidates = perFilteredPage
	}
	key := Page{Before: before}.before()
	items, err = many(ctx, q, func(s scanner) (*TimelineItem, error) {
		var i TimelineItem
		var parent *int64
		o, err := scanObject(tail{s, []any{&i.ID, &i.Shared, &parent}})
		if parent != nil {
			i.Parent = essaim.ID(*parent)
		}
		i.Object = o
		return &i, err
	}, newestOf+`select `+objectColumns+`, p.id, p.shared, (select r.attributed_to from objects r where r.id = o.reply_to)`+shown+`order by p.id desc limit $6`, int64(reader), key, perAuthor, candidates, string(filter), limit+1)
	if err != nil {
		return nil, 0, err
	}
	if len(items) > limit {
		items = items[:limit]
		return items, items[limit-1].ID, nil
	}
	oldest, err := one(ctx, q, func(s scanner) (essaim.ID, error) {
		var n int
		var id essaim.ID
		err := s.Scan(&n, &id)
		if n < candidates {
			id = 0 // there were no more
		}
		return id, err
	}, newestOf+`select count(*), coalesce(min(id), 0) from page`, int64(reader), key, perAuthor, candidates)
	return items, oldest, err
}

// TimelineNews counts what came to a timeline after an id, up to some fifty.
func TimelineNews(ctx context.Context, q Q, reader, after essaim.ID) (int64, error) {
	return one(ctx, q, scanInt, newestOf+`select count(*)`+shown+`and p.id > $6 and o.attributed_to <> $1`, int64(reader), Page{}.before(), perAuthor, perPage, "", int64(after))
}

// Stance is how an object stands with a viewer: how often it was liked, shared and answered, and what the viewer did with it.
type Stance struct {
	Likes, Shares, Replies int64
	Liked, Shared, Kept    bool
}

// StanceOf finds how objects stand with a viewer, in one query along the indexes of each; what nobody reacted to is not in it.
func StanceOf(ctx context.Context, q Q, actor, account essaim.ID, objects []essaim.ID) (map[essaim.ID]Stance, error) {
	out := make(map[essaim.ID]Stance, len(objects))
	if len(objects) == 0 {
		return out, nil
	}
	in, args := listed(objects)
	me, my := "$"+strconv.Itoa(len(args)+1), "$"+strconv.Itoa(len(args)+2)
	type row struct {
		kind    string
		id      essaim.ID
		n, mine int64
	}
	rows, err := many(ctx, q, func(s scanner) (row, error) {
		var r row
		err := s.Scan(&r.kind, &r.id, &r.n, &r.mine)
		return r, err
	}, `select r.kind, r.target, count(*), sum(case when r.source = `+me+` then 1 else 0 end) from relations r
			where r.kind in ('like', 'announce') and r.state = 1 and r.target in `+in+` group by r.kind, r.target
		union all select 'reply', o.reply_to, count(*), 0 from objects o where o.reply_to in `+in+` and o.deleted = 0 and o.visibility <= 1 group by o.reply_to
		union all select 'keep', b.object, 1, 1 from bookmarks b where b.account = `+my+` and b.object in `+in, append(args, int64(actor), int64(account))...)
	for _, r := range rows {
		t := out[r.id]
		switch r.kind {
		case RelLike:
			t.Likes, t.Liked = r.n, r.mine > 0
		case RelAnnounce:
			t.Shares, t.Shared = r.n, r.mine > 0
		case "reply":
			t.Replies = r.n
		default:
			t.Kept = true
		}
		out[r.id] = t
	}
	return out, err
}

// Keep marks an object to be found again, or takes the mark off.
func (tx *Tx) Keep(ctx context.Context, account, object essaim.ID, on bool, now time.Time) error {
	if !on {
		_, err := tx.Exec(ctx, `delete from bookmarks where account = $1 and object = $2`, int64(account), int64(object))
		return err
	}
	_, err := tx.Exec(ctx, `insert into bookmarks (account, object, created) values ($1, $2, $3) on conflict (account, object) do nothing`, int64(account), int64(object), ms(now))
	return err
}

// KeptPage lists what an account keeps and its person may still see, by object, newest first, one more than the limit when the list goes on.
func KeptPage(ctx context.Context, q Q, actor, account essaim.ID, p Page) ([]*Object, error) {
	return window(ctx, q, scanObject, p, "o.id", `select `+objectColumns+` from bookmarks k join objects o on o.id = k.object left join actors a on a.object = o.attributed_to
		where k.account = $2 and `+visible, int64(actor), int64(account))
}

// FollowState tells how a viewer stands towards actors: follows accepted (true) and asked for (false); those not followed are not in it.
func FollowState(ctx context.Context, q Q, viewer essaim.ID, actors []essaim.ID) (map[essaim.ID]bool, error) {
	out := make(map[essaim.ID]bool)
	if len(actors) == 0 || viewer == 0 {
		return out, nil
	}
	in, args := listed(actors)
	type row struct {
		id    essaim.ID
		state RelationState
	}
	rows, err := many(ctx, q, func(s scanner) (row, error) {
		var r row
		err := s.Scan(&r.id, &r.state)
		return r, err
	}, `select r.target, r.state from relations r where r.kind = 'follow' and r.source = $`+strconv.Itoa(len(args)+1)+` and r.state < 2 and r.target in `+in, append(args, int64(viewer))...)
	for _, r := range rows {
		out[r.id] = r.state == Accepted
	}
	return out, err
}

// TiedPage lists the actors at the other end of an actor's follows: followers, or those followed with outward; in one state.
func TiedPage(ctx context.Context, q Q, actor essaim.ID, outward bool, state RelationState, p Page) ([]*TiedCard, error) {
	near, far := "r.target", "r.source"
	if outward {
		near, far = far, near
	}
	return window(ctx, q, func(s scanner) (*TiedCard, error) {
		t := &TiedCard{}
		c, err := scanMore(tail{s, []any{&t.Tie, &t.Activity}}, func(*Card) []any { return nil })
		t.Card = c
		return t, err
	}, p, "r.id", `select `+cardColumns+`, r.id, r.activity from relations r join actors a on a.object = `+far+` join objects o on o.id = a.object
		where r.kind = 'follow' and `+near+` = $1 and r.state = $2 and o.deleted = 0 and a.state < 2`, int64(actor), int(state))
}

// TiedCard is an actor with the follow that ties it.
type TiedCard struct {
	*Card
	Tie      essaim.ID
	Activity string // iri of the Follow
}

// Suggestions lists bodies and projects that an actor does not follow, those of some territories when there are any, the newest first.
func Suggestions(ctx context.Context, q Q, viewer essaim.ID, territories []string, limit int) ([]*Card, error) {
	const open = `and o.kind in ('accelerator', 'organisation', 'project') and o.id <> $1 and o.phase <> 'stopped'
		and not exists (select 1 from relations f where f.kind = 'follow' and f.source = $1 and f.target = o.id and f.state < 2)
		and not exists (select 1 from relations m where m.kind = 'member' and m.source = $1 and m.target = o.id) `
	if len(territories) == 0 {
		return many(ctx, q, scanCounted, `select `+cardColumns+followers+living+open+`order by o.id desc limit $2`, int64(viewer), limit)
	}
	var in strings.Builder
	args := []any{int64(viewer), limit}
	for _, key := range territories[:min(len(territories), 8)] {
		args = append(args, key)
		in.WriteString(",$" + strconv.Itoa(len(args)))
	}
	return many(ctx, q, scanCounted, `select `+cardColumns+followers+living+open+`and exists (select 1 from terms t where t.scheme = 'territory' and t.object = o.id and t.key in (`+in.String()[1:]+`)) order by o.id desc limit $2`, args...)
}

// Belongings lists the living projects and bodies where a person has a role, the latest first.
func Belongings(ctx context.Context, q Q, person essaim.ID, limit int) ([]*Card, error) {
	return many(ctx, q, scanWithRole, `select `+cardColumns+`, r.role from relations r join actors a on a.object = r.target join objects o on o.id = a.object
		where r.kind = 'member' and r.source = $1 and r.state = 1 and o.deleted = 0 and a.state < 2 order by r.id desc limit $2`, int64(person), limit)
}
