package search

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"essaim/federation/vocab"
	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

func TestFindsByWords(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.project("guichet", "Le Guichet roulant", "Une camionnette va de bourg en bourg.", func(p *essaim.Project) {
			p.Promise, p.Themes, p.Territories = "Pour les habitantes éloignées de la préfecture", []string{"rights_access"}, []string{"fr:commune:56178"}
		})
		w.project("cantine", "Cantine d’ici", "Des repas locaux, et un guichet pour les producteurs.")
		w.posts("guichet", "Le bus est passé à Cléguérec")
		for text, want := range map[string][]string{
			"guichet":  {"guichet", "cantine"}, // the title weighs more than the text, and age less than either
			"GUICHETS": {"guichet", "cantine"}, "guichet roulant": {"guichet"}, "roulants": {"guichet"}, "cleguerec": {"Le bus est passé à Cléguérec"}, "Cléguérec": {"Le bus est passé à Cléguérec"},
			"camion": {"guichet"}, "cam": {"guichet"}, "ca": nil, // beginnings of the last word, from three letters on
			"camion bourg": nil, "bourg camion": {"guichet"}, "habitant": {"guichet"}, "éloigné": {"guichet"}, "local": {"cantine"}, "de la prefecture": {"guichet"},
			"Pontivy": {"guichet"}, "morbihan": {"guichet"}, "bretagne": {"guichet"}, "accès aux droits": {"guichet"}, // places with what contains them, themes
			"guichet cantine": {"cantine"}, "guichet inexistant": nil, "@guichet": {"guichet", "cantine"},
			`"guichet" OR *`: {"guichet", "cantine"}, `' & | ! :* ( ) : ^ "`: {"Le bus est passé à Cléguérec", "cantine", "guichet"}, // no word at all: everything
		} {
			if got := called(w.find(Query{Text: text})); !slices.Equal(got, want) {
				t.Errorf("%q finds %q, want %q", text, got, want)
			}
		}
		if got := called(w.find(Query{Text: "guichets", Exact: true})); got != nil {
			t.Errorf("the very word guichets finds %q", got)
		}
	})
}

func TestCorrects(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.project("guichet", "Le Guichet roulant", "Une camionnette va de bourg en bourg.")
		for text, want := range map[string]string{"gichet": "guichet", "guihcet roulan": "guichet roulant", "camionete": "camionnette", "le gichet roullant": "guichet roulant", "guichet": "", "zzzzz": "", "roulant gichet": "roulant guichet"} {
			r := w.find(Query{Text: text})
			if r.Corrected != want || (want != "") != (len(r.Items) == 1 && !r.Missing && text != "guichet") {
				t.Errorf("%q: corrected to %q, %d found, want %q", text, r.Corrected, len(r.Items), want)
			}
		}
		if r := w.find(Query{Text: "gichet", Exact: true}); r.Corrected != "" || !r.Missing || len(r.Items) != 0 {
			t.Errorf("the very word: %+v", r)
		}
		w.does(&vocab.Activity{Type: vocab.Delete, Actor: w.Site.Actor("guichet"), Object: vocab.Item{ID: w.Site.Actor("guichet")}})
		if r := w.find(Query{Text: "gichet"}); r.Corrected != "" {
			t.Error("a word that nothing has any more is proposed")
		}
		words, err := store.WordsOfLength(t.Context(), db.Read(), 7, 12)
		if err != nil || slices.ContainsFunc(words, func(c store.WordCount) bool { return c.Word == "guichet" || c.Word == "camionnette" }) {
			t.Errorf("words of what was deleted are kept: %v, %v", words, err)
		}
	})
}

