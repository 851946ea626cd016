package mail_test

import (
	"context"
	"net"
	"net/url"
	"testing"
	"time"

	"essaim/internal/mail"
	"essaim/internal/mail/mailtest"
)

func direct(ctx context.Context, network, address string) (net.Conn, error) {
	var d net.Dialer
	return d.DialContext(ctx, network, address)
}

// carrier reaches a test server as an operator's settings would.
func carrier(t *testing.T, s *mailtest.Server) *mail.SMTP {
	t.Helper()
	u, err := url.Parse(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	c, err := mail.NewSMTP(mail.ServerOptions{URL: u, From: "noreply@innov.example", Dial: direct, Patience: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func confirmation() mail.Letter {
	return mail.Letter{To: "Inès Le Goff <ines@a.example>", Language: "fr", Subject: "Confirmez votre adresse", Heading: "Bienvenue !",
		Paragraphs: []string{"Vous avez demandé un compte sur l'Accélérateur de Bretagne : il reste une étape."},
		Button:     &mail.Button{Label: "Confirmer mon adresse", URL: "https://innov.example/confirmer/AbC-123"},
		Closing:    []string{"Ce lien est valable 72 heures."}, Reason: "Vous recevez ce message parce que cette adresse a été donnée sur innov.example."}
}

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// sent carries a letter to a fresh server and returns what arrived.
func sent(t *testing.T, l mail.Letter) mailtest.Message {
	t.Helper()
	s := mailtest.Start(t, mailtest.Options{})
	if err := carrier(t, s).Carry(t.Context(), &l, mail.Stamp{ID: "letter.1", Date: noon}); err != nil {
		t.Fatal(err)
	}
	got := s.Messages()
	if len(got) != 1 {
		t.Fatalf("%d messages arrived", len(got))
	}
	return got[0]
}
