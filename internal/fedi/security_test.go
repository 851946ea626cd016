package fedi

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"essaim/federation/inbox"
	"essaim/federation/vocab"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

// block sets the policy of a host.
func (w *world) policyOf(host string, p store.HostPolicy) {
	w.t.Helper()
	err := w.DB.Write(w.t.Context(), store.Relaxed, func(tx *store.Tx) error {
		return tx.UpdateHost(w.t.Context(), host, w.now, func(h *store.Host) { h.Policy = p })
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// TestSec_S26: what went wrong while a key was looked for is not told, on no address.
func TestSec_S26(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.SecureFetch = true })
	w.meet(yann, 1)
	answer := func(cause string) string {
		w.keyErr = fmt.Errorf("%w: %s", inbox.ErrKeyUnreachable, cause)
		get := w.get("/actors/ines/outbox", yann, http.StatusServiceUnavailable)
		if get.Header().Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
		w.now = w.now.Add(time.Minute)
		post := w.serve(w.request(http.MethodPost, "/inbox", likeBy(yann, 1, "https://innov.example/objects/1"), yann))
		return get.Body.String() + post.Body.String()
	}
	if a, b := answer("connection refused by 10.0.0.7"), answer("<html>secret</html>"); a != b || strings.Contains(a, "10.0.0.7") || strings.Contains(b, "secret") {
		t.Errorf("%s\n%s", a, b)
	}
}

// TestSec_S34: a blocked server gets 403 on every document, signed or cached; so does a suspended actor; nobody else does.
func TestSec_S34(t *testing.T) {
	for _, secure := range []bool{false, true} {
		w := newWorld(t, func(o *Options) { o.SecureFetch = secure })
		w.meet(yann, 1)
		w.meet(zoe, 2)
		w.meet("https://sub.peer.example/users/a", 3)
		to, cc := public(w.Site.Actor("ines"))
		note := w.publish("<p>Bonjour</p>", to, cc)
		paths := []string{"/actors/ines", "/actors/ines/outbox", "/actors/ines/followers", "/actors/ines/featured", note, note + "/replies", "/activities/x"}
		etags := map[string]string{}
		for _, p := range paths[:6] {
			etags[p] = w.get(p, yann, http.StatusOK).Header().Get("ETag")
		}
		w.policyOf("peer.example", store.HostBlocked)
		asked := w.asked
		for _, p := range paths {
			for _, who := range []string{yann, "https://sub.peer.example/users/a"} {
				r := w.request(http.MethodGet, p, nil, who)
				r.Header.Set("If-None-Match", etags[p])
				if rec := w.serve(r); rec.Code != http.StatusForbidden || rec.Header().Get("Vary") != "Accept, Signature" || rec.Header().Get("Cache-Control") != "no-store" {
					t.Errorf("secure %v: GET %s by %s: %d %v", secure, p, who, rec.Code, rec.Header())
				}
			}
		}
		if w.asked != asked {
			t.Error("a key of a blocked server was looked for")
		}
		w.get("/actor", yann, http.StatusOK) // R17
		w.get("/actors/ines/outbox", zoe, http.StatusOK)
		if rec := w.serve(w.request(http.MethodPost, "/inbox", likeBy(yann, 1, note), yann)); rec.Code != http.StatusForbidden {
			t.Errorf("POST: %d", rec.Code)
		}
		err := w.DB.Write(t.Context(), store.Relaxed, func(tx *store.Tx) error {
			_, err := tx.Exec(t.Context(), `update actors set state = 2 where handle = 'zoe'`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		w.get("/actors/ines/outbox", zoe, http.StatusForbidden)
		if rec := w.serve(w.request(http.MethodPost, "/inbox", likeBy(zoe, 1, note), zoe)); rec.Code != http.StatusForbidden {
			t.Errorf("POST of a suspended actor: %d", rec.Code)
		}
	}
}

// TestSec_S35: nobody anonymous finds a list of blocked servers, in any form others give it.
func TestSec_S35(t *testing.T) {
	w := newWorld(t, nil)
	w.policyOf("blocked.example", store.HostBlocked)
	for _, path := range []string{"/blocks", "/actor/blocks", "/actor/blocked", "/actors/ines/blocked", "/api/v1/instance/domain_blocks", "/.well-known/blocks", "/hosts"} {
		w.get(path, "", http.StatusNotFound)
	}
	for _, path := range []string{"/actor", "/nodeinfo/2.1", "/actor/followers"} {
		if strings.Contains(w.get(path, "", http.StatusOK).Body.String(), "blocked.example") {
			t.Errorf("%s tells", path)
		}
	}
}

// TestSecureMode: federation.md 2.4 and R17.
func TestSecureMode(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.SecureFetch = true })
	w.meet(yann, 1)
	project := w.project("mobilite")
	to, cc := public(w.Site.Actor("ines"))
	note := w.publish("<p>Bonjour</p>", to, cc)
	golden(t, "actor-stub", w.get(project, "", http.StatusOK).Body.Bytes())
	if doc := w.doc("/actor"); !doc.Has("outbox") || !doc.Has("publicKey") {
		t.Errorf("the instance actor must be whole: %s", doc.Bytes())
	}
	for _, p := range []string{project + "/outbox", project + "/followers", project + "/featured", note, note + "/replies", "/activities/x", "/objects/x"} {
		w.get(p, "", http.StatusUnauthorized)
	}
	if doc := parse(t, w.get(project, yann, http.StatusOK)); !doc.Has("outbox") {
		t.Errorf("a signed request got %s", doc.Bytes())
	}
	w.get(project+"/outbox", yann, http.StatusOK)
	w.get(note, yann, http.StatusOK)
	w.peers[yann] = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{9}, 32))
	r := w.request(http.MethodGet, note, nil, yann)
	w.peers[yann] = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, 32))
	if rec := w.serve(r); rec.Code != http.StatusUnauthorized {
		t.Errorf("a wrong signature: %d", rec.Code)
	}
	w.get("/.well-known/webfinger?resource=acct:mobilite@innov.example", "", http.StatusOK)
}

