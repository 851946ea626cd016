package activity

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"essaim/federation/vocab"
	"essaim/internal/essaim"
	"essaim/internal/i18n"
	"essaim/internal/jobs"
	"essaim/internal/store"
	"essaim/internal/text"
)

// Service applies activities to one instance's database.
type Service struct {
	Options
}

// Options of New. All are needed but Language and Logger.
type Options struct {
	DB       *store.DB
	Jobs     *jobs.Queue
	Site     essaim.Site
	Clock    func() time.Time
	Random   func() uint64        // cryptographic: suffixes of private addresses come from it
	Keys     func() (Keys, error) // a pair of key pairs for an actor being born, from the pool made ahead (LB25)
	Language i18n.Lang            // of what the instance says itself
	Logger   *slog.Logger
}

// Keys are the key pairs of an actor to be: PKCS#8 PEM for the private halves, PEM and multibase for the public ones.
type Keys struct {
	RSAPrivate, RSAPublic         string
	Ed25519Private, Ed25519Public string
}

// New makes the service.
func New(o Options) *Service {
	if o.Language == "" {
		o.Language = "fr"
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return &Service{o}
}

// Origin says who asks for an activity, which decides what may be believed and who is told.
type Origin struct {
	kind    originKind
	account essaim.ID // who is signed in, for Local
	signer  string    // whose key signed, for Remote
	host    string    // where it was read, for Fetched
	also    func(ctx context.Context, tx *store.Tx) error
	keys    *Keys
	kept    bool // a report that stays here
}

type originKind int

const (
	local originKind = iota
	remote
	fetched
	system
)

// Local is a member signed in with an account.
func Local(account essaim.ID) Origin { return Origin{kind: local, account: account} }

// Remote is another server, whose request the key of an actor signed.
func Remote(signer string) Origin { return Origin{kind: remote, signer: signer} }

// Fetched is something read at its own origin: nobody is notified, nothing is forwarded, dates in the past are kept.
func Fetched(host string) Origin { return Origin{kind: fetched, host: host} }

// System is the instance itself.
func System() Origin { return Origin{kind: system} }

// Also has f run in the transaction of the activity: a job ends together with the work it did.
func (o Origin) Also(f func(ctx context.Context, tx *store.Tx) error) Origin {
	o.also = f
	return o
}

// Born gives the keys of the actor that is created, for those who apply within a transaction of their own: an RSA key costs a quarter of a second,
// which the one writer must not spend (LB25).
func (o Origin) Born(k Keys) Origin {
	o.keys = &k
	return o
}

// KeptHere keeps a report from the server of what it is about: its author does not wish that it knows.
func (o Origin) KeptHere() Origin {
	o.kept = true
	return o
}

// Status is what came of an activity.
type Status int

// The statuses.
const (
	Done    Status = iota // it changed something
	Known                 // it was applied before
	Ignored               // it asked for nothing we do
	Refused               // we do not believe it; the error says why
)

// Outcome is the result of Apply.
type Outcome struct {
	Status   Status
	Activity essaim.ID
	IRI      string // of the activity
	Object   *store.Object
}

// Apply is the only way content changes here, whoever asks for it: a member of this instance, another server, an import, a backfill.
// A refusal of what a server sent is an error of code Refused and leaves no trace but that of Also.
func (s *Service) Apply(ctx context.Context, a *vocab.Activity, from Origin) (Outcome, error) {
	p, err := s.prepare(a, from)
	if err != nil {
		return Outcome{Status: Refused}, s.finish(ctx, from, err)
	}
	if p.kind.Actor && a.Type == vocab.Create && !from.outside() && p.keys == nil {
		keys, err := s.Keys()
		if err != nil {
			return Outcome{Status: Refused}, essaim.Errorf(essaim.Unavailable, "no key could be made: %w", err)
		}
		p.keys = &keys
	}
	durability := store.Promised
	if from.outside() {
		durability = store.Relaxed // the job that brought it is still there if this is lost
	}
	var out Outcome
	var early error
	for range drawAgain {
		err = s.DB.Write(ctx, durability, func(tx *store.Tx) error {
			var err error
			if out, err = s.apply(ctx, tx, p, 0); err != nil && !isEarly(err, from) {
				return err
			}
			early = err
			if from.also != nil {
				return from.also(ctx, tx)
			}
			return nil
		})
		if !errors.Is(err, store.ErrConflict) {
			break
		}
	}
	if err == nil {
		err = early
	} else if from.outside() && expected(err) {
		err = s.finish(ctx, from, err)
	}
	if err != nil {
		out = Outcome{Status: Refused}
	}
	return out, err
}

// drawAgain is how often an activity is tried with other ids when one it drew is taken.
const drawAgain = 5

func (o Origin) outside() bool { return o.kind == remote || o.kind == fetched }

// notWritten marks a refusal that came before anything was written: the group it is committed with need not be redone.
type notWritten struct{ error }

func (n notWritten) Unwrap() error { return n.error }

func isEarly(err error, from Origin) bool {
	_, early := errors.AsType[notWritten](err)
	return early && from.outside()
}

// ApplyTx applies within a transaction that is already open, for those who are inside one: an account and its actor are born together.
func (s *Service) ApplyTx(ctx context.Context, tx *store.Tx, a *vocab.Activity, from Origin) (Outcome, error) {
	p, err := s.prepare(a, from)
	if err != nil {
		return Outcome{Status: Refused}, err
	}
	return s.apply(ctx, tx, p, 0)
}

// finish lets the job of a refused activity end all the same.
func (s *Service) finish(ctx context.Context, from Origin, refusal error) error {
	if from.also == nil {
		return refusal
	}
	if err := s.DB.Write(ctx, store.Relaxed, func(tx *store.Tx) error { return from.also(ctx, tx) }); err != nil {
		return err
	}
	return refusal
}

// expected tells a refusal from a fault of our own.
func expected(err error) bool {
	e, ok := errors.AsType[*essaim.Error](err)
	return ok && e.Code != essaim.Internal && e.Code != essaim.Unavailable
}

func refused(format string, args ...any) error { return essaim.Errorf(essaim.Refused, format, args...) }

// prepared is an activity with all that can be done before the transaction.
type prepared struct {
	a     *vocab.Activity
	from  Origin
	thing essaim.Thing // of the embedded object
	kind  essaim.Kind
	html  string
	keys  *Keys // of an actor that is born here
}

const maxIRI = 2048

// prepare decodes and sanitises outside the transaction: the writer is one, readers of HTML are many.
func (s *Service) prepare(a *vocab.Activity, from Origin) (*prepared, error) {
	p := &prepared{a: a, from: from, keys: from.keys}
	if _, known := verbOf(a.Type); !known {
		return p, nil
	}
	if from.outside() {
		if err := checkRemote(s.Site, a, from); err != nil {
			return nil, err
		}
	}
	if doc := a.Object.Doc; doc != nil && (a.Type == vocab.Create || a.Type == vocab.Update) {
		if kind, ok := essaim.KindOf(doc); ok {
			p.kind, p.thing = kind, kind.Decode(doc)
			if from.outside() {
				if err := secondOpinion(doc); err != nil {
					return nil, err
				}
				p.html = text.SanitizeRemote(p.thing.Summary(s.Language).HTML)
			}
		}
	}
	return p, nil
}

// checkRemote holds the rules that need nothing but the activity: who signed speaks for himself (S1), of things of his own server (S2), and
// never of ours as if they were his (S8).
func checkRemote(site essaim.Site, a *vocab.Activity, from Origin) error {
	switch {
	case a.Actor == "" || len(a.Actor) > maxIRI || len(a.ID) > maxIRI || len(a.Object.ID) > maxIRI:
		return refused("an activity needs an actor, and addresses of at most %d characters", maxIRI)
	case from.kind == remote && from.signer != a.Actor:
		return refused("%s signed for %s (S1)", from.signer, a.Actor)
	case from.kind == fetched && from.host != essaim.HostOf(a.Actor):
		return refused("%s was read at %s (S4)", a.Actor, from.host)
	case site.Owns(a.Actor):
		return refused("%s is ours (S8)", a.Actor)
	case a.ID != "" && !essaim.SameOrigin(a.ID, a.Actor):
		return refused("the activity %s is not of its actor's server (S2)", a.ID)
	case a.ID == "" && from.kind == remote:
		return refused("an activity needs an id (S2)")
	}
	return nil
}

// secondOpinion has the vocabulary library judge core objects that are shown from a few properties only; Notes, Events and actors are read by our own
// code after the guards of vocab.Parse (design §14).
func secondOpinion(doc *vocab.Object) error {
	switch doc.Type() {
	case vocab.Article, vocab.Question, "Page", "Video", "Audio", "Document":
		if err := vocab.CheckCore(doc); errors.Is(err, vocab.ErrMalformed) {
			return refused("%s is not well formed: %w", doc.ID(), err)
		}
	}
	return nil
}
