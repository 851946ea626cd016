package store

import (
	"context"
	"slices"
	"time"

	"essaim/internal/essaim"
)

// What pages read in one query each: actors with their documents, lists with facets, the agenda, the peers. Everything here is for everybody.

// Card is an actor with its document, as lists and profiles show it.
type Card struct {
	*Object
	Handle, AtHost string // AtHost is the host of the handle, which a delegated WebFinger may make another than Host
	State          ActorState
	Followers      int64  // accepted ones; filled by the lists and by CardByHandle
	Far            int64  // of those, how many live elsewhere; filled by CardByHandle
	Role           string // filled by Members
}

// Address is @handle@host as people write it.
func (c *Card) Address() string { return "@" + c.Handle + "@" + c.AtHost }

const (
	cardColumns = objectColumns + `, a.handle, a.host, a.state`
	followers   = `, (select count(*) from relations f where f.kind = 'follow' and f.target = o.id and f.state = 1)`
	living      = ` from actors a join objects o on o.id = a.object where o.deleted = 0 and a.state < 2 `
)

// tail reads some more columns after those another scan function knows.
type tail struct {
	scanner
	more []any
}

func (t tail) Scan(dest ...any) error { return t.scanner.Scan(append(dest, t.more...)...) }

func scanMore(s scanner, more func(*Card) []any) (*Card, error) {
	var c Card
	var err error
	c.Object, err = scanObject(tail{s, append([]any{&c.Handle, &c.AtHost, &c.State}, more(&c)...)})
	return &c, err
}

func scanCard(s scanner) (*Card, error) {
	return scanMore(s, func(*Card) []any { return nil })
}

func scanCounted(s scanner) (*Card, error) {
	return scanMore(s, func(c *Card) []any { return []any{&c.Followers} })
}

func scanNearFar(s scanner) (*Card, error) {
	return scanMore(s, func(c *Card) []any { return []any{&c.Followers, &c.Far} })
}

func scanWithRole(s scanner) (*Card, error) {
	return scanMore(s, func(c *Card) []any { return []any{&c.Role} })
}

// CardByHandle finds an actor of whatever state with its document and its followers, near and far; ErrNotFound when it was never seen.
func CardByHandle(ctx context.Context, q Q, handle, host string) (*Card, error) {
	return one(ctx, q, scanNearFar, `select `+cardColumns+followers+`, (select count(*) from relations f join objects s on s.id = f.source
		where f.kind = 'follow' and f.target = o.id and f.state = 1 and s.local = $3)`+fromActors+`where a.host = $2 and a.handle = $1`, handle, host, false)
}

