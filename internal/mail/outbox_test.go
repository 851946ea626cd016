package mail_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"essaim/internal/essaim"
	"essaim/internal/jobs"
	"essaim/internal/mail"
	"essaim/internal/mail/mailtest"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

// desk is an outbox on a database, with a clock of its own.
type desk struct {
	*testing.T
	db  *store.DB
	q   *jobs.Queue
	out *mail.Outbox
	now time.Time
}

func newDesk(t *testing.T, db *store.DB, c mail.Carrier) *desk {
	d := &desk{T: t, db: db, now: noon}
	d.q = jobs.NewQueue(db, jobs.Options{Clock: func() time.Time { return d.now }, Rand: func() float64 { return 0.5 }})
	d.out = mail.New(mail.Options{Jobs: d.q, Carrier: c, Instance: "Accélérateur de Bretagne"})
	if err := d.out.Register(); err != nil {
		t.Fatal(err)
	}
	return d
}

func (d *desk) queue(letters ...mail.Letter) error {
	return d.db.Write(d.Context(), store.Promised, func(tx *store.Tx) error { return d.out.Queue(d.Context(), tx, letters...) })
}

func (d *desk) run() int {
	d.Helper()
	n, err := d.q.RunDue(d.Context())
	if err != nil {
		d.Fatal(err)
	}
	return n
}

// A letter is queued with what causes it, and only if that is committed; a queue that starts again sends what the one before it left.
func TestQueuedWithItsCause(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := mailtest.Start(t, mailtest.Options{})
		d := newDesk(t, db, carrier(t, s))
		undone := errors.New("undone")
		err := db.Write(t.Context(), store.Promised, func(tx *store.Tx) error {
			return errors.Join(d.out.Queue(t.Context(), tx, confirmation()), undone)
		})
		if !errors.Is(err, undone) {
			t.Fatal(err)
		}
		if d.run() != 0 {
			t.Fatal("a letter was sent for what did not happen")
		}
		if err := d.queue(confirmation()); err != nil {
			t.Fatal(err)
		}
		next := newDesk(t, db, carrier(t, s)) // the process was killed here
		if n := next.run(); n != 1 {
			t.Fatalf("%d jobs ran", n)
		}
		got := s.To("ines@a.example")
		if len(got) != 1 || got[0].Subject != "Confirmez votre adresse" || !strings.Contains(got[0].HTML, "Accélérateur de Bretagne") {
			t.Fatalf("arrived: %+v", got)
		}
		if next.run() != 0 || d.run() != 0 || len(s.Messages()) != 1 {
			t.Error("the letter was sent again")
		}
	})
}

// The second attempt is the same letter to whoever received the first: same Message-ID, same date.
func TestARetryIsTheSameLetter(t *testing.T) {
	s := mailtest.Start(t, mailtest.Options{})
	d := newDesk(t, storetest.SQLite(t), carrier(t, s))
	if err := d.queue(confirmation()); err != nil {
		t.Fatal(err)
	}
	s.Keep(true) // kept, but its sender does not learn of it
	s.Answer(".", "451 4.3.0 not now")
	d.run()
	if d.run() != 0 {
		t.Fatal("it was tried again at once")
	}
	s.Answer(".", "")
	d.now = d.now.Add(2 * time.Minute)
	d.run()
	got := s.Messages()
	if len(got) != 2 {
		t.Fatalf("%d arrived", len(got))
	}
	if a, b := got[0].Header.Get("Message-Id"), got[1].Header.Get("Message-Id"); a == "" || a != b {
		t.Errorf("Message-ID %q, then %q", a, b)
	}
	for i, m := range got {
		if date := m.Header.Get("Date"); date != noon.Format(time.RFC1123Z) {
			t.Errorf("attempt %d is of %s", i+1, date)
		}
	}
	if err := d.queue(confirmation()); err != nil {
		t.Fatal(err)
	}
	d.run()
	if got = s.Messages(); len(got) != 3 || got[2].Header.Get("Message-Id") == got[0].Header.Get("Message-Id") {
		t.Error("another letter has the same Message-ID")
	}
}

func TestWhatIsRefusedForGoodIsShownToTheOperator(t *testing.T) {
	s := mailtest.Start(t, mailtest.Options{})
	d := newDesk(t, storetest.SQLite(t), carrier(t, s))
	s.Answer("RCPT", "550 5.1.1 no such person")
	if err := d.queue(confirmation()); err != nil {
		t.Fatal(err)
	}
	d.run()
	dead, err := d.q.Dead(t.Context(), 0, 10)
	if err != nil || len(dead) != 1 || dead[0].Attempts != 1 || !strings.Contains(dead[0].Error, "no such person") {
		t.Errorf("dead: %+v, %v", dead, err)
	}
}

