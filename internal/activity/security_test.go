package activity

import (
	"context"
	"strings"
	"testing"
	"time"

	"essaim/federation/vocab"
	"essaim/internal/essaim"
	"essaim/internal/store"
)

const (
	alice = "https://a.example/users/alice"
	bob   = "https://a.example/users/bob"
	evil  = "https://evil.example/users/mallory"
)

// refuses applies what a hostile server signed and holds that nothing changed, whether it was refused or ignored.
func (w *world) refuses(what string, signer string, a *vocab.Activity) {
	w.t.Helper()
	before := w.dump()
	doc, err := vocab.Parse(a.Document().Document())
	if err != nil {
		w.t.Fatal(err)
	}
	out, err := w.Apply(context.Background(), vocab.ReadActivity(doc), Remote(signer))
	if err == nil && out.Status == Done {
		w.t.Errorf("%s: accepted", what)
	}
	if err != nil && essaim.CodeOf(err) == essaim.Internal {
		w.t.Errorf("%s: a fault, not a refusal: %v", what, err)
	}
	if after := w.dump(); after != before {
		w.t.Errorf("%s: something changed\n%s\n---\n%s", what, before, after)
	}
}

func TestSec_S01_TheSignerSpeaksForHimselfOnly(t *testing.T) {
	each(t, func(w *world) {
		w.meet(alice)
		w.meet(evil)
		w.do(follow("", w.actor("ines"), alice))
		w.refuses("a Create of alice signed by mallory", evil, create(alice+"/1#c", alice, note(alice+"/1", alice, "<p>moi</p>")))
	})
}

func TestSec_S02_AnActivityIsOfItsActorsServer(t *testing.T) {
	each(t, func(w *world) {
		w.meet(evil)
		w.do(follow("", w.actor("ines"), evil))
		w.refuses("an id of another server", evil, create("https://a.example/1#c", evil, note(evil+"/1", evil, "<p>x</p>")))
		w.refuses("no id", evil, create("", evil, note(evil+"/1", evil, "<p>x</p>")))
	})
}

func TestSec_S03_AnObjectIsOfItsAuthorsServerAndHand(t *testing.T) {
	each(t, func(w *world) {
		w.meet(alice)
		w.meet(evil)
		w.do(follow("", w.actor("ines"), evil))
		w.do(follow("", w.actor("ines"), alice))
		w.refuses("a note of another server", evil, create(evil+"/1#c", evil, note("https://a.example/forged", evil, "<p>x</p>")))
		w.refuses("a note attributed to another", evil, create(evil+"/2#c", evil, note(evil+"/2", alice, "<p>x</p>")))
		w.refuses("a note attributed to a neighbour", alice, create(alice+"/3#c", alice, note(alice+"/3", bob, "<p>x</p>")))
	})
}

func TestSec_S07_OnlyTheOwnerChangesOrDeletes(t *testing.T) {
	each(t, func(w *world) {
		w.meet(alice)
		w.meet(bob)
		w.meet(evil)
		w.do(follow("", w.actor("ines"), alice))
		w.do(follow("", w.actor("ines"), bob))
		w.mustReceive(create(alice+"/1#c", alice, note(alice+"/1", alice, "<p>moi</p>")))
		forged := note(alice+"/1", bob, "<p>bob</p>").SetString("updated", "2026-11-23T08:59:00Z")
		w.refuses("an Update by a neighbour", bob, &vocab.Activity{ID: bob + "#u", Type: vocab.Update, Actor: bob, Object: vocab.Item{ID: forged.ID(), Doc: forged}})
		w.refuses("a Delete by a neighbour", bob, &vocab.Activity{ID: bob + "#d", Type: vocab.Delete, Actor: bob, Object: vocab.Item{ID: alice + "/1"}})
		w.refuses("a Delete from elsewhere", evil, &vocab.Activity{ID: evil + "#d", Type: vocab.Delete, Actor: evil, Object: vocab.Item{ID: alice + "/1"}})
		w.mustReceive(&vocab.Activity{ID: alice + "#f", Type: vocab.Follow, Actor: alice, Object: vocab.Item{ID: w.actor("ines")}})
		inner := vocab.New(vocab.Follow, alice+"#f").SetString("actor", alice).SetString("object", w.actor("ines"))
		w.refuses("an Undo by a neighbour", bob, &vocab.Activity{ID: bob + "#undo", Type: vocab.Undo, Actor: bob, Object: vocab.Item{ID: alice + "#f", Doc: inner}})
		w.refuses("an Undo by a neighbour, by id alone", bob, &vocab.Activity{ID: bob + "#undo2", Type: vocab.Undo, Actor: bob, Object: vocab.Item{ID: alice + "#f"}})
		other := vocab.New(vocab.Person, alice).SetString("preferredUsername", "alice").SetString("inbox", bob+"/inbox")
		w.refuses("an Update of another actor", bob, &vocab.Activity{ID: bob + "#ua", Type: vocab.Update, Actor: bob, Object: vocab.Item{ID: alice, Doc: other}})
	})
}

