package inbox

import (
	"context"
	"crypto/ed25519"
	"net/http"
	"strings"
	"time"

	"essaim/federation/sig"
)

// How long outcomes of looking for a key are remembered (federation-K2, S19).
const (
	refreshEvery     = 5 * time.Minute
	rememberUnknown  = 5 * time.Minute
	rememberSilence  = 30 * time.Second // below the first retry of those who deliver
	rememberedKeys   = 20_000
	rememberedFaults = 20_000
	patience         = 5 * time.Second // for a key, while the sender waits (design §6.1)
)

// keyring asks the caller for keys and remembers what failed.
type keyring struct {
	get       func(ctx context.Context, keyID string, refresh bool) (*sig.PublicKey, error)
	refreshed *bounded[string, time.Time] // by actor, so that other fragments are no way around
	failed    *bounded[string, failure]   // by key id
}

type failure struct {
	until time.Time
	err   error
}

func newKeyring(get func(ctx context.Context, keyID string, refresh bool) (*sig.PublicKey, error)) *keyring {
	return &keyring{get: get, refreshed: newBounded[string, time.Time](rememberedKeys), failed: newBounded[string, failure](rememberedFaults)}
}

func (k *keyring) key(ctx context.Context, id string, now time.Time) (*sig.PublicKey, error) {
	if f, ok := k.failed.get(id); ok && now.Before(f.until) {
		return nil, f.err
	}
	return k.ask(ctx, id, false, now)
}

func (k *keyring) ask(ctx context.Context, id string, refresh bool, now time.Time) (*sig.PublicKey, error) {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	key, err := k.get(limited, id, refresh)
	switch {
	case err == nil && key != nil && key.ID == id && sameOrigin(key.Owner, id):
		return key, nil
	case err == nil:
		err = refuse(http.StatusUnauthorized, "the key and its owner do not name each other", nil) // S5
	}
	if refresh || ctx.Err() != nil {
		return nil, err // the key that is cached may still be good for others; mayRefresh bounds this one
	}
	switch answerOf(err).status {
	case http.StatusUnauthorized:
		k.failed.put(id, failure{now.Add(rememberUnknown), err})
	case http.StatusServiceUnavailable:
		k.failed.put(id, failure{now.Add(rememberSilence), err})
	}
	return nil, err
}

// mayRefresh allows one refresh per actor and interval, whatever comes of it.
func (k *keyring) mayRefresh(id string, now time.Time) bool {
	actor, _, _ := strings.Cut(id, "#")
	return k.refreshed.swap(actor, now, func(last time.Time) bool { return now.Sub(last) >= refreshEvery })
}

// verify is step 5. A key from the cache may be one the actor has replaced: then one refresh is allowed.
func (h *Handler) verify(ctx context.Context, in *Received, signed *sig.Received, now time.Time) error {
	key, err := h.keys.key(ctx, in.KeyID, now)
	if err != nil {
		return err
	}
	if signed.Verify(key.Key) != nil {
		if !h.keys.mayRefresh(in.KeyID, now) {
			return notVerified()
		}
		if key, err = h.keys.ask(ctx, in.KeyID, true, now); err != nil {
			return err
		}
		if signed.Verify(key.Key) != nil {
			return notVerified()
		}
	}
	_, in.Ed25519 = key.Key.(ed25519.PublicKey)
	in.Signer, in.Forwarded = key.Owner, key.Owner != in.Activity.Actor
	return nil
}

// notVerified says no more than that: why a key did not fit is part of what was retrieved (S26).
func notVerified() error {
	return refuse(http.StatusUnauthorized, "the signature does not verify", nil)
}