// CardsByID finds actors by row, in one query; what is missing is not in the result.
func CardsByID(ctx context.Context, q Q, ids []essaim.ID) (map[essaim.ID]*Card, error) {
	found := make(map[essaim.ID]*Card, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	in, args := listed(ids)
	cards, err := many(ctx, q, scanCard, `select `+cardColumns+fromActors+`where o.id in `+in, args...)
	for _, c := range cards {
		found[c.ID] = c
	}
	return found, err
}

// CardsByIRI finds the living actors among some ids, in one query; at most eight are asked for at once, the rest is left out.
func CardsByIRI(ctx context.Context, q Q, iris []string) (map[string]*Card, error) {
	const most = 8
	found := make(map[string]*Card, len(iris))
	if len(iris) == 0 {
		return found, nil
	}
	args := make([]any, most)
	for i := range args {
		args[i] = iris[min(i, len(iris)-1)]
	}
	cards, err := many(ctx, q, scanCard, `select `+cardColumns+living+`and o.iri in ($1, $2, $3, $4, $5, $6, $7, $8)`, args...)
	for _, c := range cards {
		found[c.IRI] = c
	}
	return found, err
}

// Filter narrows a list of actors; "" filters nothing.
type Filter struct {
	Kind                    string // needed
	Phase, Theme, Territory string // codes; the key of a territory
	Host                    string
}

const (
	byPhase     = `and ($2 = '' or o.phase = $2) `
	byTheme     = `and ($3 = '' or exists (select 1 from terms x where x.scheme = 'theme' and x.key = $3 and x.object = o.id)) `
	byTerritory = `and ($4 = '' or exists (select 1 from terms y where y.scheme = 'territory' and y.key = $4 and y.object = o.id)) `
	byHost      = `and ($5 = '' or o.host = $5) `
)

func (f Filter) args() []any { return []any{f.Kind, f.Phase, f.Theme, f.Territory, f.Host} }

// Directory lists the actors a filter lets through, of this instance and of others, newest first, in either direction: one row more than Limit
// when the list goes on. A filter by term leads the query, since few entries have a term and the list is in the order of its index.
func Directory(ctx context.Context, q Q, f Filter, p Page) ([]*Card, error) {
	const all = `join actors a on a.object = o.id where o.deleted = 0 and a.state < 2 and o.kind = $1 ` + byPhase + byTheme + byTerritory + byHost
	from, column := ` from objects o `, "o.id"
	switch {
	case f.Territory != "":
		from, column = ` from terms l join objects o on l.scheme = 'territory' and l.key = $4 and o.id = l.object `, "l.object"
	case f.Theme != "":
		from, column = ` from terms l join objects o on l.scheme = 'theme' and l.key = $3 and o.id = l.object `, "l.object"
	}
	return window(ctx, q, scanCounted, p, column, `select `+cardColumns+followers+from+all, f.args()...)
}

// Entry is what the list of projects is filtered and counted by.
type Entry struct {
	Phase, Host         string
	Themes, Territories []string // containment expanded
}

// ProjectEntries lists the living projects known here without their documents.
func ProjectEntries(ctx context.Context, q Q) ([]*Entry, error) {
	type row struct {
		id                       essaim.ID
		phase, host, scheme, key string
	}
	rows, err := many(ctx, q, func(s scanner) (r row, err error) {
		err = s.Scan(&r.id, &r.phase, &r.host, &r.scheme, &r.key)
		return r, err
	}, `select o.id, o.phase, o.host, coalesce(t.scheme, ''), coalesce(t.key, '') from objects o join actors a on a.object = o.id
		left join terms t on t.object = o.id and t.scheme in ('theme', 'territory') where o.kind = 'project' and o.deleted = 0 and a.state < 2 order by o.id`)
	var all []*Entry
	var last essaim.ID
	for _, r := range rows {
		if len(all) == 0 || r.id != last {
			all, last = append(all, &Entry{Phase: r.phase, Host: r.host}), r.id
		}
		switch e := all[len(all)-1]; r.scheme {
		case essaim.TermTheme:
			e.Themes = append(e.Themes, r.key)
		case essaim.TermTerritory:
			e.Territories = append(e.Territories, r.key)
		}
	}
	return all, err
}

// ProjectStamp changes whenever ProjectEntries would: with every project that is added, changed or deleted, since each write of an object bumps its
// version, and with every actor that is suspended or let back.
func ProjectStamp(ctx context.Context, q Q) ([4]int64, error) {
	return one(ctx, q, func(s scanner) (n [4]int64, err error) {
		err = s.Scan(&n[0], &n[1], &n[2], &n[3])
		return n, err
	}, `select count(*), cast(coalesce(sum(o.version), 0) as bigint), (select count(*) from actors g where g.state >= 2),
		(select cast(coalesce(sum(g.object % 1000003), 0) as bigint) from actors g where g.state >= 2) from objects o where o.kind = 'project' and o.kind <> 'post'`)
}

// figure is a number with the kind it counts.
type figure struct {
	kind  string
	count int64
}

func scanFigure(s scanner) (figure, error) {
	var f figure
	err := s.Scan(&f.kind, &f.count)
	return f, err
}

// CountComing counts the public events that are not over: those of the agenda.
func CountComing(ctx context.Context, q Q, now time.Time) (int64, error) {
	return one(ctx, q, scanInt, `select count(*)`+fromObjects+`where o.kind = 'event' and o.starts <> 0 and `+ends+` >= $2 and o.visibility = 0 and `+visible, 0, ms(now))
}

// FollowersOf counts the accepted followers of some actors, in one query; one without any is not in the result.
func FollowersOf(ctx context.Context, q Q, ids []essaim.ID) (map[essaim.ID]int64, error) {
	found := make(map[essaim.ID]int64, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	type count struct {
		id essaim.ID
		n  int64
	}
	in, args := listed(ids)
	rows, err := many(ctx, q, func(s scanner) (c count, err error) {
		err = s.Scan(&c.id, &c.n)
		return c, err
	}, `select f.target, count(*) from relations f where f.kind = 'follow' and f.state = 1 and f.target in `+in+` group by f.target`, args...)
	for _, c := range rows {
		found[c.id] = c.n
	}
	return found, err
}

const ends = `(case when o.ends <> 0 then o.ends else o.starts end)`

// AgendaPage is a position in the agenda: after (or, with Back, before) a start and an id in the order of the list.
type AgendaPage struct {
	Past  bool // what is over, latest first, instead of what comes, soonest first
	At    time.Time
	ID    essaim.ID
	Back  bool
	Limit int
}

// Agenda lists public events of this instance and of others; one row more than Limit when the list goes on.
func Agenda(ctx context.Context, q Q, now time.Time, p AgendaPage) ([]*Object, error) {
	side, compare, order := `>=`, `>`, ``
	if p.Past {
		side = `<`
	}
	if p.Past != p.Back {
		compare, order = `<`, ` desc`
	}
	at, id := ms(p.At), int64(p.ID)
	if p.ID == 0 && compare == `<` {
		at, id = 1<<62, 1<<62
	}
	rows, err := many(ctx, q, scanObject, `select `+objectColumns+fromObjects+`where o.kind = 'event' and o.starts <> 0 and `+ends+side+` $2
		and (o.starts, o.id) `+compare+` ($3, $4) and o.visibility = 0 and `+visible+` order by o.starts`+order+`, o.id`+order+` limit $5`,
		0, ms(now), at, id, Page{Limit: p.Limit}.limit()+1)
	if p.Back {
		slices.Reverse(rows)
	}
	return rows, err
}

// News lists the public posts that answer nothing, newest first; one row more than Limit when the list goes on.
func News(ctx context.Context, q Q, p Page) ([]*Object, error) {
	return window(ctx, q, scanObject, p, "o.id", `select `+objectColumns+fromObjects+`where o.kind = 'post' and o.in_reply_to = '' and o.visibility = 0 and `+visible, 0)
}

// WorkPage lists what an author published and everybody may see, in either direction; replies are left out.
func WorkPage(ctx context.Context, q Q, author essaim.ID, p Page) ([]*Object, error) {
	return window(ctx, q, scanObject, p, "o.id", `select `+objectColumns+fromObjects+`where o.attributed_to = $2 and o.in_reply_to = '' and o.visibility <= 1 and `+visible,
		0, int64(author))
}

// TagPage lists what bears a hashtag and everybody may see, of this instance and of others, in either direction: what was published with it, and the
// projects and bodies that name it. People are not listed by their interests.
func TagPage(ctx context.Context, q Q, tag string, p Page) ([]essaim.ID, error) {
	return window(ctx, q, scanID, p, "t.object", `select o.id from terms t join objects o on o.id = t.object left join actors a on a.object = coalesce(o.attributed_to, o.id)
		where t.scheme = 'tag' and t.key = $2 and o.kind not in ('', 'person', 'instance') and a.object is not null and o.visibility = 0 and `+visible, 0, tag)
}

// Shown finds an object by its iri, or by its row when iri is "", and tells whether everybody may see it.
func Shown(ctx context.Context, q Q, iri string, id essaim.ID) (o *Object, seen bool, err error) {
	where, key := `where o.iri = $1`, any(iri)
	if iri == "" {
		where, key = `where o.id = $1`, int64(id)
	}
	var state int64
	o, err = one(ctx, q, func(s scanner) (*Object, error) { return scanObject(tail{s, []any{&state}}) }, `select `+objectColumns+`, coalesce(a.state, 0)`+fromObjects+where, key)
	if err != nil {
		return nil, false, err
	}
	return o, essaim.CanSee(essaim.Viewer{}, essaim.Seen{Author: o.AttributedTo, Visibility: o.Visibility, Deleted: !o.Deleted.IsZero(), Suspended: state >= 2}), nil
}

// Conversation lists what everybody may see of the thread an object is in, oldest first: its parent, the answers to it, and what shares its context.
func Conversation(ctx context.Context, q Q, o *Object, limit int) ([]*Object, error) {
	return many(ctx, q, scanObject, `select `+objectColumns+` from objects o where o.id in (select o.id`+fromObjects+`where o.id in (
		select c.id from objects c where c.context = $2 and c.context <> '' union select r.id from objects r where r.reply_to = $3 union select p.id from objects p where p.id = $4)
		and o.id <> $3 and o.kind <> '' and `+visible+` order by o.published, o.id limit $5) order by o.published, o.id`, 0, o.Context, int64(o.ID), int64(o.ReplyTo), Page{Limit: limit}.limit())
}

// Members lists the people of a project or an organisation with their roles, in the order in which they came.
func Members(ctx context.Context, q Q, group essaim.ID) ([]*Card, error) {
	return many(ctx, q, scanWithRole, `select `+cardColumns+`, r.role from relations r join actors a on a.object = r.source join objects o on o.id = a.object
		where r.kind = 'member' and r.target = $1 and r.state = 1 and o.deleted = 0 and a.state < 2 order by r.id limit 50`, int64(group))
}

// Reactions counts the likes and shares of an object.
func Reactions(ctx context.Context, q Q, object essaim.ID) (likes, shares int64, err error) {
	rows, err := many(ctx, q, scanFigure, `select r.kind, count(*) from relations r where r.kind in ('like', 'announce') and r.target = $1 and r.state = 1 group by r.kind`, int64(object))
	for _, f := range rows {
		if f.kind == RelLike {
			likes = f.count
		} else {
			shares = f.count
		}
	}
	return likes, shares, err
}

// Peer is an instance that feeds this one.
type Peer struct {
	Host           string
	Handle, AtHost string // of its instance actor
	LastSeen       time.Time
}

func scanPeer(s scanner) (*Peer, error) {
	var p Peer
	var seen int64
	err := s.Scan(&p.Host, &p.Handle, &p.AtHost, &seen)
	p.LastSeen = at(seen)
	return &p, err
}

// Peers lists the instances whose own actor somebody here follows, most recently heard first.
func Peers(ctx context.Context, q Q, limit int) ([]*Peer, error) {
	return many(ctx, q, scanPeer, `select o.host, a.handle, a.host, coalesce((select case when h.last_seen > h.last_ok then h.last_seen else h.last_ok end from hosts h where h.host = o.host), 0) as heard`+
		living+`and o.kind = 'instance' and o.local = $1
		and exists (select 1 from relations f join objects s on s.id = f.source where f.kind = 'follow' and f.target = o.id and f.state = 1 and s.local = $2)
		order by heard desc, o.host limit $3`, false, true, Page{Limit: limit}.limit())
}
