package store

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"essaim/internal/essaim"
)

// The search index (internal/search). It is no content: it may be behind, and is made again from the documents. Every method of Content that changes
// what may be found leaves the object in search_queue, in the same transaction, so that no change can pass the index by.

// SearchFlags say what a row of the index is good for.
type SearchFlags int16

// The flags.
const (
	SearchListed    SearchFlags = 1 << iota // it is found and listed; a person who is not is only counted (ui-R10)
	SearchIndexable                         // an actor whose posts may be searched (FEP-5feb)
	SearchStanding                          // an actor that is neither limited nor suspended, nor its server
)

// SearchRow is what an object is found and counted by.
type SearchRow struct {
	Doc, Seq                 int64
	Object                   essaim.ID
	Kind, Host, Phase, Actor string // Kind is "" for what is not to be found any more
	Flags                    SearchFlags
	Themes, Places           string    // separated by spaces
	Starts, Ends             time.Time // of an event; Ends is its start when no end is known
	Length                   int
}

// SearchText is the words of an object, each once: as they are written, folded, and the stems of those that differ from them. Letters and digits only.
type SearchText struct{ Title, Body, TitleStems, BodyStems []string }

// SearchWord is a word that is asked for: its stem or, with Prefix, also anything that begins with it. For the very word, Stem is the word itself.
type SearchWord struct {
	Word, Stem string
	Prefix     bool
}

// SearchTask is an entry of the queue.
type SearchTask struct {
	N      int64
	Object essaim.ID
}

// touch puts an object into the queue of the index.
func (tx *Tx) touch(ctx context.Context, object essaim.ID) error {
	if tx.touched == object {
		return nil // an object is often written twice in a row
	}
	_, err := tx.Exec(ctx, `insert into search_queue (object) values ($1)`, int64(object))
	tx.touched = object
	return err
}

// TouchWorks puts everything an actor published into the queue: what became of him decides who finds it.
func (tx *Tx) TouchWorks(ctx context.Context, actor essaim.ID) error {
	_, err := tx.Exec(ctx, `insert into search_queue (object) select id from objects where attributed_to = $1 and deleted = 0`, int64(actor))
	return err
}

// touchHost puts the actors of a server and of those below it into the queue.
func (tx *Tx) touchHost(ctx context.Context, host string) error {
	_, err := tx.Exec(ctx, `insert into search_queue (object) select a.object from actors a join objects o on o.id = a.object where o.host = $1 or o.host like $2`, host, "%."+host)
	return err
}

// SearchQueue lists what is not indexed yet, oldest first.
func SearchQueue(ctx context.Context, q Q, limit int) ([]SearchTask, error) {
	return many(ctx, q, func(s scanner) (t SearchTask, err error) {
		err = s.Scan(&t.N, &t.Object)
		return t, err
	}, `select n, object from search_queue order by n limit $1`, limit)
}

// SearchWaiting counts what is not indexed yet, up to a limit.
func SearchWaiting(ctx context.Context, q Q, limit int) (int64, error) {
	return one(ctx, q, scanInt, `select count(*) from (select n from search_queue limit $1) waiting`, limit)
}

// DropSearchTasks takes entries out of the queue.
func (tx *Tx) DropSearchTasks(ctx context.Context, tasks []SearchTask) error {
	if len(tasks) == 0 {
		return nil
	}
	ids := make([]essaim.ID, len(tasks))
	for i, t := range tasks {
		ids[i] = essaim.ID(t.N)
	}
	in, args := listed(ids)
	_, err := tx.Exec(ctx, `delete from search_queue where n in `+in, args...)
	return err
}

// SearchTick takes the turn to change the index until the transaction ends, and gives the number of the change and the last doc in use.
func (tx *Tx) SearchTick(ctx context.Context) (seq, docs int64, err error) {
	if seq, err = one(ctx, tx, scanInt, `update search_clock set seq = seq + 1 where one = 1 returning seq`); err != nil {
		return 0, 0, err
	}
	docs, err = one(ctx, tx, scanInt, `select coalesce(max(doc), 0) from search`)
	return seq, docs, err
}

// Standing is what decides whether an object is found, and what the index holds of it so far.
type Standing struct {
	Object            essaim.ID
	Version           int
	Public, Actor     bool        // not deleted and for everybody; it is an actor
	State             ActorState  // of the actor
	Author            SearchFlags // of the author, 0 when there is none in the index
	Doc               int64       // 0 when it is not in the index
	Was               SearchFlags
	OldTitle, OldBody string
}

