// Package notice writes to people about what happens to them here: at once for a mention or a reply, and once a week for all the rest (product Q1).
//
// It decides nothing about content and sends nothing itself: it reads what Apply noted, and hands letters to internal/mail in the transaction that ends its
// own work, so that none is lost or written twice. A weekly letter that would say nothing is not written. Every letter holds the way to stop its kind.
package notice

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"time"

	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/i18n"
	"essaim/internal/jobs"
	"essaim/internal/mail"
	"essaim/internal/store"
)

// Options of New. All are needed.
type Options struct {
	DB    *store.DB
	Jobs  *jobs.Queue
	Mail  *mail.Outbox
	Site  essaim.Site
	Clock func() time.Time
}

// Service writes the notices of one instance.
type Service struct {
	Options
	secret []byte
}

// New makes the service. The secret of its links is made once and stays with the database.
func New(ctx context.Context, o Options) (*Service, error) {
	s := &Service{Options: o}
	err := o.DB.Write(ctx, store.Promised, func(tx *store.Tx) error {
		secret, err := tx.SetMetaOnce(ctx, "notice_secret", rand.Text())
		s.secret = []byte(secret)
		return err
	})
	return s, err
}

// Register has the queue write what must be written at once.
func (s *Service) Register() error {
	return s.Jobs.Register(jobs.Kind{Name: activity.JobNotice, Handler: s.atOnce, Concurrency: 1})
}

// Sort is a sort of letter that a person may stop.
type Sort string

// The sorts.
const (
	Mentions Sort = "mentions"
	Digest   Sort = "digest"
)

// Stopped is the choice of somebody who stops a sort of letter.
func (sort Sort) Stopped(p store.Prefs) store.Prefs {
	if sort == Digest {
		p.NoDigest = true
	} else {
		p.NoMentions = true
	}
	return p
}

// wants tells whether somebody takes letters of a sort.
func (sort Sort) wants(p store.Prefs) bool {
	if sort == Digest {
		return !p.NoDigest
	}
	return !p.NoMentions
}

// StopPath begins the addresses by which a sort of letter is stopped; a token follows.
const StopPath = "/desabonnement/"

func (s *Service) stopLink(account essaim.ID, sort Sort) string {
	subject := account.String() + "." + string(sort)
	return s.Site.Base + StopPath + subject + "." + s.sign(subject)
}

func (s *Service) sign(subject string) string {
	mac := hmac.New(sha256.New, s.secret)
	mac.Write([]byte(subject))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:18])
}

// ReadStop tells whose letters of which sort a token stops; NotFound for any other.
func (s *Service) ReadStop(token string) (essaim.ID, Sort, error) {
	subject, mark, ok := cutLast(token)
	id, sort, _ := strings.Cut(subject, ".")
	account, err := essaim.ParseID(id)
	if !ok || err != nil || Sort(sort) != Digest && Sort(sort) != Mentions || !hmac.Equal([]byte(mark), []byte(s.sign(subject))) {
		return 0, "", essaim.Errorf(essaim.NotFound, "this link stops no letters")
	}
	return account, Sort(sort), nil
}

func cutLast(s string) (before, after string, ok bool) {
	i := strings.LastIndexByte(s, '.')
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

// Stop ends a sort of letters to an account.
func (s *Service) Stop(ctx context.Context, account essaim.ID, sort Sort) error {
	return s.DB.Write(ctx, store.Promised, func(tx *store.Tx) error {
		a, err := store.AccountByID(ctx, tx, account)
		if err != nil {
			return err
		}
		return tx.SetPrefs(ctx, account, sort.Stopped(a.Prefs))
	})
}

// letter begins a letter of a sort to an account.
func (s *Service) letter(a *store.Account, sort Sort, subject string) mail.Letter {
	lang := language(a)
	return mail.Letter{To: a.Email, Language: lang, Subject: subject, Reason: i18n.T(lang, "notice.reason."+string(sort), strings.TrimPrefix(s.Site.Base, "https://")),
		Unsubscribe: s.stopLink(a.ID, sort)}
}

func language(a *store.Account) i18n.Lang {
	if lang, ok := i18n.Parse(a.Language); ok {
		return lang
	}
	return i18n.FR
}
