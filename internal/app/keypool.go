package app

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"log/slog"

	"essaim/federation/sig"
	"essaim/internal/activity"
)

// keyPool makes key pairs ahead of need: an RSA key costs a quarter of a second, which nobody should wait for inside a transaction (LB25).
type keyPool struct {
	ready chan activity.Keys
	log   *slog.Logger
}

const keysAhead = 2

func newKeyPool(log *slog.Logger) *keyPool {
	return &keyPool{ready: make(chan activity.Keys, keysAhead), log: log}
}

// run keeps the pool full until ctx ends.
func (p *keyPool) run(ctx context.Context) {
	for {
		keys, err := makeKeys()
		if err != nil {
			p.log.Error("a key could not be made", "error", err)
			return
		}
		select {
		case p.ready <- keys:
		case <-ctx.Done():
			return
		}
	}
}

// take gives a pair of key pairs, made on the spot when the pool is empty.
func (p *keyPool) take() (activity.Keys, error) {
	select {
	case k := <-p.ready:
		return k, nil
	default:
		return makeKeys()
	}
}

func makeKeys() (activity.Keys, error) {
	var k activity.Keys
	rsaKey, err := sig.GenerateRSA(rand.Reader)
	if err != nil {
		return k, fmt.Errorf("app: an RSA key: %w", err)
	}
	edKey, err := sig.GenerateEd25519(rand.Reader)
	if err != nil {
		return k, fmt.Errorf("app: an Ed25519 key: %w", err)
	}
	if k.RSAPrivate, err = sig.MarshalPrivate(rsaKey); err != nil {
		return k, err
	}
	if k.RSAPublic, err = sig.MarshalPEM(&rsaKey.PublicKey); err != nil {
		return k, err
	}
	if k.Ed25519Private, err = sig.MarshalPrivate(edKey); err != nil {
		return k, err
	}
	k.Ed25519Public = sig.MarshalMultikey(edKey.Public().(ed25519.PublicKey))
	return k, nil
}
