package activity

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"essaim/federation/vocab"
	"essaim/internal/essaim"
	"essaim/internal/store"
)

const (
	yann   = "https://mastodon.example/users/yann"
	soazig = "https://mobilizon.example/@soazig"
)

func project(w *world, handle string) *vocab.Activity {
	doc := vocab.New(vocab.Group, "").SetString("preferredUsername", handle).SetString("name", "Mobilité rurale").SetString("phase", "pilot").
		SetString("promise", "Pour les communes sans bus, nous partageons les trajets").SetStrings("territory", "fr:departement:56")
	return &vocab.Activity{Type: vocab.Create, Actor: w.actor("ines"), Object: vocab.Item{Doc: doc}}
}

func follow(id, who, whom string) *vocab.Activity {
	return &vocab.Activity{ID: id, Type: vocab.Follow, Actor: who, Object: vocab.Item{ID: whom}}
}

func TestAMemberPublishesAProjectAndItsFollowersHearOfIt(t *testing.T) {
	each(t, func(w *world) {
		w.do(project(w, "mobilite_rurale"))
		w.meet(yann)
		w.mustReceive(follow(yann+"#follow", yann, w.actor("mobilite_rurale")))
		if got := w.queued(); !slices.Contains(got, yann+"/inbox") && !slices.Contains(got, "https://mastodon.example/inbox") {
			w.t.Errorf("the follow was not accepted: %v", got)
		}
		before := len(w.queued())
		doc := vocab.New(vocab.Note, "").SetString("content", "<p>Le pilote démarre <script>lundi</script></p>")
		out := w.do(&vocab.Activity{Type: vocab.Create, Actor: w.actor("mobilite_rurale"), Object: vocab.Item{Doc: doc}})
		if got := w.queued()[before:]; len(got) != 1 || got[0] != "https://mastodon.example/inbox" {
			w.t.Errorf("deliveries of the post: %v", got)
		}
		if strings.Contains(w.object(out.Object.IRI).Doc, "<script>") {
			w.t.Error("what we send holds a script")
		}
	})
}

func TestAProjectIsToldByACompanionNoteThatTheInstanceAnnounces(t *testing.T) {
	each(t, func(w *world) {
		w.meet(soazig)
		w.mustReceive(follow(soazig+"#1", soazig, w.Site.Instance()))
		before := len(w.queued())
		w.do(project(w, "mobilite_rurale"))
		if got := w.queued()[before:]; len(got) != 1 {
			w.t.Fatalf("the announce of the companion should go to the instance's follower, once: %v", got)
		}
		announced, err := store.OutboxPage(context.Background(), w.DB.Read(), 0, w.object(w.Site.Instance()).ID, store.Page{})
		if err != nil || len(announced) != 1 || announced[0].Type != vocab.Announce {
			w.t.Fatalf("outbox of the instance: %v %v", announced, err)
		}
		companion := w.object(announced[0].ObjectIRI)
		if companion.Context != w.actor("mobilite_rurale") || companion.Kind != essaim.KindPost {
			w.t.Errorf("the companion is a %s in the context %q", companion.Kind, companion.Context)
		}
	})
}

func TestAPhaseChangeIsAppendedAndTold(t *testing.T) {
	each(t, func(w *world) {
		out := w.do(project(w, "mobilite_rurale"))
		doc, err := out.Object.Document()
		if err != nil {
			w.t.Fatal(err)
		}
		next := doc.Clone().SetString("phase", "stopped").SetString("stopReason", "funding").Remove("phaseHistory")
		w.do(&vocab.Activity{Type: vocab.Update, Actor: w.actor("mobilite_rurale"), Object: vocab.Item{ID: next.ID(), Doc: next}})
		p := w.object(out.Object.IRI).Thing().(*essaim.Project)
		if len(p.History) != 2 || p.History[0].Phase != "pilot" || p.History[1].Phase != "stopped" || p.LastStep() != "pilot" {
			w.t.Errorf("history: %+v, last step %s", p.History, p.LastStep())
		}
		notes, err := store.ObjectsBy(context.Background(), w.DB.Read(), 0, out.Object.ID, essaim.KindPost, store.Page{})
		if err != nil || len(notes) != 2 {
			w.t.Errorf("companion notes: %d, %v", len(notes), err)
		}
	})
}