// TestAllowlist: only those the operator allowed come in.
func TestAllowlist(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.Federation = Allowlist })
	w.meet(yann, 1)
	w.meet(zoe, 2)
	w.policyOf("peer.example", store.HostAllowed)
	w.get("/actors/ines/outbox", yann, http.StatusOK)
	w.get("/actors/ines/outbox", zoe, http.StatusForbidden)
	w.get("/actors/ines/outbox", "", http.StatusUnauthorized)
}

// TestSec_S45: what is hidden answers as what is absent does: same status, same body, same headers.
func TestSec_S45(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorldOn(t, db, nil)
		w.meet(yann, 1)
		w.meet(zoe, 2)
		ines := w.Site.Actor("ines")
		w.follow(yann, ines)
		followers := w.publish("<p>Entre nous</p>", []string{ines + "/followers"}, nil)
		direct := w.publish("<p>Pour toi</p>", []string{zoe}, nil)
		activities := map[string]string{}
		for _, it := range w.ownOutbox() {
			activities[it.Doc.Object("object").ID()] = it.ID
		}
		same := func(address string, by string) {
			t.Helper()
			absent := w.get("/objects/6h0000000000a-0123456789abcdef", by, http.StatusNotFound)
			hidden := w.get(address, by, http.StatusNotFound)
			if hidden.Body.String() != absent.Body.String() || fmt.Sprint(hidden.Header()) != fmt.Sprint(absent.Header()) {
				t.Errorf("%s by %q can be told from the absent: %s %v", address, by, hidden.Body, hidden.Header())
			}
		}
		for _, below := range []string{"", "/replies", "/likes", "/shares", "/context"} {
			for _, by := range []string{"", zoe} {
				same(followers+below, by)
			}
			for _, by := range []string{"", yann} {
				same(direct+below, by)
			}
			w.get(followers+below, yann, http.StatusOK)
			w.get(direct+below, zoe, http.StatusOK)
		}
		same(activities[followers], "")
		same(activities[followers], zoe)
		same(activities[direct], yann)
		w.get(activities[followers], yann, http.StatusOK)
		if rec := w.get(direct, zoe, http.StatusOK); rec.Header().Get("Cache-Control") != "private, no-store" {
			t.Error("a private document may be cached")
		}
		// One whose key cannot be had, or whose signature is wrong, learns nothing either.
		w.keyErr = inbox.ErrKeyUnreachable
		same(followers, yann)
		w.keyErr = nil
		r := w.request(http.MethodGet, followers, nil, yann)
		r.Header.Set("Signature", strings.Replace(r.Header.Get("Signature"), "sig1=:", "sig1=:AA", 1))
		if rec := w.serve(r); rec.Code != http.StatusNotFound {
			t.Errorf("a wrong signature: %d", rec.Code)
		}
		// Outboxes and counts show nothing of it.
		if body := w.get(ines+"/outbox", yann, http.StatusOK).Body.String(); strings.Contains(body, "Entre nous") || !strings.Contains(body, `"totalItems":0`) {
			t.Errorf("%s", body)
		}
		// The owner's own client sees it.
		if rec := w.client(http.MethodGet, direct, "ines:read", ""); rec.Code != http.StatusOK {
			t.Errorf("its author: %d", rec.Code)
		}
		// Once deleted, those who saw it may know; the others see no difference.
		w.do("ines", &vocab.Activity{Type: vocab.Delete, Actor: ines, Object: vocab.Item{ID: followers}})
		same(followers, "")
		same(followers, zoe)
	})
}

