package collection

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"essaim/federation/vocab"
)

const home = "https://innov.bzh.example/actors/nolwenn/outbox"

// numbers is a collection of n items, newest (n) first, in pages of size.
func numbers(n, size int) Options {
	return Options{ID: home, Total: int64(n), Embed: true, Backward: true, Page: func(_ context.Context, c Cursor) (Page, error) {
		from := n // the highest of the page
		switch {
		case c.Last:
			from = min(n, size)
		case c.Before != "":
			k, err := strconv.Atoi(c.Before)
			if err != nil {
				return Page{}, ErrCursor
			}
			from = k - 1
		case c.After != "":
			k, err := strconv.Atoi(c.After)
			if err != nil {
				return Page{}, ErrCursor
			}
			from = min(n, k+size)
		}
		var p Page
		low := max(1, from-size+1)
		for k := from; k >= low; k-- {
			p.Items = append(p.Items, vocab.Item{ID: fmt.Sprintf("https://innov.bzh.example/activities/%d", k)})
		}
		if low > 1 {
			p.Next = strconv.Itoa(low)
		}
		if from < n {
			p.Prev = strconv.Itoa(from)
		}
		return p, nil
	}}
}

func document(t *testing.T, o Options, address string) *vocab.Object {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := Document(t.Context(), u.Query(), o)
	if err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	if doc.ID() != address {
		t.Fatalf("asked %s, got %s", address, doc.ID())
	}
	return doc
}

func TestPages(t *testing.T) {
	o := numbers(5, 2)
	root := document(t, o, home)
	if n, _ := root.Int("totalItems"); n != 5 || root.Type() != vocab.OrderedCollection {
		t.Errorf("root: %s", root.Bytes())
	}
	var seen []string
	page := root.Object("first")
	for page != nil {
		if page.IRI("partOf") != home || page.Type() != vocab.OrderedCollectionPage {
			t.Errorf("page: %s", page.Bytes())
		}
		seen = append(seen, page.IRIs("orderedItems")...)
		next := page.IRI("next")
		if next == "" {
			break
		}
		following := document(t, o, next)
		if back := document(t, o, following.IRI("prev")); fmt.Sprint(back.IRIs("orderedItems")) != fmt.Sprint(page.IRIs("orderedItems")) {
			t.Errorf("prev of next is %v, not %v", back.IRIs("orderedItems"), page.IRIs("orderedItems"))
		}
		page = following
	}
	if fmt.Sprint(seen) != "[https://innov.bzh.example/activities/5 https://innov.bzh.example/activities/4 https://innov.bzh.example/activities/3 "+
		"https://innov.bzh.example/activities/2 https://innov.bzh.example/activities/1]" {
		t.Errorf("walked %v", seen)
	}
	last := document(t, o, root.IRI("last"))
	if last.Has("next") || !last.Has("prev") || len(last.IRIs("orderedItems")) != 2 {
		t.Errorf("last: %s", last.Bytes())
	}
	if short := document(t, numbers(1, 2), home); short.IRI("last") != home+"?page=1" {
		t.Errorf("one page: %s", short.Bytes())
	}
}

// TestEmptyCollection is examples/43: an empty page is there, with an empty array (federation-T23).
func TestEmptyCollection(t *testing.T) {
	o := Options{ID: home, Embed: true, Page: func(context.Context, Cursor) (Page, error) { return Page{}, nil }}
	want := `{"@context":"https://www.w3.org/ns/activitystreams","id":"` + home + `","type":"OrderedCollection","totalItems":0,` +
		`"first":{"id":"` + home + `?page=1","type":"OrderedCollectionPage","partOf":"` + home + `","orderedItems":[]}}`
	if got := string(document(t, o, home).Document()); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestHiddenCollection: a total alone, and no way to its pages.
func TestHiddenCollection(t *testing.T) {
	o := Options{ID: home, Total: 7}
	if doc := document(t, o, home); doc.Has("first") || doc.Has("last") || doc.Has("orderedItems") {
		t.Errorf("shown: %s", doc.Bytes())
	}
	if _, err := Document(t.Context(), url.Values{"page": {"1"}}, o); !errors.Is(err, ErrCursor) {
		t.Errorf("a page was given: %v", err)
	}
}

func TestUnordered(t *testing.T) {
	o := numbers(1, 2)
	o.Unordered, o.Total = true, -1
	doc := document(t, o, home)
	if doc.Type() != vocab.Collection || doc.Has("totalItems") || len(doc.Object("first").IRIs("items")) != 1 {
		t.Errorf("%s", doc.Bytes())
	}
}

func TestBadCursors(t *testing.T) {
	forward := numbers(9, 2)
	forward.Backward = false
	for _, q := range []string{"page=2", "page=-1", "before=x", "after=x'", "before=" + string(make([]byte, 300))} {
		if _, err := Document(t.Context(), mustQuery(q), numbers(9, 2)); !errors.Is(err, ErrCursor) {
			t.Errorf("%q: %v", q, err)
		}
	}
	for _, q := range []string{"page=last", "after=3"} {
		if _, err := Document(t.Context(), mustQuery(q), forward); !errors.Is(err, ErrCursor) {
			t.Errorf("%q without Backward: %v", q, err)
		}
	}
}

func mustQuery(s string) url.Values {
	key, value, _ := strings.Cut(s, "=")
	return url.Values{key: {value}}
}

func TestServe(t *testing.T) {
	rec := httptest.NewRecorder()
	if err := Serve(rec, httptest.NewRequest(http.MethodGet, home, nil), numbers(3, 2)); err != nil {
		t.Fatal(err)
	}
	if got := rec.Header().Get("Content-Type"); got != vocab.ContentType {
		t.Errorf("Content-Type %q", got)
	}
	if _, err := vocab.Parse(rec.Body.Bytes()); err != nil {
		t.Error(err)
	}
	rec = httptest.NewRecorder()
	if err := Serve(rec, httptest.NewRequest(http.MethodGet, home+"?page=7", nil), numbers(3, 2)); !errors.Is(err, ErrCursor) || rec.Body.Len() > 0 {
		t.Errorf("%v, wrote %q", err, rec.Body)
	}
}