// TestNeverFound: nothing that is private, deleted, suspended, limited, blocked or not agreed to is found, whatever brought it there.
func TestNeverFound(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		ctx := context.Background()
		w.project("bus", "Le bus", "secretissime")
		ines := w.Site.Actor("ines")
		w.posts("bus", "secretissime pour tous")
		w.posts("bus", "secretissime entre nous", w.Site.Actor("bus")+"/followers")
		w.posts("ines", "secretissime de qui n’a pas dit oui")
		w.finds("secretissime", "bus", "secretissime pour tous")
		w.finds("ines") // she did not ask to be listed
		if c, err := w.Count(ctx, Query{Kinds: []string{essaim.KindPerson}}); err != nil || c.Total != 0 || c.Unlisted != 1 {
			t.Errorf("people: %+v, %v", c, err)
		}

		eve := "https://ailleurs.example/users/eve"
		w.meet(eve, false)
		w.hears(eve, "https://ailleurs.example/1", "confidence d’ailleurs")
		w.finds("confidence")
		w.meet(eve, true)
		w.finds("confidence", "confidence d’ailleurs")
		w.finds("étrangère", "eve")
		w.meet(eve, false)
		w.finds("confidence")
		w.meet(eve, true)
		w.finds("confidence", "confidence d’ailleurs")

		state := func(iri string, s store.ActorState) {
			t.Helper()
			id, err := store.ObjectID(ctx, db.Read(), iri)
			if err != nil {
				t.Fatal(err)
			}
			if err := db.Write(ctx, store.Promised, func(tx *store.Tx) error { return tx.Content().SetActorState(ctx, id, s) }); err != nil {
				t.Fatal(err)
			}
		}
		for _, s := range []store.ActorState{store.Limited, store.Suspended} {
			state(eve, s)
			w.finds("confidence")
			w.finds("étrangère")
			state(eve, store.Active)
			w.finds("confidence", "confidence d’ailleurs")
		}
		policy := func(p store.HostPolicy) {
			t.Helper()
			if err := db.Write(ctx, store.Promised, func(tx *store.Tx) error {
				return tx.UpdateHost(ctx, "ailleurs.example", w.now, func(h *store.Host) { h.Policy = p })
			}); err != nil {
				t.Fatal(err)
			}
		}
		policy(store.HostBlocked)
		w.finds("confidence")
		policy(store.HostNeutral)
		w.finds("confidence", "confidence d’ailleurs")

		// An index that is behind shows nothing it should not.
		state(w.Site.Actor("bus"), store.Suspended)
		r, err := w.Find(ctx, Query{Text: "secretissime"})
		if err != nil || len(r.Items) != 0 {
			t.Errorf("before the index knows: %v, %v", called(r), err)
		}
		w.finds("secretissime")
		state(w.Site.Actor("bus"), store.Active)
		w.finds("secretissime", "bus", "secretissime pour tous")
		w.does(&vocab.Activity{Type: vocab.Delete, Actor: w.Site.Actor("bus"), Object: vocab.Item{ID: w.Site.Actor("bus")}})
		w.finds("secretissime")
		_ = ines
	})
}

func TestEditsReachTheIndex(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		o := w.project("bus", "Le bus", "camionnette")
		w.finds("camionnette", "bus")
		p := o.Thing().(*essaim.Project)
		p.Name, p.HTML, p.Phase = "La navette", "<p>triporteur</p>", "stopped"
		p.StopReason = "funding"
		w.does(activity.Update(o.IRI, p, "Arrêt"))
		w.finds("camionnette")
		w.finds("triporteur", "bus")
		if c, err := w.Count(t.Context(), Query{Phase: "stopped"}); err != nil || c.Total != 1 || c.Phase["pilot"] != 0 || c.Phase["stopped"] != 1 {
			t.Errorf("%+v, %v", c, err)
		}
		other := New(Options{DB: db, Site: w.Site}) // another node sees the same
		if r, err := other.Find(t.Context(), Query{Text: "triporteur"}); err != nil || len(r.Items) != 1 {
			t.Errorf("another node: %v, %v", r, err)
		}
	})
}

func TestFacets(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		for i, c := range []struct{ phase, theme, place string }{
			{"pilot", "mobility", "fr:departement:48"}, {"pilot", "environment", "fr:commune:48095"}, {"stopped", "mobility", "fr:commune:56178"}, {"idea", "mobility", "fr:epci:243500741"},
		} {
			w.project(fmt.Sprintf("p%d", i), "Projet", "eau", func(p *essaim.Project) {
				p.Phase, p.Themes, p.Territories = c.phase, []string{c.theme}, []string{c.place}
				if c.phase == "stopped" {
					p.StopReason = "funding"
				}
			})
		}
		for _, c := range []struct {
			q    Query
			want string
		}{
			{Query{}, "4 pilot=2 stopped=1 mobility=3 dep48=2 dep56=2 reg53=2 reg52=1"},
			{Query{Phase: "pilot"}, "2 pilot=2 stopped=1 mobility=1 dep48=2 dep56=0 reg53=0 reg52=0"},
			{Query{Theme: "mobility"}, "3 pilot=1 stopped=1 mobility=3 dep48=1 dep56=2 reg53=2 reg52=1"},
			{Query{Territory: "fr:departement:56"}, "2 pilot=0 stopped=1 mobility=2 dep48=2 dep56=2 reg53=2 reg52=1"},
			{Query{Territory: "fr:departement:56", Phase: "pilot"}, "0 pilot=0 stopped=1 mobility=0 dep48=2 dep56=0 reg53=0 reg52=0"},
			{Query{Territory: essaim.CountryKey, Text: "eau"}, "4 pilot=2 stopped=1 mobility=3 dep48=2 dep56=2 reg53=2 reg52=1"},
			{Query{Theme: "nothing"}, "0 pilot=0 stopped=0 mobility=3 dep48=0 dep56=0 reg53=0 reg52=0"},
			{Query{Kinds: []string{essaim.KindEvent}}, "0 pilot=0 stopped=0 mobility=0 dep48=0 dep56=0 reg53=0 reg52=0"},
			{Query{Host: "innov.example", Kinds: []string{essaim.KindProject}}, "4 pilot=2 stopped=1 mobility=3 dep48=2 dep56=2 reg53=2 reg52=1"},
		} {
			r := w.find(c.q)
			f := r.Counts
			got := fmt.Sprintf("%d pilot=%d stopped=%d mobility=%d dep48=%d dep56=%d reg53=%d reg52=%d", f.Total, f.Phase["pilot"], f.Phase["stopped"], f.Theme["mobility"],
				f.Territory["fr:departement:48"], f.Territory["fr:departement:56"], f.Territory["fr:region:53"], f.Territory["fr:region:52"])
			if got != c.want {
				t.Errorf("%+v: %s, want %s", c.q, got, c.want)
			}
		}
	})
}

