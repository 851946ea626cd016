package activity

import (
	"context"
	"time"

	"essaim/internal/store"
)

// ReceiveArgs are those of a JobReceive; its body is the activity as it came. internal/fedi makes the job when a signature was verified,
// internal/remote does it.
type ReceiveArgs struct {
	Signer string `json:"signer"` // iri of the actor whose key signed the request
	// Forwarded says that the signer is not the actor: of the body only the ids count, and they are looked at where they come from (S1, S13).
	Forwarded bool   `json:"forwarded,omitempty"`
	Type      string `json:"type"`
	ID        string `json:"id"`
	Actor     string `json:"actor"`
	Object    string `json:"object"` // id of the first object, "" when it has none
}

// Sweep drops what has served: payloads that no delivery needs any more, markers of Undos and Deletes older than a moment (law 1 keeps both
// tables to this package).
func (s *Service) Sweep(ctx context.Context, markersBefore time.Time) error {
	return s.DB.Write(ctx, store.Relaxed, func(tx *store.Tx) error {
		if err := tx.Content().SweepPayloads(ctx); err != nil {
			return err
		}
		return tx.Content().SweepMarkers(ctx, markersBefore)
	})
}
