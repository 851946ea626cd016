package peers_test

import (
	"encoding/json"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"
)

// The two families of signatures, as the peer's first choice and as its journal names them.
const (
	cavage      = "draft-cavage-http-signatures-12"
	cavageSeen  = "cavage"
	rfc9421     = "rfc9421"
	rfc9421Seen = "rfc9421"
)

// fedify is a running fedify-peer.mjs, driven by its control addresses.
type fedify struct {
	dir, port, family, keys, url string
	*process
}

func startFedify(t *testing.T, family string) *fedify {
	t.Helper()
	f := &fedify{dir: peer(t, "fedify"), port: freePort(t), family: family, keys: filepath.Join(t.TempDir(), "keys.json")}
	f.url = "http://127.0.0.1:" + f.port
	f.start(t)
	return f
}

func (f *fedify) start(t *testing.T) {
	t.Helper()
	f.process = start(t, "fedify "+f.family, f.dir, nil, filepath.Join(f.dir, "node"), "fedify-peer.mjs", f.port, f.family, f.keys)
	f.answering(t, f.url+"/_ctl/log")
}

func (f *fedify) actor() string { return f.url + "/users/fed" }

// control asks the peer to do something and decodes its answer.
func (f *fedify) control(t *testing.T, name, q string, answer any) {
	t.Helper()
	address := f.url + "/_ctl/" + name + "?q=" + url.QueryEscape(q)
	res, err := client.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: %s", address, res.Status)
	}
	if err := json.NewDecoder(res.Body).Decode(answer); err != nil {
		t.Fatalf("GET %s: %v", address, err)
	}
}

// do is control for what answers with the address of what it made.
func (f *fedify) do(t *testing.T, name, q string) string {
	t.Helper()
	var made doc
	f.control(t, name, q, &made)
	return text(made, "id")
}

// entry is one line of the peer's journal.
type entry struct {
	Hit        string          `json:"hit"`
	Signature  string          `json:"signature"`
	In         string          `json:"in"`
	ID         string          `json:"id"`
	Actor      string          `json:"actor"`
	Object     json.RawMessage `json:"object"`
	Error      string          `json:"error"`
	Unverified *string         `json:"unverified"`
	Reason     string          `json:"reason"`
}

// activity is what came in, as Fedify wrote it down.
func (e entry) activity() doc {
	var d doc
	_ = json.Unmarshal(e.Object, &d)
	return d
}

func (f *fedify) journal(t *testing.T) []entry {
	t.Helper()
	var all []entry
	f.control(t, "log", "", &all)
	return all
}

// in counts the verified activities of one type and actor that match.
func (f *fedify) in(t *testing.T, kind, actor string, match func(doc) bool) int {
	t.Helper()
	n := 0
	for _, e := range f.journal(t) {
		if e.In == kind && e.Actor == actor && match(e.activity()) {
			n++
		}
	}
	return n
}

func (f *fedify) receives(t *testing.T, kind, actor string, match func(doc) bool) {
	t.Helper()
	eventually(t, "Fedify receives "+kind+" from "+actor, func() bool { return f.in(t, kind, actor, match) > 0 })
}

func anything(doc) bool { return true }

func about(id string) func(doc) bool { return func(a doc) bool { return text(a, "object") == id } }

func saying(words string) func(doc) bool { return func(a doc) bool { return says(a, words) } }

// signatures are the families of what we posted to the peer, oldest first.
func (f *fedify) signatures(t *testing.T) (seen []string) {
	t.Helper()
	for _, e := range f.journal(t) {
		if e.Hit != "" {
			seen = append(seen, e.Signature)
		}
	}
	return seen
}

// untroubled fails for what the peer could not verify or handle.
func (f *fedify) untroubled(t *testing.T) {
	t.Helper()
	for _, e := range f.journal(t) {
		if e.Error != "" || e.Unverified != nil {
			t.Errorf("Fedify complained: %+v", e)
		}
	}
}

func TestFedifyCavage(t *testing.T) { withFedify(t, cavage, cavageSeen) }

func TestFedifyRFC9421(t *testing.T) { withFedify(t, rfc9421, rfc9421Seen) }

