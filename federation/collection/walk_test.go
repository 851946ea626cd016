package collection

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"essaim/federation/vocab"
)

const far = "https://peer.example/outbox"

// served is a Get over documents; it counts what was asked.
type served struct {
	docs  map[string]string
	asked int
}

func (s *served) get(_ context.Context, iri string) (*vocab.Object, error) {
	s.asked++
	body, ok := s.docs[iri]
	if !ok {
		return nil, fmt.Errorf("404 %s", iri)
	}
	return vocab.Parse([]byte(body))
}

func collect(t *testing.T, get Get, cursor string, lim Limits) (ids []string, next string, err error) {
	t.Helper()
	next, err = Walk(t.Context(), get, cursor, lim, func(it vocab.Item) error {
		ids = append(ids, it.ID)
		return nil
	})
	return ids, next, err
}

// TestWalkOurOwn: what Serve writes, Walk reads, in one go or a page at a time.
func TestWalkOurOwn(t *testing.T) {
	for _, embed := range []bool{true, false} {
		o := numbers(7, 2)
		o.Embed = embed
		get := func(ctx context.Context, iri string) (*vocab.Object, error) {
			u, err := url.Parse(iri)
			if err != nil {
				return nil, err
			}
			return Document(ctx, u.Query(), o)
		}
		ids, next, err := collect(t, get, home, Limits{})
		if err != nil || next != "" || len(ids) != 7 {
			t.Fatalf("embed %v: %v, %q, %v", embed, ids, next, err)
		}
		var slow []string
		for cursor := home; cursor != ""; {
			items, next, err := Next(t.Context(), get, cursor)
			if err != nil {
				t.Fatal(err)
			}
			for _, it := range items {
				slow = append(slow, it.ID)
			}
			cursor = next
		}
		if strings.Join(slow, " ") != strings.Join(ids, " ") {
			t.Errorf("a page at a time: %v", slow)
		}
	}
}

// TestWalkShapes: the forms other servers give their collections.
func TestWalkShapes(t *testing.T) {
	for name, c := range map[string]struct {
		body string
		want string
		err  error
	}{
		"flat":        {body: `{"id":"` + far + `","type":"OrderedCollection","orderedItems":["https://peer.example/1",{"id":"https://peer.example/2","type":"Note"}]}`, want: "https://peer.example/1 https://peer.example/2"},
		"one item":    {body: `{"type":"Collection","items":"https://peer.example/1"}`, want: "https://peer.example/1"},
		"empty":       {body: `{"type":"OrderedCollection","totalItems":9}`},
		"embedded":    {body: `{"type":"OrderedCollection","first":{"type":"OrderedCollectionPage","orderedItems":["https://peer.example/1"]}}`, want: "https://peer.example/1"},
		"bare first":  {body: `{"type":"OrderedCollection","first":{"id":"https://peer.example/p","type":"OrderedCollectionPage"}}`, want: "https://peer.example/3"},
		"not one":     {body: `{"type":"Note","items":["https://peer.example/1"]}`, err: ErrShape},
		"foreign":     {body: `{"type":"OrderedCollection","first":"https://evil.example/p"}`, err: ErrForeign},
		"look-alike":  {body: `{"type":"OrderedCollection","first":"https://peer.example@evil.example/p"}`, err: ErrForeign},
		"other port":  {body: `{"type":"OrderedCollection","first":"https://peer.example:8443/p"}`, err: ErrForeign},
		"plain http":  {body: `{"type":"OrderedCollection","first":"http://peer.example/p"}`, err: ErrForeign},
		"relative":    {body: `{"type":"OrderedCollection","first":"/p"}`, err: ErrForeign},
		"self first":  {body: `{"type":"OrderedCollection","first":"` + far + `"}`, err: ErrCircle},
		"odd members": {body: `{"type":"OrderedCollection","orderedItems":[null,7,[],{"type":"Note"},"https://peer.example/1"]}`, want: " https://peer.example/1"},
	} {
		t.Run(name, func(t *testing.T) {
			s := &served{docs: map[string]string{far: c.body, "https://peer.example/p": `{"type":"OrderedCollectionPage","orderedItems":["https://peer.example/3"]}`}}
			ids, _, err := collect(t, s.get, far, Limits{})
			if !errors.Is(err, c.err) || strings.Join(ids, " ") != c.want {
				t.Errorf("%q, %v; want %q, %v", strings.Join(ids, " "), err, c.want, c.err)
			}
		})
	}
}

