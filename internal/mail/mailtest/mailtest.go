// Package mailtest is a small real SMTP server on loopback for tests: EHLO, STARTTLS, AUTH PLAIN, MAIL, RCPT, DATA (RFC 5321, 3207, 4954). It keeps what it is
// given, parsed and raw, and can be told to refuse any command, or to say nothing at all.
//
// It refuses to deliver anything anywhere, and to be used outside tests.
package mailtest

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Options of Listen. The zero value is a server without TLS that asks for no password.
type Options struct {
	User, Password string // asked for when set
	StartTLS       bool   // offered
	Implicit       bool   // TLS from the first byte: smtps://
	Host           string // the certificate's; smtp.example when empty
}

// Server is one server. It is safe for concurrent use.
type Server struct {
	Options
	listener net.Listener
	tls      *tls.Config
	roots    *x509.CertPool

	mu      sync.Mutex
	got     []Message
	changed chan struct{} // closed and replaced when a message arrives
	answers map[string]string
	hung    map[string]bool
	conns   map[net.Conn]bool
	keeps   bool
	calls   int
	signed  int
	quits   int
	wg      sync.WaitGroup
	stop    chan struct{}
}

// Start runs a server until the end of the test.
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	s, err := Listen(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// Listen runs a server until Close.
func Listen(o Options) (*Server, error) {
	if o.Host == "" {
		o.Host = "smtp.example"
	}
	s := &Server{Options: o, changed: make(chan struct{}), answers: map[string]string{}, hung: map[string]bool{}, conns: map[net.Conn]bool{}, stop: make(chan struct{})}
	var err error
	if o.StartTLS || o.Implicit {
		if s.tls, s.roots, err = certificate(o.Host); err != nil {
			return nil, err
		}
	}
	if s.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return nil, fmt.Errorf("mailtest: %w", err)
	}
	s.wg.Go(s.accept)
	return s, nil
}

// Close ends the server and its connections.
func (s *Server) Close() {
	s.mu.Lock()
	select {
	case <-s.stop:
	default:
		close(s.stop)
	}
	for c := range s.conns {
		c.Close()
	}
	s.mu.Unlock()
	s.listener.Close()
	s.wg.Wait()
}

// Addr is host:port on loopback.
func (s *Server) Addr() string { return s.listener.Addr().String() }

// URL is a value of ESSAIM_SMTP that reaches the server.
func (s *Server) URL() string {
	u := url.URL{Scheme: "smtp", Host: s.Addr()}
	if s.Implicit {
		u.Scheme = "smtps"
	}
	if s.User != "" {
		u.User = url.UserPassword(s.User, s.Password)
	}
	return u.String()
}

// Roots vouches for the server's certificate; nil without TLS.
func (s *Server) Roots() *x509.CertPool { return s.roots }

// Answer has the server answer a command in this way, such as "550 5.1.1 no such person", from now on; an empty answer makes it willing again. Commands are
// EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, QUIT, RSET, and "." for the end of the letter and "" for the greeting.
func (s *Server) Answer(command, answer string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers[command] = answer
}

// Keep has the server keep letters even where it answers the end of one otherwise than with yes: what its sender sees when an answer is lost.
func (s *Server) Keep(keeps bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keeps = keeps
}

// Hang has the server say nothing more once it gets the command.
func (s *Server) Hang(command string, hangs bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hung[command] = hangs
}

// Connections is how many were accepted so far.
func (s *Server) Connections() int { return s.count(&s.calls) }

// SignedIn is how many of them gave a user and a password, right or wrong.
func (s *Server) SignedIn() int { return s.count(&s.signed) }

// Quits is how many of them said goodbye.
func (s *Server) Quits() int { return s.count(&s.quits) }

func (s *Server) count(n *int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return *n
}

// Messages are those that were accepted, in order of arrival.
func (s *Server) Messages() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.got)
}

// To are the messages whose envelope names an address.
func (s *Server) To(address string) []Message {
	return slices.DeleteFunc(s.Messages(), func(m Message) bool { return !slices.Contains(m.Recipients, address) })
}

// Await waits until n messages for an address have arrived and returns them; it fails after ten seconds. It is for programs that run by themselves: a test
// that works off the queue has its messages at once.
func (s *Server) Await(address string, n int) ([]Message, error) {
	limit := time.After(10 * time.Second)
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if got := s.To(address); len(got) >= n {
			return got, nil
		}
		select {
		case <-changed:
		case <-limit:
			return nil, fmt.Errorf("mailtest: %d messages for %s were awaited, %d came", n, address, len(s.To(address)))
		}
	}
}

func (s *Server) accept() {
	for {
		c, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.conns[c] = true
		s.calls++
		s.mu.Unlock()
		s.wg.Go(func() {
			defer func() {
				s.mu.Lock()
				delete(s.conns, c)
				s.mu.Unlock()
				c.Close()
			}()
			if s.Implicit {
				c = tls.Server(c, s.tls)
			}
			v := &visit{Server: s, conn: c, in: bufio.NewReader(c)}
			_ = v.serve() // the client sees what went wrong
		})
	}
}

var errGone = errors.New("mailtest: the visit is over")

func verb(line string) string {
	v, _, _ := strings.Cut(line, " ")
	return strings.ToUpper(v)
}