// TestStrangersInventNoChoices: codes and territories that a stranger makes up are no facets, and crowd out none of ours.
func TestStrangersInventNoChoices(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		const iri = "https://ailleurs.example/users/intrus"
		var themes, places []string
		for i := range 300 {
			themes, places = append(themes, fmt.Sprintf("theme%d", i)), append(places, fmt.Sprintf("fr:departement:Z%d", i))
		}
		doc := vocab.New(vocab.Group, iri).SetString("preferredUsername", "intrus").SetString("name", "Intrus").SetString("inbox", iri+"/inbox").SetString("phase", "conquest").
			SetString("actorKind", "empire").SetStrings("themes", themes...).SetStrings("territory", append(places, "fr:departement:48")...)
		if _, err := w.act.Apply(t.Context(), &vocab.Activity{Type: vocab.Update, Actor: iri, Object: vocab.Item{ID: iri, Doc: doc}}, activity.Fetched("ailleurs.example")); err != nil {
			t.Fatal(err)
		}
		w.finds("intrus", "intrus")
		w.project("eau", "Eau", "partagée", func(p *essaim.Project) {
			p.Themes, p.Territories = []string{"environment"}, []string{"fr:departement:56"}
		})
		c := w.find(Query{Kinds: []string{essaim.KindProject}}).Counts
		if got := fmt.Sprint(c.Total, c.Theme, c.Phase, c.Actor, len(c.Territory), c.Territory["fr:departement:48"], c.Territory["fr:departement:56"]); got != "2 map[environment:1] map[pilot:1] map[] 4 1 1" {
			t.Error(got)
		}
	})
}

// TestReadsToTheEndAndBack: nothing is missed, nothing comes twice, in either order.
func TestReadsToTheEndAndBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		const n = 25
		for i := range n {
			title := "Projet"
			if i%3 == 0 {
				title = "Projet eau"
			}
			w.project(fmt.Sprintf("p%02d", i), title, "eau")
		}
		for _, text := range []string{"", "eau"} {
			q := Query{Text: text, Kinds: []string{essaim.KindProject}, Limit: 7}
			var forth, back []string
			for {
				r := w.find(q)
				forth = append(forth, called(r)...)
				if r.Older == nil {
					break
				}
				q.Older, q.Newer = *r.Older, Cursor{}
			}
			for {
				r := w.find(q)
				back = append(called(r), back...)
				if r.Newer == nil {
					break
				}
				q.Newer, q.Older = *r.Newer, Cursor{}
			}
			if len(forth) != n || !slices.Equal(forth, back) || len(slices.Compact(slices.Sorted(slices.Values(forth)))) != n {
				t.Errorf("%q: forth %v, back %v", text, forth, back)
			}
			if text == "eau" && (forth[0] != "p24" || forth[8] != "p00" || forth[9] != "p23") {
				t.Errorf("by relevance: %v", forth)
			}
		}
	})
}

