package store

import (
	"context"
	"time"

	"essaim/internal/essaim"
)

// Export is a copy that a person asked for of all they have here.
type Export struct {
	ID, Account       essaim.ID
	State             ExportState
	Done, Total       int    // entries written, and to be written; Total is 0 until they are counted
	Name              string // of the file, once it is ready
	Bytes             int64
	Created, Finished time.Time
}

// ExportState is how far a copy is.
type ExportState int16

// The states.
const (
	ExportRunning ExportState = iota
	ExportReady
	ExportFailed
)

func scanExport(s scanner) (*Export, error) {
	var e Export
	var created, finished int64
	err := s.Scan(&e.ID, &e.Account, &e.State, &e.Done, &e.Total, &e.Name, &e.Bytes, &created, &finished)
	e.Created, e.Finished = at(created), at(finished)
	return &e, err
}

const exportColumns = `e.id, e.account, e.state, e.done, e.total, e.name, e.bytes, e.created, e.finished`

// ExportsOf lists the copies of an account, newest first.
func ExportsOf(ctx context.Context, q Q, account essaim.ID) ([]*Export, error) {
	return many(ctx, q, scanExport, `select `+exportColumns+` from exports e where e.account = $1 order by e.id desc limit 20`, int64(account))
}

// ExportByID finds a copy, or ErrNotFound.
func ExportByID(ctx context.Context, q Q, id essaim.ID) (*Export, error) {
	return one(ctx, q, scanExport, `select `+exportColumns+` from exports e where e.id = $1`, int64(id))
}

// ExportsBefore lists copies that were asked for before a moment.
func ExportsBefore(ctx context.Context, q Q, before time.Time, limit int) ([]*Export, error) {
	return many(ctx, q, scanExport, `select `+exportColumns+` from exports e where e.created < $1 order by e.id limit $2`, ms(before), limit)
}

// PutExport adds a copy, or writes how far it is.
func (tx *Tx) PutExport(ctx context.Context, e *Export) error {
	_, err := tx.Exec(ctx, `insert into exports (id, account, state, done, total, name, bytes, created, finished) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		on conflict (id) do update set state = excluded.state, done = excluded.done, total = excluded.total, name = excluded.name, bytes = excluded.bytes, finished = excluded.finished`,
		int64(e.ID), int64(e.Account), int(e.State), e.Done, e.Total, e.Name, e.Bytes, ms(e.Created), ms(e.Finished))
	return err
}

// DropExport forgets a copy.
func (tx *Tx) DropExport(ctx context.Context, id essaim.ID) error {
	_, err := tx.Exec(ctx, `delete from exports where id = $1`, int64(id))
	return err
}

// Tie is the other end of a relation, as an address people can use: handle@host of an actor, the form other servers import; the iri of anything else.
type Tie struct {
	ID      essaim.ID // of the relation
	Address string
}

// Ties lists the other ends of the relations of an actor, outward or towards it, oldest first after an id.
func Ties(ctx context.Context, q Q, kind string, actor essaim.ID, outward bool, after essaim.ID, limit int) ([]Tie, error) {
	near, far, state := "r.source", "r.target", "r.state < 2" // what was asked for is the asker's own, answered or not
	if !outward {
		near, far, state = far, near, "r.state = 1"
	}
	return many(ctx, q, func(s scanner) (Tie, error) {
		var t Tie
		err := s.Scan(&t.ID, &t.Address)
		return t, err
	}, `select r.id, case when a.handle is null then o.iri else a.handle || '@' || a.host end from relations r
		join objects o on o.id = `+far+` left join actors a on a.object = o.id
		where r.kind = $1 and `+near+` = $2 and `+state+` and r.id > $3 order by r.id limit $4`, kind, int64(actor), int64(after), limit)
}

// WorkAfter lists what an author published and still stands, whoever it was for, oldest first after an id.
func WorkAfter(ctx context.Context, q Q, author, after essaim.ID, limit int) ([]*Object, error) {
	return many(ctx, q, scanObject, `select `+objectColumns+` from objects o where o.attributed_to = $1 and o.deleted = 0 and o.id > $2 order by o.id limit $3`,
		int64(author), int64(after), limit)
}