func TestWhatNobodyAskedForIsNotStored(t *testing.T) {
	each(t, func(w *world) {
		w.meet(yann)
		out, err := w.receive(create(yann+"/1#create", yann, note(yann+"/1", yann, "<p>bonjour</p>")))
		if err != nil || out.Status != Ignored {
			w.t.Errorf("outcome %v, %v", out.Status, err)
		}
		w.missing(yann + "/1")
		w.do(follow("", w.actor("ines"), yann))
		w.mustReceive(create(yann+"/1#create", yann, note(yann+"/1", yann, "<p>bonjour</p>")))
		if w.object(yann+"/1").HTML != "<p>bonjour</p>" {
			w.t.Error("the note of somebody followed is not there")
		}
	})
}

func TestUpdateNewerWinsAndDeleteStays(t *testing.T) {
	each(t, func(w *world) {
		w.meet(yann)
		w.do(follow("", w.actor("ines"), yann))
		w.mustReceive(create(yann+"/1#create", yann, note(yann+"/1", yann, "<p>un</p>")))
		edit := func(id, at, text string) *vocab.Activity {
			o := note(yann+"/1", yann, text).SetString("updated", at)
			return &vocab.Activity{ID: id, Type: vocab.Update, Actor: yann, To: []string{vocab.Public}, Object: vocab.Item{ID: o.ID(), Doc: o}}
		}
		w.mustReceive(edit(yann+"/1#u2", "2026-11-23T08:20:00Z", "<p>trois</p>"))
		w.mustReceive(edit(yann+"/1#u1", "2026-11-23T08:10:00Z", "<p>deux</p>"))
		if got := w.object(yann + "/1").HTML; got != "<p>trois</p>" {
			w.t.Errorf("after an older update: %s", got)
		}
		w.mustReceive(&vocab.Activity{ID: yann + "/1#delete", Type: vocab.Delete, Actor: yann, Object: vocab.Item{ID: yann + "/1"}})
		if o := w.object(yann + "/1"); o.Deleted.IsZero() || o.HTML != "" || strings.Contains(o.Doc, "trois") {
			w.t.Error("the deleted note is still readable")
		}
		w.mustReceive(create(yann+"/1#again", yann, note(yann+"/1", yann, "<p>revenu</p>")))
		if o := w.object(yann + "/1"); o.Deleted.IsZero() || o.HTML != "" {
			w.t.Error("a late Create revived what was deleted")
		}
	})
}

func TestADeleteOrAnUndoThatComesFirstIsHeeded(t *testing.T) {
	each(t, func(w *world) {
		w.meet(yann)
		w.do(follow("", w.actor("ines"), yann))
		w.mustReceive(&vocab.Activity{ID: yann + "/2#delete", Type: vocab.Delete, Actor: yann, Object: vocab.Item{ID: yann + "/2"}})
		w.mustReceive(create(yann+"/2#create", yann, note(yann+"/2", yann, "<p>trop tard</p>")))
		w.missing(yann + "/2")
		undo := &vocab.Activity{ID: yann + "#undo", Type: vocab.Undo, Actor: yann, Object: vocab.Item{ID: yann + "#f", Doc: vocab.New(vocab.Follow, yann+"#f").SetString("actor", yann).SetString("object", w.actor("ines"))}}
		w.mustReceive(undo)
		w.mustReceive(follow(yann+"#f", yann, w.actor("ines")))
		if n, _ := store.CountSources(context.Background(), w.DB.Read(), store.RelFollow, w.object(w.actor("ines")).ID); n != 0 {
			w.t.Error("a Follow that was undone counts")
		}
	})
}