// ownOutbox is the outbox of ines as her own client reads it.
func (w *world) ownOutbox() []vocab.Item {
	w.t.Helper()
	rec := w.client(http.MethodGet, w.Site.Actor("ines")+"/outbox", "ines:read", "")
	if rec.Code != http.StatusOK {
		w.t.Fatalf("%d %s", rec.Code, rec.Body)
	}
	return parse(w.t, rec).Object("first").Items("orderedItems")
}

// TestSec_S43: whatever JSON a client sends, every ActivityPub document of the origin is of our own making: its id is its
// address, its author is the sender, its keys are ours, and no answer repeats what was sent as a document.
func TestSec_S43(t *testing.T) {
	w := newWorld(t, nil)
	w.person("mallory")
	victim := w.Site.Actor("ines")
	before := w.get(victim, "", http.StatusOK).Body.String()
	strs := rapid.SampledFrom([]string{victim, victim + "#main-key", w.Site.Instance(), origin + "/objects/1", origin + "/actors/mallory", "https://evil.example/x", vocab.Public,
		"Person", "Note", "Group", "Event", "Tombstone", "-----BEGIN PUBLIC KEY-----\nEVIL\n-----END PUBLIC KEY-----", "evil", "2027-03-12T18:00:00Z", `{"id":"` + victim + `"}`})
	keys := []string{"id", "type", "actor", "attributedTo", "publicKey", "owner", "publicKeyPem", "assertionMethod", "inbox", "endpoints", "sharedInbox", "url", "name", "content",
		"preferredUsername", "summary", "startTime", "to", "cc", "bto", "phase", "kind", "object", "movedTo", "alsoKnownAs", "source", "mediaType", "webfinger", "followers"}
	rapid.Check(t, func(rt *rapid.T) {
		var draw func(depth int) any
		draw = func(depth int) any {
			switch n := rapid.IntRange(0, 5).Draw(rt, "shape"); {
			case n < 3 || depth > 2:
				return strs.Draw(rt, "text")
			case n == 3:
				return []any{draw(depth + 1)}
			}
			o := map[string]any{}
			for range rapid.IntRange(1, 6).Draw(rt, "width") {
				o[rapid.SampledFrom(keys).Draw(rt, "key")] = draw(depth + 1)
			}
			return o
		}
		doc := map[string]any{"type": rapid.SampledFrom([]string{"Create", "Update", "Note", "Group", "Event", "Person", "Add", "Move"}).Draw(rt, "type")}
		for range 6 {
			doc[rapid.SampledFrom(keys[2:]).Draw(rt, "key")] = draw(0)
		}
		if rapid.Bool().Draw(rt, "likely") {
			doc["object"] = map[string]any{"type": rapid.SampledFrom([]string{"Note", "Group", "Event"}).Draw(rt, "kind"), "id": victim, "content": "<p>x</p>", "name": "Un nom",
				"preferredUsername": fmt.Sprintf("p%d", rapid.IntRange(0, 1<<30).Draw(rt, "n")), "startTime": "2027-03-12T18:00:00Z", "kind": "project", "phase": "pilot",
				"publicKey": map[string]any{"id": victim + "#main-key", "owner": victim, "publicKeyPem": "EVIL"}, "inbox": "https://evil.example/inbox", "attributedTo": victim}
			doc["type"], doc["actor"] = "Create", origin+"/actors/mallory"
		}
		body, err := json.Marshal(doc)
		if err != nil {
			rt.Fatal(err)
		}
		rec := w.client(http.MethodPost, origin+"/actors/mallory/outbox", "mallory:write", string(body))
		if rec.Code >= 500 {
			rt.Fatalf("%d for %s: %s", rec.Code, body, rec.Body)
		}
		if rec.Code != http.StatusCreated {
			if got := rec.Header().Get("Content-Type"); got != "application/problem+json" {
				rt.Fatalf("an error as %q", got)
			}
			return
		}
		location := rec.Header().Get("Location")
		for _, address := range []string{location, objectOf(w, location)} {
			if address == "" {
				continue
			}
			served := w.serve(w.request(http.MethodGet, address, nil, ""))
			if served.Code == http.StatusNotFound || served.Code == http.StatusGone {
				continue // addressed to nobody in particular
			}
			checkOwn(rt, w, address, served)
		}
	})
	if after := w.get(victim, "", http.StatusOK).Body.String(); after != before {
		t.Errorf("the victim's document changed:\n%s", after)
	}
}

