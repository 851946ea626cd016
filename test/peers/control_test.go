package peers_test

import "testing"

// TestPeersAmongThemselves is the control experiment: the peers follow, write to, edit for and forget each other without
// Essaim. When this passes and another test fails, the fault is ours; when this fails, look at the peers first.
func TestPeersAmongThemselves(t *testing.T) {
	t.Parallel()
	s, old, young := startSnac(t), startFedify(t, cavage), startFedify(t, rfc9421)

	s.do(t, "follow", old.actor())
	s.logs(t, "confirmed follow from "+old.actor())
	old.do(t, "follow", s.actor())
	old.receives(t, "Accept", s.actor(), anything)
	young.do(t, "follow", old.actor())
	young.receives(t, "Accept", old.actor(), anything)

	old.do(t, "note", "bonjour de Fedify")
	eventually(t, "snac stores Fedify's note", func() bool { return s.stores("object", "bonjour de Fedify") })
	young.receives(t, "Create", old.actor(), saying("bonjour de Fedify"))

	theirs := s.note(t, "bonjour de snac")
	old.receives(t, "Create", s.actor(), saying("bonjour de snac"))
	s.edit(t, theirs, "bonsoir de snac")
	old.receives(t, "Update", s.actor(), saying("bonsoir de snac"))
	s.delete(t, theirs)
	old.receives(t, "Delete", s.actor(), about(theirs))

	ours := old.do(t, "event", "Rencontre de Fedify")
	eventually(t, "snac stores Fedify's event", func() bool { return s.stores("object", ours) })
	young.do(t, "unfollow", old.actor())
	old.receives(t, "Undo", young.actor(), anything)
	old.untroubled(t)
	young.untroubled(t)
	if got := young.signatures(t); len(got) == 0 || got[0] != cavageSeen {
		t.Errorf("the old peer signs with %q, want %q", got, cavageSeen)
	}
	if got := old.signatures(t); len(got) == 0 || got[len(got)-1] != rfc9421Seen {
		t.Errorf("the young peer signs with %q, want %q last", got, rfc9421Seen)
	}
}