// withFedify runs a Fedify column of the matrix. seen is the family we must use once the peer has shown its own.
func withFedify(t *testing.T, family, seen string) {
	t.Parallel()
	f := startFedify(t, family)
	e := startEssaim(t)
	nolwenn := e.member(t, "nolwenn")
	project := nolwenn.project(t)
	followers := project + "/followers"

	t.Log("a member follows Fedify's actor: draft-cavage, since this host has shown nothing else yet (D7)")
	nolwenn.post(t, nolwenn.handle, doc{"type": "Follow", "object": f.actor()})
	f.receives(t, "Follow", nolwenn.actor(), about(f.actor()))
	if got := f.signatures(t); len(got) != 1 || got[0] != cavageSeen {
		t.Fatalf("the first request to an unknown host: signatures %q, want one %q", got, cavageSeen)
	}
	counts(t, "whom the member follows, once it has accepted", nolwenn.actor()+"/following", 1)

	t.Log("Fedify follows a project; our answer is in its family")
	f.do(t, "follow", project)
	f.receives(t, "Accept", project, anything)
	counts(t, "followers of the project", followers, 1)
	if got := f.signatures(t)[1:]; slices.ContainsFunc(got, func(s string) bool { return s != seen }) {
		t.Errorf("after the peer signed with %s: signatures %q, want only %q", family, got, seen)
	}

	t.Log("ours there: Note, its edit, Event")
	post := nolwenn.create(t, projectHandle, note("Les premiers trajets partagés commencent lundi"))
	f.receives(t, "Create", project, saying("premiers trajets"))
	nolwenn.edit(t, projectHandle, post, "Les trajets commencent mardi")
	f.receives(t, "Update", project, saying("commencent mardi"))
	meeting := nolwenn.create(t, projectHandle, event("Rencontre des conducteurs bénévoles"))
	f.receives(t, "Create", project, func(a doc) bool {
		return text(inner(a, "object"), "type") == "Event" && says(a, "Rencontre des conducteurs")
	})

	t.Log("each of our kinds is readable")
	readableKinds(t, f, e, nolwenn, post, meeting)

	t.Log("theirs here: Note, its edit, Event")
	theirs := f.do(t, "note", "bonjour depuis Fedify")
	nolwenn.receives(t, "Fedify's note", func(a doc) bool { return text(a, "object") == theirs && says(a, "bonjour depuis Fedify") })
	f.do(t, "update", "bonsoir depuis Fedify")
	eventually(t, "the edited note replaces the first text", func() bool {
		return nolwenn.shows(t, "bonsoir depuis Fedify") && !nolwenn.shows(t, "bonjour depuis Fedify")
	})
	gathering := f.do(t, "event", "Hackathon territorial")
	received := nolwenn.receives(t, "Fedify's event", func(a doc) bool { return text(a, "object") == gathering && says(a, "Hackathon territorial") })
	if object := inner(received, "object"); text(object, "type") != "Event" || text(inner(object, "location"), "name") != "Tiers-lieu" {
		t.Errorf("Fedify's event lost its type or its place: %v", object)
	}

	t.Log("boosts and likes, both ways")
	nolwenn.post(t, nolwenn.handle, doc{"type": "Announce", "object": theirs, "to": []any{public}, "cc": []any{f.actor(), nolwenn.actor() + "/followers"}})
	f.receives(t, "Announce", nolwenn.actor(), about(theirs))
	nolwenn.post(t, nolwenn.handle, doc{"type": "Like", "object": theirs, "to": []any{f.actor()}})
	f.receives(t, "Like", nolwenn.actor(), about(theirs))
	f.do(t, "announce", post)
	counts(t, "shares of our post", collectionOf(t, post, "shares"), 1)
	f.do(t, "like", post)
	counts(t, "likes of our post", collectionOf(t, post, "likes"), 1)

	t.Log("deletions, both ways")
	nolwenn.post(t, projectHandle, doc{"type": "Delete", "object": post})
	f.receives(t, "Delete", project, about(post))
	f.do(t, "delete", "")
	eventually(t, "the deleted note is gone", func() bool { return !nolwenn.shows(t, "bonsoir depuis Fedify") })

	f.untroubled(t)
	if got := f.signatures(t)[1:]; slices.ContainsFunc(got, func(s string) bool { return s != seen }) {
		t.Errorf("signatures %q, want only %q after the first", got, seen)
	}

	t.Log("what is published while the peer is ill arrives once when it is well again")
	f.stop()
	ill := startIll(t, f.port)
	late := nolwenn.create(t, projectHandle, note("Publié pendant une panne du pair"))
	eventually(t, "Essaim tries to deliver to the peer that is ill", func() bool { return ill.hits.Load() > 0 })
	ill.stop()
	f.start(t)
	eventuallyWithin(t, 4*time.Minute, "the retried delivery arrives", func() bool {
		return f.in(t, "Create", project, about(late)) > 0
	})
	nolwenn.create(t, projectHandle, note("Publié après la panne"))
	f.receives(t, "Create", project, saying("après la panne"))
	if n := f.in(t, "Create", project, about(late)); n != 1 {
		t.Errorf("the retried note arrived %d times", n)
	}

	t.Log("Fedify follows anew after its restart, then unfollows")
	f.do(t, "follow", project)
	f.receives(t, "Accept", project, anything)
	f.do(t, "unfollow", project)
	counts(t, "followers of the project", followers, 0)
	f.untroubled(t)
}

// ill stands where the peer was and answers 503, so that the test knows of a failed delivery from the outside.
type ill struct {
	hits   atomic.Int32
	server http.Server
}

func startIll(t *testing.T, port string) *ill {
	t.Helper()
	i := &ill{}
	i.server.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			i.hits.Add(1)
		}
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	l, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = i.server.Serve(l) }()
	t.Cleanup(i.stop)
	return i
}

func (i *ill) stop() { _ = i.server.Close() }

// readableKinds looks each kind up through Fedify, signed, and checks that the terms that are ours come through.
// A kind that can be published has its line here.
func readableKinds(t *testing.T, f *fedify, e *instance, m *member, post, meeting string) {
	t.Helper()
	for _, kind := range []struct {
		name, address, kind string
		terms               []string
	}{
		{"instance", e.url + "/actor", "Application", []string{"preferredUsername", "inbox"}},
		{"person", m.actor(), "Person", []string{"preferredUsername", "inbox"}},
		{"project", e.actor(projectHandle), "Group", []string{"preferredUsername", "inbox", "phase", "territory"}},
		{"post", post, "Note", []string{"content", "attributedTo"}},
		{"event", meeting, "Event", []string{"name", "startTime", "endTime", "location"}},
	} {
		var found doc
		f.control(t, "lookup", kind.address, &found)
		if text(found, "type") != kind.kind {
			t.Errorf("Fedify reads our %s at %s as %v", kind.name, kind.address, found)
			continue
		}
		for _, term := range kind.terms {
			if found[term] == nil {
				t.Errorf("Fedify reads no %s in our %s: %v", term, kind.name, found)
			}
		}
	}
}
