package peers_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

const (
	public      = "https://www.w3.org/ns/activitystreams#Public"
	contentType = `application/ld+json; profile="https://www.w3.org/ns/activitystreams"`
)

// doc is a document as it stands on the wire.
type doc = map[string]any

// text is a property that holds a string, or an object that has an id.
func text(d doc, key string) string {
	switch v := d[key].(type) {
	case string:
		return v
	case doc:
		id, _ := v["id"].(string)
		return id
	}
	return ""
}

// inner is a property that holds an object, or an empty document.
func inner(d doc, key string) doc {
	v, _ := d[key].(doc)
	return v
}

// number is a property that holds a number, or -1.
func number(d doc, key string) int {
	v, ok := d[key].(float64)
	if !ok {
		return -1
	}
	return int(v)
}

// instance is one running Essaim.
type instance struct {
	url string
	dir string
	env []string
	bin string
	*process
}

// startEssaim runs `essaim serve` on a free port with a database of its own.
func startEssaim(t *testing.T) *instance {
	t.Helper()
	wanted(t)
	bin, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	port, dir := freePort(t), t.TempDir()
	e := &instance{url: "http://127.0.0.1:" + port, dir: dir, bin: bin, env: []string{
		"ESSAIM_URL=http://127.0.0.1:" + port,
		"ESSAIM_LISTEN=127.0.0.1:" + port,
		"ESSAIM_LOOPBACK=1",
		"ESSAIM_DATABASE=sqlite:" + filepath.Join(dir, "e.db"),
		"ESSAIM_DATA=" + dir,
	}}
	e.process = start(t, "essaim", dir, e.env, bin, "serve")
	e.answering(t, e.url+"/healthz")
	return e
}

// member is an account of an instance and the token it uses as a client.
type member struct {
	home   *instance
	handle string
	token  string
}

// member makes an account beside the running server, as an operator would.
func (e *instance) member(t *testing.T, handle string) *member {
	t.Helper()
	run(t, e.dir, e.env, e.bin, "account", "create", "--handle", handle, "--email", handle+"@example.org", "--role", "admin")
	words := strings.Fields(run(t, e.dir, e.env, e.bin, "token", "create", "--handle", handle))
	if len(words) == 0 {
		t.Fatal("essaim token create printed nothing")
	}
	return &member{home: e, handle: handle, token: words[len(words)-1]}
}

// actor is the address of a local actor (D3).
func (e *instance) actor(handle string) string { return e.url + "/actors/" + handle }

func (m *member) actor() string { return m.home.actor(m.handle) }

// do sends one request of the ActivityPub client API and reads the JSON of the answer, if it is JSON.
func do(method, address, token string, body doc) (*http.Response, doc, error) {
	var payload io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return nil, nil, err
		}
		payload = bytes.NewReader(raw)
	}
	req, err := http.NewRequest(method, address, payload)
	if err != nil {
		return nil, nil, err
	}
	req.Header.Set("Accept", contentType)
	if body != nil {
		req.Header.Set("Content-Type", contentType)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := client.Do(req)
	if err != nil {
		return nil, nil, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(res.Body, 8<<20))
	if err != nil {
		return nil, nil, err
	}
	var answer doc
	if json.Unmarshal(raw, &answer) != nil {
		answer = doc{"body": string(raw)}
	}
	return res, answer, nil
}

// read gets a document that must be there.
func read(t *testing.T, address, token string) doc {
	t.Helper()
	res, answer, err := do(http.MethodGet, address, token, nil)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: %s: %v", address, res.Status, answer)
	}
	return answer
}

// items walks a collection from its first page, whatever its shape; an item that is only an address becomes {"id": …}.
func items(t *testing.T, address, token string) []doc {
	t.Helper()
	var all []doc
	page := read(t, address, token)
	for range 20 {
		for _, key := range []string{"orderedItems", "items"} {
			list, _ := page[key].([]any)
			for _, item := range list {
				switch item := item.(type) {
				case doc:
					all = append(all, item)
				case string:
					all = append(all, doc{"id": item})
				}
			}
		}
		next := page["next"]
		if first, ok := page["first"]; ok && !strings.HasSuffix(text(page, "type"), "Page") {
			next = first
		}
		switch n := next.(type) {
		case string:
			page = read(t, n, token)
		case doc:
			page = n
		default:
			return all
		}
	}
	return all
}

// total is the number a collection says it has.
func total(t *testing.T, address string) int {
	t.Helper()
	return number(read(t, address, ""), "totalItems")
}

