package crash_test

import (
	"context"
	"testing"

	"essaim/internal/loadtest"
)

// An outbox of fifty pages is being read, by the command and by the server that takes over from it, and both are killed: in the end every post is
// stored, once.
func TestKillDuringBackfill(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *scene) {
		p := peer(t, loadtest.PeerOptions{Pages: 50, PerPage: 20})
		past := p.Hosts[0]
		stored := func(n int) {
			t.Helper()
			s.eventually(t, "posts of the past", func(ctx context.Context) (bool, error) {
				have, err := s.ledger.Objects(ctx, past.Actor("bob")+"/posts/")
				return have >= n, err
			})
		}
		command, cancel := context.WithCancel(s.ctx)
		ended := make(chan error, 1)
		go func() {
			_, err := s.server.Run(command, "backfill", past.Actor("bob"))
			ended <- err
		}()
		for i, at := range s.moments(3, p.Posts()) {
			stored(at)
			t.Logf("killed when %d posts were there", at)
			if i == 0 {
				cancel() // kills the command
				<-ended
			}
			s.kill(t, s.server)
		}
		cancel()
		stored(p.Posts())
		s.eventually(t, "the walk ends", func(ctx context.Context) (bool, error) {
			n, err := s.ledger.Pending(ctx, "backfill")
			return n == 0, err
		})
		have, err := s.ledger.Objects(s.ctx, past.Actor("bob")+"/posts/")
		if err != nil {
			t.Fatal(err)
		}
		creates, err := s.ledger.Activities(s.ctx, past.Actor("bob")+"/posts/", "Create")
		if err != nil {
			t.Fatal(err)
		}
		if have != p.Posts() || creates > p.Posts() {
			t.Errorf("stored are %d posts and %d Creates, want %d posts, none twice", have, creates, p.Posts())
		}
		s.nothingDead(t)
	})
}
