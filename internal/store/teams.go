package store

import (
	"context"
	"time"

	"essaim/internal/essaim"
)

// ActsFor lists the actors an account may speak for (V8), its own person first, with the role it has in each: projects and organisations where it is owner
// or editor and, for an admin or a publisher, the accelerators of this instance. It says what internal/activity's mayAct allows.
func ActsFor(ctx context.Context, q Q, account *Account) ([]*Card, error) {
	speaks := account.Role == "admin" || account.Role == "publisher"
	return many(ctx, q, scanWithRole, `select * from (
		select `+cardColumns+`, 'self' as acting from actors a join objects o on o.id = a.object where o.id = $1
		union all
		select `+cardColumns+`, r.role from relations r join actors a on a.object = r.target join objects o on o.id = a.object
			where r.kind = 'member' and r.source = $1 and r.state = 1 and r.role in ('owner', 'editor') and o.local = $2 and o.deleted = 0 and a.state < 2
		union all
		select `+cardColumns+`, $4 from objects o join actors a on a.object = o.id
			where o.kind = 'accelerator' and o.local = $2 and $3 = $2 and o.deleted = 0 and a.state < 2
			and not exists (select 1 from relations m where m.kind = 'member' and m.source = $1 and m.target = o.id and m.state = 1 and m.role in ('owner', 'editor'))
		) s order by case when acting = 'self' then 0 else 1 end, id limit 200`, int64(account.Actor), true, speaks, account.Role)
}

// CountOwners counts the owners of a team whose accounts are active, but one; 0 spares none.
func CountOwners(ctx context.Context, q Q, team, but essaim.ID) (int64, error) {
	return one(ctx, q, scanInt, `select count(*) from relations r join accounts c on c.actor = r.source
		where r.kind = 'member' and r.target = $1 and r.role = 'owner' and r.state = 1 and r.source <> $2 and c.state = 0`, int64(team), int64(but))
}

// Hearers lists the people who are told of what reaches an actor of ours beside itself: members with a role who said so or, when they said nothing, its owners and editors;
// for the accelerator and for the instance, admins and publishers too.
func Hearers(ctx context.Context, q Q, actor essaim.ID) ([]essaim.ID, error) {
	return many(ctx, q, scanID, `select p.id from (
		select r.source as id, case when r.role in ('owner', 'editor') then 1 else 0 end as usual from relations r
			join accounts c on c.actor = r.source where r.kind = 'member' and r.target = $1 and r.state = 1 and c.state = 0
		union select c.actor, 1 from accounts c join objects o on o.id = $1 and o.local = $2 and o.kind in ('accelerator', 'instance')
			where c.role in ('admin', 'publisher') and c.state = 0) p
		left join hearing h on h.actor = $1 and h.person = p.id where case when h.hears is null then p.usual = 1 else h.hears = $2 end order by p.id`, int64(actor), true)
}

// TeamMember is somebody in a team, or on the way into it.
type TeamMember struct {
	*Card
	State RelationState // Role is that of V8: "invited" and "requested" while Pending
	Hears bool          // is told of what reaches the team
	Since time.Time
}

// Team lists who belongs to a team, was invited, or asks to belong: those who wait first, then owners, editors, members.
func Team(ctx context.Context, q Q, team essaim.ID) ([]*TeamMember, error) {
	return many(ctx, q, func(s scanner) (*TeamMember, error) {
		var m TeamMember
		var since int64
		var hears *bool
		card, err := scanMore(s, func(c *Card) []any { return []any{&c.Role, &m.State, &since, &hears} })
		if err != nil {
			return nil, err
		}
		m.Card, m.Since, m.Hears = card, at(since), card.Role == "owner" || card.Role == "editor"
		if hears != nil {
			m.Hears = *hears
		}
		return &m, nil
	}, `select `+cardColumns+`, r.role, r.state, r.created, h.hears from relations r join actors a on a.object = r.source join objects o on o.id = a.object
		left join hearing h on h.actor = r.target and h.person = r.source
		where r.kind = 'member' and r.target = $1 and r.state < 2 and o.deleted = 0 and a.state < 2
		order by r.state, case r.role when 'requested' then 0 when 'invited' then 1 when 'owner' then 2 when 'editor' then 3 else 4 end, r.id limit 200`, int64(team))
}

// TeamsOf lists the teams a person belongs to, was invited to, or asks to belong to, with the role in each.
func TeamsOf(ctx context.Context, q Q, person essaim.ID) ([]*Card, error) {
	return many(ctx, q, scanWithRole, `select `+cardColumns+`, r.role from relations r join actors a on a.object = r.target join objects o on o.id = a.object
		where r.kind = 'member' and r.source = $1 and r.state < 2 and o.deleted = 0 and a.state < 2 order by r.state, r.id desc limit 200`, int64(person))
}

// SetHearing says whether a member is told of what reaches a team.
func (tx *Tx) SetHearing(ctx context.Context, team, person essaim.ID, hears bool) error {
	_, err := tx.Exec(ctx, `insert into hearing (actor, person, hears) values ($1, $2, $3) on conflict (actor, person) do update set hears = excluded.hears`, int64(team), int64(person), hears)
	return err
}

// ForgetHearing forgets that choice.
func (tx *Tx) ForgetHearing(ctx context.Context, team, person essaim.ID) error {
	_, err := tx.Exec(ctx, `delete from hearing where actor = $1 and person = $2`, int64(team), int64(person))
	return err
}