func objectOf(w *world, activity string) string {
	row, err := store.ActivityByIRI(w.t.Context(), w.DB.Read(), activity)
	if err != nil || !strings.HasPrefix(row.ObjectIRI, origin) {
		return ""
	}
	return row.ObjectIRI
}

func checkOwn(t *rapid.T, w *world, address string, rec *httptest.ResponseRecorder) {
	doc, err := vocab.Parse(rec.Body.Bytes())
	if err != nil || rec.Code != http.StatusOK || doc.ID() != address {
		t.Fatalf("%s: %d %v %s", address, rec.Code, err, rec.Body)
	}
	by := doc.IRI("actor") + doc.IRI("attributedTo")
	if by != origin+"/actors/mallory" {
		t.Fatalf("%s is by %s: %s", address, by, rec.Body)
	}
	for _, part := range []*vocab.Object{doc, doc.Object("object")} {
		if inbox := part.String("inbox"); inbox != "" && !strings.HasPrefix(inbox, part.ID()) {
			t.Fatalf("inbox %s: %s", inbox, rec.Body)
		}
		if key := part.Object("publicKey"); key != nil && (key.String("publicKeyPem") == "EVIL" || !strings.HasPrefix(key.ID(), part.ID()+"#")) {
			t.Fatalf("key: %s", rec.Body)
		}
	}
}

// TestSec_S45_TheDeedsOfASuspendedAuthorAreHidden: an activity shows no more than its object would.
func TestSec_S45_TheDeedsOfASuspendedAuthorAreHidden(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorldOn(t, db, nil)
		out := w.do("ines", &vocab.Activity{Type: vocab.Create, Actor: w.Site.Actor("ines"), Object: vocab.Item{Doc: vocab.New(vocab.Note, "").SetString("content", "<p>x</p>")}})
		for _, suspended := range []bool{false, true} {
			want := http.StatusOK
			if suspended {
				want = http.StatusNotFound
				err := w.DB.Write(t.Context(), store.Promised, func(tx *store.Tx) error {
					return tx.Content().SetActorState(t.Context(), w.accounts["ines"].Actor, store.Suspended)
				})
				if err != nil {
					t.Fatal(err)
				}
			}
			for _, iri := range []string{out.Object.IRI, out.IRI} {
				if rec := w.client(http.MethodGet, iri, "", ""); rec.Code != want {
					t.Errorf("%s, suspended %v: %d", iri, suspended, rec.Code)
				}
			}
		}
	})
}

// TestSec_S38_AForwarderDoesNotHoldUpAnother: what somebody passes on does not queue among the activities of whom it names.
func TestSec_S38_AForwarderDoesNotHoldUpAnother(t *testing.T) {
	w := newWorld(t, nil)
	w.meet(yann, 1)
	w.meet(zoe, 2)
	body := likeBy(yann, 1, "https://innov.example/objects/1")
	if rec := w.serve(w.request(http.MethodPost, "/inbox", body, zoe)); rec.Code != http.StatusAccepted {
		t.Fatalf("%d %s", rec.Code, rec.Body)
	}
	if all := w.received(); len(all) != 1 || !all[0].args.Forwarded || all[0].serial == yann {
		t.Errorf("%+v", all)
	}
}
