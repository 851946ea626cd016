package fedtest

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// The ways a request can be signed, as Request.Signature says it.
const (
	Unsigned  = ""
	Cavage    = "draft-cavage"
	RFC9421   = "rfc9421"
	BothKinds = "both" // which no peer should ever see
)

// Request is one line of the log.
type Request struct {
	From        string // the name given to As; empty for Net itself
	Host        string
	Method      string
	URL         string
	Signature   string // Unsigned, Cavage, RFC9421 or BothKinds, judged by the header fields alone
	ContentType string
	Size        int   // of the body, in bytes
	Status      int   // of the answer; zero while under way, or when Err is set
	Err         error // why there was no answer
}

// String is one readable line, for the message of a failing test.
func (r Request) String() string {
	return fmt.Sprintf("%s > %s %s [%s] %d %v", r.From, r.Method, r.URL, r.Signature, r.Status, r.Err)
}

func describe(from, host string, req *http.Request, size int) Request {
	return Request{
		From: from, Host: host, Method: method(req), URL: req.URL.String(),
		Signature: family(req.Header), ContentType: req.Header.Get("Content-Type"), Size: size,
	}
}

func method(req *http.Request) string {
	if req.Method == "" {
		return http.MethodGet
	}
	return req.Method
}

// family tells the signature families apart: RFC 9421 has a Signature-Input
// beside its Signature, the older drafts carry a keyId inside it.
func family(h http.Header) string {
	input := h.Get("Signature-Input") != ""
	old := strings.HasPrefix(h.Get("Authorization"), "Signature ")
	for _, s := range h.Values("Signature") {
		old = old || strings.Contains(s, "keyId=")
	}
	switch {
	case input && old:
		return BothKinds
	case input:
		return RFC9421
	case old:
		return Cavage
	}
	return Unsigned
}

// Log is every request so far, in the order they were made.
func (n *Net) Log() []Request {
	n.mu.Lock()
	defer n.mu.Unlock()
	return append([]Request(nil), n.log...)
}

// Requests counts the requests made to a host so far, failed ones included.
func (n *Net) Requests(name string) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.host(name).count
}

// Elapsed is the simulated time that the answers of a host took, added up.
func (n *Net) Elapsed(name string) time.Duration {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.host(name).elapsed
}

// InFlight counts the requests under way; a test that waits for quiet asks it.
func (n *Net) InFlight() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.inFlight
}

// Reset empties the log and the counters; servers, latencies and faults stay.
func (n *Net) Reset() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.log = nil
	for _, h := range n.hosts {
		h.count, h.elapsed = 0, 0
	}
}