// SearchStandings finds the standing of objects, in one query.
func SearchStandings(ctx context.Context, q Q, ids []essaim.ID) (map[essaim.ID]*Standing, error) {
	in, args := listed(ids)
	rows, err := many(ctx, q, func(s scanner) (*Standing, error) {
		var st Standing
		var visibility essaim.Visibility
		var deleted, state int64
		err := s.Scan(&st.Object, &st.Version, &visibility, &deleted, &state, &st.Author, &st.Doc, &st.Was, &st.OldTitle, &st.OldBody)
		st.Public, st.Actor, st.State = deleted == 0 && visibility == essaim.PublicV, state >= 0, ActorState(max(state, 0))
		return &st, err
	}, `select o.id, o.version, o.visibility, o.deleted, coalesce(me.state, -1), coalesce(author.flags, 0), coalesce(s.doc, 0), coalesce(s.flags, 0), coalesce(t.title, ''), coalesce(t.body, '')
		from objects o left join actors me on me.object = o.id left join search author on author.object = o.attributed_to
		left join search s on s.object = o.id left join search_text t on t.`+q.dialect().textKey()+` = s.doc where o.id in `+in, args...)
	found := make(map[essaim.ID]*Standing, len(rows))
	for _, st := range rows {
		found[st.Object] = st
	}
	return found, err
}

// PutSearch writes the row of an object in place of the one it had, unless it is fresh, and its words; t is nil for what has none to be found by.
func (tx *Tx) PutSearch(ctx context.Context, r *SearchRow, t *SearchText, fresh bool) error {
	_, err := tx.Exec(ctx, `insert into search (doc, object, seq, kind, flags, host, phase, actor, themes, places, starts, ends, length)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		on conflict (doc) do update set seq = excluded.seq, kind = excluded.kind, flags = excluded.flags, host = excluded.host, phase = excluded.phase, actor = excluded.actor,
		themes = excluded.themes, places = excluded.places, starts = excluded.starts, ends = excluded.ends, length = excluded.length`,
		r.Doc, int64(r.Object), r.Seq, r.Kind, int(r.Flags), r.Host, r.Phase, r.Actor, r.Themes, r.Places, ms(r.Starts), ms(r.Ends), r.Length)
	if err != nil {
		return err
	}
	for _, table := range []string{"search_text", "search_title"} {
		if fresh {
			break
		}
		if _, err := tx.Exec(ctx, `delete from `+table+` where `+tx.kind.textKey()+` = $1`, r.Doc); err != nil {
			return err
		}
	}
	if t == nil {
		return nil
	}
	_, err = tx.Exec(ctx, tx.kind.putText(), r.Doc, strings.Join(t.Title, " "), strings.Join(t.Body, " "), tx.kind.writeWords(slices.Concat(t.Title, t.Body), slices.Concat(t.TitleStems, t.BodyStems)))
	if err != nil || len(t.Title) == 0 {
		return err
	}
	title := slices.Concat(t.Title, t.TitleStems)
	_, err = tx.Exec(ctx, tx.kind.putTitle(), r.Doc, tx.kind.writeTitle(title))
	return err
}

// CountWords adds to how many objects have each word; what no object has any more is forgotten.
func (tx *Tx) CountWords(ctx context.Context, words []string, change func(word string) int) error {
	const together = 64
	for len(words) > 0 {
		n := min(together, len(words))
		if n < together {
			n = 1 // few texts are prepared
		}
		var b strings.Builder
		args := make([]any, 0, 3*n)
		for i, w := range words[:n] {
			b.WriteString(",($" + strconv.Itoa(3*i+1) + ", $" + strconv.Itoa(3*i+2) + ", $" + strconv.Itoa(3*i+3) + ")")
			args = append(args, w, len([]rune(w)), change(w))
		}
		if _, err := tx.Exec(ctx, `insert into search_words (word, length, count) values `+b.String()[1:]+` on conflict (word) do update set count = search_words.count + excluded.count`, args...); err != nil {
			return err
		}
		for _, w := range words[:n] {
			if change(w) > 0 {
				continue
			}
			if _, err := tx.Exec(ctx, `delete from search_words where word = $1 and count <= 0`, w); err != nil {
				return err
			}
		}
		words = words[n:]
	}
	return nil
}

// SearchRows lists the rows that changed after a position, in the order of their changes.
func SearchRows(ctx context.Context, q Q, seq, doc int64, limit int) ([]*SearchRow, error) {
	return many(ctx, q, func(s scanner) (*SearchRow, error) {
		var r SearchRow
		var starts, ends int64
		err := s.Scan(&r.Doc, &r.Seq, &r.Object, &r.Kind, &r.Flags, &r.Host, &r.Phase, &r.Actor, &r.Themes, &r.Places, &starts, &ends, &r.Length)
		r.Starts, r.Ends = at(starts), at(ends)
		return &r, err
	}, `select doc, seq, object, kind, flags, host, phase, actor, themes, places, starts, ends, length from search where (seq, doc) > ($1, $2) order by seq, doc limit $3`, seq, doc, limit)
}

// Match is the docs that have every word asked for; then, of all docs, those that have some of the words in their title, and those that have all there.
type Match struct{ All, Some, Whole []int64 }

