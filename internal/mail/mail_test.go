package mail_test

import (
	"context"
	"net"
	"net/url"
	"testing"
	"time"

	"essaim/internal/jobs"
	"essaim/internal/mail"
	"essaim/internal/mail/mailtest"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
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

// A letter is queued with what causes it, and only if that is committed; a queue that starts again sends what the one before it left.
func TestQueuedWithItsCause(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := mailtest.Start(t, mailtest.Options{})
		open := func() (*jobs.Queue, *mail.Outbox) {
			q := jobs.NewQueue(db, jobs.Options{})
			out := mail.New(mail.Options{Jobs: q, Carrier: carrier(t, s), Instance: "Accélérateur de Bretagne"})
			if err := out.Register(); err != nil {
				t.Fatal(err)
			}
			return q, out
		}
		_, out := open()
		failed := context.Canceled
		for _, fate := range []error{failed, nil} {
			err := db.Write(t.Context(), store.Promised, func(tx *store.Tx) error {
				if err := out.Queue(t.Context(), tx, confirmation()); err != nil {
					return err
				}
				return fate
			})
			if err != fate {
				t.Fatalf("%v, want %v", err, fate)
			}
		}
		q, _ := open() // the process was killed here
		if n, err := q.RunDue(t.Context()); err != nil || n != 1 {
			t.Fatalf("%d jobs ran, %v", n, err)
		}
		got := s.To("ines@a.example")
		if len(got) != 1 || got[0].Subject != "Confirmez votre adresse" || got[0].Header.Get("From") == "" {
			t.Fatalf("arrived: %+v", got)
		}
		if n, _ := q.RunDue(t.Context()); n != 0 || len(s.Messages()) != 1 {
			t.Error("the letter was sent again")
		}
	})
}

func TestWithoutAServer(t *testing.T) {
	db := storetest.SQLite(t)
	out := mail.New(mail.Options{Jobs: jobs.NewQueue(db, jobs.Options{})})
	err := db.Write(t.Context(), store.Promised, func(tx *store.Tx) error { return out.Queue(t.Context(), tx, confirmation()) })
	if out.CanSend() || err != mail.ErrCannotSend {
		t.Errorf("CanSend %v, %v", out.CanSend(), err)
	}
}
