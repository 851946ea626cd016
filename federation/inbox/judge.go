package inbox

import (
	"context"
	"net/http"

	"essaim/federation/vocab"
)

// judge is steps 3 and 4: what the activity says of itself, and whom it comes from, before a key is looked for.
// drop ends it with 202.
func (h *Handler) judge(ctx context.Context, in *Received) (drop bool, err error) {
	if in.Doc.Type() == "" {
		return false, refuse(http.StatusBadRequest, "the activity has no type", nil)
	}
	in.Activity = vocab.ReadActivity(in.Doc)
	if in.Activity == nil {
		return true, nil // a type nobody knows (federation.md 14)
	}
	actor, keyHost := in.Activity.Actor, hostOf(in.KeyID)
	switch {
	case !h.web(actor):
		return false, refuse(http.StatusBadRequest, "the activity has no actor with an address on the web", nil)
	case !h.web(in.KeyID):
		return false, refuse(http.StatusUnauthorized, "the key id is not an https address", nil)
	case h.Hosts(keyHost):
		return false, refuse(http.StatusUnauthorized, "nobody signs here with a key of this server", nil)
	case in.Activity.ID == "":
		return false, refuse(http.StatusBadRequest, "the activity has no id", nil)
	}
	if err := h.policy(ctx, keyHost); err != nil {
		return false, err
	}
	host := hostOf(actor)
	if host != keyHost {
		if err := h.policy(ctx, host); err != nil {
			return false, err
		}
	}
	if !sameOrigin(in.Activity.ID, actor) || h.Hosts(host) {
		return true, nil // S2, S8: its server cannot vouch for it, or it pretends to be ours
	}
	return h.stranger(ctx, in.Activity)
}

// stranger tells the noise of the network: accounts unknown here announcing their own end or change (federation-K4).
func (h *Handler) stranger(ctx context.Context, a *vocab.Activity) (bool, error) {
	if h.Known == nil || a.Type != vocab.Delete && a.Type != vocab.Update || a.Object.ID != a.Actor {
		return false, nil
	}
	known, err := h.Known(ctx, a.Actor)
	return !known && err == nil, err
}

func (h *Handler) policy(ctx context.Context, host string) error {
	if h.Policy == nil {
		return nil
	}
	return h.Policy(ctx, host)
}

// web tells an absolute http(s) address with a host, plain http only where we are served so ourselves.
func (h *Handler) web(iri string) bool {
	if len(iri) > maxIRI || hostOf(iri) == "" {
		return false
	}
	scheme := schemeOf(iri)
	return scheme == "https" || scheme == "http" && h.insecure
}
