package store

import (
	"context"
	"strconv"
	"time"

	"essaim/internal/essaim"
)

// Mute is somebody, or a server, that an actor does not want to see.
type Mute struct {
	Target  essaim.ID // 0 when Host is set
	Host    string
	Created time.Time
}

// unmuted keeps out what is by an author o.attributed_to, or of a server o.host, that the reader $1 does not want to see.
const unmuted = `not exists (select 1 from mutes u where u.actor = $1 and (u.target = o.attributed_to or u.host <> '' and u.host = o.host)) `

// unshared keeps out what p.shared shared, when the reader $1 does not want to see who that is, or its server.
const unshared = `not exists (select 1 from mutes u where u.actor = $1 and p.shared <> 0 and (u.target = p.shared
	or u.host <> '' and u.host = (select s.host from objects s where s.id = p.shared))) `

// heard keeps out the notifications n of whom the one told mutes or blocks: they are kept, and come back with the end of it.
const heard = `not exists (select 1 from mutes u where u.actor = n.actor and (u.target = n.source
	or u.host <> '' and u.host = (select s.host from objects s where s.id = n.source)))
	and not exists (select 1 from relations b where b.kind = 'block' and b.source = n.actor and b.target = n.source) `

// MutesOf lists whom an actor does not want to see, newest first.
func MutesOf(ctx context.Context, q Q, actor essaim.ID) ([]*Mute, error) {
	return many(ctx, q, func(s scanner) (*Mute, error) {
		var m Mute
		var created int64
		err := s.Scan(&m.Target, &m.Host, &created)
		m.Created = at(created)
		return &m, err
	}, `select u.target, u.host, u.created from mutes u where u.actor = $1 order by u.created desc, u.target, u.host limit 500`, int64(actor))
}

// SetMute mutes somebody or a server for an actor, or takes it back.
func (tx *Tx) SetMute(ctx context.Context, actor, target essaim.ID, host string, on bool, now time.Time) error {
	if !on {
		_, err := tx.Exec(ctx, `delete from mutes where actor = $1 and target = $2 and host = $3`, int64(actor), int64(target), host)
		return err
	}
	_, err := tx.Exec(ctx, `insert into mutes (actor, target, host, created) values ($1, $2, $3, $4) on conflict (actor, target, host) do nothing`,
		int64(actor), int64(target), host, ms(now))
	return err
}

// Distance is how an actor keeps another away: muted, its server muted, or blocked.
type Distance struct{ Muted, ServerMuted, Blocked bool }

// DistanceTo tells how an actor keeps another away, in one query.
func DistanceTo(ctx context.Context, q Q, actor, target essaim.ID, host string) (Distance, error) {
	return one(ctx, q, func(s scanner) (Distance, error) {
		var muted, server, blocked int64
		err := s.Scan(&muted, &server, &blocked)
		return Distance{muted > 0, server > 0, blocked > 0}, err
	}, `select (select count(*) from mutes u where u.actor = $1 and u.target = $2), (select count(*) from mutes u where u.actor = $1 and u.host = $3 and u.host <> ''),
		(select count(*) from relations b where b.kind = 'block' and b.source = $1 and b.target = $2)`, int64(actor), int64(target), host)
}

// Away lists who of some actors an actor keeps away, muted or blocked, or on a muted server.
func Away(ctx context.Context, q Q, actor essaim.ID, actors []essaim.ID) (map[essaim.ID]bool, error) {
	out := make(map[essaim.ID]bool)
	if actor == 0 || len(actors) == 0 {
		return out, nil
	}
	in, args := listed(actors)
	ids, err := many(ctx, q, scanID, `select o.id from objects o where o.id in `+in+` and (
		exists (select 1 from mutes u where u.actor = $`+strconv.Itoa(len(args)+1)+` and (u.target = o.id or u.host <> '' and u.host = o.host))
		or exists (select 1 from relations b where b.kind = 'block' and (b.source = $`+strconv.Itoa(len(args)+1)+` and b.target = o.id or b.source = o.id and b.target = $`+strconv.Itoa(len(args)+1)+`)))`,
		append(args, int64(actor))...)
	for _, id := range ids {
		out[id] = true
	}
	return out, err
}

// BlockedBy lists the actors that an actor blocks, newest first.
func BlockedBy(ctx context.Context, q Q, actor essaim.ID) ([]*Card, error) {
	return many(ctx, q, scanCard, `select `+cardColumns+` from relations r join actors a on a.object = r.target join objects o on o.id = a.object
		where r.kind = 'block' and r.source = $1 order by r.id desc limit 200`, int64(actor))
}
