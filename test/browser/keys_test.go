package browser

import (
	"crypto/ed25519"
	"crypto/rand"
	"sync"

	"essaim/federation/sig"
	"essaim/internal/activity"
)

// keys are made once for all actors of all stories: an RSA key costs a quarter of a second, and each actor still has its own key ids. The demonstration makes
// its own, as a real instance does.
var keys = sync.OnceValues(func() (k activity.Keys, err error) {
	rsaKey, err := sig.GenerateRSA(rand.Reader)
	if err != nil {
		return k, err
	}
	edKey, err := sig.GenerateEd25519(rand.Reader)
	if err != nil {
		return k, err
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
})
