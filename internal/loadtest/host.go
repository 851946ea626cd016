package loadtest

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"essaim/federation/sig"
)

// Host is one server of a Peer: 127.0.0.1 and a port.
type Host struct {
	Name string // authority
	URL  string // without a final slash

	peer  *Peer
	index int

	mu       sync.Mutex
	delay    time.Duration
	status   int
	arrivals map[string]*Arrival
	requests map[string]int
}

// Arrival is an activity an inbox received.
type Arrival struct {
	ID, Type, Actor string
	Object          string    // its id, whether it was embedded or not
	First           time.Time // when it came for the first time
	Count           int       // how often it came; more than 1 are repetitions
}

// SetDelay makes the inboxes of the host answer late; what arrives is recorded before the wait.
func (h *Host) SetDelay(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.delay = d
}

// SetStatus makes the inboxes answer with a status and keep nothing; 0 is back to 202.
func (h *Host) SetStatus(status int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.status = status
}

// Arrivals lists what came, in the order of first arrival.
func (h *Host) Arrivals() []Arrival {
	h.mu.Lock()
	defer h.mu.Unlock()
	var all []Arrival
	for _, a := range h.arrivals {
		all = append(all, *a)
	}
	slices.SortFunc(all, func(a, b Arrival) int { return a.First.Compare(b.First) })
	return all
}

// Arrived finds an activity by its id.
func (h *Host) Arrived(activity string) (Arrival, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	a, ok := h.arrivals[activity]
	if !ok {
		return Arrival{}, false
	}
	return *a, true
}

// Requests counts what was asked, by path without its query.
func (h *Host) Requests() map[string]int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return maps.Clone(h.requests)
}

// Actor is the address of an actor; every name exists.
func (h *Host) Actor(name string) string { return h.URL + "/users/" + name }

// Post is the address of the nth post of an actor, from 1 on.
func (h *Host) Post(name string, n int) string {
	return h.Actor(name) + "/posts/" + strconv.Itoa(n)
}

// keysOf are the keys of an actor with their addresses.
func (h *Host) keysOf(name string) keys {
	sum := h.index
	for _, b := range []byte(name) {
		sum += int(b)
	}
	k := h.peer.keys[sum%len(h.peer.keys)]
	k.rsa.ID, k.ed.ID = h.Actor(name)+"#main-key", h.Actor(name)+"#ed25519-key"
	return k
}

func (h *Host) actorDoc(name string) actorDoc {
	id, k := h.Actor(name), h.keysOf(name)
	doc := actorDoc{
		Context: []string{streams, "https://w3id.org/security/v1"}, ID: id, Type: "Person", Handle: name, Name: strings.ToUpper(name[:1]) + name[1:],
		URL: id, Inbox: id + "/inbox", Outbox: id + "/outbox", Followers: id + "/followers",
		Endpoints: endpoints{SharedInbox: h.URL + "/inbox"}, Key: pemKey{ID: k.rsa.ID, Owner: id, PEM: k.pem},
	}
	if h.peer.o.Ed25519 {
		doc.Context = append(doc.Context, "https://w3id.org/security/multikey/v1")
		doc.Assertion = []*multikey{{ID: k.ed.ID, Type: "Multikey", Controller: id, Multibase: k.multibase}}
	}
	return doc
}

// past is the nth post; the higher, the younger.
func (h *Host) past(name string, n int) noteDoc {
	published := h.peer.began.Add(time.Duration(n-h.peer.Posts()-24) * time.Hour)
	return noteOf(h.Actor(name), h.Post(name, n), fmt.Sprintf("post %d", n), published)
}

// outbox is the collection when page is 0, else a page, newest first.
func (h *Host) outbox(name string, page int) collectionDoc {
	id := h.Actor(name) + "/outbox"
	at := func(page int) string { return id + "?page=" + strconv.Itoa(page) }
	doc := collectionDoc{Context: streams, ID: id, Type: "OrderedCollection", Total: h.peer.Posts(), First: at(1)}
	if page == 0 {
		return doc
	}
	doc.ID, doc.Type, doc.First, doc.PartOf = at(page), "OrderedCollectionPage", "", id
	newest := h.peer.Posts() - (page-1)*h.peer.o.PerPage
	for n := newest; n > max(newest-h.peer.o.PerPage, 0); n-- {
		doc.Items = append(doc.Items, createOf(h.past(name, n)))
	}
	if page < h.peer.o.Pages {
		doc.Next = at(page + 1)
	}
	return doc
}

// Signing is how a letter is signed.
type Signing int

// The two ways: what every server understands, and what two instances of Essaim come to use between them.
const (
	CavageRSA Signing = iota
	RFC9421Ed25519
)

func (s Signing) with(k keys) (sig.PrivateKey, sig.Family) {
	if s == RFC9421Ed25519 {
		return k.ed, sig.RFC9421
	}
	return k.rsa, sig.Cavage
}