func TestApplyingTwiceEqualsOnce(t *testing.T) {
	each(t, func(w *world) {
		w.meet(yann)
		w.do(follow("", w.actor("ines"), yann))
		post := w.do(&vocab.Activity{Type: vocab.Create, Actor: w.actor("ines"), Object: vocab.Item{Doc: vocab.New(vocab.Note, "").SetString("content", "<p>oui</p>")}})
		all := []*vocab.Activity{
			follow(yann+"#f", yann, w.actor("ines")),
			create(yann+"/1#c", yann, note(yann+"/1", yann, "<p>un</p>").SetString("inReplyTo", post.Object.IRI)),
			{ID: yann + "#like", Type: vocab.Like, Actor: yann, Object: vocab.Item{ID: post.Object.IRI}},
			{ID: yann + "#boost", Type: vocab.Announce, Actor: yann, To: []string{vocab.Public}, Object: vocab.Item{ID: post.Object.IRI}},
			{ID: yann + "#unlike", Type: vocab.Undo, Actor: yann, Object: vocab.Item{ID: yann + "#like", Doc: vocab.New(vocab.Like, yann+"#like").SetString("actor", yann).SetString("object", post.Object.IRI)}},
		}
		for _, a := range all {
			w.mustReceive(a)
		}
		once := w.dump()
		for range 2 {
			for _, a := range all {
				w.mustReceive(a)
			}
		}
		if twice := w.dump(); twice != once {
			w.t.Errorf("applying again changed something:\n%s\n---\n%s", once, twice)
		}
	})
}

func TestFollowersOnlyAndDirectAreSeenByWhomTheyAreFor(t *testing.T) {
	each(t, func(w *world) {
		ctx := context.Background()
		ines := w.object(w.actor("ines"))
		other := w.object(w.actor(func() string { w.person("karim"); return "karim" }()))
		w.meet(yann)
		w.do(follow("", w.actor("ines"), yann))
		w.mustReceive(&vocab.Activity{ID: yann + "#accept", Type: vocab.AcceptType, Actor: yann, Object: vocab.Item{Doc: vocab.New(vocab.Follow, "").SetString("actor", w.actor("ines")).SetString("object", yann)}})
		secret := note(yann+"/3", yann, "<p>entre nous</p>").SetStrings("to", yann+"/followers").Remove("cc")
		w.mustReceive(&vocab.Activity{ID: yann + "/3#c", Type: vocab.Create, Actor: yann, To: []string{yann + "/followers"}, Object: vocab.Item{ID: secret.ID(), Doc: secret}})
		letter := note(yann+"/4", yann, "<p>à Karim</p>").SetStrings("to", w.actor("karim")).Remove("cc")
		w.mustReceive(&vocab.Activity{ID: yann + "/4#c", Type: vocab.Create, Actor: yann, To: []string{w.actor("karim")}, Object: vocab.Item{ID: letter.ID(), Doc: letter}})
		for _, c := range []struct {
			viewer essaim.ID
			iri    string
			want   bool
		}{{0, yann + "/3", false}, {ines.ID, yann + "/3", true}, {other.ID, yann + "/3", false}, {0, yann + "/4", false}, {ines.ID, yann + "/4", false}, {other.ID, yann + "/4", true}} {
			got, err := store.CanSee(ctx, w.DB.Read(), c.viewer, w.object(c.iri).ID)
			if err != nil || got != c.want {
				w.t.Errorf("viewer %v sees %s: %v, %v", c.viewer, c.iri, got, err)
			}
			seen, err := store.SeenBy(ctx, w.DB.Read(), c.viewer, w.object(c.iri).ID)
			if err != nil || essaim.CanSee(essaim.Viewer{Actor: c.viewer}, seen) != c.want {
				w.t.Errorf("the predicate disagrees with SQL for %v on %s", c.viewer, c.iri)
			}
		}
	})
}

func TestADeletedPostIsTakenBackEverywhere(t *testing.T) {
	each(t, func(w *world) {
		w.meet(soazig)
		w.mustReceive(follow(soazig+"#1", soazig, w.Site.Instance()))
		event := vocab.New(vocab.Event, "").SetString("name", "Atelier données").SetString("startTime", "2027-03-12T14:00:00+01:00").SetString("content", "<p>Venez</p>")
		w.do(project(w, "mobilite_rurale"))
		out := w.do(&vocab.Activity{Type: vocab.Create, Actor: w.actor("mobilite_rurale"), Object: vocab.Item{Doc: event}})
		before := len(w.queued())
		w.do(&vocab.Activity{Type: vocab.Delete, Actor: w.actor("mobilite_rurale"), Object: vocab.Item{ID: out.Object.IRI}})
		pending := w.queued()
		if len(pending) != before-1+2 { // the pending announce is cancelled; the Undo and the Delete go out
			w.t.Errorf("deliveries before %d, after %v", before, pending)
		}
		if n, _ := store.CountSources(context.Background(), w.DB.Read(), store.RelAnnounce, out.Object.ID); n != 0 {
			w.t.Error("an announce of the deleted event still stands")
		}
	})
}

