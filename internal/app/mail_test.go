package app

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"strings"
	"testing"

	"essaim/internal/config"
	"essaim/internal/essaim"
	"essaim/internal/mail"
	"essaim/internal/mail/mailtest"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

func settings(t *testing.T, set map[string]string) *config.Config {
	t.Helper()
	set["ESSAIM_DATA"] = t.TempDir()
	cfg, _, err := config.Load(func(string) string { return "" }, "", set)
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

func alone(t *testing.T, o Options) *App {
	t.Helper()
	o.DB, o.Keys = storetest.SQLite(t), testKeys
	a, err := New(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.cancel(); a.working.Wait() })
	return a
}

// writes queues a letter and works off what is due.
func writes(t *testing.T, a *App) error {
	t.Helper()
	err := a.DB.Write(t.Context(), store.Promised, func(tx *store.Tx) error {
		return a.Mail.Queue(t.Context(), tx, mail.Letter{To: "ines@a.example", Subject: "Bonjour", Button: &mail.Button{Label: "Lire", URL: "https://innov.example/x"}})
	})
	if err != nil {
		return err
	}
	return a.WorkOff(t.Context())
}

func TestLettersLeaveThroughTheOperatorsServer(t *testing.T) {
	s := mailtest.Start(t, mailtest.Options{User: "essaim", Password: "p@ss:word"})
	a := alone(t, Options{Config: settings(t, map[string]string{"ESSAIM_URL": "https://innov.example", "ESSAIM_SMTP": s.URL()}), Name: "Accélérateur de Bretagne"})
	if err := writes(t, a); err != nil || !a.Mail.CanSend() {
		t.Fatal(err)
	}
	got := s.To("ines@a.example")
	if len(got) != 1 || got[0].From != "noreply@innov.example" || !strings.Contains(got[0].Text, "Accélérateur de Bretagne") {
		t.Errorf("arrived: %+v", got)
	}
	if n, err := a.Backlog(t.Context()); err != nil || n != 0 {
		t.Errorf("%d jobs are left, %v", n, err)
	}
}

// The demonstration writes to nobody: its people are invented, and so are their addresses.
func TestTheDemonstrationShowsItsLetters(t *testing.T) {
	var screen bytes.Buffer
	cfg := settings(t, map[string]string{"ESSAIM_URL": "http://127.0.0.1:18997", "ESSAIM_LOOPBACK": "1"})
	a := alone(t, Options{Config: cfg, Demonstration: true, Letters: &screen})
	if err := writes(t, a); err != nil || !strings.Contains(screen.String(), "https://innov.example/x") {
		t.Errorf("%v, screen %q", err, screen.String())
	}
	a = alone(t, Options{Config: cfg, Letters: &screen})
	if err := writes(t, a); essaim.CodeOf(err) != essaim.Unavailable || a.Mail.CanSend() {
		t.Errorf("an instance that is none and has no server: %v", err)
	}
}

func TestServeSaysOnceThatNoMailCanBeSent(t *testing.T) {
	s := mailtest.Start(t, mailtest.Options{})
	for smtp, times := range map[string]int{"": 1, s.URL(): 0} {
		var log bytes.Buffer
		a := alone(t, Options{Config: settings(t, map[string]string{"ESSAIM_URL": "https://innov.example", "ESSAIM_SMTP": smtp}), Logger: slog.New(slog.NewTextHandler(&log, nil))})
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := a.Serve(ctx, l); err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(log.String(), "ESSAIM_SMTP"); n != times {
			t.Errorf("with %q it is said %d times:\n%s", smtp, n, log.String())
		}
	}
}

func TestTheDoctorTriesTheMailServer(t *testing.T) {
	s := mailtest.Start(t, mailtest.Options{User: "essaim", Password: "right", StartTLS: true})
	gone := mailtest.Start(t, mailtest.Options{})
	gone.Close()
	for _, c := range []struct{ smtp, found, advice string }{
		{s.URL(), "is ready for letters from noreply@innov.example", ""},
		{strings.Replace(s.URL(), "right", "wrong", 1), "535", "password"},
		{strings.Replace(s.URL(), "smtp:", "smtps:", 1), "no letter can be given to it", "smtps://"},
		{gone.URL(), "cannot be reached", "host and port"},
		{"", "none can be sent", "set ESSAIM_SMTP"},
	} {
		f := examineMail(t.Context(), settings(t, map[string]string{"ESSAIM_URL": "https://innov.example", "ESSAIM_SMTP": c.smtp}))
		if f.What != "mail" || !strings.Contains(f.Found, c.found) || !strings.Contains(f.Advice, c.advice) || (f.Advice == "") != (c.advice == "") ||
			strings.Contains(f.Found+f.Advice, "wrong@") {
			t.Errorf("%s: %+v", c.smtp, f)
		}
	}
	if len(s.Messages()) != 0 {
		t.Error("the doctor sent a letter")
	}
	local := examineMail(t.Context(), settings(t, map[string]string{"ESSAIM_URL": "http://127.0.0.1:18997", "ESSAIM_LOOPBACK": "1"}))
	if local.Advice != "" {
		t.Errorf("development needs no mail: %+v", local)
	}
}
