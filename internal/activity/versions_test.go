package activity

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"essaim/federation/vocab"
	"essaim/internal/essaim"
	"essaim/internal/store"
)

func (w *world) versions(iri string) []*store.Version {
	w.t.Helper()
	kept, err := store.Versions(context.Background(), w.DB.Read(), w.object(iri).ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return kept
}

func TestWhatAnUpdateReplacesIsKeptUntilTheObjectGoes(t *testing.T) {
	each(t, func(w *world) {
		w.meet(yann)
		w.do(follow("", w.actor("ines"), yann))
		w.mustReceive(create(yann+"/1#create", yann, note(yann+"/1", yann, "<p>un</p>")))
		edit := func(id, at, text string) *vocab.Activity {
			o := note(yann+"/1", yann, text).SetString("updated", at)
			return &vocab.Activity{ID: id, Type: vocab.Update, Actor: yann, To: []string{vocab.Public}, Object: vocab.Item{ID: o.ID(), Doc: o}}
		}
		w.mustReceive(edit(yann+"/1#u1", "2026-11-23T08:10:00Z", "<p>deux <script>x</script></p>"))
		w.mustReceive(edit(yann+"/1#u1", "2026-11-23T08:10:00Z", "<p>deux</p>"))
		w.mustReceive(edit(yann+"/1#u0", "2026-11-23T08:05:00Z", "<p>trop tard</p>"))
		w.mustReceive(edit(yann+"/1#u2", "2026-11-23T08:20:00Z", "<p>trois</p>"))
		kept := w.versions(yann + "/1")
		if len(kept) != 2 || kept[0].HTML != "<p>un</p>" || !strings.Contains(kept[1].HTML, "deux") || strings.Contains(kept[1].HTML, "script") {
			w.t.Fatalf("kept: %+v", kept)
		}
		if !kept[1].Since.Equal(time.Date(2026, 11, 23, 8, 10, 0, 0, time.UTC)) || !kept[0].Since.Equal(w.object(yann+"/1").Published) {
			w.t.Errorf("since %v and %v", kept[0].Since, kept[1].Since)
		}
		for n := range store.MaxVersions + 3 {
			w.mustReceive(edit(fmt.Sprintf("%s/1#v%d", yann, n), fmt.Sprintf("2026-11-23T08:21:%02dZ", n), fmt.Sprintf("<p>encore %d</p>", n)))
		}
		if kept = w.versions(yann + "/1"); len(kept) != store.MaxVersions || kept[len(kept)-1].HTML != fmt.Sprintf("<p>encore %d</p>", store.MaxVersions+1) {
			w.t.Errorf("%d are kept, the last is %s", len(kept), kept[len(kept)-1].HTML)
		}
		w.mustReceive(&vocab.Activity{ID: yann + "/1#delete", Type: vocab.Delete, Actor: yann, Object: vocab.Item{ID: yann + "/1"}})
		if kept = w.versions(yann + "/1"); len(kept) != 0 {
			w.t.Errorf("deleted, and %d versions are left", len(kept))
		}
	})
}

func TestVersionsOfProjectsButNotOfPeople(t *testing.T) {
	each(t, func(w *world) {
		out := w.do(project(w, "mobilite_rurale"))
		doc, err := out.Object.Document()
		if err != nil {
			w.t.Fatal(err)
		}
		next := doc.Clone().SetString("phase", "acceleration").SetString("name", "Mobilité partagée")
		w.do(&vocab.Activity{Type: vocab.Update, Actor: w.actor("mobilite_rurale"), Object: vocab.Item{ID: next.ID(), Doc: next}})
		if kept := w.versions(out.Object.IRI); len(kept) != 1 || !strings.Contains(kept[0].Doc, "Mobilité rurale") {
			w.t.Errorf("kept of the project: %+v", kept)
		}
		ines := w.actor("ines")
		w.do(Update(ines, &essaim.Profile{Kind: essaim.KindPerson, ID: ines, Handle: "ines", Name: "Autre nom"}, ""))
		if w.object(ines).Thing().Summary("fr").Title != "Autre nom" {
			w.t.Fatal("the profile was not changed")
		}
		if kept := w.versions(ines); len(kept) != 0 {
			w.t.Errorf("what somebody said of themselves is kept: %+v", kept)
		}
	})
}

func TestWhatWasForFewerReadersIsNotKept(t *testing.T) {
	each(t, func(w *world) {
		w.meet(yann)
		w.do(follow("", w.actor("ines"), yann))
		first := note(yann+"/2", yann, "<p>entre nous</p>").SetStrings("to", yann+"/followers")
		a := create(yann+"/2#create", yann, first)
		a.To = []string{yann + "/followers"}
		w.mustReceive(a)
		if v := w.object(yann + "/2").Visibility; v != essaim.Followers {
			w.t.Fatalf("visibility %d", v)
		}
		open := note(yann+"/2", yann, "<p>pour tous</p>").SetString("updated", "2026-11-23T08:10:00Z")
		w.mustReceive(&vocab.Activity{ID: yann + "/2#u", Type: vocab.Update, Actor: yann, To: []string{vocab.Public}, Object: vocab.Item{ID: open.ID(), Doc: open}})
		if w.object(yann+"/2").Visibility != essaim.PublicV {
			w.t.Fatal("it was not opened")
		}
		if kept := w.versions(yann + "/2"); len(kept) != 0 {
			w.t.Errorf("everybody may read %+v", kept)
		}
	})
}
