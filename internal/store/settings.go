package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// Settings is what the operator says of the instance: who answers for it, where it works, how people sign up. It is one JSON value in meta; what was never set is
// the default the program was started with (DefaultSettings).
type Settings struct {
	Name        string // of the instance, and of the accelerator it belongs to
	Description string // one sentence of plain text
	LegalForm   string // "collectivité territoriale", "association loi 1901", in the operator's words
	SIRET       string // 14 digits, or the 9 of the SIREN; checked by essaim.CheckSIRET
	Body        string // handle of the accelerator's actor; "" until it was founded
	Territories []string
	Publisher   Party
	Director    string // of publication: a person's name
	Hosting     Party
	DPO         string // address of the data protection officer: e-mail or page
	Moderation  string // e-mail of those who moderate (DSA 11 and 12)
	Access      AccessStatement
	SignUp      string   // one of the SignUp constants; "" is SignUpApproval
	Domains     []string // of e-mail addresses that show a profession (L16)
	TermsFR     string   // Markdown; "" is the default text
	TermsEN     string
	RulesFR     string
	RulesEN     string
	Public      bool // strangers may read; see Open
}

// Party is a body with its address, as a legal notice names it (LCEN 6-III).
type Party struct{ Name, Address, Phone, Email string }

// AccessStatement is what the accessibility statement is made from (L1). Status is a code of essaim.AccessStatuses, "" is non_compliant.
type AccessStatement struct {
	Status, Auditor, Rate, Date, Technologies, Environments, Pages, Failures, Exemptions, Plan, Contact string
}

// How people get an account.
const (
	SignUpOpen       = "open"
	SignUpApproval   = "approval"
	SignUpInvitation = "invitation"
)

// SignUpMode is how people get an account here.
func (s *Settings) SignUpMode() string {
	if s.SignUp == "" {
		return SignUpApproval
	}
	return s.SignUp
}

// Missing lists the facts without which an instance is not open to the public (L3), by the names of the setting: publisher.phone.
func (s *Settings) Missing() []string {
	var out []string
	for _, f := range []struct{ name, value string }{
		{"name", s.Name}, {"siret", s.SIRET}, {"publisher.name", s.Publisher.Name}, {"publisher.address", s.Publisher.Address}, {"publisher.phone", s.Publisher.Phone},
		{"publisher.email", s.Publisher.Email}, {"director", s.Director}, {"hosting.name", s.Hosting.Name}, {"hosting.address", s.Hosting.Address}, {"hosting.phone", s.Hosting.Phone},
	} {
		if strings.TrimSpace(f.value) == "" {
			out = append(out, f.name)
		}
	}
	return out
}

// Open tells whether strangers may read the pages and sign up.
func (s *Settings) Open() bool { return s.Public && len(s.Missing()) == 0 }

const settingsKey = "settings"

// settingsKept is for how long what was read is believed: another node, or a command, may have changed it.
const settingsKept = 5 * time.Second

type settingsCache struct {
	mu       sync.Mutex
	read     time.Time
	kept     *Settings
	defaults Settings
}

// DefaultSettings gives what stands for the settings that the operator has not made.
func (db *DB) DefaultSettings(s Settings) {
	db.settings.mu.Lock()
	defer db.settings.mu.Unlock()
	db.settings.defaults, db.settings.kept = s, nil
}

// Settings reads the settings; the answer is shared and is not to be changed.
func (db *DB) Settings(ctx context.Context) (*Settings, error) {
	c := &db.settings
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kept != nil && db.clock().Sub(c.read) < settingsKept {
		return c.kept, nil
	}
	s, err := readSettings(context.WithoutCancel(ctx), db.Read())
	if err != nil {
		if c.kept != nil {
			return c.kept, nil // what stood a moment ago still does
		}
		return nil, err
	}
	s.complete(c.defaults)
	c.kept, c.read = s, db.clock()
	return s, nil
}

func readSettings(ctx context.Context, q Q) (*Settings, error) {
	text, err := Meta(ctx, q, settingsKey)
	s := &Settings{}
	if err != nil || text == "" {
		return s, err
	}
	if err := json.Unmarshal([]byte(text), s); err != nil {
		return nil, fmt.Errorf("store: the settings of the instance cannot be read: %w", err)
	}
	return s, nil
}

func (s *Settings) complete(d Settings) {
	for _, f := range []struct {
		value *string
		usual string
	}{{&s.Name, d.Name}, {&s.Description, d.Description}, {&s.Body, d.Body}, {&s.SignUp, d.SignUp}} {
		if *f.value == "" {
			*f.value = f.usual
		}
	}
	if len(s.Territories) == 0 {
		s.Territories = slices.Clone(d.Territories)
	}
}

// ChangeSettings has change write into the settings, defaults included, and keeps them. Like every write it may run twice.
func (db *DB) ChangeSettings(ctx context.Context, change func(tx *Tx, s *Settings) error) error {
	db.settings.mu.Lock()
	defaults := db.settings.defaults
	db.settings.mu.Unlock()
	return db.Write(ctx, Promised, func(tx *Tx) error {
		if _, err := tx.Exec(ctx, `insert into meta (key, value) values ($1, '') on conflict (key) do update set value = meta.value`, settingsKey); err != nil { // locks the row
			return err
		}
		s, err := readSettings(ctx, tx)
		if err != nil {
			return err
		}
		s.complete(defaults)
		if err := change(tx, s); err != nil {
			return err
		}
		text, err := json.Marshal(s)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `update meta set value = $2 where key = $1`, settingsKey, string(text)); err != nil {
			return err
		}
		tx.AfterCommit(func() {
			db.settings.mu.Lock()
			defer db.settings.mu.Unlock()
			db.settings.kept = nil
		})
		return nil
	})
}
