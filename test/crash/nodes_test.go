package crash_test

import (
	"testing"

	"essaim/internal/loadtest"
	"essaim/internal/store/storetest"
)

// Two processes serve one instance from one PostgreSQL database. One of them dies in the middle of a flood, comes back, and dies in the middle of a
// fan-out: the other finishes everything.
func TestTwoNodesShareWork(t *testing.T) {
	t.Parallel()
	program(t)
	s := stage(t, storetest.PostgresDSN(t))
	second, err := loadtest.NewServer(loadtest.ServerOptions{Binary: program(t), NodeOf: s.server})
	if err != nil {
		t.Fatal(err)
	}
	s.start(t, second)

	followers := s.followed(t)
	f := s.flood(t)
	sent := f.send(s.ctx, loadtest.Sender{Workers: 32, Dial: []string{s.server.Listen, second.Listen}})
	f.wait(t, s, s.moments(1, thousand)[0])
	second.Kill()
	f.check(t, s, <-sent)

	if err := second.Start(s.ctx); err != nil {
		t.Fatal(err)
	}
	id, err := s.member.Say(s.ctx, "said by one of us")
	if err != nil {
		t.Fatal(err)
	}
	s.reached(t, followers, id, s.moments(1, thousand)[0])
	second.Kill()
	s.reached(t, followers, id, thousand)
	s.everyHostHas(t, followers, id)
}
