package loadtest

import (
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"essaim/federation/sig"
)

// PeerOptions of NewPeer. The zero value is one host with an empty outbox.
type PeerOptions struct {
	Hosts int // at least 1
	// Pages and PerPage are what the outbox of every actor holds; addresses of posts are /users/NAME/posts/1 to Pages·PerPage.
	Pages, PerPage int
	// Ed25519 makes actors publish an Ed25519 key beside the RSA one.
	Ed25519 bool
	// AnswerTo is the inbox where a Follow that arrives is answered by an Accept; "" leaves it unanswered.
	AnswerTo string
}

// Peer is a piece of the fediverse: hosts that differ by their port. It is safe for concurrent use.
type Peer struct {
	Hosts []*Host

	o      PeerOptions
	keys   []keys
	byName map[string]*Host
	server *http.Server
	began  time.Time
	answer chan answer

	mu       sync.Mutex
	reached  map[string]int // activity id: how many hosts have it
	requests int
	serving  sync.WaitGroup
}

// keys are shared by many actors: making an RSA key costs a quarter of a second, and nobody compares them.
type keys struct {
	rsa       sig.PrivateKey
	pem       string
	ed        sig.PrivateKey
	multibase string
}

// sharedKeys is how many pairs a peer makes.
const sharedKeys = 3

// NewPeer makes the keys, opens the ports and serves until Close.
func NewPeer(o PeerOptions) (*Peer, error) {
	p := &Peer{o: o, byName: map[string]*Host{}, reached: map[string]int{}, began: time.Now(), answer: make(chan answer, 4096)}
	for range sharedKeys {
		k, err := newKeys()
		if err != nil {
			return nil, err
		}
		p.keys = append(p.keys, k)
	}
	p.server = &http.Server{Handler: p, ReadHeaderTimeout: time.Minute}
	for i := range max(o.Hosts, 1) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			p.Close()
			return nil, fmt.Errorf("host %d of the peer: %w", i, err)
		}
		h := &Host{Name: l.Addr().String(), peer: p, index: i, arrivals: map[string]*Arrival{}, requests: map[string]int{}}
		h.URL = "http://" + h.Name
		p.Hosts = append(p.Hosts, h)
		p.byName[h.Name] = h
		p.serving.Go(func() { _ = p.server.Serve(l) })
	}
	if o.AnswerTo != "" {
		p.serving.Go(p.answerAll)
	}
	return p, nil
}

func newKeys() (k keys, err error) {
	private, err := sig.GenerateRSA(rand.Reader)
	if err != nil {
		return k, err
	}
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return k, fmt.Errorf("generate Ed25519 key: %w", err)
	}
	k.rsa.Key, k.ed.Key = private, ed
	k.multibase = sig.MarshalMultikey(ed.Public().(ed25519.PublicKey))
	k.pem, err = sig.MarshalPEM(&private.PublicKey)
	return k, err
}

// Close stops every host. Close it after the server that talks to it.
func (p *Peer) Close() {
	_ = p.server.Close()
	p.mu.Lock()
	if p.answer != nil {
		close(p.answer)
		p.answer = nil
	}
	p.mu.Unlock()
	p.serving.Wait()
}

// Reached is how many hosts have received an activity at least once.
func (p *Peer) Reached(activity string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.reached[activity]
}

// Requests is how many requests came to all hosts together since the peer was made.
func (p *Peer) Requests() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.requests
}

// Posts is how many items each outbox holds.
func (p *Peer) Posts() int { return p.o.Pages * p.o.PerPage }

// errUnknownHost tells that a request named a host that is none of this peer.
var errUnknownHost = errors.New("no such host here")
