package activity

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"essaim/federation/vocab"
	"essaim/internal/essaim"
	"essaim/internal/store"
)

// member gives a person a role in an actor.
func (w *world) member(handle, group, role string) {
	w.t.Helper()
	err := w.DB.Write(context.Background(), store.Promised, func(tx *store.Tx) error {
		return tx.Content().PutRelation(context.Background(), &store.Relation{ID: essaim.NewID(w.Clock(), w.Clock(), w.Random()), Kind: store.RelMember,
			Source: w.object(w.actor(handle)).ID, Target: w.object(group).ID, State: store.Accepted, Role: role, Created: w.Clock()})
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func TestNobodyTakesTheFollowersOfAnother(t *testing.T) {
	each(t, func(w *world) {
		thief := "https://evil.example/users/thief"
		doc := vocab.New(vocab.Person, thief).SetString("preferredUsername", "thief").SetString("inbox", thief+"/inbox").SetString("followers", w.actor("ines")+"/followers")
		_, _ = w.Apply(context.Background(), &vocab.Activity{Type: vocab.Update, Actor: thief, Object: vocab.Item{ID: thief, Doc: doc}}, Fetched("evil.example"))
		if a, err := store.ActorByIRI(context.Background(), w.DB.Read(), thief); err == nil && a.Followers != "" {
			w.t.Errorf("kept %s", a.Followers)
		}
	})
}

func TestAnAnnounceWithoutAudienceIsPublic(t *testing.T) {
	each(t, func(w *world) {
		post := w.do(&vocab.Activity{Type: vocab.Create, Actor: w.actor("ines"), Object: vocab.Item{Doc: vocab.New(vocab.Note, "").SetString("content", "<p>x</p>")}})
		out := w.do(About(vocab.Announce, w.actor("ines"), post.Object.IRI))
		rows, err := store.OutboxPage(context.Background(), w.DB.Read(), 0, w.object(w.actor("ines")).ID, store.Page{})
		if err != nil || !slices.ContainsFunc(rows, func(a *store.Activity) bool { return a.IRI == out.IRI && strings.Contains(a.Extra, vocab.Public) }) {
			w.t.Errorf("the outbox lacks it: %v %v", rows, err)
		}
		w.meet(yann)
		w.mustReceive(create(yann+"/1/create", yann, note(yann+"/1", yann, "<p>@ines</p>").SetStrings("to", vocab.Public, w.actor("ines"))))
		before := len(w.queued())
		w.do(About(vocab.Announce, w.actor("ines"), yann+"/1"))
		if got := w.queued()[before:]; len(got) != 1 {
			w.t.Errorf("its author was not told: %v", got)
		}
	})
}

func TestWhatWasDeletedIsNotSentByAnUpdate(t *testing.T) {
	each(t, func(w *world) {
		w.meet(yann)
		w.mustReceive(follow(yann+"#1", yann, w.actor("ines")))
		post := w.do(&vocab.Activity{Type: vocab.Create, Actor: w.actor("ines"), Object: vocab.Item{Doc: vocab.New(vocab.Note, "").SetString("content", "<p>x</p>")}})
		w.do(About(vocab.Delete, w.actor("ines"), post.Object.IRI))
		before := len(w.queued())
		doc := vocab.New(vocab.Note, post.Object.IRI).SetString("content", "<p>back</p>")
		_, err := w.Apply(context.Background(), &vocab.Activity{Type: vocab.Update, Actor: w.actor("ines"), To: []string{vocab.Public}, CC: []string{w.actor("ines") + "/followers"},
			Object: vocab.Item{ID: doc.ID(), Doc: doc}}, Local(w.account))
		if got := w.queued()[before:]; len(got) != 0 {
			w.t.Errorf("sent to %v", got)
		}
		if err == nil {
			w.t.Error("an Update of what was deleted was taken")
		}
	})
}

func TestADeleteReachesThoseAddressedBlindly(t *testing.T) {
	each(t, func(w *world) {
		w.meet(yann)
		post := w.do(&vocab.Activity{Type: vocab.Create, Actor: w.actor("ines"), BTo: []string{yann}, Object: vocab.Item{Doc: vocab.New(vocab.Note, "").SetString("content", "<p>x</p>")}})
		if got := w.queued(); len(got) != 1 || got[0] != yann+"/inbox" {
			w.t.Fatalf("the Create: %v", got)
		}
		doc := vocab.New(vocab.Note, post.Object.IRI).SetString("content", "<p>y</p>")
		w.do(&vocab.Activity{Type: vocab.Update, Actor: w.actor("ines"), Object: vocab.Item{ID: doc.ID(), Doc: doc}})
		if seen, err := store.CanSee(context.Background(), w.DB.Read(), w.object(yann).ID, post.Object.ID); err != nil || !seen {
			w.t.Errorf("an Update took the post away from its reader: %v %v", seen, err)
		}
		if got := w.queued(); len(got) != 2 || got[1] != yann+"/inbox" {
			w.t.Errorf("the Update: %v", got)
		}
		out := w.do(About(vocab.Delete, w.actor("ines"), post.Object.IRI))
		if got := w.queued(); len(got) != 1 || got[0] != yann+"/inbox" {
			w.t.Errorf("the Delete %s: %v", out.IRI, got)
		}
	})
}

func TestAReplyReachesWhoIsAnswered(t *testing.T) {
	each(t, func(w *world) {
		w.meet(yann)
		w.mustReceive(create(yann+"/1/create", yann, note(yann+"/1", yann, "<p>@ines</p>").SetStrings("to", vocab.Public, w.actor("ines"))))
		w.do(&vocab.Activity{Type: vocab.Create, Actor: w.actor("ines"), Object: vocab.Item{Doc: vocab.New(vocab.Note, "").SetString("content", "<p>oui</p>").SetString("inReplyTo", yann+"/1")}})
		if got := w.queued(); len(got) != 1 || got[0] != "https://mastodon.example/inbox" {
			w.t.Errorf("%v", got)
		}
	})
}

func TestAnAnswerToSomethingPrivateIsNotPublicByDefault(t *testing.T) {
	each(t, func(w *world) {
		w.meet(yann)
		direct := vocab.New(vocab.Note, yann+"/1").SetString("attributedTo", yann).SetStrings("to", w.actor("ines")).SetString("content", "<p>entre nous</p>")
		w.mustReceive(&vocab.Activity{ID: yann + "/1/create", Type: vocab.Create, Actor: yann, To: []string{w.actor("ines")}, Object: vocab.Item{ID: yann + "/1", Doc: direct}})
		out := w.do(&vocab.Activity{Type: vocab.Create, Actor: w.actor("ines"), Object: vocab.Item{Doc: vocab.New(vocab.Note, "").SetString("content", "<p>oui</p>").SetString("inReplyTo", yann+"/1")}})
		if out.Object.Visibility != essaim.Direct {
			w.t.Errorf("the answer is %s", out.Object.Visibility)
		}
		if got := w.queued(); len(got) != 1 || got[0] != yann+"/inbox" {
			w.t.Errorf("%v", got)
		}
	})
}

func TestARoleIsNotEnoughToDeleteAnActor(t *testing.T) {
	each(t, func(w *world) {
		ctx := context.Background()
		p := w.do(project(w, "mobilite")).Object.IRI
		paul := w.person("paul")
		w.member("paul", p, "editor")
		if _, err := w.Apply(ctx, About(vocab.Delete, p, p), Local(paul)); essaim.CodeOf(err) != essaim.Forbidden {
			w.t.Errorf("an editor deleted the project: %v", err)
		}
		w.member("paul", w.Site.Instance(), "owner")
		if _, err := w.Apply(ctx, About(vocab.Delete, w.Site.Instance(), w.Site.Instance()), Local(paul)); essaim.CodeOf(err) != essaim.Forbidden {
			w.t.Errorf("the instance was deleted: %v", err)
		}
		if _, err := w.Apply(ctx, About(vocab.Delete, p, p), Local(w.account)); err != nil {
			w.t.Errorf("the owner could not delete the project: %v", err)
		}
		if _, err := w.Apply(ctx, About(vocab.Delete, w.actor("paul"), w.actor("paul")), Local(paul)); essaim.CodeOf(err) != essaim.Conflict {
			w.t.Errorf("the last owner leaves: %v", err)
		}
		w.member("paul", w.Site.Instance(), "member")
		if _, err := w.Apply(ctx, About(vocab.Delete, w.actor("paul"), w.actor("paul")), Local(paul)); err != nil {
			w.t.Errorf("nobody may leave: %v", err)
		}
	})
}

func TestAnUndoOfACreateUndoesNothing(t *testing.T) {
	each(t, func(w *world) {
		out := w.do(project(w, "mobilite"))
		_, _ = w.Apply(context.Background(), About(vocab.Undo, w.actor("ines"), out.IRI), Local(w.account))
		if role, err := store.Role(context.Background(), w.DB.Read(), w.object(w.actor("ines")).ID, out.Object.ID); err != nil || role != "owner" {
			w.t.Errorf("the role is %q, %v", role, err)
		}
	})
}

func TestADeleteReachesTheFollowersOfTheInstanceHoweverOftenItWasShared(t *testing.T) {
	each(t, func(w *world) {
		w.meet(soazig)
		w.mustReceive(follow(soazig+"#1", soazig, w.Site.Instance()))
		doc := vocab.New(vocab.Event, "").SetString("name", "Atelier").SetString("startTime", "2026-12-01T09:00:00+01:00").SetString("content", "<p>x</p>")
		event := w.do(&vocab.Activity{Type: vocab.Create, Actor: w.actor("ines"), Object: vocab.Item{Doc: doc}})
		for i := range 52 {
			fan := w.meet(fmt.Sprintf("https://f%d.example/users/f", i))
			w.mustReceive(&vocab.Activity{ID: fan + "#b", Type: vocab.Announce, Actor: fan, To: []string{vocab.Public}, Object: vocab.Item{ID: event.Object.IRI}})
		}
		w.do(About(vocab.Delete, w.actor("ines"), event.Object.IRI))
		told := slices.DeleteFunc(w.queued(), func(s string) bool { return s != "https://mobilizon.example/inbox" })
		if len(told) != 2 { // the Undo of the announce and the Delete
			w.t.Errorf("the followers of the instance heard %d times", len(told))
		}
	})
}

func TestARejectedFollowerIsTold(t *testing.T) {
	each(t, func(w *world) {
		w.meet(yann)
		w.mustReceive(follow(yann+"#1", yann, w.actor("ines")))
		before := len(w.queued())
		w.do(About(vocab.Reject, w.actor("ines"), yann+"#1"))
		if got := w.queued()[before:]; len(got) != 1 || got[0] != yann+"/inbox" {
			w.t.Errorf("%v", got)
		}
	})
}

func TestAnUndoDoesNotOvertakeWhatItUndoes(t *testing.T) {
	each(t, func(w *world) {
		w.meet(yann)
		f := w.do(About(vocab.Follow, w.actor("ines"), yann))
		w.do(About(vocab.Undo, w.actor("ines"), f.IRI))
		rows, err := w.DB.Read().Query(context.Background(), `select distinct serial from jobs where kind = 'deliver'`)
		if err != nil {
			w.t.Fatal(err)
		}
		defer rows.Close()
		n := 0
		for rows.Next() {
			n++
		}
		if n != 1 {
			w.t.Errorf("%d serials", n)
		}
	})
}

func TestAMemberGivesNoKeysAndNoEndpoints(t *testing.T) {
	each(t, func(w *world) {
		ines := w.actor("ines")
		doc := vocab.New(vocab.Person, ines).SetString("name", "Inès").SetString("preferredUsername", "root").SetString("inbox", "https://evil.example/inbox").
			SetString("followers", "https://evil.example/f").SetString("outbox", "https://evil.example/o").SetString("movedTo", "https://evil.example/a").
			SetObject("publicKey", vocab.New("", ines+"#main-key").SetString("owner", ines).SetString("publicKeyPem", "EVIL")).
			SetObject("assertionMethod", vocab.New("Multikey", ines+"#x").SetString("controller", ines).SetString("publicKeyMultibase", "EVIL")).
			SetObject("endpoints", vocab.New("", "").SetString("sharedInbox", "https://evil.example/s"))
		out := w.do(&vocab.Activity{Type: vocab.Update, Actor: ines, Object: vocab.Item{ID: ines, Doc: doc}})
		stored, err := out.Object.Document()
		if err != nil {
			w.t.Fatal(err)
		}
		full, err := CompleteActor(context.Background(), w.DB.Read(), w.Site, stored)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, bad := range []string{"evil.example", "EVIL", "root"} {
			if strings.Contains(string(full.Bytes()), bad) {
				w.t.Errorf("%s in %s", bad, full.Bytes())
			}
		}
	})
}

func TestTheDeletionOfAReplyStopsItsForwarding(t *testing.T) {
	each(t, func(w *world) {
		w.meet(yann)
		w.meet(soazig)
		ines := w.actor("ines")
		w.mustReceive(follow(soazig+"#1", soazig, ines))
		post := w.do(&vocab.Activity{Type: vocab.Create, Actor: ines, Object: vocab.Item{Doc: vocab.New(vocab.Note, "").SetString("content", "<p>x</p>")}})
		reply := note(yann+"/1", yann, "<p>oui</p>").SetString("inReplyTo", post.Object.IRI)
		a := create(yann+"/1/create", yann, reply)
		a.CC = []string{ines + "/followers"}
		w.mustReceive(a)
		forwards := func() int {
			rows, err := w.DB.Read().Query(context.Background(), `select id from jobs where kind = 'forward'`)
			if err != nil {
				w.t.Fatal(err)
			}
			defer rows.Close()
			n := 0
			for rows.Next() {
				n++
			}
			return n
		}
		if forwards() != 1 {
			w.t.Fatalf("%d forwards", forwards())
		}
		w.mustReceive(&vocab.Activity{ID: yann + "/1/delete", Type: vocab.Delete, Actor: yann, To: []string{vocab.Public}, CC: []string{ines + "/followers"}, Object: vocab.Item{ID: yann + "/1"}})
		if forwards() != 1 {
			w.t.Errorf("%d forwards: the Create is still on its way", forwards())
		}
	})
}

func TestOddShapesDoNotPanic(t *testing.T) {
	each(t, func(w *world) {
		w.meet(yann)
		for i, a := range []*vocab.Activity{
			{Type: vocab.Undo, Object: vocab.Item{ID: yann + "/nothing"}},
			{Type: vocab.Undo, Object: vocab.Item{Doc: vocab.New(vocab.Like, "")}},
			{Type: vocab.Undo}, {Type: vocab.Delete}, {Type: vocab.Create}, {Type: vocab.Update}, {Type: vocab.AcceptType}, {Type: vocab.Reject}, {Type: vocab.Block}, {Type: vocab.Flag}, {Type: vocab.Like}, {Type: vocab.Follow},
			{Type: vocab.Update, Object: vocab.Item{ID: yann, Doc: vocab.New(vocab.Note, yann).SetString("attributedTo", yann)}},
			{Type: vocab.Update, Object: vocab.Item{ID: yann, Doc: vocab.New(vocab.Person, yann)}},
			{Type: vocab.Create, Object: vocab.Item{ID: yann + "/9", Doc: vocab.New("Weird", yann+"/9").SetString("attributedTo", yann).SetStrings("to", vocab.Public)}},
			{Type: vocab.Delete, Object: vocab.Item{ID: yann}},
		} {
			a.ID, a.Actor = fmt.Sprintf("%s#odd%d", yann, i), yann
			_, _ = w.receive(a)
			a.ID = fmt.Sprintf("https://nobody.example/u#odd%d", i)
			a.Actor = "https://nobody.example/u"
			_, _ = w.receive(a)
			a.Actor, a.ID = w.actor("ines"), ""
			_, _ = w.Apply(context.Background(), a, Local(w.account))
		}
	})
}

func TestAnActorDoesNotBecomeANote(t *testing.T) {
	each(t, func(w *world) {
		w.meet(yann)
		_, _ = w.receive(&vocab.Activity{ID: yann + "#u", Type: vocab.Update, Actor: yann, Object: vocab.Item{ID: yann,
			Doc: vocab.New(vocab.Note, yann).SetString("attributedTo", yann).SetString("content", "x").SetStrings("to", w.actor("ines")).SetString("updated", "2026-11-23T08:59:00Z")}})
		if o := w.object(yann); o.Kind != essaim.KindPerson {
			w.t.Errorf("it is a %s", o.Kind)
		}
	})
}

func TestAnUpdateTakesNobodysHandle(t *testing.T) {
	each(t, func(w *world) {
		w.meet(yann)
		zoe := w.meet("https://mastodon.example/users/zoe")
		doc := vocab.New(vocab.Person, zoe).SetString("preferredUsername", "yann").SetString("inbox", zoe+"/inbox")
		w.mustReceive(&vocab.Activity{ID: zoe + "#u", Type: vocab.Update, Actor: zoe, Object: vocab.Item{ID: zoe, Doc: doc}})
		a, err := store.ActorByIRI(context.Background(), w.DB.Read(), yann)
		if err != nil || a.State != store.Active || a.Handle != "yann" {
			w.t.Errorf("%+v %v", a, err)
		}
	})
}

func TestABlockIsToldToNobodyElse(t *testing.T) {
	each(t, func(w *world) {
		ines := w.actor("ines")
		w.meet(yann)
		w.meet(soazig)
		w.mustReceive(follow(soazig+"#1", soazig, ines))
		before := len(w.queued())
		out := w.do(&vocab.Activity{Type: vocab.Block, Actor: ines, To: []string{vocab.Public}, CC: []string{ines + "/followers"}, BCC: []string{soazig}, Object: vocab.Item{ID: yann}})
		if got := w.queued()[before:]; len(got) != 1 || got[0] != yann+"/inbox" {
			w.t.Errorf("%v", got)
		}
		if row, err := store.ActivityByIRI(context.Background(), w.DB.Read(), out.IRI); err != nil || row.Visibility != essaim.Direct {
			w.t.Errorf("%+v %v", row, err)
		}
	})
}

func TestAnUpdateOfSomethingPrivateGoesNoFurther(t *testing.T) {
	each(t, func(w *world) {
		ines := w.actor("ines")
		w.meet(yann)
		w.meet(soazig)
		w.mustReceive(follow(soazig+"#1", soazig, ines))
		post := w.do(&vocab.Activity{Type: vocab.Create, Actor: ines, To: []string{yann}, Object: vocab.Item{Doc: vocab.New(vocab.Note, "").SetString("content", "<p>x</p>")}})
		before := len(w.queued())
		doc := vocab.New(vocab.Note, post.Object.IRI).SetString("content", "<p>y</p>")
		w.do(&vocab.Activity{Type: vocab.Update, Actor: ines, To: []string{vocab.Public}, CC: []string{ines + "/followers"}, Object: vocab.Item{ID: doc.ID(), Doc: doc}})
		if got := w.queued()[before:]; len(got) != 1 || got[0] != yann+"/inbox" {
			w.t.Errorf("%v", got)
		}
	})
}

func TestTheInstanceSignsNothingAReporterWrote(t *testing.T) {
	each(t, func(w *world) {
		w.meet(yann)
		item := vocab.Item{ID: yann, Doc: vocab.New(vocab.Note, yann).SetString("content", "forged")}
		w.do(&vocab.Activity{Type: vocab.Flag, Actor: w.actor("ines"), Content: "spam", Object: item, Objects: []vocab.Item{item}})
		rows, err := w.DB.Read().Query(context.Background(), `select body from payloads`)
		if err != nil {
			w.t.Fatal(err)
		}
		defer rows.Close()
		n := 0
		for rows.Next() {
			var b []byte
			if err := rows.Scan(&b); err != nil {
				w.t.Fatal(err)
			}
			if n++; strings.Contains(string(b), "forged") {
				w.t.Errorf("%s", b)
			}
		}
		if n != 1 {
			w.t.Errorf("%d payloads", n)
		}
	})
}

// Misskey follows, leaves and follows again under the same two ids.
func TestAFollowMayComeAgainUnderItsID(t *testing.T) {
	each(t, func(w *world) {
		w.meet(yann)
		inner := vocab.New(vocab.Follow, yann+"#f").SetString("actor", yann).SetString("object", w.actor("ines"))
		undo := &vocab.Activity{ID: yann + "#f/undo", Type: vocab.Undo, Actor: yann, Object: vocab.Item{ID: yann + "#f", Doc: inner}}
		followers := func() int64 {
			n, err := store.CountSources(context.Background(), w.DB.Read(), store.RelFollow, w.object(w.actor("ines")).ID)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		for round := range 3 {
			w.mustReceive(follow(yann+"#f", yann, w.actor("ines")))
			if followers() != 1 {
				t.Fatalf("round %d: the follow did not count", round)
			}
			w.mustReceive(undo)
			if followers() != 0 {
				t.Fatalf("round %d: the undo did not count", round)
			}
		}
	})
}

// Nobody can use up the marker of a neighbour's deletion, nor put a neighbour's name first on his own text.
func TestAMarkerIsItsActorsAlone(t *testing.T) {
	each(t, func(w *world) {
		w.meet(alice)
		w.meet(bob)
		w.do(follow("", w.actor("ines"), alice))
		for _, who := range []string{bob, alice} {
			w.mustReceive(&vocab.Activity{ID: who + "#d", Type: vocab.Delete, Actor: who, Object: vocab.Item{ID: alice + "/1"}})
		}
		w.mustReceive(create(alice+"/1#c", alice, note(alice+"/1", alice, "<p>x</p>")))
		w.missing(alice + "/1")
		shared := note(alice+"/2", alice, "<p>x</p>").SetStrings("attributedTo", bob, alice)
		w.refuses("a text that names a neighbour first", alice, create(alice+"/2#c", alice, shared))
	})
}

// Who boosted or liked a post keeps a copy of it: an edit and a deletion reach him, though he follows nobody here.
func TestEditsAndDeletionsReachThoseWhoReacted(t *testing.T) {
	each(t, func(w *world) {
		w.meet(alice)
		w.meet(soazig)
		post := w.do(create("", w.actor("ines"), vocab.New(vocab.Note, "").SetString("content", "<p>un</p>")))
		w.mustReceive(&vocab.Activity{ID: alice + "#boost", Type: vocab.Announce, Actor: alice, To: []string{vocab.Public}, Object: vocab.Item{ID: post.Object.IRI}})
		before := len(w.queued())
		doc, err := post.Object.Document()
		if err != nil {
			t.Fatal(err)
		}
		edited := doc.Clone().SetText("content", "fr", "<p>deux, @soazig</p>").SetObjects("tag", vocab.New(vocab.Mention, "").SetString("href", soazig).SetString("name", "@soazig"))
		w.do(&vocab.Activity{Type: vocab.Update, Actor: w.actor("ines"), Object: vocab.Item{ID: edited.ID(), Doc: edited}})
		if got := w.queued()[before:]; len(got) != 2 || !slices.Contains(got, "https://a.example/inbox") {
			t.Errorf("the edit goes to %v", got)
		}
		w.do(&vocab.Activity{Type: vocab.Delete, Actor: w.actor("ines"), Object: vocab.Item{ID: post.Object.IRI}})
		if got := w.queued(); !slices.Contains(got, "https://a.example/inbox") {
			t.Errorf("the deletion goes to %v", got)
		}
	})
}
