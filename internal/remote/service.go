package remote

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"log/slog"
	"time"

	"essaim/federation/deliver"
	"essaim/federation/fetch"
	"essaim/federation/sig"
	"essaim/federation/webfinger"
	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/jobs"
	"essaim/internal/store"
)

// Mode is how open the instance is to others (ESSAIM_FEDERATION).
type Mode string

// The modes. Allowlist talks only to hosts whose policy is store.HostAllowed.
const (
	Open      Mode = "open"
	Allowlist Mode = "allowlist"
	Off       Mode = "off"
)

// Options of New. DB, Jobs, Activity, Site and Client are needed.
type Options struct {
	DB       *store.DB
	Jobs     *jobs.Queue
	Activity *activity.Service
	Site     essaim.Site
	// Client makes every request. Its Allow should be this service's Policy, so that redirects obey it too (S33).
	Client     *fetch.Client
	Webfinger  *webfinger.Client // nil makes one on Client
	Clock      func() time.Time  // nil is time.Now
	Random     func() uint64     // nil is crypto/rand
	Logger     *slog.Logger      // nil is silent
	Federation Mode              // "" is Open
}

// Service goes out for one instance. It is safe for concurrent use.
type Service struct {
	Options
	peers      *cache[*peer]
	identities *cache[*identity]
	keys       *cache[*sig.PublicKey] // of others, by key id
	tried      *cache[error]          // outcome of the last retrieval, by address (K2, S19)
	fresh      *cache[struct{}]       // actors known to be up to date, by iri
	payloads   *cache[payload]        // what is being fanned out, by activity
	retrievals flights[struct{}]
	actors     flights[*store.Actor]
	objects    flights[*store.Object]
	arrivals   *fetch.Pacer // hosts met for the first time (S39)
	departures *fetch.Pacer // hosts written to for the first time (R19)
}

// How long things are remembered in memory.
const (
	policyFor   = time.Minute // another node, or the operator, may have changed a host
	identityFor = 10 * time.Minute
	keyFor      = 10 * time.Minute
	triedFor    = 5 * time.Minute // K2
	actorFor    = 24 * time.Hour  // then it is read again
	payloadFor  = time.Minute
)

// Hosts met and hosts written to for the first time, in a minute and under one registrable domain (S39, R19).
const (
	newArrivals   = 10
	newDepartures = 8
)

// New makes the service. It does nothing by itself: Register has a queue run its jobs.
func New(o Options) *Service {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Random == nil {
		o.Random = random
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Federation == "" {
		o.Federation = Open
	}
	if o.Webfinger == nil {
		o.Webfinger = webfinger.NewClient(o.Client)
	}
	return &Service{
		Options:    o,
		peers:      newCache[*peer](10_000, policyFor, o.Clock),
		identities: newCache[*identity](5_000, identityFor, o.Clock),
		keys:       newCache[*sig.PublicKey](5_000, keyFor, o.Clock),
		tried:      newCache[error](20_000, triedFor, o.Clock),
		fresh:      newCache[struct{}](20_000, actorFor, o.Clock),
		payloads:   newCache[payload](32, payloadFor, o.Clock),
		arrivals:   fetch.NewPacer(newArrivals, o.Clock),
		departures: fetch.NewPacer(newDepartures, o.Clock),
	}
}

func random() uint64 {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return binary.LittleEndian.Uint64(b[:])
}

// Register has a queue run the jobs of this package. Deliveries are at most two at a time per host (DL2), and what is retried keeps its place
// before what came after it for the same inbox and object; what is received lets others of its author go ahead once it had to wait.
func (s *Service) Register(q *jobs.Queue) error {
	var errs []error
	for _, k := range []jobs.Kind{
		{Name: activity.JobReceive, Handler: s.receive, Concurrency: 32, LaneLimit: 16, ReleaseOrder: true, MaxAge: 3 * 24 * time.Hour},
		{Name: activity.JobDeliver, Handler: s.deliver, Concurrency: 100, LaneLimit: 2, Backoff: deliver.Backoff, MaxAge: deliver.Lifetime},
		{Name: activity.JobForward, Handler: s.deliver, Concurrency: 10, LaneLimit: 2, Backoff: deliver.Backoff, MaxAge: deliver.Lifetime},
		{Name: activity.JobParent, Handler: s.parent, Concurrency: 4, LaneLimit: 1, MaxAge: 24 * time.Hour},
		{Name: activity.JobBackfill, Handler: s.backfill, Concurrency: 2, LaneLimit: 1, Lease: 10 * time.Minute},
		{Name: activity.JobErase, Handler: s.erase},
	} {
		errs = append(errs, q.Register(k))
	}
	return errors.Join(errs...)
}

// own tells whether a host is this instance.
func (s *Service) own(host string) bool { return host == s.Site.Host }

// jitter is a wait lengthened by up to a fifth, so that what was put off together does not come back together.
func (s *Service) jitter(d time.Duration) time.Duration {
	d = max(d, time.Second)
	return d + time.Duration(s.Random()%uint64(d/5+1))
}
