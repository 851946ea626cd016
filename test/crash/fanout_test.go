package crash_test

import (
	"context"
	"testing"
	"time"

	"essaim/internal/loadtest"
)

// A post goes to followers on a thousand hosts and the program is killed half-way, twice: each host receives it at least once, and all under one id.
func TestKillDuringFanOut(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *scene) {
		p := s.followed(t)
		id, err := s.member.Say(s.ctx, "said once, in spite of all")
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range s.moments(2, thousand) {
			s.reached(t, p, id, at)
			t.Logf("killed when %d hosts had it", p.Reached(id))
			s.kill(t, s.server)
		}
		s.reached(t, p, id, thousand)
		s.everyHostHas(t, p, id)
	})
}

// followed makes a thousand hosts, each with a follower of the member.
func (s *scene) followed(t *testing.T) *loadtest.Peer {
	t.Helper()
	p := peer(t, loadtest.PeerOptions{Hosts: thousand})
	var letters []loadtest.Letter
	for _, h := range p.Hosts {
		l, err := h.Follow("reader", s.server.Inbox(), s.member.Actor, loadtest.CavageRSA)
		if err != nil {
			t.Fatal(err)
		}
		letters = append(letters, l)
	}
	if tally := (loadtest.Sender{Workers: 32}).Send(s.ctx, letters); tally.Accepted != thousand {
		t.Fatalf("%d of %d follows were accepted, refusals: %.3v", tally.Accepted, thousand, tally.Refused)
	}
	s.eventually(t, "a thousand followers, each told so", func(ctx context.Context) (bool, error) {
		n, err := s.ledger.Followers(ctx, s.member.Actor)
		if err != nil || n < thousand {
			return false, err
		}
		left, err := s.ledger.Pending(ctx, "deliver")
		return left == 0, err
	})
	return p
}

// reached waits until so many hosts have an activity.
func (s *scene) reached(t *testing.T, p *loadtest.Peer, id string, hosts int) {
	t.Helper()
	began := time.Now()
	s.eventually(t, "deliveries", func(context.Context) (bool, error) { return p.Reached(id) >= hosts, nil })
	t.Logf("%d hosts reached, %s later", hosts, time.Since(began).Round(time.Millisecond))
}

// everyHostHas looks at each host: one Create, of the id the author was told, however often it came.
func (s *scene) everyHostHas(t *testing.T, p *loadtest.Peer, id string) {
	t.Helper()
	s.eventually(t, "deliveries are worked off", func(ctx context.Context) (bool, error) {
		n, err := s.ledger.Pending(ctx, "deliver")
		return n == 0, err
	})
	repeated := 0
	for _, h := range p.Hosts {
		creates := 0
		for _, a := range h.Arrivals() {
			if a.Type != "Create" {
				continue
			}
			creates++
			repeated += a.Count - 1
			if a.ID != id {
				t.Errorf("%s received %s, which nobody published", h.Name, a.ID)
			}
		}
		if creates != 1 {
			t.Errorf("%s received %d Creates, want 1", h.Name, creates)
		}
	}
	t.Logf("%d deliveries were repetitions", repeated)
	s.nothingDead(t)
}
