package search

import (
	"testing"
	"time"

	"essaim/internal/essaim"
	"essaim/internal/store"
	"essaim/internal/store/dataset"
	"essaim/internal/store/storetest"
)

// BenchmarkFind answers questions over a hundred thousand objects, each beside the bare query that finds its words: what remains is counting, ranking,
// and reading the page. go test ./internal/search -run - -bench Find. The budget of a search with facets is 100 ms (design §16).
func BenchmarkFind(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *store.DB{"sqlite": storetest.SQLite, "postgres": storetest.Postgres} {
		b.Run(name, func(b *testing.B) {
			s := large(b, open(b))
			for _, c := range []struct {
				name string
				q    Query
			}{
				{"everything", Query{}}, {"broad", Query{Text: "commune"}}, {"broad-words", Query{Text: "usage commune terrain"}}, {"beginning", Query{Text: "comm"}},
				{"filtered", Query{Text: "commune", Territory: "fr:departement:48", Kinds: []string{essaim.KindProject}}}, {"narrow", Query{Text: "projet1234"}},
				{"slip", Query{Text: "comune"}}, {"none", Query{Text: "xylophone"}},
			} {
				b.Run(c.name, func(b *testing.B) {
					for b.Loop() {
						if _, err := s.Find(b.Context(), c.q); err != nil {
							b.Fatal(err)
						}
					}
					each := b.Elapsed() / time.Duration(b.N)
					if words := asked(c.q); len(words) > 0 {
						const times = 5
						began := time.Now()
						for range times {
							if _, err := store.SearchDocs(b.Context(), s.DB.Read(), words); err != nil {
								b.Fatal(err)
							}
						}
						b.ReportMetric(float64(each)/(float64(time.Since(began))/times), "times-bare")
					}
				})
			}
		})
	}
}

// BenchmarkFeed indexes what was written, and reads it into memory.
func BenchmarkFeed(b *testing.B) {
	for b.Loop() {
		began := time.Now()
		s := large(b, storetest.SQLite(b))
		b.ReportMetric(float64(len(s.mirror.entries))/time.Since(began).Seconds(), "objects/s")
	}
}

func large(b *testing.B, db *store.DB) *Service {
	b.Helper()
	site, err := essaim.NewSite("https://innov.example")
	if err != nil {
		b.Fatal(err)
	}
	b.StopTimer()
	err = db.Write(b.Context(), store.Relaxed, func(tx *store.Tx) error {
		_, err := dataset.Fill(b.Context(), tx.Content(), site, time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), dataset.Full())
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	b.StartTimer()
	s := New(Options{DB: db, Site: site})
	began := time.Now()
	if err := s.Feed(b.Context(), nil); err != nil {
		b.Fatal(err)
	}
	fed := time.Since(began)
	if err := s.Warm(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.Logf("%d objects were indexed in %v, and read into memory in %v", len(s.mirror.entries), fed, time.Since(began)-fed)
	return s
}
