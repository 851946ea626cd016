package activity

import (
	"context"
	"errors"

	"essaim/federation/vocab"
	"essaim/internal/essaim"
	"essaim/internal/store"
)

// FoundInstance makes the instance actor at the first start and changes nothing afterwards. It is the one actor that nobody creates: everything else
// here is attributed to it or to those it let in.
func (s *Service) FoundInstance(ctx context.Context, name, summary string) error {
	_, err := store.ActorByIRI(ctx, s.DB.Read(), s.Site.Instance())
	if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	keys, err := s.Keys()
	if err != nil {
		return essaim.Errorf(essaim.Unavailable, "no key could be made: %w", err)
	}
	return s.DB.Write(ctx, store.Promised, func(tx *store.Tx) error {
		_, err := store.ActorByIRI(ctx, tx, s.Site.Instance()) // another node may have been quicker
		if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		c := &change{Service: s, tx: tx, content: tx.Content(), now: s.Clock().UTC(), prepared: &prepared{a: &vocab.Activity{Type: vocab.Create, Actor: s.Site.Instance()}, from: System(), keys: &keys}}
		c.kind, _ = essaim.KindNamed(essaim.KindInstance)
		c.thing = &essaim.Profile{Kind: essaim.KindInstance, ID: s.Site.Instance(), URL: s.Site.Base + "/a-propos", Handle: essaim.InstanceHandle, Name: name, HTML: summary,
			Language: string(s.Language), Published: c.now, Discoverable: true, Indexable: true}
		c.setDocument()
		return c.createActor(ctx)
	})
}
