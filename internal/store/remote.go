package store

import (
	"context"
	"time"
)

// sweepBatch bounds one sweep, so that the writer is never held for long; the next sweep takes the rest.
const sweepBatch = 500

// SweepPayloads drops the bytes of activities whose deliveries are all done or dead.
func (c Content) SweepPayloads(ctx context.Context) error {
	_, err := c.tx.Exec(ctx, `delete from payloads where activity in (select p.activity from payloads p
		where not exists (select 1 from jobs j where j.activity = p.activity and j.state < 2) limit $1)`, sweepBatch)
	return err
}

// SweepMarkers forgets Undos and Deletes of things that never came.
func (c Content) SweepMarkers(ctx context.Context, before time.Time) error {
	_, err := c.tx.Exec(ctx, `delete from markers where iri in (select iri from markers where created < $1 limit $2)`, ms(before), sweepBatch)
	return err
}

// SweepKeys forgets public keys of others not read since a moment, which are read again when they are needed, and private halves of our own
// retired before another (K6).
func (tx *Tx) SweepKeys(ctx context.Context, readBefore, retiredBefore time.Time) error {
	if _, err := tx.Exec(ctx, `delete from keys where id in (select id from keys where private = '' and created < $1 limit $2)`, ms(readBefore), sweepBatch); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `delete from keys where private <> '' and retired <> 0 and retired < $1`, ms(retiredBefore))
	return err
}

// SweepHosts forgets servers that nothing was heard of nor delivered to since a moment and that no policy names (S39, DL5).
func (tx *Tx) SweepHosts(ctx context.Context, before time.Time) error {
	_, err := tx.Exec(ctx, `delete from hosts where host in (select host from hosts where policy = 0 and created < $1 and last_ok < $1 and last_seen < $1 limit $2)`,
		ms(before), sweepBatch)
	return err
}

// SweepInboxes forgets the misses of inboxes: a few soon, since a server may fail for a moment; those given up later, when they are worth one more
// try.
func (tx *Tx) SweepInboxes(ctx context.Context, fewBefore, allBefore time.Time) error {
	_, err := tx.Exec(ctx, `delete from dead_inboxes where last < $1 or misses < 3 and last < $2`, ms(allBefore), ms(fewBefore))
	return err
}

// FinishedBackfills lists complete walks of whole instances that ended before a moment, the oldest first: those to reconcile.
func FinishedBackfills(ctx context.Context, q Q, before time.Time, limit int) ([]string, error) {
	return many(ctx, q, scanText, `select root from backfills where state = 1 and updated < $1 and root not like '%/%' order by updated limit $2`, ms(before), limit)
}
