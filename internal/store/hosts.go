package store

import (
	"context"
	"strings"
	"time"
)

// Host is what is known of a peer server.
type Host struct {
	Host                    string
	Policy                  HostPolicy
	Reason                  string
	Failures                int
	FirstFailure, OpenUntil time.Time
	LastOK, LastSeen        time.Time
	Family                  SignatureFamily
	FamilyUntil             time.Time
	Software, Application   string
	Created                 time.Time
}

// HostPolicy is what the operator decided about a server; it covers its subdomains too (S33).
type HostPolicy int16

// The policies.
const (
	HostNeutral HostPolicy = iota
	HostLimited
	HostBlocked
	HostAllowed // for ESSAIM_FEDERATION=allowlist
)

// SignatureFamily is how a host wants requests signed, as learnt.
type SignatureFamily int16

// The families.
const (
	FamilyUnknown SignatureFamily = iota
	FamilyCavage
	FamilyRFC9421
	FamilyRFC9421Ed25519
)

const hostColumns = `h.host, h.policy, h.reason, h.failures, h.first_failure, h.open_until, h.last_ok, h.last_seen, h.family, h.family_until, h.software, h.application, h.created`

func scanHost(s scanner) (*Host, error) {
	var h Host
	var first, open, ok, seen, until, created int64
	err := s.Scan(&h.Host, &h.Policy, &h.Reason, &h.Failures, &first, &open, &ok, &seen, &h.Family, &until, &h.Software, &h.Application, &created)
	if err != nil {
		return nil, err
	}
	h.FirstFailure, h.OpenUntil, h.LastOK, h.LastSeen, h.FamilyUntil, h.Created = at(first), at(open), at(ok), at(seen), at(until), at(created)
	return &h, nil
}

// HostByName finds what is known of a host; a host never met gives an empty record, not an error.
func HostByName(ctx context.Context, q Q, host string) (*Host, error) {
	h, err := one(ctx, q, scanHost, `select `+hostColumns+` from hosts h where h.host = $1`, host)
	if isNotFound(err) {
		return &Host{Host: host}, nil
	}
	return h, err
}

// PolicyOf finds the strictest policy that covers a host: its own, or that of a domain it belongs to (S33). A port is not part of a name.
func PolicyOf(ctx context.Context, q Q, host string) (HostPolicy, error) {
	best := HostNeutral
	for _, name := range domains(host) {
		p, err := one(ctx, q, scanInt, `select policy from hosts where host = $1`, name)
		if isNotFound(err) {
			continue
		}
		if err != nil {
			return HostNeutral, err
		}
		switch HostPolicy(p) {
		case HostBlocked:
			return HostBlocked, nil
		case HostNeutral:
		default:
			best = HostPolicy(p)
		}
	}
	return best, nil
}

// domains gives a host, without its port, then its parents down to two labels.
func domains(host string) []string {
	names := []string{host}
	name := host
	if i := strings.LastIndexByte(name, ':'); i > 0 && !strings.HasSuffix(name, "]") {
		name = name[:i]
		names = append(names, name)
	}
	if strings.Trim(name, "0123456789.") == "" {
		return names
	}
	for {
		_, parent, ok := strings.Cut(name, ".")
		if !ok || !strings.Contains(parent, ".") {
			return names
		}
		names, name = append(names, parent), parent
	}
}

// PutHost writes all that is known of a host.
func (tx *Tx) PutHost(ctx context.Context, h *Host) error {
	_, err := tx.Exec(ctx, `insert into hosts (host, policy, reason, failures, first_failure, open_until, last_ok, last_seen, family, family_until, software, application, created)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		on conflict (host) do update set policy = excluded.policy, reason = excluded.reason, failures = excluded.failures, first_failure = excluded.first_failure,
		open_until = excluded.open_until, last_ok = excluded.last_ok, last_seen = excluded.last_seen, family = excluded.family, family_until = excluded.family_until,
		software = excluded.software, application = excluded.application`,
		h.Host, int(h.Policy), h.Reason, h.Failures, ms(h.FirstFailure), ms(h.OpenUntil), ms(h.LastOK), ms(h.LastSeen), int(h.Family), ms(h.FamilyUntil), h.Software, h.Application, ms(h.Created))
	return err
}

// UpdateHost changes what is known of a host under its row, making the row when it is new.
func (tx *Tx) UpdateHost(ctx context.Context, host string, now time.Time, change func(*Host)) error {
	h, err := HostByName(ctx, tx, host)
	if err != nil {
		return err
	}
	if h.Created.IsZero() {
		h.Created = now
	}
	policy := h.Policy
	change(h)
	if err := tx.PutHost(ctx, h); err != nil || h.Policy == policy {
		return err
	}
	return tx.touchHost(ctx, host)
}

// MissedInbox counts a 404 or 410 of an inbox; at three its deliveries end (DL4).
func (tx *Tx) MissedInbox(ctx context.Context, inbox string, now time.Time) (misses int64, err error) {
	return one(ctx, tx, scanInt, `insert into dead_inboxes (inbox, misses, last) values ($1, 1, $2)
		on conflict (inbox) do update set misses = dead_inboxes.misses + 1, last = excluded.last returning misses`, inbox, ms(now))
}

// RevivedInbox forgets the misses of an inbox that answered, or whose actor spoke again.
func (tx *Tx) RevivedInbox(ctx context.Context, inbox string) error {
	_, err := tx.Exec(ctx, `delete from dead_inboxes where inbox = $1`, inbox)
	return err
}