// TestTerritories: what lies inside a territory belongs to it; with Covering, what names a territory around it does too, and nothing beside it.
func TestTerritories(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		for handle, key := range map[string]string{"commune": "fr:commune:56178", "epci": "fr:epci:245614433", "dep": "fr:departement:56", "region": "fr:region:53", "vannes": "fr:commune:56260", "gueret": "fr:departement:23"} {
			w.project(handle, "Projet "+handle, "texte", func(p *essaim.Project) { p.Territories = []string{key} })
		}
		for _, c := range []struct {
			key      string
			covering bool
			want     []string
		}{
			{"fr:commune:56178", false, []string{"commune"}},
			{"fr:commune:56178", true, []string{"commune", "dep", "epci", "region"}},
			{"fr:departement:56", false, []string{"commune", "dep", "epci", "vannes"}},
			{"fr:departement:56", true, []string{"commune", "dep", "epci", "region", "vannes"}},
			{"fr:departement:22", false, []string{"epci"}}, // TER15
			{"fr:departement:22", true, []string{"epci", "region"}},
			{"fr:commune:22001", true, []string{"region"}},
			{"fr:departement:48", true, nil},
		} {
			got := called(w.find(Query{Territory: c.key, Covering: c.covering, Kinds: []string{essaim.KindProject}}))
			if slices.Sort(got); !slices.Equal(got, c.want) {
				t.Errorf("%s, covering %v: %v, want %v", c.key, c.covering, got, c.want)
			}
		}
	})
}

// TestComingEvents: soonest first, without what is over; the lists of a page come together as they would alone.
func TestComingEvents(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		for i, days := range []int{5, -3, 1, 30} {
			event := &essaim.Event{Name: fmt.Sprintf("Atelier %d", i), HTML: fmt.Sprintf("<p>e%d</p>", i), Starts: w.now.AddDate(0, 0, days), Zone: "Europe/Paris"}
			if days < 0 {
				event.Ends = w.now.AddDate(0, 0, 2) // still going on
			}
			w.does(activity.Create(w.Site.Actor("ines"), event))
		}
		w.project("bus", "Le bus", "texte")
		now := w.now
		coming := Query{Kinds: []string{essaim.KindEvent}, From: now.AddDate(0, 0, 1).Add(-time.Hour), Limit: 10}
		if got := called(w.find(coming)); !slices.Equal(got, []string{"e1", "e2", "e0", "e3"}) {
			t.Errorf("coming: %v", got)
		}
		coming.From = now.AddDate(0, 0, 3)
		lists, err := w.Lists(t.Context(), coming, Query{Kinds: []string{essaim.KindProject}}, Query{Kinds: []string{essaim.KindEvent}, Limit: 2})
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range [][]string{{"e0", "e3"}, {"bus"}, {"e3", "e2"}} {
			if got := called(lists[i]); !slices.Equal(got, want) {
				t.Errorf("list %d: %v, want %v", i, got, want)
			}
		}
	})
}

func TestDirect(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.project("bus", "Le bus", "texte")
		post := w.posts("bus", "bonjour")
		private := w.posts("bus", "entre nous", w.Site.Actor("bus")+"/followers")
		eve := "https://ailleurs.example/users/eve"
		w.meet(eve, true)
		w.hears(eve, "https://ailleurs.example/notes/1", "loin")
		for text, want := range map[string]string{
			"@bus": "bus", " @bus@innov.example ": "bus", "BUS@innov.example": "bus", "acct:bus@innov.example": "bus", w.Site.Actor("bus"): "bus", "https://innov.example/@bus": "bus",
			"@eve@ailleurs.example": "eve", eve: "eve", "https://ailleurs.example/@eve": "eve", "https://innov.example/@eve@ailleurs.example": "eve",
			"https://ailleurs.example/notes/1": "loin", post.IRI: "bonjour", "https://innov.example/@bus/" + post.ID.String(): "bonjour",
			private.IRI: "-", "https://innov.example/@bus/" + private.ID.String(): "-", "@nobody": "-", "@eve@nowhere.example": "-", "https://nowhere.example/x": "-", "http://[::1": "", "@": "", "@@": "",
			"bus": "", "le bus": "", "a@b": "", "javascript:alert(1)": "", "@eve@ailleurs.example@x": "", "": "",
		} {
			item, named, err := w.Direct(t.Context(), text)
			got := ""
			switch {
			case item != nil && item.Card != nil:
				got = item.Card.Handle
			case item != nil:
				got = item.HTML[3 : len(item.HTML)-4]
			case named:
				got = "-"
			}
			if err != nil || got != want {
				t.Errorf("%q: %q %v, want %q", text, got, err, want)
			}
		}
	})
}

// TestOneBadObjectHoldsUpNothing: what cannot be written is left out, what comes with it and after it is found.
func TestOneBadObjectHoldsUpNothing(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	w.feed()
	bad := w.project("mauvais", "Projet mauvais", "texte")
	err := w.DB.Write(t.Context(), store.Relaxed, func(tx *store.Tx) error {
		_, err := tx.Exec(t.Context(), fmt.Sprintf(`create trigger never before insert on search when new.object = %d begin select raise(abort, 'never'); end`, bad.ID))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	w.project("bon", "Projet bon", "texte")
	w.finds("projet", "bon")
	if n, err := w.Waiting(t.Context(), 10); err != nil || n != 0 {
		t.Errorf("%d are waiting, %v", n, err)
	}
}
