package loadtest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"essaim/federation/sig"
	"essaim/federation/vocab"
)

func open(t *testing.T, o PeerOptions) *Peer {
	t.Helper()
	p, err := NewPeer(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

func read(t *testing.T, address string) *vocab.Object {
	t.Helper()
	res, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: %s %v", address, res.Status, err)
	}
	doc, err := vocab.Parse(raw)
	if err != nil {
		t.Fatalf("GET %s: %v", address, err)
	}
	return doc
}

// A letter is believed by whoever reads the key at its address, in both families; another body or another actor is not.
func TestLettersVerify(t *testing.T) {
	p := open(t, PeerOptions{Hosts: 3, Ed25519: true})
	var verdict error
	door := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		verdict = verifyByOrigin(t, r)
		w.WriteHeader(http.StatusAccepted)
	}))
	defer door.Close()
	for _, by := range []Signing{CavageRSA, RFC9421Ed25519} {
		for _, h := range p.Hosts {
			l, err := h.Note("anna", door.URL+"/inbox", by)
			if err != nil {
				t.Fatal(err)
			}
			if tally := (Sender{}).Send(t.Context(), []Letter{l}); tally.Accepted != 1 {
				t.Fatalf("%+v", tally)
			}
			if verdict != nil {
				t.Errorf("family %d, %s: %v", by, h.Name, verdict)
			}
		}
	}
}

func verifyByOrigin(t *testing.T, r *http.Request) error {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	signed, err := sig.Parse(r, body, sig.Policy{Host: func(h string) bool { return h == r.Host }, Origin: "http://" + r.Host, Now: time.Now()})
	if err != nil {
		return err
	}
	doc, err := vocab.Parse(body)
	if err != nil {
		return err
	}
	for _, k := range vocab.ReadActor(read(t, vocab.ReadActivity(doc).Actor)).Keys {
		if k.ID != signed.KeyID {
			continue
		}
		if k.PEM != "" {
			key, err := sig.ParsePEM(k.PEM)
			if err != nil {
				return err
			}
			return signed.Verify(key)
		}
		key, err := sig.ParseMultikey(k.Multibase)
		if err != nil {
			return err
		}
		return signed.Verify(key)
	}
	return fmt.Errorf("the actor has no key %s", signed.KeyID)
}

