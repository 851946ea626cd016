package remote

import (
	"context"
	"fmt"
	"time"

	"essaim/federation/deliver"
	"essaim/federation/inbox"
	"essaim/federation/sig"
	"essaim/internal/essaim"
	"essaim/internal/store"
)

// peer is what is known of a server, as last read or written: a value that is replaced, never changed.
type peer struct {
	store.Host
	policy store.HostPolicy // its own or that of a domain above it (S33)
}

// met tells whether the server ever had to do with us.
func (p *peer) met() bool { return !p.Created.IsZero() }

func (s *Service) peer(ctx context.Context, host string) (*peer, error) {
	if p, ok := s.peers.get(host); ok {
		return p, nil
	}
	h, err := store.HostByName(ctx, s.DB.Read(), host)
	if err != nil {
		return nil, err
	}
	policy, err := store.PolicyOf(ctx, s.DB.Read(), host)
	if err != nil {
		return nil, err
	}
	p := &peer{*h, policy}
	s.peers.put(host, p)
	return p, nil
}

// change writes something new about a server. What is known already is written by nobody: a thousand deliveries that go well write nothing.
func (s *Service) change(ctx context.Context, host string, change func(*store.Host)) error {
	p, err := s.peer(ctx, host)
	if err != nil {
		return err
	}
	var after store.Host
	err = s.DB.Write(ctx, store.Relaxed, func(tx *store.Tx) error {
		return tx.UpdateHost(ctx, host, s.Clock(), func(h *store.Host) {
			change(h)
			after = *h
		})
	})
	if err != nil {
		return fmt.Errorf("remote: what is known of %s: %w", host, err)
	}
	s.peers.put(host, &peer{after, p.policy})
	return nil
}

// Policy judges whether we have to do with a host at all (S33): nil, or an error that wraps inbox.ErrBlocked. It is meant for fetch.Options.Allow
// and inbox.Options.Policy too. What the operator changes takes effect at once after ForgetHost, elsewhere within a minute.
func (s *Service) Policy(ctx context.Context, host string) error {
	if s.own(host) {
		return nil
	}
	if s.Federation == Off {
		return fmt.Errorf("%w: federation is off", inbox.ErrBlocked)
	}
	p, err := s.peer(ctx, host)
	switch {
	case err != nil:
		return err
	case p.policy == store.HostBlocked:
		return fmt.Errorf("%w: %s is blocked", inbox.ErrBlocked, host)
	case s.Federation == Allowlist && p.policy != store.HostAllowed:
		return fmt.Errorf("%w: %s is not on the list of those allowed", inbox.ErrBlocked, host)
	}
	return nil
}

// ForgetHost drops what is remembered of a host, after its row was changed elsewhere.
func (s *Service) ForgetHost(host string) { s.peers.drop(host) }

// learnFor is how long the outcome of a double knock is believed (federation §2.2).
const learnFor = 7 * 24 * time.Hour

// seenEvery is how often it is noted that a host was heard of, or answered.
const seenEvery = 24 * time.Hour

// Heard notes that an actor's server signed a request of its own that was verified: what it signs with, it reads (design §14). A server that
// speaks is also worth a try again. It writes only what is new.
func (s *Service) Heard(ctx context.Context, signer string, family sig.Family, ed25519 bool) error {
	host := essaim.HostOf(signer)
	p, err := s.peer(ctx, host)
	if err != nil {
		return err
	}
	now := s.Clock()
	learnt := store.FamilyUnknown
	if family == sig.RFC9421 {
		learnt = store.FamilyRFC9421
		if ed25519 {
			learnt = store.FamilyRFC9421Ed25519
		}
	}
	teaches := func(h *store.Host) bool {
		return learnt > h.Family && (h.FamilyUntil.IsZero() || now.After(h.FamilyUntil))
	}
	if now.Sub(p.LastSeen) < seenEvery && !teaches(&p.Host) && !now.Before(p.OpenUntil) {
		return nil
	}
	return s.change(ctx, host, func(h *store.Host) {
		h.LastSeen = now
		if teaches(h) {
			h.Family, h.FamilyUntil = learnt, time.Time{}
		}
		if now.Before(h.OpenUntil) && h.Failures > 0 {
			h.OpenUntil = now
		}
	})
}

// advertised notes that an actor's document says what its server reads (FEP-844e), unless something surer is known.
func (s *Service) advertised(ctx context.Context, host string) error {
	p, err := s.peer(ctx, host)
	if err != nil || p.met() && p.Family != store.FamilyUnknown {
		return err
	}
	return s.change(ctx, host, func(h *store.Host) {
		if h.Family == store.FamilyUnknown {
			h.Family = store.FamilyRFC9421
		}
	})
}

// acquaint notes a host met for the first time.
func (s *Service) acquaint(ctx context.Context, host string) error {
	p, err := s.peer(ctx, host)
	if err != nil || p.met() {
		return err
	}
	return s.change(ctx, host, func(*store.Host) {})
}

func healthOf(h *store.Host) deliver.HostHealth {
	return deliver.HostHealth{Failures: h.Failures, FirstFailure: h.FirstFailure, OpenUntil: h.OpenUntil, LastOK: h.LastOK}
}

func setHealth(h *store.Host, v deliver.HostHealth) {
	h.Failures, h.FirstFailure, h.OpenUntil, h.LastOK = v.Failures, v.FirstFailure, v.OpenUntil, v.LastOK
}

// tryProbe claims the one delivery that may find out whether a host is back; false when somebody else has it.
func (s *Service) tryProbe(ctx context.Context, host string, now time.Time) (bool, error) {
	mine := false
	err := s.change(ctx, host, func(h *store.Host) {
		health := healthOf(h)
		if ok, probe := health.Allow(now); ok {
			mine = true
			if probe {
				setHealth(h, health.Probing(now))
			}
		} else {
			mine = false
		}
	})
	return mine, err
}

// felt notes how a delivery went when that changes what is known: a success after failures or after a day, any failure of the host.
func (s *Service) felt(ctx context.Context, p *peer, r deliver.Result) error {
	now := s.Clock()
	was := healthOf(&p.Host)
	is := was.After(r, now)
	if is == was || is.Failures == 0 && was.Failures == 0 && is.OpenUntil.IsZero() && was.OpenUntil.IsZero() && now.Sub(was.LastOK) < seenEvery {
		return nil
	}
	return s.change(ctx, p.Host.Host, func(h *store.Host) {
		health := healthOf(h).After(r, now)
		setHealth(h, health)
	})
}
