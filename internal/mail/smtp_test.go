package mail_test

import (
	"context"
	"errors"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"essaim/internal/essaim"
	"essaim/internal/mail"
	"essaim/internal/mail/mailtest"
)

// away reaches a test server under a name that is not on loopback, as a server on the internet would be.
func away(t *testing.T, s *mailtest.Server, change func(*mail.ServerOptions)) *mail.SMTP {
	t.Helper()
	u, err := url.Parse(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	u.Host = "smtp.example:" + u.Port()
	o := mail.ServerOptions{URL: u, From: "Équipe <noreply@innov.example>", Roots: s.Roots(), Patience: 5 * time.Second,
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) { return direct(ctx, network, s.Addr()) }}
	if change != nil {
		change(&o)
	}
	c, err := mail.NewSMTP(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func carry(t *testing.T, c *mail.SMTP) error {
	t.Helper()
	l := confirmation()
	return c.Carry(t.Context(), &l, mail.Stamp{ID: "letter.1", Date: noon})
}

// oneSentence: an operator reads it in a log, beside the job, and from the doctor.
func oneSentence(t *testing.T, err error) {
	t.Helper()
	if err != nil && (strings.ContainsAny(err.Error(), "\r\n") || !strings.Contains(err.Error(), "mail server")) {
		t.Errorf("not one sentence: %q", err)
	}
}

func TestTLS(t *testing.T) {
	for name, o := range map[string]mailtest.Options{"STARTTLS": {StartTLS: true, User: "u", Password: "p:@/é"}, "implicit": {Implicit: true, User: "u", Password: "p:@/é"}} {
		s := mailtest.Start(t, o)
		if err := carry(t, away(t, s, nil)); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := s.Messages()
		if len(got) != 1 || !got[0].Secure || !strings.HasPrefix(got[0].Header.Get("From"), "=?utf-8?q?=C3=89quipe?=") {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// Over a network, nothing is said in the clear, and nothing to somebody who cannot show who he is.
func TestSec_MailOverTLSOnly(t *testing.T) {
	for name, c := range map[string]struct {
		options mailtest.Options
		change  func(*mail.ServerOptions)
	}{
		"no STARTTLS":              {mailtest.Options{User: "u", Password: "secret"}, nil},
		"no STARTTLS, no password": {mailtest.Options{}, nil},
		"unknown authority":        {mailtest.Options{StartTLS: true, User: "u", Password: "secret"}, func(o *mail.ServerOptions) { o.Roots = nil }},
		"another host":             {mailtest.Options{StartTLS: true, Host: "other.example", User: "u", Password: "secret"}, nil},
		"implicit, unknown":        {mailtest.Options{Implicit: true, User: "u", Password: "secret"}, func(o *mail.ServerOptions) { o.Roots = nil }},
	} {
		s := mailtest.Start(t, c.options)
		err := carry(t, away(t, s, c.change))
		if essaim.CodeOf(err) != essaim.Unavailable || len(s.Messages()) != 0 || s.SignedIn() != 0 {
			t.Errorf("%s: %v, %d letters, %d sign-ins", name, err, len(s.Messages()), s.SignedIn())
		}
		oneSentence(t, err)
	}
}

// On this machine a server may have no certificate, or one of its own making.
func TestLoopback(t *testing.T) {
	for name, o := range map[string]mailtest.Options{"clear": {}, "clear, password": {User: "u", Password: "p"}, "STARTTLS": {StartTLS: true, User: "u", Password: "p"}, "implicit": {Implicit: true}} {
		s := mailtest.Start(t, o)
		if err := carry(t, carrier(t, s)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := s.Messages(); len(got) != 1 || got[0].Secure != (o.StartTLS || o.Implicit) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// What a server refuses for good about a letter or its recipient is invalid; all else may be mended, or mends itself.
func TestTemporaryOrForGood(t *testing.T) {
	for _, c := range []struct {
		command, answer string
		want            essaim.Code
	}{
		{"RCPT", "550 5.1.1 no such person", essaim.Invalid},
		{"RCPT", "550-5.1.1 no such\r\n550 5.1.1 person", essaim.Invalid},
		{".", "554 5.7.1 this looks like spam", essaim.Invalid},
		{"RCPT", "450 4.2.1 come back later", essaim.Unavailable},
		{"RCPT", "452 4.2.2 mailbox full", essaim.Unavailable},
		{".", "451 4.3.0 not now", essaim.Unavailable},
		{"DATA", "421 4.3.2 closing", essaim.Unavailable},
		{"MAIL", "553 5.7.1 this sender is not yours", essaim.Unavailable},
		{"AUTH", "535 5.7.8 who are you", essaim.Unavailable},
		{"EHLO", "550 5.7.1 not from there", essaim.Unavailable},
		{"", "554 5.7.1 go away", essaim.Unavailable},
		{"STARTTLS", "454 4.7.0 not now", essaim.Unavailable},
		{"QUIT", "500 what", ""}, // it has the letter: sending it again would make two
		{"RSET", "500 what", ""},
	} {
		s := mailtest.Start(t, mailtest.Options{StartTLS: true, User: "u", Password: "p"})
		s.Answer(c.command, c.answer)
		err := carry(t, carrier(t, s))
		if essaim.CodeOf(err) != c.want {
			t.Errorf("%s answered %s: %v", c.command, c.answer, err)
		}
		if (len(s.Messages()) == 1) != (c.want == "") {
			t.Errorf("%s answered %s: %d letters were taken", c.command, c.answer, len(s.Messages()))
		}
		oneSentence(t, err)
		if err != nil && c.command != "EHLO" && !strings.Contains(err.Error(), strings.Fields(c.answer)[1]) && !strings.Contains(err.Error(), c.answer[:3]) {
			t.Errorf("%s answered %s: the answer is lost: %v", c.command, c.answer, err)
		}
	}
}

func TestASilentServer(t *testing.T) {
	for _, command := range []string{"", "EHLO", "MAIL", "RCPT", "DATA", "."} {
		s := mailtest.Start(t, mailtest.Options{})
		s.Hang(command, true)
		u, err := url.Parse(s.URL())
		if err != nil {
			t.Fatal(err)
		}
		c, err := mail.NewSMTP(mail.ServerOptions{URL: u, From: "noreply@innov.example", Dial: direct, Patience: 50 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		if err := carry(t, c); essaim.CodeOf(err) != essaim.Unavailable {
			t.Errorf("silent at %q: %v", command, err)
		}
	}
}

// A process that stops does not wait for a server that says nothing.
func TestAContextEndsASilence(t *testing.T) {
	for _, command := range []string{"", "."} {
		s := mailtest.Start(t, mailtest.Options{})
		s.Hang(command, true)
		u, err := url.Parse(s.URL())
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		c, err := mail.NewSMTP(mail.ServerOptions{URL: u, From: "noreply@innov.example", Patience: time.Hour, Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
			defer time.AfterFunc(50*time.Millisecond, cancel)
			return direct(ctx, network, address)
		}})
		if err != nil {
			t.Fatal(err)
		}
		l := confirmation()
		if err := c.Carry(ctx, &l, mail.Stamp{ID: "letter.1", Date: noon}); essaim.CodeOf(err) != essaim.Unavailable {
			t.Errorf("silent at %q: %v", command, err)
		}
	}
}

func TestNobodyThere(t *testing.T) {
	s := mailtest.Start(t, mailtest.Options{})
	c := carrier(t, s)
	s.Close()
	err := carry(t, c)
	if essaim.CodeOf(err) != essaim.Unavailable || !strings.Contains(err.Error(), "cannot be reached") {
		t.Errorf("%v", err)
	}
	oneSentence(t, err)
	if reached, err := c.Check(t.Context()); reached || err == nil {
		t.Errorf("reached %v, %v", reached, err)
	}
}

// S20, law 5: go-mail makes a connection only through the dialer it was handed.
func TestSec_S20_mail(t *testing.T) {
	for _, scheme := range []string{"smtp", "smtps"} {
		s := mailtest.Start(t, mailtest.Options{})
		refusal := errors.New("not through here")
		var asked []string
		c, err := mail.NewSMTP(mail.ServerOptions{URL: &url.URL{Scheme: scheme, Host: s.Addr()}, From: "noreply@innov.example",
			Dial: func(_ context.Context, _, address string) (net.Conn, error) {
				asked = append(asked, address)
				return nil, refusal
			}})
		if err != nil {
			t.Fatal(err)
		}
		if err := carry(t, c); !errors.Is(err, refusal) || len(asked) != 1 || asked[0] != s.Addr() || s.Connections() != 0 {
			t.Errorf("%s: %v; asked %v; %d connections", scheme, err, asked, s.Connections())
		}
	}
	if _, err := mail.NewSMTP(mail.ServerOptions{URL: &url.URL{Scheme: "smtp", Host: "a.example:25"}, From: "noreply@innov.example"}); err == nil {
		t.Error("no dialer, and it is taken")
	}
}

func TestCheckSendsNothing(t *testing.T) {
	s := mailtest.Start(t, mailtest.Options{StartTLS: true, User: "u", Password: "p"})
	if reached, err := carrier(t, s).Check(t.Context()); err != nil || !reached {
		t.Errorf("reached %v, %v", reached, err)
	}
	if s.SignedIn() != 1 || s.Quits() != 1 || len(s.Messages()) != 0 {
		t.Errorf("%d sign-ins, %d goodbyes, %d letters", s.SignedIn(), s.Quits(), len(s.Messages()))
	}
	wrong := mailtest.Start(t, mailtest.Options{User: "u", Password: "p"})
	c := carrier(t, wrong)
	c.URL.User = url.UserPassword("u", "wrong")
	reached, err := c.Check(t.Context())
	if err == nil || !reached || !strings.Contains(err.Error(), "535") {
		t.Errorf("a wrong password: %v, %v", reached, err)
	}
	oneSentence(t, err)
}