// The sender repeats what was put off and what got no answer, and takes a refusal for an answer.
func TestSenderInsists(t *testing.T) {
	p := open(t, PeerOptions{})
	var tries atomic.Int64
	door := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch n := tries.Add(1); {
		case r.URL.Path == "/never":
			http.Error(w, "not here", http.StatusForbidden)
		case n == 1:
			w.WriteHeader(http.StatusServiceUnavailable)
		case n == 2:
			w.WriteHeader(http.StatusTooManyRequests)
		case n == 3:
			panic(http.ErrAbortHandler) // no answer at all
		default:
			w.WriteHeader(http.StatusAccepted)
		}
	}))
	defer door.Close()
	letter := func(path string) Letter {
		l, err := p.Hosts[0].Note("anna", door.URL+path, CavageRSA)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	var heard atomic.Int64
	sender := Sender{Accepted: func(Letter) { heard.Add(1) }}
	tally := sender.Send(t.Context(), []Letter{letter("/inbox")})
	if tally.Accepted != 1 || tally.Again != 3 || heard.Load() != 1 || len(tally.Refused) != 0 {
		t.Errorf("insisting: %+v, told of %d", tally, heard.Load())
	}
	tally = sender.Send(t.Context(), []Letter{letter("/never")})
	if len(tally.Refused) != 1 || tally.Refused[0].Status != http.StatusForbidden || tally.Accepted != 0 {
		t.Errorf("refused: %+v", tally)
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if tally = sender.Send(over, []Letter{letter("/inbox")}); tally.Unsent != 1 {
		t.Errorf("after the end: %+v", tally)
	}
}

// Inboxes record what came and how often, host by host, and obey.
func TestInboxRecords(t *testing.T) {
	p := open(t, PeerOptions{Hosts: 2})
	from, to := p.Hosts[0], p.Hosts[1]
	l, err := from.Note("anna", to.Actor("bea")+"/inbox", CavageRSA)
	if err != nil {
		t.Fatal(err)
	}
	if tally := (Sender{Workers: 4}).Send(t.Context(), []Letter{l, l, l}); tally.Accepted != 3 {
		t.Fatalf("%+v", tally)
	}
	a, ok := to.Arrived(l.ID)
	if !ok || a.Count != 3 || a.Type != "Create" || a.Object != l.Note() || a.Actor != from.Actor("anna") {
		t.Errorf("arrived: %+v %v", a, ok)
	}
	if _, ok := from.Arrived(l.ID); ok || p.Reached(l.ID) != 1 || len(to.Arrivals()) != 1 {
		t.Errorf("it must have reached one host, once: %d", p.Reached(l.ID))
	}
	if n := to.Requests()["/users/bea/inbox"]; n != 3 || p.Requests() != 3 {
		t.Errorf("counted %d requests of the inbox and %d in all, want 3", n, p.Requests())
	}
	to.SetStatus(http.StatusGone)
	other, err := from.Note("anna", to.URL+"/inbox", CavageRSA)
	if err != nil {
		t.Fatal(err)
	}
	if tally := (Sender{}).Send(t.Context(), []Letter{other}); len(tally.Refused) != 1 || p.Reached(other.ID) != 0 {
		t.Errorf("an inbox that is gone keeps nothing: %+v", tally)
	}
}

// The outbox has as many posts as it says, newest first, each also at its own address.
func TestOutbox(t *testing.T) {
	p := open(t, PeerOptions{Pages: 3, PerPage: 4})
	h := p.Hosts[0]
	outbox := read(t, vocab.ReadActor(read(t, h.Actor("bob"))).Outbox)
	var found []string
	for next := outbox.IRI("first"); next != ""; {
		page := read(t, next)
		for _, it := range page.Items("orderedItems") {
			found = append(found, it.Doc.Object("object").ID())
		}
		next = page.IRI("next")
	}
	if len(found) != p.Posts() || found[0] != h.Post("bob", 12) || found[11] != h.Post("bob", 1) {
		t.Fatalf("found %d: %q", len(found), found)
	}
	if note := read(t, h.Post("bob", 7)); note.ID() != h.Post("bob", 7) || note.Type() != vocab.Note {
		t.Errorf("post 7 is %s %s", note.Type(), note.ID())
	}
	if create := read(t, h.Post("bob", 7)+"/activity"); create.Object("object").ID() != h.Post("bob", 7) {
		t.Errorf("its Create is about %s", create.Object("object").ID())
	}
}

// A Follow is answered by an Accept of the one who was asked, where the peer was told to.
func TestFollowIsAnswered(t *testing.T) {
	accepts := make(chan string, 1)
	door := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var a struct {
			Type, Actor string
			Object      struct{ ID string }
		}
		if err := json.NewDecoder(r.Body).Decode(&a); err != nil {
			t.Error(err)
		}
		w.WriteHeader(http.StatusAccepted)
		accepts <- a.Type + " " + a.Actor + " " + a.Object.ID
	}))
	defer door.Close()
	p := open(t, PeerOptions{Hosts: 2, AnswerTo: door.URL + "/inbox"})
	whom := p.Hosts[1].Actor("bea")
	l, err := p.Hosts[0].Follow("anna", p.Hosts[1].URL+"/inbox", whom, CavageRSA)
	if err != nil {
		t.Fatal(err)
	}
	(Sender{}).Send(t.Context(), []Letter{l})
	if got, want := <-accepts, "Accept "+whom+" "+l.ID; got != want {
		t.Errorf("answered %q, want %q", got, want)
	}
}