func TestAMovedEventSaysSo(t *testing.T) {
	each(t, func(w *world) {
		w.do(project(w, "mobilite_rurale"))
		event := vocab.New(vocab.Event, "").SetString("name", "Atelier données").SetString("startTime", "2027-03-12T14:00:00+01:00").SetString("content", "<p>Venez</p>")
		out := w.do(&vocab.Activity{Type: vocab.Create, Actor: w.actor("mobilite_rurale"), Object: vocab.Item{Doc: event}})
		doc, _ := out.Object.Document()
		moved := doc.Clone().SetString("startTime", "2027-03-19T14:00:00+01:00")
		w.do(&vocab.Activity{Type: vocab.Update, Actor: w.actor("mobilite_rurale"), Object: vocab.Item{ID: moved.ID(), Doc: moved}})
		e := w.object(out.Object.IRI).Thing().(*essaim.Event)
		if e.Status != essaim.EventRescheduled || e.Previous.IsZero() || !e.Starts.Equal(time.Date(2027, 3, 19, 13, 0, 0, 0, time.UTC)) {
			w.t.Errorf("status %s, previous %v, starts %v", e.Status, e.Previous, e.Starts)
		}
		replies, err := store.Replies(context.Background(), w.DB.Read(), 0, out.Object.ID, 0, 10)
		if err != nil || len(replies) != 1 {
			w.t.Errorf("notes about the move: %d, %v", len(replies), err)
		}
	})
}

func TestOnlyMembersWithARoleActForAProject(t *testing.T) {
	each(t, func(w *world) {
		w.do(project(w, "mobilite_rurale"))
		stranger := w.person("karim")
		_, err := w.Apply(context.Background(), create("", w.actor("mobilite_rurale"), vocab.New(vocab.Note, "").SetString("content", "<p>non</p>")), Local(stranger))
		if essaim.CodeOf(err) != essaim.Forbidden {
			w.t.Errorf("a stranger spoke for the project: %v", err)
		}
	})
}

func TestBlockEndsFollowsAndSilences(t *testing.T) {
	each(t, func(w *world) {
		ctx := context.Background()
		w.meet(yann)
		w.mustReceive(follow(yann+"#f", yann, w.actor("ines")))
		w.do(&vocab.Activity{Type: vocab.Block, Actor: w.actor("ines"), Object: vocab.Item{ID: yann}})
		ines := w.object(w.actor("ines"))
		if n, _ := store.CountSources(ctx, w.DB.Read(), store.RelFollow, ines.ID); n != 0 {
			w.t.Error("the blocked follower still follows")
		}
		before, _ := store.Notifications(ctx, w.DB.Read(), ines.ID, store.Page{})
		w.mustReceive(create(yann+"/9#c", yann, note(yann+"/9", yann, "<p>hé</p>").SetStrings("cc", w.actor("ines"))))
		after, _ := store.Notifications(ctx, w.DB.Read(), ines.ID, store.Page{})
		if len(after) != len(before) {
			w.t.Error("the blocked actor is heard")
		}
		w.mustReceive(follow(yann+"#f2", yann, w.actor("ines")))
		if n, _ := store.CountSources(ctx, w.DB.Read(), store.RelFollow, ines.ID); n != 0 {
			w.t.Error("the blocked actor follows again")
		}
	})
}

