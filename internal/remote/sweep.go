package remote

import (
	"context"
	"time"

	"essaim/internal/store"
)

// How long what is known of others is kept without use (S39, DL5), and private keys after they were retired (K6).
const (
	keysKept      = 90 * 24 * time.Hour
	hostsKept     = 90 * 24 * time.Hour
	markersKept   = 30 * 24 * time.Hour
	missesKept    = 7 * 24 * time.Hour
	deadKept      = 30 * 24 * time.Hour
	retiredKept   = 7 * 24 * time.Hour
	reconcileAll  = 7 * 24 * time.Hour
	reconcilePage = 10 // pages of an instance that are read again
)

// Sweep forgets what has served: payloads without deliveries, old markers, keys, hosts and missing inboxes; and has instances that were read a week
// ago read again, a few pages each. It is meant to be called every few minutes; one call does a bounded part.
func (s *Service) Sweep(ctx context.Context) error {
	now := s.Clock()
	if err := s.Activity.Sweep(ctx, now.Add(-markersKept)); err != nil {
		return err
	}
	finished, err := store.FinishedBackfills(ctx, s.DB.Read(), now.Add(-reconcileAll), 10)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, store.Relaxed, func(tx *store.Tx) error {
		if err := tx.SweepKeys(ctx, now.Add(-keysKept), now.Add(-retiredKept)); err != nil {
			return err
		}
		if err := tx.SweepHosts(ctx, now.Add(-hostsKept)); err != nil {
			return err
		}
		if err := tx.SweepInboxes(ctx, now.Add(-missesKept), now.Add(-deadKept)); err != nil {
			return err
		}
		for _, root := range finished {
			if err := s.begin(ctx, tx, root, reconcilePage); err != nil {
				return err
			}
		}
		return nil
	})
}
