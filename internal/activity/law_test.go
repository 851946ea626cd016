package activity

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"essaim/federation/vocab"
	"essaim/internal/essaim"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

// Law 4: the predicate and its SQL agree, over worlds made at random from what Apply can make.
func TestLaw4TheVisibilityPredicateAndItsSQLAgree(t *testing.T) {
	each(t, func(w *world) {
		ctx := context.Background()
		random := rand.New(rand.NewPCG(7, 11))
		locals := []string{"ines"}
		for _, h := range []string{"karim", "solene"} {
			w.person(h)
			locals = append(locals, h)
		}
		authors := []string{w.meet(yann), w.meet(soazig)}
		for i, a := range authors {
			for j, h := range locals {
				if random.IntN(2) == 0 {
					continue
				}
				out, err := w.Apply(ctx, follow("", w.actor(h), a), System())
				if err != nil {
					t.Fatal(err)
				}
				if random.IntN(3) > 0 {
					w.mustReceive(&vocab.Activity{ID: fmt.Sprintf("%s#accept-%d-%d", a, i, j), Type: vocab.AcceptType, Actor: a, Object: vocab.Item{ID: out.IRI}})
				}
			}
		}
		var objects []*store.Object
		for i := range 60 {
			a := authors[i%2]
			iri := fmt.Sprintf("%s/n%d", a, i)
			to := [][]string{{vocab.Public}, {a + "/followers", vocab.Public}, {a + "/followers"}, {w.actor(locals[random.IntN(3)])}, {a + "/followers", w.actor(locals[random.IntN(3)])}}[random.IntN(5)]
			doc := note(iri, a, "<p>x</p>").SetStrings("to", to...).Remove("cc")
			out, err := w.Apply(ctx, &vocab.Activity{Type: vocab.Create, Actor: a, Object: vocab.Item{ID: iri, Doc: doc}}, Fetched(essaim.HostOf(a)))
			if err != nil {
				t.Fatal(err)
			}
			if random.IntN(8) == 0 {
				w.mustReceive(&vocab.Activity{ID: iri + "#delete", Type: vocab.Delete, Actor: a, Object: vocab.Item{ID: iri}})
			}
			objects = append(objects, out.Object)
		}
		viewers := []essaim.ID{0, w.object(authors[0]).ID, w.object(authors[1]).ID}
		for _, h := range locals {
			viewers = append(viewers, w.object(w.actor(h)).ID)
		}
		seen := map[bool]int{}
		for _, o := range objects {
			for _, v := range viewers {
				sql, err := store.CanSee(ctx, w.DB.Read(), v, o.ID)
				if err != nil {
					t.Fatal(err)
				}
				facts, err := store.SeenBy(ctx, w.DB.Read(), v, o.ID)
				if err != nil {
					t.Fatal(err)
				}
				if want := essaim.CanSee(essaim.Viewer{Actor: v}, facts); want != sql {
					t.Errorf("viewer %v on %s (%v): predicate %v, SQL %v", v, o.IRI, facts, want, sql)
				}
				seen[sql]++
			}
		}
		if seen[true] < 20 || seen[false] < 20 {
			t.Errorf("the worlds say too little: %v", seen)
		}
	})
}

// Activities that do not concern each other may come in any order.
func TestIndependentActivitiesCommute(t *testing.T) {
	run := func(seed uint64) (out string) {
		w := newWorld(t, storetest.SQLite(t))
		for _, a := range []string{yann, soazig} {
			w.meet(a)
			w.do(follow("", w.actor("ines"), a))
		}
		post := create("", w.actor("ines"), vocab.New(vocab.Note, "").SetString("content", "<p>x</p>"))
		w.do(post)
		all := []*vocab.Activity{
			follow(yann+"#f", yann, w.actor("ines")),
			follow(soazig+"#f", soazig, w.Site.Instance()),
			create(yann+"/1#c", yann, note(yann+"/1", yann, "<p>un</p>")),
			create(soazig+"/1#c", soazig, note(soazig+"/1", soazig, "<p>deux</p>")),
			create(yann+"/2#c", yann, note(yann+"/2", yann, "<p>une réponse</p>").SetString("inReplyTo", soazig+"/1")),
			{ID: soazig + "/3#d", Type: vocab.Delete, Actor: soazig, Object: vocab.Item{ID: soazig + "/3"}},
		}
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		for _, a := range all {
			w.mustReceive(a)
		}
		return w.dump()
	}
	first := run(1)
	for seed := uint64(2); seed < 8; seed++ {
		if got := run(seed); got != first {
			t.Fatalf("another order, another world:\n%s\n---\n%s", first, got)
		}
	}
}
