package fedi

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"essaim/federation/vocab"
	"essaim/internal/essaim"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

const outbox = origin + "/actors/ines/outbox"

// posted sends to the outbox of ines and returns the activity and its object.
func (w *world) posted(body string) (a, object *vocab.Object) {
	w.t.Helper()
	rec := w.client(http.MethodPost, outbox, "ines:read+write", body)
	if rec.Code != http.StatusCreated {
		w.t.Fatalf("%d %s", rec.Code, rec.Body)
	}
	a = parse(w.t, rec)
	if a.ID() != rec.Header().Get("Location") || a.IRI("actor") != w.Site.Actor("ines") {
		w.t.Fatalf("Location %s, body %s", rec.Header().Get("Location"), rec.Body)
	}
	return a, a.Object("object")
}

// TestClientWraps is AP §6.2.1: a bare object becomes the object of a Create with the same audience.
func TestClientWraps(t *testing.T) {
	w := newWorld(t, nil)
	w.meet(yann, 1)
	w.meet(zoe, 2)
	a, note := w.posted(`{"@context":"https://www.w3.org/ns/activitystreams","id":"https://innov.example/objects/mine","type":"Note","content":"<p>Bonjour</p>",
		"to":["` + yann + `"],"cc":["https://www.w3.org/ns/activitystreams#Public"],"bto":["` + zoe + `"]}`)
	if a.Type() != vocab.Create || !slices.Equal(a.IRIs("to"), []string{yann}) || !slices.Equal(a.IRIs("cc"), []string{vocab.Public}) {
		t.Errorf("%s", a.Bytes())
	}
	if note.ID() == "https://innov.example/objects/mine" || note.IRI("attributedTo") != w.Site.Actor("ines") || !slices.Equal(note.IRIs("to"), []string{yann}) {
		t.Errorf("%s", note.Bytes())
	}
	for _, address := range []string{a.ID(), note.ID()} {
		if body := w.get(address, "", http.StatusOK).Body.String(); strings.Contains(body, "bto") || strings.Contains(body, zoe) {
			t.Errorf("bto shows: %s", body)
		}
	}
	// Honoured all the same: a delivery waits for her.
	var n int
	if err := w.DB.Read().QueryRow(t.Context(), `select count(*) from jobs where kind = 'deliver' and lane = 'other.example'`).Scan(&n); err != nil || n != 1 {
		t.Errorf("%d deliveries to the blind recipient, %v", n, err)
	}
}

// TestClientActivities: Create with its own audience on the object, Like, Follow, Undo, Update, Delete.
func TestClientActivities(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorldOn(t, db, nil)
		w.meet(yann, 1)
		_, note := w.posted(`{"type":"Create","id":"https://evil.example/1","object":{"type":"Note","content":"<p>Un</p>","to":"as:Public"}}`)
		if !slices.Equal(note.IRIs("to"), []string{vocab.Public}) {
			t.Errorf("%s", note.Bytes())
		}
		w.posted(`{"type":"Like","object":"` + note.ID() + `","to":"` + yann + `"}`)
		if n, _ := w.doc(note.ID() + "/likes").Int("totalItems"); n != 1 {
			t.Errorf("%d likes", n)
		}
		follow, _ := w.posted(`{"type":"Follow","object":"` + yann + `"}`)
		w.posted(`{"type":"Undo","object":"` + follow.ID() + `"}`)
		_, edited := w.posted(`{"type":"Update","object":{"id":"` + note.ID() + `","type":"Note","content":"<p>Deux</p>"}}`)
		if edited.String("content") != "<p>Deux</p>" || edited.ID() != note.ID() || !edited.Has("updated") {
			t.Errorf("%s", edited.Bytes())
		}
		w.posted(`{"type":"Delete","object":"` + note.ID() + `"}`)
		w.get(note.ID(), "", http.StatusGone)
	})
}

