package loadtest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"essaim/federation/sig"
)

// Letter is one signed request, ready to be written to a connection. Signing ahead keeps the sender's 1.3 ms per signature out of what
// is measured: sender and server share the machine.
type Letter struct {
	ID   string // of the activity
	Host string // authority the request is for
	from int    // index of the sending host
	raw  []byte
}

// serial makes the ids of activities unique within the process.
var serial atomic.Int64

func (h *Host) next(name, what string) string {
	return fmt.Sprintf("%s/%s/%d-%d", h.Actor(name), what, h.peer.began.UnixMilli(), serial.Add(1))
}

// letter signs an activity by name for an inbox.
func (h *Host) letter(name, inbox string, a activityDoc, by Signing, now time.Time) (Letter, error) {
	a.Context = streams
	return h.sealed(name, inbox, a.ID, encode(a), by, now)
}

func (h *Host) sealed(name, inbox, id string, body []byte, by Signing, now time.Time) (Letter, error) {
	to, err := url.Parse(inbox)
	if err != nil {
		return Letter{}, fmt.Errorf("inbox of a letter: %w", err)
	}
	req, err := http.NewRequest(http.MethodPost, inbox, bytes.NewReader(body))
	if err != nil {
		return Letter{}, fmt.Errorf("letter: %w", err)
	}
	req.Header.Set("Content-Type", activityType)
	req.Header.Set("User-Agent", "loadtest")
	key, family := by.with(h.keysOf(name))
	if err := sig.Sign(req, body, key, family, now); err != nil {
		return Letter{}, err
	}
	var raw bytes.Buffer
	if err := req.Write(&raw); err != nil {
		return Letter{}, fmt.Errorf("letter: %w", err)
	}
	return Letter{ID: id, Host: to.Host, from: h.index, raw: raw.Bytes()}, nil
}

// Note is a Create{Note} by an actor of the host, new at each call. The note's id is the letter's without its "/activity".
func (h *Host) Note(name, inbox string, by Signing) (Letter, error) {
	id, now := h.next(name, "notes"), time.Now()
	n := noteOf(h.Actor(name), id, "note "+id[strings.LastIndexByte(id, '/')+1:], now)
	return h.letter(name, inbox, createOf(n), by, now)
}

// Follow asks to follow an actor.
func (h *Host) Follow(name, inbox, whom string, by Signing) (Letter, error) {
	a := activityDoc{ID: h.next(name, "follows"), Type: "Follow", Actor: h.Actor(name), Object: whom, To: []string{whom}}
	return h.letter(name, inbox, a, by, time.Now())
}

// answer is an Accept to be sent: whose, for which Follow.
type answer struct {
	host   *Host
	follow []byte
	who    string
}

func (p *Peer) accept(a answer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.o.AnswerTo == "" || p.answer == nil {
		return
	}
	select {
	case p.answer <- a:
	default: // more than anybody follows in these tests
	}
}

// answerAll sends the Accepts one after the other until Close.
func (p *Peer) answerAll() {
	p.mu.Lock()
	todo := p.answer
	p.mu.Unlock()
	sender := Sender{Workers: 1}
	for a := range todo {
		name, ok := strings.CutPrefix(a.who, a.host.URL+"/users/")
		if !ok {
			continue
		}
		doc := activityDoc{ID: a.host.next(name, "accepts"), Type: "Accept", Actor: a.who, Object: json.RawMessage(a.follow)}
		l, err := a.host.letter(name, p.o.AnswerTo, doc, CavageRSA, time.Now())
		if err != nil {
			continue
		}
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		sender.Send(ctx, []Letter{l})
		cancel()
	}
}

// Note is the address of the object of a Note's letter.
func (l Letter) Note() string { return strings.TrimSuffix(l.ID, "/activity") }