func TestFlagReachesTheModeratorsAndTheOtherServerWithoutTheReporter(t *testing.T) {
	each(t, func(w *world) {
		w.meet(yann)
		w.do(&vocab.Activity{Type: vocab.Flag, Actor: w.actor("ines"), Content: "publicité", Objects: []vocab.Item{{ID: yann}, {ID: yann + "/1"}}, Object: vocab.Item{ID: yann}})
		reports, err := store.Reports(context.Background(), w.DB.Read(), store.Page{})
		if err != nil || len(reports) != 1 || reports[0].Words != "publicité" {
			w.t.Fatalf("reports: %v %v", reports, err)
		}
		if got := w.queued(); len(got) != 1 {
			w.t.Fatalf("the Flag is sent once: %v", got)
		}
		var body []byte
		rows, err := w.DB.Read().Query(context.Background(), `select p.body from payloads p join jobs j on j.activity = p.activity`)
		if err != nil {
			w.t.Fatal(err)
		}
		for rows.Next() {
			if err := rows.Scan(&body); err != nil {
				w.t.Fatal(err)
			}
		}
		rows.Close()
		if strings.Contains(string(body), "ines") || !strings.Contains(string(body), w.Site.Instance()) {
			w.t.Errorf("the Flag tells who reported: %s", body)
		}
	})
}

func TestTheSameDeliveryManyTimesAtOnceChangesThingsOnce(t *testing.T) {
	each(t, func(w *world) {
		w.meet(yann)
		w.do(follow("", w.actor("ines"), yann))
		post := w.do(create("", w.actor("ines"), vocab.New(vocab.Note, "").SetString("content", "<p>oui</p>")))
		all := []*vocab.Activity{
			follow(yann+"#f", yann, w.actor("ines")),
			create(yann+"/1#c", yann, note(yann+"/1", yann, "<p>un</p>").SetString("inReplyTo", post.Object.IRI)),
			{ID: yann + "#like", Type: vocab.Like, Actor: yann, Object: vocab.Item{ID: post.Object.IRI}},
		}
		var done sync.WaitGroup
		for range 12 {
			for _, a := range all {
				done.Go(func() {
					if _, err := w.receive(a); err != nil {
						t.Errorf("%s: %v", a.Type, err)
					}
				})
			}
		}
		done.Wait()
		ctx := context.Background()
		told, err := store.Notifications(ctx, w.DB.Read(), w.object(w.actor("ines")).ID, store.Page{})
		if err != nil || len(told) != 3 {
			t.Errorf("told %d times of three things, %v", len(told), err)
		}
		likes, _ := store.CountSources(ctx, w.DB.Read(), store.RelLike, post.Object.ID)
		followers, _ := store.CountSources(ctx, w.DB.Read(), store.RelFollow, w.object(w.actor("ines")).ID)
		replies, _ := store.Replies(ctx, w.DB.Read(), 0, post.Object.ID, 0, 10)
		if likes != 1 || followers != 1 || len(replies) != 1 {
			t.Errorf("likes %d, followers %d, replies %d", likes, followers, len(replies))
		}
		if got := len(w.queued()); got != 2 { // ines's follow and one Accept
			t.Errorf("deliveries: %v", w.queued())
		}
	})
}

func TestAnIDThatIsTakenIsDrawnAgain(t *testing.T) {
	each(t, func(w *world) {
		w.meet(yann)
		w.do(follow("", w.actor("ines"), yann))
		draws := 0
		w.Random = func() uint64 { draws++; return uint64(draws / 6) } // the same number several times over
		at := w.now
		w.Clock = func() time.Time { return at }
		for _, n := range []string{"a", "b", "c"} {
			w.mustReceive(create(yann+"/"+n+"#c", yann, note(yann+"/"+n, yann, "<p>x</p>")))
		}
		for _, n := range []string{"a", "b", "c"} {
			w.object(yann + "/" + n)
		}
	})
}

// Keys are made before the transaction: the writer waits for nobody (LB25). Here they need the writer themselves.
func TestKeysAreMadeOutsideTheTransaction(t *testing.T) {
	each(t, func(w *world) {
		made, keys := 0, w.Keys
		w.Keys = func() (Keys, error) {
			ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
			defer cancel()
			err := w.DB.Write(ctx, store.Relaxed, func(tx *store.Tx) error {
				made++
				_, err := tx.SetMetaOnce(ctx, "keys", "made")
				return err
			})
			if err != nil {
				return Keys{}, err
			}
			return keys()
		}
		w.do(project(w, "mobilite_rurale"))
		if made != 1 {
			t.Errorf("keys were made %d times", made)
		}
	})
}
