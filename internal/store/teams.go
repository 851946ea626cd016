package store

import "context"

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
