package activity

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"essaim/federation/vocab"
	"essaim/internal/essaim"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

// BenchmarkApplyRemoteNote is the database side of an inbox flood: a note by a followed author, parsed, sanitised, stored, with 64 at work as the grouped
// writer wants them. BenchmarkInsert is the bare operation beside it.
func BenchmarkApplyRemoteNote(b *testing.B) {
	w := newWorld(&testing.T{}, storetest.SQLite(b))
	w.meet(yann)
	w.do(follow("", w.actor("ines"), yann))
	var n atomic.Int64
	b.SetParallelism(32)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			iri := fmt.Sprintf("%s/%d", yann, n.Add(1))
			raw := create(iri+"#c", yann, note(iri, yann, "<p>Une note comme il en passe mille, avec <a href=\"https://a.example/\">un lien</a>.</p>")).Document().Document()
			doc, err := vocab.Parse(raw)
			if err != nil {
				b.Fatal(err)
			}
			if out, err := w.Apply(context.Background(), vocab.ReadActivity(doc), Remote(yann)); err != nil || out.Status != Done {
				b.Fatal(out.Status, err)
			}
		}
	})
}

func BenchmarkInsert(b *testing.B) {
	w := newWorld(&testing.T{}, storetest.SQLite(b))
	b.SetParallelism(32)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			err := w.DB.Write(context.Background(), store.Relaxed, func(tx *store.Tx) error {
				_, err := tx.Content().RecordActivity(context.Background(), &store.Activity{ID: essaim.NewID(w.Clock(), w.Clock(), w.Random()), IRI: fmt.Sprint(w.Random()), Type: "Create", Extra: "{}"})
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	})
}