func TestSec_S08_OursIsNotWrittenFromOutside(t *testing.T) {
	each(t, func(w *world) {
		w.meet(evil)
		w.do(follow("", w.actor("ines"), evil))
		out := w.do(create("", w.actor("ines"), vocab.New(vocab.Note, "").SetString("content", "<p>moi</p>")))
		forged := note(out.Object.IRI, evil, "<p>lui</p>").SetString("updated", "2026-11-23T08:59:00Z")
		w.refuses("an Update of ours", evil, &vocab.Activity{ID: evil + "#u", Type: vocab.Update, Actor: evil, Object: vocab.Item{ID: forged.ID(), Doc: forged}})
		w.refuses("a Create of ours", evil, create(evil+"#c", evil, note(w.Site.Base+"/objects/forged", evil, "<p>x</p>")))
		w.refuses("a Delete of ours", evil, &vocab.Activity{ID: evil + "#d", Type: vocab.Delete, Actor: evil, Object: vocab.Item{ID: out.Object.IRI}})
		w.refuses("an activity as one of us", w.actor("ines"), create(w.actor("ines")+"#c", w.actor("ines"), note(w.actor("ines")+"/1", w.actor("ines"), "<p>x</p>")))
	})
}

func TestSec_S09_OnlyWhoWasAskedAnswers(t *testing.T) {
	each(t, func(w *world) {
		ctx := context.Background()
		w.meet(alice)
		w.meet(bob)
		w.meet(evil)
		asked := w.do(follow("", w.actor("ines"), alice))
		inner := vocab.New(vocab.Follow, asked.IRI).SetString("actor", w.actor("ines")).SetString("object", alice)
		for _, forger := range []string{evil, bob} {
			for _, typ := range []string{vocab.AcceptType, vocab.Reject} {
				w.refuses(typ+" by "+forger, forger, &vocab.Activity{ID: forger + "#" + typ, Type: typ, Actor: forger, Object: vocab.Item{ID: asked.IRI, Doc: inner}})
			}
		}
		if n, _ := store.CountTargets(ctx, w.DB.Read(), store.RelFollow, w.object(w.actor("ines")).ID); n != 0 {
			t.Error("a forged Accept made a follow")
		}
		w.mustReceive(&vocab.Activity{ID: alice + "#accept", Type: vocab.AcceptType, Actor: alice, Object: vocab.Item{ID: asked.IRI}})
		if n, _ := store.CountTargets(ctx, w.DB.Read(), store.RelFollow, w.object(w.actor("ines")).ID); n != 1 {
			t.Error("the true Accept did not count")
		}
	})
}

func TestSec_S16_TheSameActivityTwiceNotifiesOnce(t *testing.T) {
	each(t, func(w *world) {
		w.meet(alice)
		for range 3 {
			w.mustReceive(follow(alice+"#f", alice, w.actor("ines")))
		}
		told, err := store.Notifications(context.Background(), w.DB.Read(), w.object(w.actor("ines")).ID, store.Page{})
		if err != nil || len(told) != 1 {
			t.Errorf("told %d times, %v", len(told), err)
		}
	})
}

