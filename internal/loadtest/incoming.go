package loadtest

import (
	"context"
	"fmt"
	"slices"
	"time"

	"essaim/internal/activity"
)

// The authors of the flood: so many hosts, so many on each. A single author would be slowed down, as nobody writes a thousand notes a second.
const (
	authorHosts = 16
	authorsEach = 4
)

// Author names the ith author of a host.
func Author(i int) string { return fmt.Sprintf("author%d", i) }

// FollowAuthors has a member follow authors of the first hosts of a peer, which answers by itself, and waits for the Accepts.
func FollowAuthors(ctx context.Context, m *Member, l *Ledger, p *Peer, hosts, each int) error {
	before, err := l.Following(ctx, m.Actor)
	if err != nil {
		return err
	}
	for _, h := range p.Hosts[:hosts] {
		for i := range each {
			if err := m.Follow(ctx, h.Actor(Author(i))); err != nil {
				return err
			}
		}
	}
	return Until(ctx, func(ctx context.Context) (bool, error) {
		n, err := l.Following(ctx, m.Actor)
		return n >= before+hosts*each, err
	})
}

// NotesByAuthors signs n notes by the followed authors, in turn.
func NotesByAuthors(p *Peer, inbox string, hosts, each, n int, by Signing) ([]Letter, error) {
	letters := make([]Letter, 0, n)
	for i := range n {
		l, err := p.Hosts[i%hosts].Note(Author(i/hosts%each), inbox, by)
		if err != nil {
			return nil, err
		}
		letters = append(letters, l)
	}
	return letters, nil
}

// inbox floods the instance with notes by followed authors, and waits until each is stored.
func (r *run) inbox(ctx context.Context) error {
	hosts := min(authorHosts, len(r.peer.Hosts))
	if err := FollowAuthors(ctx, r.member, r.ledger, r.peer, hosts, authorsEach); err != nil {
		return err
	}
	letters, err := NotesByAuthors(r.peer, r.server.Inbox(), hosts, authorsEach, r.Notes, CavageRSA)
	if err != nil {
		return err
	}
	// The first of each author has its key looked for, which is not what is measured.
	first := min(hosts*authorsEach, len(letters)/2)
	if err := r.send(ctx, letters[:first]); err != nil {
		return err
	}
	if err := r.settled(ctx, activity.JobReceive); err != nil {
		return err
	}
	var answered time.Duration
	c, err := r.spent(ctx, func(ctx context.Context) error {
		began := time.Now()
		err := r.send(ctx, letters[first:])
		answered = time.Since(began)
		return err
	}, activity.JobReceive)
	if err != nil {
		return err
	}
	missing, err := Missing(ctx, r.ledger, letters)
	if err != nil {
		return err
	}
	if len(missing) > 0 {
		return fmt.Errorf("%d notes were accepted and are not stored, such as %s", len(missing), missing[0])
	}
	n := len(letters) - first
	one := c.cpu / time.Duration(n)
	floor := r.bare.VerifyRSA + 2*r.bare.Insert
	r.table.add(fmt.Sprintf("inbox, %d notes until stored", n), fmt.Sprintf("%s (answered at %s)", perSecond(n, c.wall), perSecond(n, answered)), "≥ 1500/s", "")
	r.table.add("inbox, CPU of a note", fmt.Sprintf("%s = %.1f × bare", millis(one), float64(one)/float64(floor)), "≤ 0.6 ms",
		fmt.Sprintf("RSA verification %s and 2 grouped inserts of %s", millis(r.bare.VerifyRSA), millis(r.bare.Insert)))
	return nil
}

// Missing lists the notes of letters that are not stored.
func Missing(ctx context.Context, l *Ledger, letters []Letter) ([]string, error) {
	var missing []string
	for _, letter := range letters {
		ok, err := l.Has(ctx, letter.Note())
		if err != nil {
			return nil, err
		}
		if !ok {
			missing = append(missing, letter.Note())
		}
	}
	return missing, nil
}

// restAndStart looks at the process when it has nothing to do, and at how long it takes to come back.
func (r *run) restAndStart(ctx context.Context) error {
	worked, err := r.server.Resident()
	if err != nil {
		return err
	}
	var starts []time.Duration
	for range 3 {
		r.server.Stop()
		began := time.Now()
		if err := r.server.Start(ctx); err != nil {
			return err
		}
		starts = append(starts, time.Since(began))
	}
	slices.Sort(starts)
	rest := time.NewTimer(3 * time.Second)
	defer rest.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-rest.C:
	}
	resting, err := r.server.Resident()
	if err != nil {
		return err
	}
	r.table.add("memory at rest", fmt.Sprintf("%s (%s right after all this)", megabytes(resting), megabytes(worked)), "≤ 80 MB", "")
	r.table.add("start on this database until ready", millis(starts[1]), "≤ 500 ms", "")
	return nil
}