// SearchDocs finds the docs that have some words, in one query. Each list comes as one text: a hundred thousand rows would cost four times as much.
func SearchDocs(ctx context.Context, q Q, words []SearchWord) (Match, error) {
	d := q.dialect()
	list := func(part int, table string) string {
		n := strconv.Itoa(part)
		return `select ` + n + ` as part, coalesce(string_agg(cast(` + d.textKey() + ` as text), ' '), '') from ` + table + ` where ` + d.matchText(table, "$"+n)
	}
	type part struct {
		n    int
		docs []int64
	}
	every, any := d.matchWords(words, false), d.matchWords(words, true)
	parts, err := many(ctx, q, func(s scanner) (p part, err error) {
		var packed string
		err = s.Scan(&p.n, &packed)
		p.docs = unpacked(packed)
		return p, err
	}, list(1, "search_text")+` union all `+list(2, "search_title")+` union all `+list(3, "search_title"), every, any, every)
	var m Match
	for _, p := range parts {
		*[]*[]int64{&m.All, &m.Some, &m.Whole}[p.n-1] = p.docs
	}
	return m, err
}

// unpacked reads numbers separated by spaces.
func unpacked(s string) []int64 {
	if s == "" {
		return nil
	}
	out, n := make([]int64, 0, len(s)/6), int64(0)
	for i := range len(s) {
		if s[i] == ' ' {
			out, n = append(out, n), 0
			continue
		}
		n = 10*n + int64(s[i]-'0')
	}
	return append(out, n)
}

// WordCount is a word of the index and how many objects have it.
type WordCount struct {
	Word  string
	Count int64
}

// WordsOfLength lists the words of the index of a length, in letters, between two. They come as one text, see SearchDocs.
func WordsOfLength(ctx context.Context, q Q, least, most int) ([]WordCount, error) {
	packed, err := one(ctx, q, scanText, `select coalesce(string_agg(word || ' ' || count, ' '), '') from search_words where length between $1 and $2`, least, most)
	if err != nil || packed == "" {
		return nil, err
	}
	fields := strings.Split(packed, " ")
	out := make([]WordCount, 0, len(fields)/2)
	for i := 0; i+1 < len(fields); i += 2 {
		n, err := strconv.ParseInt(fields[i+1], 10, 64)
		if err != nil {
			return nil, err
		}
		out = append(out, WordCount{fields[i], n})
	}
	return out, nil
}

// PublicByID finds those of some objects that everybody may find in a list, in one query. The author's standing is in his own row.
func PublicByID(ctx context.Context, q Q, ids []essaim.ID) (map[essaim.ID]*Object, error) {
	found := make(map[essaim.ID]*Object, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	in, args := listed(ids)
	viewer := "$" + strconv.Itoa(len(args)+1)
	objects, err := many(ctx, q, scanObject, `select `+objectColumns+fromObjects+`where o.id in `+in+` and o.visibility = 0 and `+strings.ReplaceAll(visible, "$1", viewer), append(args, 0)...)
	for _, o := range objects {
		found[o.ID] = o
	}
	return found, err
}

// Touch leaves an object to the search index without changing it.
func (c Content) Touch(ctx context.Context, object essaim.ID) error { return c.tx.touch(ctx, object) }

// ObjectsAfter lists every object after an id, of whatever kind, oldest first.
func ObjectsAfter(ctx context.Context, q Q, after essaim.ID, limit int) ([]*Object, error) {
	return many(ctx, q, scanObject, `select `+objectColumns+` from objects o where o.id > $1 order by o.id limit $2`, int64(after), limit)
}

// CountObjectsAfter counts what ObjectsAfter would list in all.
func CountObjectsAfter(ctx context.Context, q Q, after essaim.ID) (int64, error) {
	return one(ctx, q, scanInt, `select count(*) from objects o where o.id > $1`, int64(after))
}

// TermsOf lists the terms of some objects, in one query.
func TermsOf(ctx context.Context, q Q, objects []*Object) (map[essaim.ID][]essaim.Term, error) {
	found := make(map[essaim.ID][]essaim.Term, len(objects))
	if len(objects) == 0 {
		return found, nil
	}
	ids := make([]essaim.ID, len(objects))
	for i, o := range objects {
		ids[i] = o.ID
	}
	type row struct {
		id   essaim.ID
		term essaim.Term
	}
	in, args := listed(ids)
	rows, err := many(ctx, q, func(s scanner) (r row, err error) {
		err = s.Scan(&r.id, &r.term.Scheme, &r.term.Key)
		return r, err
	}, `select object, scheme, key from terms where object in `+in, args...)
	for _, r := range rows {
		found[r.id] = append(found[r.id], r.term)
	}
	return found, err
}

// SearchIdle finds those of some objects that the index has nothing to do with, in one query: posts it does not hold, of authors it knows not to have agreed.
func SearchIdle(ctx context.Context, q Q, ids []essaim.ID) (map[essaim.ID]bool, error) {
	in, args := listed(ids)
	rows, err := many(ctx, q, scanID, `select o.id from objects o join search author on author.object = o.attributed_to left join search s on s.object = o.id
		where o.id in `+in+` and o.kind = 'post' and s.doc is null and author.flags & 2 = 0`, args...)
	found := make(map[essaim.ID]bool, len(rows))
	for _, id := range rows {
		found[id] = true
	}
	return found, err
}