// TestClientText: Markdown and plain text become HTML, HTML is sanitised.
func TestClientText(t *testing.T) {
	w := newWorld(t, nil)
	for body, want := range map[string]string{
		`{"type":"Note","source":{"content":"un *deux*","mediaType":"text/markdown"}}`:                             "<p>un <em>deux</em></p>",
		`{"type":"Note","content":"a < b\nc\n\nd","mediaType":"text/plain"}`:                                       "<p>a &lt; b<br>c</p><p>d</p>",
		`{"type":"Note","content":"<b>x</b>","mediaType":"text/plain"}`:                                            "<p>&lt;b&gt;x&lt;/b&gt;</p>",
		`{"type":"Note","content":"**x**","mediaType":"text/markdown"}`:                                            "<p><strong>x</strong></p>",
		`{"type":"Note","content":"<p>x<script>y</script></p>"}`:                                                   "<p>x</p>",
		`{"type":"Note","content":"<p>mien</p>","source":{"content":"*autre*","mediaType":"text/markdown"}}`:       "<p>mien</p>",
		`{"type":"Note","contentMap":{"br":"<p>Demat</p>"}}`:                                                       "<p>Demat</p>",
		`{"type":"Create","object":{"type":"Note","source":{"content":"un\n\ndeux","mediaType":"text/markdown"}}}`: "<p>un</p><p>deux</p>",
	} {
		if _, note := w.posted(body); strings.ReplaceAll(note.String("content"), "\n", "") != want {
			t.Errorf("%s: %q, want %q", body, note.String("content"), want)
		}
	}
}

// TestClientStatuses: what a client can get wrong, and what it is told.
func TestClientStatuses(t *testing.T) {
	w := newWorld(t, nil)
	w.person("paul")
	note := `{"type":"Note","content":"<p>x</p>"}`
	for name, c := range map[string]struct {
		token, path, body, contentType string
		status                         int
		field, challenge               string
	}{
		"no token":        {path: outbox, body: note, status: 401, challenge: `Bearer realm="essaim"`},
		"bad token":       {token: "nobody:write", path: outbox, body: note, status: 401, challenge: `error="invalid_token"`},
		"scope":           {token: "ines:read", path: outbox, body: note, status: 403, challenge: `error="insufficient_scope"`},
		"somebody else's": {token: "paul:write", path: outbox, body: note, status: 403},
		"nobody's":        {token: "ines:write", path: origin + "/actors/nobody/outbox", body: note, status: 404},
		"type":            {token: "ines:write", path: outbox, body: note, contentType: "application/json", status: 415},
		"too large":       {token: "ines:write", path: outbox, body: `{"type":"Note","content":"` + strings.Repeat("x", 1<<20) + `"}`, status: 413},
		"not JSON":        {token: "ines:write", path: outbox, body: `{`, status: 400},
		"key twice":       {token: "ines:write", path: outbox, body: `{"type":"Note","Type":"Note"}`, status: 400},
		"no type":         {token: "ines:write", path: outbox, body: `{"content":"x"}`, status: 400, field: "type"},
		"no object":       {token: "ines:write", path: outbox, body: `{"type":"Like"}`, status: 400, field: "object"},
		"unknown verb":    {token: "ines:write", path: outbox, body: `{"type":"Listen","object":"https://peer.example/1"}`, status: 400, field: "type"},
		"unknown kind":    {token: "ines:write", path: outbox, body: `{"type":"Whistle","content":"x"}`, status: 400},
		"empty":           {token: "ines:write", path: outbox, body: `{"type":"Note"}`, status: 400, field: "content"},
		"a short title":   {token: "ines:write", path: outbox, body: `{"type":"Event","name":"x","startTime":"2027-03-12T18:00:00Z"}`, status: 400, field: "name"},
		"other actor":     {token: "ines:write", path: outbox, body: `{"type":"Like","actor":"https://innov.example/actors/paul","object":"https://peer.example/1"}`, status: 403},
		"new person":      {token: "ines:write", path: outbox, body: `{"type":"Person","preferredUsername":"x","name":"X"}`, status: 403},
	} {
		t.Run(name, func(t *testing.T) {
			r := w.request(http.MethodPost, c.path, []byte(c.body), "")
			if c.contentType != "" {
				r.Header.Set("Content-Type", c.contentType)
			}
			if c.token != "" {
				r.Header.Set("Authorization", "Bearer "+c.token)
			}
			rec := w.serve(r)
			if rec.Code != c.status || !strings.Contains(rec.Header().Get("WWW-Authenticate"), c.challenge) || (c.challenge == "") != (rec.Header().Get("WWW-Authenticate") == "") {
				t.Fatalf("%d %v %s", rec.Code, rec.Header(), rec.Body)
			}
			if c.field != "" && !strings.Contains(rec.Body.String(), fmt.Sprintf(`"field":%q`, c.field)) {
				t.Errorf("field: %s", rec.Body)
			}
			if rec.Header().Get("Access-Control-Allow-Origin") != "*" {
				t.Error("a web client cannot read the error")
			}
		})
	}
	r := w.request(http.MethodOptions, outbox, nil, "")
	if rec := w.serve(r); rec.Code != http.StatusNoContent || !strings.Contains(rec.Header().Get("Access-Control-Allow-Headers"), "Authorization") {
		t.Errorf("preflight: %d %v", rec.Code, rec.Header())
	}
}

