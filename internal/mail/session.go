package mail

import (
	"context"
	"crypto/tls"
	"net"
	"strings"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"essaim/internal/essaim"
)

// session is a connection on which the server has said hello and believes us.
type session struct {
	*gomail.Client
	smtp *smtp.Client
}

// session opens one and runs do; reached tells that something answered the dialer. The connection lives no longer than ctx or than the call, even while the
// server is silent.
func (s *SMTP) session(ctx context.Context, do func(*session) error) (reached bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, 2*s.Patience)
	defer cancel()
	client, err := s.client(func(dialing context.Context, network, address string) (net.Conn, error) {
		conn, err := s.Dial(dialing, network, address)
		if err != nil {
			return nil, err
		}
		reached = true
		context.AfterFunc(ctx, func() { conn.Close() })
		if s.URL.Scheme != "smtps" {
			return conn, nil
		}
		secure := tls.Client(conn, s.tls())
		return secure, secure.HandshakeContext(dialing)
	})
	if err != nil {
		return false, err
	}
	c, err := client.DialToSMTPClientWithContext(ctx)
	switch {
	case err != nil && !reached:
		return false, essaim.Errorf(essaim.Unavailable, "the mail server %s cannot be reached: %w", s.URL.Host, said{err})
	case err != nil:
		return true, essaim.Errorf(essaim.Unavailable, "the mail server %s was reached but no letter can be given to it: %w", s.URL.Host, said{err})
	}
	err = do(&session{client, c})
	_ = client.CloseWithSMTPClient(c) // a polite QUIT: nothing depends on it
	return true, err
}

// client prepares the library. It is handed the dialer, for it would make its own (law 5), told to speak in the clear on loopback only, and to ask for no
// SMTPUTF8: addresses and headers are ASCII, and a letter that asks is sent back by a server on the way that lacks it (RFC 6531 §3.4).
func (s *SMTP) client(dial gomail.DialContextFunc) (*gomail.Client, error) {
	_, domain, _ := strings.Cut(s.from.Address, "@")
	options := []gomail.Option{gomail.WithDialContextFunc(dial), gomail.WithPort(s.port), gomail.WithTimeout(s.Patience), gomail.WithTLSConfig(s.tls()),
		gomail.WithHELO(domain), gomail.WithoutNoop(), gomail.WithoutSMTPUTF8()}
	switch {
	case s.URL.Scheme == "smtps":
		options = append(options, gomail.WithSSL())
	case s.loopback:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSOpportunistic))
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if user := s.URL.User; user != nil {
		password, _ := user.Password()
		plain, login := gomail.SMTPAuthPlain, gomail.SMTPAuthLogin
		if s.loopback {
			plain, login = gomail.SMTPAuthPlainNoEnc, gomail.SMTPAuthLoginNoEnc
		}
		options = append(options, gomail.WithUsername(user.Username()), gomail.WithPassword(password),
			gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, plain, login))
	}
	client, err := gomail.NewClient(s.host, options...)
	if err != nil {
		return nil, essaim.Errorf(essaim.Internal, "the mail client cannot be prepared: %w", err)
	}
	return client, nil
}
