// Package fedtest is an internet in memory: an http.RoundTripper that hands each
// request to the handler registered for its host, with latency and faults on
// demand and a log of what was asked. Whole instances talk to each other through
// it in one process, without a port, a resolver or a wait.
//
// It knows nothing of ActivityPub and imports nothing of this program. It refuses
// to be a network: answers are not streamed (a handler's answer arrives when the
// handler returns), and there is no TLS, though https requests say they had some.
package fedtest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"syscall"
	"time"
)

// ErrDown is wrapped by the failure to connect to a host that is down.
var ErrDown = errors.New("connection refused")

// Net is the internet. The zero value is an empty one, ready for use, whose time
// is simulated. All methods may be used concurrently.
type Net struct {
	// Sleep, when set before the first request, is how latency is spent; Real
	// sleeps for good (or in the bubble of a testing/synctest). When nil, no time
	// passes: a latency beyond the deadline of a request fails at once as if the
	// deadline had come, any other is only added up in Elapsed.
	Sleep func(ctx context.Context, d time.Duration) error

	mu       sync.Mutex
	hosts    map[string]*host
	log      []Request
	inFlight int
}

type host struct {
	handler http.Handler
	latency time.Duration
	elapsed time.Duration
	down    bool
	faults  []fault
	count   int
}

type fault struct {
	err    error
	status int
	header http.Header
	times  int
}

// host finds or makes the record of a name; n.mu is held.
func (n *Net) host(name string) *host {
	if n.hosts == nil {
		n.hosts = map[string]*host{}
	}
	h := n.hosts[name]
	if h == nil {
		h = &host{}
		n.hosts[name] = h
	}
	return h
}

// Handle puts a server on the net. name is the authority of its addresses, such
// as "a.example" or "127.0.0.1:8080". A nil handler takes it away.
func (n *Net) Handle(name string, handler http.Handler) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.host(name).handler = handler
}

// Latency makes every answer of a host take d.
func (n *Net) Latency(name string, d time.Duration) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.host(name).latency = d
}

// Down makes connections to a host fail until Up.
func (n *Net) Down(name string) { n.setDown(name, true) }

// Up ends Down.
func (n *Net) Up(name string) { n.setDown(name, false) }

func (n *Net) setDown(name string, down bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.host(name).down = down
}

// Fail makes the next requests to a host fail with err without reaching its
// handler, as many times as said. Faults given one after the other queue up.
func (n *Net) Fail(name string, err error, times int) {
	n.addFault(name, fault{err: err, times: times})
}

// FailStatus makes the next requests to a host answer with a status, an empty
// body and these header fields (which may be nil), without reaching its handler.
func (n *Net) FailStatus(name string, status int, header http.Header, times int) {
	n.addFault(name, fault{status: status, header: header, times: times})
}

func (n *Net) addFault(name string, f fault) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if f.times > 0 {
		h := n.host(name)
		h.faults = append(h.faults, f)
	}
}

// RoundTrip implements http.RoundTripper, for a caller without a name.
func (n *Net) RoundTrip(req *http.Request) (*http.Response, error) {
	return n.roundTrip("", req)
}

// As is the net seen from one of its hosts: requests are logged as coming from
// it, and carry an address of its own to the servers that count by address.
func (n *Net) As(name string) http.RoundTripper { return seat{n, name} }

type seat struct {
	net  *Net
	name string
}

func (s seat) RoundTrip(req *http.Request) (*http.Response, error) {
	return s.net.roundTrip(s.name, req)
}

func (n *Net) roundTrip(from string, req *http.Request) (*http.Response, error) {
	body, err := readBody(req)
	if err != nil {
		return nil, err
	}
	name := authority(req.URL)
	n.mu.Lock()
	h := n.host(name)
	h.count++
	n.inFlight++
	entry := len(n.log)
	n.log = append(n.log, describe(from, name, req, len(body)))
	handler, latency, failure := h.handler, h.latency, h.take()
	n.mu.Unlock()

	var resp *http.Response
	if err = n.wait(req.Context(), h, latency); err == nil {
		resp, err = answer(from, name, handler, failure, req, body)
	}

	n.mu.Lock()
	defer n.mu.Unlock()
	n.inFlight--
	if entry < len(n.log) { // else the log was reset meanwhile
		n.log[entry].Err = err
		if resp != nil {
			n.log[entry].Status = resp.StatusCode
		}
	}
	return resp, err
}

// take consumes one fault, if any; the net's lock is held.
func (h *host) take() *fault {
	if h.down {
		return &fault{err: &net.OpError{Op: "dial", Net: "tcp", Err: fmt.Errorf("%w: %w", ErrDown, syscall.ECONNREFUSED)}}
	}
	if len(h.faults) == 0 {
		return nil
	}
	f := h.faults[0]
	if h.faults[0].times--; h.faults[0].times == 0 {
		h.faults = h.faults[1:]
	}
	return &f
}

func (n *Net) wait(ctx context.Context, h *host, d time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if d == 0 {
		return nil
	}
	if n.Sleep != nil {
		return n.Sleep(ctx, d)
	}
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < d {
		return context.DeadlineExceeded
	}
	n.mu.Lock()
	h.elapsed += d
	n.mu.Unlock()
	return nil
}

// Real sleeps, or returns early when the context ends. It is a value for
// Net.Sleep.
func Real(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