// A letter whose link has died in the meantime is not sent.
func TestALetterIsWorthSendingForAWhile(t *testing.T) {
	s := mailtest.Start(t, mailtest.Options{})
	d := newDesk(t, storetest.SQLite(t), carrier(t, s))
	l := confirmation()
	l.Within = time.Hour
	if err := d.queue(l); err != nil {
		t.Fatal(err)
	}
	d.now = d.now.Add(2 * time.Hour)
	d.run()
	if len(s.Messages()) != 0 {
		t.Error("it was sent")
	}
}

// One letter that cannot be sent undoes what causes it: the caller tells the person rather than nobody.
func TestQueueRefuses(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t), mail.NewConsole(&bytes.Buffer{}))
	bad := confirmation()
	bad.To = "nobody"
	if err := d.queue(confirmation(), bad); essaim.CodeOf(err) != essaim.Invalid {
		t.Errorf("%v", err)
	}
	if d.run() != 0 {
		t.Error("the other letter was queued")
	}
}

// Without a mail server nothing is queued, and what was queued when there was one waits for the next.
func TestWithoutAServer(t *testing.T) {
	db := storetest.SQLite(t)
	s := mailtest.Start(t, mailtest.Options{})
	if err := newDesk(t, db, carrier(t, s)).queue(confirmation()); err != nil {
		t.Fatal(err)
	}
	none := newDesk(t, db, nil)
	if err := none.queue(confirmation()); none.out.CanSend() || !errors.Is(err, mail.ErrCannotSend) || essaim.CodeOf(err) != essaim.Unavailable {
		t.Errorf("CanSend %v, %v", none.out.CanSend(), err)
	}
	none.run()
	again := newDesk(t, db, carrier(t, s))
	again.now = noon.Add(30 * 24 * time.Hour)
	if again.run(); len(s.Messages()) != 1 {
		t.Errorf("%d letters arrived", len(s.Messages()))
	}
}

// held is a carrier that keeps bulk letters waiting until it is told.
type held struct {
	sent   chan string
	person chan struct{}
}

func (h *held) Carry(ctx context.Context, l *mail.Letter, _ mail.Stamp) error {
	if l.Bulk {
		select {
		case <-h.person:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	h.sent <- l.To
	if !l.Bulk {
		close(h.person)
	}
	return nil
}

// Who waits for a letter of their own does not wait behind a thousand weekly ones.
func TestBulkKeepsNobodyWaiting(t *testing.T) {
	h := &held{sent: make(chan string, 4), person: make(chan struct{})}
	d := newDesk(t, storetest.SQLite(t), h)
	weekly := digest()
	weekly.To = "karim@b.example"
	if err := d.queue(weekly, weekly, weekly, confirmation()); err != nil {
		t.Fatal(err)
	}
	if err := d.q.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	var order []string
	for range 4 {
		select {
		case to := <-h.sent:
			order = append(order, to)
		case <-time.After(20 * time.Second):
			t.Fatalf("only these were sent: %v", order)
		}
	}
	if err := d.q.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if order[0] != confirmation().To {
		t.Errorf("sent in this order: %v", order)
	}
}

// The argument of the job is the letter, whole, in a form that a later version can still read.
func TestALetterIsJSON(t *testing.T) {
	l := digest()
	l.Attachment = &mail.Attachment{Name: "a.ics", Type: "text/calendar", Data: []byte{0, 255, '\n'}}
	text, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	var back mail.Letter
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(back)
	if err != nil || !bytes.Equal(text, again) || back.Sections[0].Items[0].Title != "Guichet itinérant" || string(back.Attachment.Data) != "\x00\xff\n" {
		t.Errorf("%s\n%s, %v", text, again, err)
	}
}

func TestTheConsoleShowsTheLink(t *testing.T) {
	var screen bytes.Buffer
	d := newDesk(t, storetest.SQLite(t), mail.NewConsole(&screen))
	if err := d.queue(confirmation()); err != nil {
		t.Fatal(err)
	}
	d.run()
	for _, words := range []string{"Accélérateur de Bretagne", "ines@a.example", "Confirmez votre adresse", "  https://innov.example/confirmer/AbC-123\n"} {
		if !strings.Contains(screen.String(), words) {
			t.Errorf("the screen lacks %q:\n%s", words, screen.String())
		}
	}
}
