package search

import (
	"context"
	"slices"
	"time"

	"essaim/internal/essaim"
	"essaim/internal/store"
)

const (
	batch = 200
	// poll is how often the queue is looked at for what nobody told of: another process, an interrupted batch.
	poll = 5 * time.Second
	// gather is how long a change waits for others, so that a flood of them is indexed together.
	gather = 100 * time.Millisecond
	// patience is how long other writes may wait before the index gives way to them.
	patience = 30 * time.Millisecond
)

// Run feeds the index until ctx ends. Several nodes of one database may do so at once: they take turns.
func (s *Service) Run(ctx context.Context) {
	if err := s.Warm(ctx); err != nil && ctx.Err() == nil {
		s.Logger.Error("the search index could not be read", "error", err)
	}
	tick := time.NewTicker(poll)
	defer tick.Stop()
	for {
		if err := s.Feed(ctx, nil); err != nil && ctx.Err() == nil {
			s.Logger.Error("the search index could not be fed; it is tried again", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			continue
		case <-s.DB.Touched():
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(gather):
		}
	}
}

// Feed indexes everything that waits. progress, unless nil, is told after each batch how much was done since the beginning.
func (s *Service) Feed(ctx context.Context, progress func(done int)) error {
	s.feeding.Lock()
	defer s.feeding.Unlock()
	for done := 0; ctx.Err() == nil; {
		tasks, err := store.SearchQueue(ctx, s.DB.Read(), batch)
		if err != nil || len(tasks) == 0 {
			return err
		}
		if err := s.index(ctx, tasks); err != nil {
			if err = s.oneByOne(ctx, tasks, err); err != nil {
				return err
			}
		}
		done += len(tasks)
		if progress != nil {
			progress(done)
		}
		for pause := s.DB.WriterWait(); pause > patience && ctx.Err() == nil; pause /= 2 {
			time.Sleep(patience)
		}
	}
	return ctx.Err()
}

// oneByOne does what could not be done together. An object that cannot be indexed while others can is left out, and said: it must not hold up all that
// comes after it.
func (s *Service) oneByOne(ctx context.Context, tasks []store.SearchTask, why error) error {
	var failed []store.SearchTask
	for _, t := range tasks {
		if err := s.index(ctx, []store.SearchTask{t}); err != nil {
			failed, why = append(failed, t), err
		}
	}
	if len(failed) == len(tasks) || ctx.Err() != nil {
		return why // it is not the objects
	}
	for _, t := range failed {
		s.Logger.Error("an object cannot be indexed and is left out of search", "object", t.Object, "error", why)
	}
	return s.DB.Write(ctx, store.Relaxed, func(tx *store.Tx) error { return tx.DropSearchTasks(ctx, failed) })
}

// index brings the objects of some tasks up to date. Documents are read and cut into words before the transaction, since the writer is one; what decides
// whether they are found is read inside it, under the clock of the index, and a document that has changed meanwhile waits for the next batch.
func (s *Service) index(ctx context.Context, tasks []store.SearchTask) error {
	var ids []essaim.ID
	for _, t := range tasks {
		if !slices.Contains(ids, t.Object) {
			ids = append(ids, t.Object)
		}
	}
	// Most of what an inbox brings is of people who did not agree: that is all there is to know of it. Should one of them agree meanwhile, his posts come
	// into the queue again.
	idle, err := store.SearchIdle(ctx, s.DB.Read(), ids)
	if err != nil {
		return err
	}
	ids = slices.DeleteFunc(ids, func(id essaim.ID) bool { return idle[id] })
	objects, err := store.ObjectsByID(ctx, s.DB.Read(), ids)
	if err != nil {
		return err
	}
	documents := make(map[essaim.ID]document, len(objects))
	for id, o := range objects {
		documents[id] = read(o)
	}
	// Actors first: what they agreed to decides about what they published.
	slices.SortStableFunc(ids, func(a, b essaim.ID) int { return compareBool(authored(objects[a]), authored(objects[b])) })
	return s.DB.Write(ctx, store.Relaxed, func(tx *store.Tx) error {
		if len(ids) == 0 {
			return tx.DropSearchTasks(ctx, tasks)
		}
		w := &writing{Service: s, tx: tx, policies: make(map[string]bool), words: make(map[string]int), authors: make(map[essaim.ID]store.SearchFlags)}
		var err error
		if w.seq, w.docs, err = tx.SearchTick(ctx); err != nil {
			return err
		}
		standings, err := store.SearchStandings(ctx, tx, ids)
		if err != nil {
			return err
		}
		finished := make(map[essaim.ID]bool, len(ids))
		for _, id := range ids {
			o, st := objects[id], standings[id]
			if o == nil || st == nil { // a row that was never there, or is too new to be read
				finished[id] = o == nil && st == nil
				continue
			}
			if st.Version != o.Version {
				continue
			}
			if err := w.put(ctx, o, documents[id], st); err != nil {
				return err
			}
			finished[id] = true
		}
		if err := w.count(ctx); err != nil {
			return err
		}
		return tx.DropSearchTasks(ctx, slices.DeleteFunc(slices.Clone(tasks), func(t store.SearchTask) bool { return !finished[t.Object] && !idle[t.Object] }))
	})
}

func authored(o *store.Object) bool { return o != nil && o.AttributedTo != 0 }

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// writing is one change of the index.
type writing struct {
	*Service
	tx        *store.Tx
	seq, docs int64
	policies  map[string]bool // by host: its actors stand well
	words     map[string]int  // how many objects more have a word
	authors   map[essaim.ID]store.SearchFlags
}

// put writes what an object is now. One that is not to be found leaves an empty row if it had one, and nothing otherwise.
func (w *writing) put(ctx context.Context, o *store.Object, d document, st *store.Standing) error {
	flags, err := w.flags(ctx, o, d, st)
	if err != nil {
		return err
	}
	found := flags&store.SearchListed != 0
	if st.Actor {
		w.authors[o.ID] = flags
		if agreed := store.SearchIndexable | store.SearchStanding; flags&agreed != st.Was&agreed {
			if err := w.tx.TouchWorks(ctx, o.ID); err != nil {
				return err
			}
		}
		if flags&store.SearchStanding == 0 {
			d.row.Kind = ""
		}
	} else if !found {
		d.row.Kind = ""
	}
	if st.Doc == 0 && d.row.Kind == "" {
		return nil
	}
	for _, word := range slices.Concat(Words(st.OldTitle), Words(st.OldBody)) {
		w.words[word]--
	}
	row := d.row
	if row.Kind == "" {
		row = store.SearchRow{Object: o.ID}
	}
	row.Doc, row.Seq, row.Flags = st.Doc, w.seq, flags
	fresh := row.Doc == 0
	if fresh {
		w.docs++
		row.Doc = w.docs
	}
	var words *store.SearchText
	if found {
		words = &d.text
		for _, word := range slices.Concat(d.text.Title, d.text.Body) {
			w.words[word]++
		}
	}
	return w.tx.PutSearch(ctx, &row, words, fresh)
}

// flags decides. People are listed when they chose to be (ui-R10); posts are searched when their author agreed (FEP-5feb); nothing of an actor that is
// limited or suspended, or whose server is, and nothing that is not for everybody.
func (w *writing) flags(ctx context.Context, o *store.Object, d document, st *store.Standing) (store.SearchFlags, error) {
	if !st.Public || d.row.Kind == "" {
		return 0, nil
	}
	if !st.Actor {
		author, ok := w.authors[o.AttributedTo]
		if !ok {
			author = st.Author
		}
		if author&store.SearchStanding == 0 || o.Kind == essaim.KindPost && author&store.SearchIndexable == 0 {
			return 0, nil
		}
		return store.SearchListed, nil
	}
	stands, err := w.stands(ctx, o)
	if err != nil || !stands || st.State != store.Active {
		return 0, err
	}
	flags := store.SearchStanding
	if d.indexable {
		flags |= store.SearchIndexable
	}
	if d.discoverable && o.Kind != essaim.KindInstance {
		flags |= store.SearchListed
	}
	return flags, nil
}

func (w *writing) stands(ctx context.Context, o *store.Object) (bool, error) {
	if o.Local {
		return true, nil
	}
	if stands, ok := w.policies[o.Host]; ok {
		return stands, nil
	}
	policy, err := store.PolicyOf(ctx, w.tx, o.Host)
	w.policies[o.Host] = policy != store.HostBlocked && policy != store.HostLimited
	return w.policies[o.Host], err
}

// count carries the words of the batch over to the vocabulary.
func (w *writing) count(ctx context.Context) error {
	words := make([]string, 0, len(w.words))
	for word, n := range w.words {
		if n != 0 {
			words = append(words, word)
		}
	}
	slices.Sort(words) // so that two nodes never wait for each other
	return w.tx.CountWords(ctx, words, func(word string) int { return w.words[word] })
}

// Waiting counts what is not indexed yet, up to a limit.
func (s *Service) Waiting(ctx context.Context, limit int) (int, error) {
	n, err := store.SearchWaiting(ctx, s.DB.Read(), limit)
	return int(n), err
}