// TestSec_S03_items: a document embedded in somebody else's collection is only an id.
func TestSec_S03_items(t *testing.T) {
	s := &served{docs: map[string]string{far: `{"type":"OrderedCollection","orderedItems":[{"id":"https://victim.example/1","type":"Note","content":"forged"},
		{"id":"https://peer.example/2","type":"Note","content":"own"}]}`}}
	items, _, err := Next(t.Context(), s.get, far)
	if err != nil || len(items) != 2 || items[0].Doc != nil || items[0].ID != "https://victim.example/1" || items[1].Doc == nil {
		t.Errorf("%+v, %v", items, err)
	}
}

// TestSec_S36: endless, circular and swollen collections cost a bounded number of requests, also when a walk is resumed.
func TestSec_S36(t *testing.T) {
	n := 0
	endless := func(_ context.Context, iri string) (*vocab.Object, error) {
		n++
		return vocab.Parse(fmt.Appendf(nil, `{"type":"OrderedCollectionPage","orderedItems":["https://peer.example/%d"],"next":"https://peer.example/outbox?%d"}`, n, n))
	}
	ids, next, err := collect(t, endless, far, Limits{})
	if err != nil || n != usualPages || len(ids) != usualPages || next == "" {
		t.Errorf("endless: %d requests, %d items, next %q, %v", n, len(ids), next, err)
	}
	n = 0
	if ids, _, err = collect(t, endless, far, Limits{Pages: 25}); err != nil || n != 25 {
		t.Errorf("an operator's limits: %d requests, %d items, %v", n, len(ids), err)
	}

	big := &served{docs: map[string]string{far: `{"type":"OrderedCollection","orderedItems":[` + strings.Repeat(`"https://peer.example/1",`, 899) + `"https://peer.example/2"]}`}}
	if ids, next, err = collect(t, big.get, far, Limits{}); err != nil || len(ids) != usualItems || next != far {
		t.Errorf("swollen: %d items, next %q, %v", len(ids), next, err)
	}

	for _, length := range []int{1, 2, 3, 7, 12} {
		for _, tail := range []int{0, 1, 5} {
			s := &served{docs: map[string]string{}}
			for i := range tail + length {
				to := i + 1
				if to == tail+length {
					to = tail
				}
				s.docs[fmt.Sprintf("https://peer.example/p%d", i)] = fmt.Sprintf(`{"type":"OrderedCollectionPage","orderedItems":[],"next":"https://peer.example/p%d"}`, to)
			}
			cursor, err := "https://peer.example/p0", error(nil)
			for err == nil && s.asked < 1000 {
				_, cursor, err = Next(t.Context(), s.get, cursor) // one page per job
			}
			if !errors.Is(err, ErrCircle) || s.asked > 3*(tail+length)+3 {
				t.Errorf("a circle of %d after %d: %d requests, %v", length, tail, s.asked, err)
			}
		}
	}
}

// TestWalkResumes: a failure in the middle leads back to the page it happened in.
func TestWalkResumes(t *testing.T) {
	s := &served{docs: map[string]string{
		far:                       `{"type":"OrderedCollection","first":"https://peer.example/p1"}`,
		"https://peer.example/p1": `{"type":"OrderedCollectionPage","orderedItems":["https://peer.example/1"],"next":"https://peer.example/p2"}`,
		"https://peer.example/p2": `{"type":"OrderedCollectionPage","orderedItems":["https://peer.example/2"]}`,
	}}
	boom := errors.New("boom")
	cursor, err := Walk(t.Context(), s.get, far, Limits{}, func(it vocab.Item) error {
		if it.ID == "https://peer.example/2" {
			return boom
		}
		return nil
	})
	if !errors.Is(err, boom) {
		t.Fatal(err)
	}
	ids, next, err := collect(t, s.get, cursor, Limits{})
	if err != nil || next != "" || fmt.Sprint(ids) != "[https://peer.example/2]" {
		t.Errorf("resumed with %v, %q, %v", ids, next, err)
	}
}

func FuzzNext(f *testing.F) {
	f.Add(far, `{"type":"OrderedCollection","first":{"orderedItems":[1]}}`)
	f.Add("page:3:x:https://peer.example/p", `{"type":"CollectionPage","items":{"id":"https://a.example/1"},"next":{"id":"https://peer.example/q"}}`)
	f.Fuzz(func(t *testing.T, cursor, body string) {
		doc, err := vocab.Parse([]byte(body))
		if err != nil {
			return
		}
		_, next, err := Next(t.Context(), func(context.Context, string) (*vocab.Object, error) { return doc, nil }, cursor)
		if err == nil && next != "" && origin(parseCursor(next).url) != origin(parseCursor(cursor).url) {
			t.Fatalf("led from %q to %q", cursor, next)
		}
	})
}
