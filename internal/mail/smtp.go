package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	netmail "net/mail"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"essaim/internal/essaim"
)

// Dial opens a connection to what the operator set: the second dialer of law 5.
type Dial func(ctx context.Context, network, address string) (net.Conn, error)

// ServerOptions of NewSMTP. URL, From and Dial are needed.
type ServerOptions struct {
	URL   *url.URL // ESSAIM_SMTP: smtp://user:password@host:port or smtps://…
	From  string   // ESSAIM_MAIL_FROM, with or without a name
	Dial  Dial
	Roots *x509.CertPool // who vouches for the server; nil for those of the machine
	// Patience is how long connecting may take, and then giving the letter; 0 is 30 seconds each.
	Patience time.Duration
}

// SMTP hands letters to the operator's mail server (RFC 6409), one connection each. It is safe for concurrent use.
type SMTP struct {
	ServerOptions
	from     *netmail.Address
	host     string
	port     int
	loopback bool
}

// NewSMTP checks the options. It connects to nothing.
func NewSMTP(o ServerOptions) (*SMTP, error) {
	if o.Dial == nil || o.URL == nil {
		return nil, essaim.Errorf(essaim.Internal, "mail: a server and the operator's dialer are needed")
	}
	if o.Patience <= 0 {
		o.Patience = 30 * time.Second
	}
	from, err := Address(o.From)
	if err != nil {
		return nil, essaim.FieldError("ESSAIM_MAIL_FROM", "%q is not a sender; write noreply@bzh.example or Name <noreply@bzh.example>", o.From)
	}
	port, err := strconv.Atoi(o.URL.Port())
	if err != nil {
		return nil, essaim.FieldError("ESSAIM_SMTP", "the port of the mail server is missing")
	}
	host := o.URL.Hostname()
	return &SMTP{ServerOptions: o, from: from, host: host, port: port, loopback: onLoopback(host)}, nil
}

func onLoopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.Unmap().IsLoopback()
}

// Carry is that of Carrier. What the server refuses for good about the recipient or the letter is of code invalid; a server that is away, slow, full or badly
// set up is of code unavailable.
func (s *SMTP) Carry(ctx context.Context, l *Letter, stamp Stamp) error {
	m, err := message(l, s.from, stamp)
	if err != nil {
		return err
	}
	_, err = s.session(ctx, func(c *session) error {
		err := c.SendWithSMTPClient(c.smtp, m)
		if err == nil || m.IsDelivered() { // what goes wrong after the server said yes is no reason to send it twice
			return nil
		}
		return s.explain(err)
	})
	return err
}

// Check connects, says hello, secures the connection, signs in and leaves. reached tells whether anything answered at all.
func (s *SMTP) Check(ctx context.Context) (reached bool, err error) {
	return s.session(ctx, func(c *session) error { return nil })
}

// explain says in one sentence what the server made of a letter.
func (s *SMTP) explain(err error) error {
	failed, ok := errors.AsType[*gomail.SendError](err)
	if !ok || failed.ErrorCode() == 0 {
		return essaim.Errorf(essaim.Unavailable, "the mail server %s did not take the letter: %w", s.host, said{err})
	}
	aboutLetter := failed.Reason == gomail.ErrSMTPRcptTo || failed.Reason == gomail.ErrSMTPDataClose
	if failed.ErrorCode() >= 500 && aboutLetter {
		return &essaim.Error{Code: essaim.Invalid, Field: "to", Sentence: "the mail server " + s.host + " refused the letter for good", Err: said{err}}
	}
	// A sender that is refused (5xx after MAIL) is a matter of settings, which the operator may mend while the letter waits.
	return essaim.Errorf(essaim.Unavailable, "the mail server %s put the letter off: %w", s.host, said{err})
}

// said puts on one line what a server said in several.
type said struct{ error }

func (s said) Error() string {
	words, _, _ := strings.Cut(s.error.Error(), ", affected recipient(s): ") // the job knows them
	return line(words, maxLine)
}
func (s said) Unwrap() error { return s.error }

// tls is how the server must show who it is. On loopback nobody is in between, and the certificate of a local server names no such host.
func (s *SMTP) tls() *tls.Config {
	return &tls.Config{ServerName: s.host, RootCAs: s.Roots, MinVersion: tls.VersionTLS12, InsecureSkipVerify: s.loopback}
}
