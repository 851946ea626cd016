package fedi

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/gorilla/mux"

	"essaim/federation/inbox"
	"essaim/federation/nodeinfo"
	"essaim/federation/sig"
	"essaim/federation/vocab"
	"essaim/federation/webfinger"
	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/httpx"
	"essaim/internal/jobs"
	"essaim/internal/store"
)

// KeySource gives the public keys of others: cached, or by one retrieval. With refresh it retrieves again unless it did
// lately. Errors wrap inbox.ErrKeyUnknown, inbox.ErrKeyUnreachable or inbox.ErrBlocked.
type KeySource interface {
	Key(ctx context.Context, keyID string, refresh bool) (*sig.PublicKey, error)
}

// Modes of Options.Federation.
const (
	Open      = "open"
	Allowlist = "allowlist" // only with hosts the operator allowed; implies SecureFetch
	Off       = "off"
)

// Options of New. DB, Site, Activity, Jobs, Keys and Tokens are needed.
type Options struct {
	DB       *store.DB
	Site     essaim.Site
	Activity *activity.Service
	Jobs     *jobs.Queue
	Keys     KeySource
	// Tokens tells whose a bearer token is and what it allows; Unauthorized when it is not valid.
	Tokens func(ctx context.Context, bearer string) (account *store.Account, scope string, err error)
	// Prepare does what needs the network before a member's activity is applied: mentions, actors, parents.
	Prepare func(ctx context.Context, a *vocab.Activity, by *store.Account) error
	// Policy judges a host: nil, or an error that wraps inbox.ErrBlocked. Nil goes by the hosts table and Federation.
	Policy func(ctx context.Context, host string) error
	// Heard notes that the server of an actor signed a request that was verified, and how (design §14).
	Heard func(ctx context.Context, signer string, family sig.Family, ed25519 bool) error
	// Ready tells whether the rest of the program works, for /readyz.
	Ready func(ctx context.Context) error
	Clock func() time.Time

	Version, Repository, Homepage string            // of the software
	Name, Description             string            // of the instance
	Territories                   []string          // keys the instance declares (D13)
	Intents                       map[string]string // WebFinger relation of FEP-3b86 to path and query, once the page exists
	Federation                    string            // Open when ""
	SecureFetch                   bool              // documents are for signed requests only (ESSAIM_SECURE_FETCH)
	Rates                         inbox.Rates
	Logger                        *slog.Logger
}

// Service answers for one instance. It is safe for concurrent use.
type Service struct {
	Options
	inbox   http.Handler
	usage   atomic.Pointer[usage]
	arrived atomic.Int64 // activities handed over, to look at the backlog now and then
	full    atomic.Bool
}

// New makes the service.
func New(o Options) *Service {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Federation == "" {
		o.Federation = Open
	}
	if o.Federation == Allowlist {
		o.SecureFetch = true
	}
	s := &Service{Options: o}
	if s.Policy == nil {
		s.Policy = s.policy
	}
	s.inbox = s.newInbox()
	return s
}

// Routes mounts every address of design §9 that is for servers, for clients of the protocol, and for probes.
func (s *Service) Routes(r *mux.Router) {
	r.Handle("/.well-known/webfinger", webfinger.Handler(s.lookup))
	r.Handle("/.well-known/host-meta", webfinger.HostMeta(s.Site.Base))
	info := nodeinfo.Handler(s.Site.Base, s.Site.Instance(), s.nodeInfo)
	for _, path := range []string{nodeinfo.WellKnownPath, nodeinfo.Path20, nodeinfo.Path21} {
		r.Handle(path, info)
	}
	r.HandleFunc("/healthz", s.healthz)
	r.HandleFunc("/readyz", s.readyz)

	r.Handle("/inbox", s.inbox)
	for _, actor := range []string{"/actor", "/actors/{handle}"} {
		r.Handle(actor, s.reading(s.actor))
		r.Handle(actor+"/inbox", s.token(s.inboxOf)).Methods(http.MethodGet, http.MethodHead, http.MethodOptions)
		r.Handle(actor+"/inbox", s.inbox)
		r.Handle(actor+"/outbox", s.token(s.post)).Methods(http.MethodPost, http.MethodOptions)
		r.Handle(actor+"/{collection}", s.reading(s.actorCollection))
	}
	r.Handle("/objects/{id}", s.reading(s.object))
	r.Handle("/objects/{id}/{collection}", s.reading(s.objectCollection))
	r.Handle("/activities/{id}", s.reading(s.activity))
	// The page of a tag has the same address.
	r.Handle("/tags/{tag}", s.reading(s.tag)).MatcherFunc(func(r *http.Request, _ *mux.RouteMatch) bool { return httpx.WantsActivity(r) })
}

// reading mounts a handler of documents: GET and HEAD, readable by any web page since no cookie counts here.
func (s *Service) reading(h httpx.Handler) http.Handler {
	return httpx.Handle(func(w http.ResponseWriter, r *http.Request) error {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			return httpx.NoMethod("GET, HEAD")
		}
		if s.SecureFetch {
			w.Header().Set("Cache-Control", "private") // no cache between us may answer for another signer (S34)
		}
		return h(w, r)
	}, s.fail)
}

// fail answers an error; what says nothing of its status by itself is given one here.
func (s *Service) fail(w http.ResponseWriter, r *http.Request, err error) {
	w.Header().Set("Vary", httpx.Vary)
	if e, ok := errors.AsType[*sig.Error](err); ok {
		err = &httpx.StatusError{Status: e.Status, Sentence: e.Reason}
	}
	httpx.Problem(w, r, err)
}

func (s *Service) policy(ctx context.Context, host string) error {
	if s.Federation == Off {
		return fmt.Errorf("%w: federation is off", inbox.ErrBlocked)
	}
	p, err := store.PolicyOf(ctx, s.DB.Read(), host)
	if err == nil && (p == store.HostBlocked || s.Federation == Allowlist && p != store.HostAllowed) {
		err = fmt.Errorf("%w: %s", inbox.ErrBlocked, host)
	}
	return err
}

// absent is the one answer for what is not there and for what is not shown (S45).
func absent() error { return essaim.Errorf(essaim.NotFound, "there is nothing here") }

// found turns the store's ErrNotFound into absent.
func found(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return absent()
	}
	return err
}
