package crash_test

import (
	"context"
	"testing"
	"time"

	"essaim/internal/loadtest"
)

// A thousand notes by followed authors arrive while the program is killed again and again: each that was answered 202 is stored, once. The sender is a
// peer that insists, so in the end that is all of them.
func TestKillDuringInboxFlood(t *testing.T) {
	eachDatabase(t, func(t *testing.T, s *scene) {
		f := s.flood(t)
		sent := f.send(s.ctx, loadtest.Sender{Workers: 32})
		for _, at := range s.moments(3, thousand) {
			f.wait(t, s, at)
			t.Logf("killed after %d answers", at)
			s.kill(t, s.server)
		}
		f.check(t, s, <-sent)
	})
}

// flood is a thousand letters, and how many of them were answered 202.
type flood struct {
	peer     *loadtest.Peer
	letters  []loadtest.Letter
	answered chan struct{}
}

// flood prepares the peers, has their authors followed, and signs.
func (s *scene) flood(t *testing.T) *flood {
	t.Helper()
	p := peer(t, loadtest.PeerOptions{Hosts: authorHosts, AnswerTo: s.server.Inbox()})
	if err := loadtest.FollowAuthors(s.ctx, s.member, s.ledger, p, authorHosts, authorsEach); err != nil {
		t.Fatal(err)
	}
	letters, err := loadtest.NotesByAuthors(p, s.server.Inbox(), authorHosts, authorsEach, thousand, loadtest.CavageRSA)
	if err != nil {
		t.Fatal(err)
	}
	return &flood{peer: p, letters: letters, answered: make(chan struct{}, thousand)}
}

func (f *flood) send(ctx context.Context, by loadtest.Sender) <-chan loadtest.Tally {
	by.Accepted = func(loadtest.Letter) { f.answered <- struct{}{} }
	done := make(chan loadtest.Tally, 1)
	go func() { done <- by.Send(ctx, f.letters) }()
	return done
}

// wait waits until so many were answered in all.
func (f *flood) wait(t *testing.T, s *scene, answers int) {
	t.Helper()
	s.eventually(t, "answers of the inbox", func(context.Context) (bool, error) { return len(f.answered) >= answers, nil })
}

// check waits until nothing is left to do and looks for every note.
func (f *flood) check(t *testing.T, s *scene, tally loadtest.Tally) {
	t.Helper()
	if tally.Accepted != thousand {
		t.Fatalf("%d of %d notes were accepted, %d unsent, refusals: %.3v", tally.Accepted, thousand, tally.Unsent, tally.Refused)
	}
	t.Logf("the sender had to insist %d times", tally.Again)
	began := time.Now()
	s.eventually(t, "received activities are worked off", func(ctx context.Context) (bool, error) {
		n, err := s.ledger.Pending(ctx, "receive")
		return n == 0, err
	})
	t.Logf("settled %s after the last answer", time.Since(began).Round(time.Millisecond))
	missing, err := loadtest.Missing(s.ctx, s.ledger, f.letters)
	if err != nil {
		t.Fatal(err)
	}
	if len(missing) > 0 {
		t.Errorf("%d notes were answered 202 and are not stored, such as %s", len(missing), missing[0])
	}
	objects, activities := 0, 0
	for _, h := range f.peer.Hosts {
		for i := range authorsEach {
			of := h.Actor(loadtest.Author(i)) + "/notes/"
			n, err := s.ledger.Objects(s.ctx, of)
			if err != nil {
				t.Fatal(err)
			}
			objects += n
			if n, err = s.ledger.Activities(s.ctx, of, "Create"); err != nil {
				t.Fatal(err)
			}
			activities += n
		}
	}
	if objects != thousand || activities != thousand {
		t.Errorf("stored are %d notes and %d Creates, want %d of each", objects, activities, thousand)
	}
	s.nothingDead(t)
}

// nothingDead: no job may have been given up, since everybody was willing.
func (s *scene) nothingDead(t *testing.T) {
	t.Helper()
	dead, err := s.ledger.Dead(s.ctx)
	if err != nil {
		t.Fatal(err)
	}
	if dead > 0 {
		t.Errorf("%d jobs were given up", dead)
	}
}