func TestSec_S33_ABlockedServerIsNotHeardNorItsSubdomains(t *testing.T) {
	each(t, func(w *world) {
		ctx := context.Background()
		sub := "https://sub.evil.example/users/eve"
		for _, a := range []string{alice, evil, sub} {
			w.meet(a)
			w.do(follow("", w.actor("ines"), a))
		}
		w.mustReceive(create(evil+"/0#c", evil, note(evil+"/0", evil, "<p>avant</p>")))
		err := w.DB.Write(ctx, store.Promised, func(tx *store.Tx) error {
			return tx.UpdateHost(ctx, "evil.example", w.now, func(h *store.Host) { h.Policy = store.HostBlocked })
		})
		if err != nil {
			t.Fatal(err)
		}
		w.refuses("a note of the blocked server", evil, create(evil+"/1#c", evil, note(evil+"/1", evil, "<p>x</p>")))
		w.refuses("a note of its subdomain", sub, create(sub+"/1#c", sub, note(sub+"/1", sub, "<p>x</p>")))
		w.refuses("a boost of it by a clean server", alice, &vocab.Activity{ID: alice + "#b", Type: vocab.Announce, Actor: alice, Object: vocab.Item{ID: evil + "/0"}})
	})
}

func TestSec_S41_WhatIsShownIsSanitisedAndWhatIsKeptIsWhatCame(t *testing.T) {
	each(t, func(w *world) {
		w.meet(alice)
		w.do(follow("", w.actor("ines"), alice))
		w.mustReceive(create(alice+"/1#c", alice, note(alice+"/1", alice, `<p onclick="x()">a<script>b</script><a href="javascript:c">d</a></p>`)))
		o := w.object(alice + "/1")
		for _, bad := range []string{"onclick", "script", "javascript"} {
			if strings.Contains(o.HTML, bad) {
				t.Errorf("shown: %s", o.HTML)
			}
		}
		if !strings.Contains(o.Doc, "onclick") {
			t.Error("the document is not kept as it came")
		}
	})
}

func TestSec_S47_DatesAreBroughtWithinReason(t *testing.T) {
	each(t, func(w *world) {
		w.meet(alice)
		w.do(follow("", w.actor("ines"), alice))
		for i, date := range []string{"2999-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "not a date", "1969-12-31T23:59:59Z"} {
			iri := alice + "/" + string(rune('a'+i))
			w.mustReceive(create(iri+"#c", alice, note(iri, alice, "<p>x</p>").SetString("published", date)))
			if got := w.object(iri).Published; got.After(w.now) || w.now.Sub(got) > time.Minute {
				t.Errorf("%s became %v", date, got)
			}
		}
	})
}

// Nobody is moved: a Move is not acted on until it can be checked at both ends, and then it will need the back-link.
func TestSec_S10_AMoveWithoutItsBackLinkMovesNobody(t *testing.T) {
	each(t, func(w *world) {
		w.meet(alice)
		w.meet(evil)
		w.mustReceive(follow(alice+"#f", alice, w.actor("ines")))
		w.do(follow("", w.actor("ines"), alice))
		w.refuses("a Move to a stranger", alice, &vocab.Activity{ID: alice + "#move", Type: vocab.Move, Actor: alice, Object: vocab.Item{ID: alice}, Target: vocab.Item{ID: evil}})
		w.refuses("a Move of another", evil, &vocab.Activity{ID: evil + "#move", Type: vocab.Move, Actor: evil, Object: vocab.Item{ID: alice}, Target: vocab.Item{ID: evil}})
	})
}

// What approves a quote or a registration changes nothing unless it answers what was asked, by whom it was asked of.
func TestSec_S11_AForgedApprovalIsRefused(t *testing.T) {
	each(t, func(w *world) {
		w.meet(alice)
		w.meet(evil)
		post := w.do(create("", w.actor("ines"), vocab.New(vocab.Note, "").SetString("content", "<p>x</p>")))
		for _, inner := range []*vocab.Object{
			vocab.New("QuoteRequest", w.Site.Base+"/activities/forged").SetString("actor", w.actor("ines")).SetString("object", alice+"/1").SetString("instrument", post.Object.IRI),
			vocab.New(vocab.Join, w.Site.Base+"/activities/forged").SetString("actor", w.actor("ines")).SetString("object", alice+"/event"),
			vocab.New(vocab.Follow, post.IRI).SetString("actor", w.actor("ines")).SetString("object", evil),
		} {
			w.refuses("an Accept of a "+inner.Type(), evil, &vocab.Activity{ID: evil + "#accept-" + inner.Type(), Type: vocab.AcceptType, Actor: evil,
				Object: vocab.Item{ID: inner.ID(), Doc: inner}, Result: vocab.Item{ID: evil + "/authorization"}})
		}
	})
}