// TestClientForProject: an owner publishes as the project, and reads its inbox.
func TestClientForProject(t *testing.T) {
	w := newWorld(t, nil)
	project := w.project("mobilite")
	rec := w.client(http.MethodPost, project+"/outbox", "ines:write", `{"type":"Event","name":"Atelier","startTime":"2027-03-12T18:00:00+01:00","content":"<p>Venez</p>"}`)
	if rec.Code != http.StatusCreated {
		t.Fatalf("%d %s", rec.Code, rec.Body)
	}
	if by := parse(t, rec).Object("object").IRI("attributedTo"); by != project {
		t.Errorf("by %s", by)
	}
	if rec := w.client(http.MethodGet, project+"/inbox", "ines:read", ""); rec.Code != http.StatusOK {
		t.Errorf("inbox: %d %s", rec.Code, rec.Body)
	}
}

// TestPrepare: what needs the network comes before, sees the activity as it will be applied, and may refuse it.
func TestPrepare(t *testing.T) {
	var seen *vocab.Activity
	w := newWorld(t, func(o *Options) {
		o.Prepare = func(_ context.Context, a *vocab.Activity, by *store.Account) error {
			seen = a
			if strings.Contains(a.Object.Doc.String("content"), "late") {
				return essaim.Errorf(essaim.Unavailable, "too late")
			}
			a.Object.Doc.SetString("content", a.Object.Doc.String("content")+"<p>linked</p>")
			return nil
		}
	})
	if _, note := w.posted(`{"type":"Note","content":"<p>x</p>"}`); !strings.Contains(note.String("content"), "linked") || seen.Actor != w.Site.Actor("ines") {
		t.Errorf("%s", note.Bytes())
	}
	if rec := w.client(http.MethodPost, outbox, "ines:write", `{"type":"Note","content":"late"}`); rec.Code != http.StatusServiceUnavailable || rec.Header().Get("Retry-After") == "" {
		t.Errorf("%d", rec.Code)
	}
}

// TestClientInbox is AP §5.2: newest first, whole, for its owner alone, with the text of others sanitised.
func TestClientInbox(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorldOn(t, db, nil)
		w.person("paul")
		w.meet(yann, 1)
		ines := w.Site.Actor("ines")
		w.do("ines", &vocab.Activity{Type: vocab.Follow, Actor: ines, Object: vocab.Item{ID: yann}})
		w.remote(&vocab.Activity{ID: yann + "/accepts/1", Type: vocab.AcceptType, Actor: yann, Object: vocab.Item{Doc: vocab.New(vocab.Follow, "").SetString("actor", ines).SetString("object", yann)}})
		for i := range 25 {
			id := fmt.Sprintf("https://peer.example/objects/%d", i)
			note := vocab.New(vocab.Note, id).SetString("attributedTo", yann).SetStrings("to", vocab.Public).SetString("content", "<p onclick=x>"+fmt.Sprint(i)+"<script>y</script></p>")
			w.remote(&vocab.Activity{ID: id + "/create", Type: vocab.Create, Actor: yann, To: []string{vocab.Public}, Object: vocab.Item{ID: id, Doc: note}})
		}
		read := func(address string) *vocab.Object {
			rec := w.client(http.MethodGet, address, "ines:read", "")
			if rec.Code != http.StatusOK || rec.Header().Get("Cache-Control") != "private, no-store" {
				t.Fatalf("%s: %d %v %s", address, rec.Code, rec.Header(), rec.Body)
			}
			return parse(t, rec)
		}
		var got []string
		for page := read(ines + "/inbox").Object("first"); ; page = read(page.IRI("next")) {
			for _, it := range page.Items("orderedItems") {
				if it.Type() == vocab.Create {
					content := it.Doc.Object("object").String("content")
					if strings.Contains(content, "script") || strings.Contains(content, "onclick") {
						t.Errorf("not sanitised: %s", content)
					}
					got = append(got, it.Doc.Object("object").ID())
				}
			}
			if page.IRI("next") == "" {
				break
			}
		}
		if len(got) != 25 || got[0] != "https://peer.example/objects/24" || got[24] != "https://peer.example/objects/0" {
			t.Errorf("%d: %v", len(got), got)
		}
		for token, status := range map[string]int{"": 401, "paul:read": 403, "ines:write": 403, "nobody:read": 401} {
			if rec := w.client(http.MethodGet, ines+"/inbox", token, ""); rec.Code != status {
				t.Errorf("%q: %d", token, rec.Code)
			}
		}
	})
}