// post sends a bare object or an activity to the outbox of an actor the member may speak for, and gives the activity.
func (m *member) post(t *testing.T, as string, body doc) doc {
	t.Helper()
	outbox := m.home.actor(as) + "/outbox"
	res, answer, err := do(http.MethodPost, outbox, m.token, body)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != http.StatusCreated {
		t.Fatalf("POST %s: %s: %v", outbox, res.Status, answer)
	}
	where, err := res.Location()
	if err != nil {
		t.Fatalf("POST %s: 201 without a Location (AP §6): %v", outbox, err)
	}
	return read(t, where.String(), m.token)
}

// edit gives a note new words.
func (m *member) edit(t *testing.T, as, id, words string) {
	t.Helper()
	object := audience(m.home.actor(as), note(words))
	object["id"] = id
	m.post(t, as, audience(m.home.actor(as), doc{"type": "Update", "object": object}))
}

// create publishes an object for everybody and gives the address it was given.
func (m *member) create(t *testing.T, as string, object doc) string {
	t.Helper()
	activity := m.post(t, as, audience(m.home.actor(as), object))
	if text(activity, "type") != "Create" {
		t.Fatalf("a bare object was not wrapped in a Create (AP §6.2.1): %v", activity)
	}
	id := text(activity, "object")
	if id == "" {
		t.Fatalf("the Create has no object: %v", activity)
	}
	return id
}

// What the tests publish; each text is found again on the other side.
const projectHandle = "mobilite_rurale"

func (m *member) project(t *testing.T) string {
	t.Helper()
	id := m.create(t, m.handle, doc{
		"type": "Group", "preferredUsername": projectHandle, "name": "Mobilité rurale partagée",
		"summary": "<p>Covoiturage solidaire entre douze communes.</p>", "phase": "pilot", "territory": []any{"fr:departement:56"},
	})
	if want := m.home.actor(projectHandle); id != want {
		t.Fatalf("the project is at %s, want %s", id, want)
	}
	return id
}

// audience is everybody, and the followers of the actor: a server delivers to whom it is told, not to more (AP §6).
func audience(actor string, object doc) doc {
	object["to"], object["cc"] = []any{public}, []any{actor + "/followers"}
	return object
}

func note(words string) doc {
	return doc{"type": "Note", "content": "<p>" + words + "</p>"}
}

func event(name string) doc {
	begins := time.Now().Add(14 * 24 * time.Hour).UTC().Truncate(time.Minute)
	return doc{
		"type": "Event", "name": name, "content": "<p>Ouvert à tous, sur inscription.</p>",
		"startTime": begins.Format(time.RFC3339), "endTime": begins.Add(3 * time.Hour).Format(time.RFC3339),
		"location": doc{"type": "Place", "name": "Halles Saint-François", "address": doc{
			"type": "PostalAddress", "streetAddress": "16 quai du Steïr", "postalCode": "29000", "addressLocality": "Quimper", "addressCountry": "France",
		}},
	}
}

// inbox is what the member received, newest first.
func (m *member) inbox(t *testing.T) []doc {
	t.Helper()
	return items(t, m.actor()+"/inbox", m.token)
}

// receives waits for an activity in the member's inbox.
func (m *member) receives(t *testing.T, what string, match func(activity doc) bool) doc {
	t.Helper()
	var found doc
	eventually(t, m.handle+" receives "+what, func() bool {
		all := m.inbox(t)
		i := slices.IndexFunc(all, match)
		if i >= 0 {
			found = all[i]
		}
		return i >= 0
	})
	return found
}

// shows tells whether any object in the member's inbox says these words.
func (m *member) shows(t *testing.T, words string) bool {
	t.Helper()
	return slices.ContainsFunc(m.inbox(t), func(activity doc) bool { return says(activity, words) })
}

// says looks for words in an object the activity carries.
func says(activity doc, words string) bool {
	object := inner(activity, "object")
	for _, key := range []string{"content", "name", "summary"} {
		if s, _ := object[key].(string); strings.Contains(s, words) {
			return true
		}
	}
	return false
}

// counts waits until a collection has n items and says so in its totalItems.
func counts(t *testing.T, what, address string, n int) {
	t.Helper()
	last := -1
	defer func() {
		if t.Failed() && last != n {
			t.Logf("%s: totalItems is %d, want %d", address, last, n)
		}
	}()
	eventually(t, fmt.Sprintf("%s: %d", what, n), func() bool {
		last = total(t, address)
		return last == n
	})
}

// collectionOf is the address of a collection an object declares.
func collectionOf(t *testing.T, object, property string) string {
	t.Helper()
	address := text(read(t, object, ""), property)
	if u, err := url.Parse(address); err != nil || !u.IsAbs() {
		t.Fatalf("%s declares no %s", object, property)
	}
	return address
}
