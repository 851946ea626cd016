// Package app wires one whole instance together: database, jobs, activities, everything that goes out, everything that comes in, the pages. Tests, the
// demonstration and the commands all start from an App; nothing is global, so one process can hold many.
//
// It is the only place where surfaces meet: which of them answers an address that speaks both HTML and ActivityPub is decided here (routes.go).
package app

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"essaim/federation/fetch"
	"essaim/internal/activity"
	"essaim/internal/archive"
	"essaim/internal/auth"
	"essaim/internal/config"
	"essaim/internal/essaim"
	"essaim/internal/jobs"
	"essaim/internal/mail"
	"essaim/internal/media"
	"essaim/internal/notice"
	"essaim/internal/remote"
	"essaim/internal/search"
	"essaim/internal/store"
	"essaim/web"
)

// App is one instance.
type App struct {
	Config   *config.Config
	Site     essaim.Site
	DB       *store.DB
	Jobs     *jobs.Queue
	Activity *activity.Service
	Remote   *remote.Service
	Auth     *auth.Service
	Media    *media.Service
	Mail     *mail.Outbox
	Search   *search.Service
	Notice   *notice.Service
	Archive  *archive.Service
	Pages    *web.Pages
	Handler  http.Handler
	Logger   *slog.Logger

	clock   func() time.Time
	cancel  context.CancelFunc
	done    <-chan struct{}
	working sync.WaitGroup
	started atomic.Bool // requests ask it while Start and Close go on
}

// Options of New. Config is needed, the rest has a working default.
type Options struct {
	Config        *config.Config
	Logger        *slog.Logger
	Name          string // of the instance; its host when left out
	Description   string // one sentence
	Demonstration bool
	Letters       io.Writer       // where the demonstration prints its letters when there is no mail server
	Accelerator   *essaim.Profile // the body the instance belongs to, made at the first start
	NoMigrate     bool            // refuse a database that is not up to date

	// For tests.
	Clock     func() time.Time
	Transport http.RoundTripper             // instead of the guarded one
	Keys      func() (activity.Keys, error) // instead of the pool
	DB        *store.DB                     // instead of the one the settings name; migrated by its opener
}

// New opens and, at the first start, founds the instance the settings describe. It runs nothing yet.
func New(ctx context.Context, o Options) (_ *App, err error) {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	a := &App{Config: o.Config, Logger: o.Logger, clock: o.Clock, DB: o.DB}
	if a.Site, err = essaim.NewSite(o.Config.URL); err != nil {
		return nil, err
	}
	a.Site.Media = o.Config.MediaURL
	if a.DB == nil {
		if a.DB, err = openDatabase(ctx, o); err != nil {
			return nil, err
		}
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.DB.Close())
		}
	}()
	if err := a.keepAddress(ctx); err != nil {
		return nil, err
	}
	background, cancel := context.WithCancel(context.WithoutCancel(ctx))
	a.cancel, a.done = cancel, background.Done()
	keys := o.Keys
	if keys == nil {
		pool := newKeyPool(o.Logger)
		a.working.Go(func() { pool.run(background) })
		keys = pool.take
	}
	a.Jobs = jobs.NewQueue(a.DB, jobs.Options{Clock: o.Clock, Logger: o.Logger})
	if err := a.openMail(o); err != nil {
		return nil, err
	}
	a.Activity = activity.New(activity.Options{DB: a.DB, Jobs: a.Jobs, Site: a.Site, Clock: o.Clock, Random: random, Keys: keys, Logger: o.Logger})
	a.Auth = auth.New(auth.Options{DB: a.DB, Activity: a.Activity, Site: a.Site, Clock: o.Clock, Random: rand.Reader, Mail: a.Mail})
	a.Search = search.New(search.Options{DB: a.DB, Site: a.Site, Logger: o.Logger})
	client := a.client(o)
	if err := a.openRemote(o, client); err != nil {
		return nil, err
	}
	if err := a.openMedia(ctx, o, client); err != nil {
		return nil, err
	}
	if err := a.openOwn(ctx, o); err != nil {
		return nil, err
	}
	if err := a.found(ctx, o); err != nil {
		return nil, err
	}
	a.Handler, err = a.routes(o)
	return a, err
}

func openDatabase(ctx context.Context, o Options) (*store.DB, error) {
	db, err := openStore(ctx, o.Config, store.Options{Logger: o.Logger, Clock: o.Clock})
	if err != nil {
		return nil, err
	}
	migrate := db.Migrate
	if o.NoMigrate {
		migrate = func(ctx context.Context) error { return upToDate(ctx, db) }
	}
	if err := migrate(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func upToDate(ctx context.Context, db *store.DB) error {
	steps, err := db.MigrationStatus(ctx)
	if err != nil {
		return err
	}
	for _, s := range steps {
		if s.Applied.IsZero() {
			return fmt.Errorf("the database lacks migration %d; run: essaim migrate", s.Version)
		}
	}
	return nil
}

// keepAddress refuses to serve a database under another address than the one its ids were made with: every peer knows them by it.
func (a *App) keepAddress(ctx context.Context) error {
	return a.DB.Write(ctx, store.Promised, func(tx *store.Tx) error {
		first, err := tx.SetMetaOnce(ctx, "url", a.Site.Base)
		if err == nil && first != a.Site.Base {
			return fmt.Errorf("this database belongs to %s and ESSAIM_URL is now %s: other servers know everything here by the first address, so set it back, or start with a new database", first, a.Site.Base)
		}
		return err
	})
}

// client makes every request to a destination an outsider may name, through one guarded transport (law 5).
func (a *App) client(o Options) *fetch.Client {
	guard := fetch.Guard{Loopback: o.Config.Loopback}
	return fetch.New(fetch.Options{Guard: guard, Transport: o.Transport, UserAgent: fetch.UserAgent("Essaim", Version(), a.Site.Base), Now: o.Clock,
		Allow: func(ctx context.Context, host string) error { return a.Remote.Policy(ctx, host) }})
}

// openRemote prepares the outgoing side.
func (a *App) openRemote(o Options, client *fetch.Client) error {
	a.Remote = remote.New(remote.Options{DB: a.DB, Jobs: a.Jobs, Activity: a.Activity, Site: a.Site, Client: client, Clock: o.Clock, Logger: o.Logger,
		Federation: remote.Mode(o.Config.Federation)})
	return a.Remote.Register(a.Jobs)
}

// found makes the instance actor and the body it belongs to, once.
func (a *App) found(ctx context.Context, o Options) error {
	name := o.Name
	if name == "" {
		name = a.Site.Host
	}
	if err := a.Activity.FoundInstance(ctx, name, o.Description); err != nil {
		return err
	}
	if o.Accelerator == nil {
		return nil
	}
	_, err := store.ActorByHandle(ctx, a.DB.Read(), o.Accelerator.Handle, a.Site.Host)
	if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	_, err = a.Activity.Apply(ctx, activity.Create(a.Site.Instance(), o.Accelerator), activity.System())
	return err
}

func random() uint64 {
	var b [8]byte
	if _, err := io.ReadFull(rand.Reader, b[:]); err != nil {
		return uint64(time.Now().UnixNano()) // crypto/rand does not fail on the systems Go supports
	}
	return binary.LittleEndian.Uint64(b[:])
}

// Start runs the jobs, feeds the search index, and sweeps now and then, until Close.
func (a *App) Start(ctx context.Context) error {
	background := context.WithoutCancel(ctx)
	if err := a.Jobs.Start(background); err != nil {
		return err
	}
	a.started.Store(true)
	a.working.Go(func() { a.sweep(background) })
	feeding, stop := context.WithCancel(background)
	a.working.Go(func() { a.Search.Run(feeding) })
	a.working.Go(func() { <-a.done; stop() })
	return nil
}

// sweepEvery is how often what has served is forgotten; a sweep does a bounded part.
const sweepEvery = 10 * time.Minute

func (a *App) sweep(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		select {
		case <-a.done:
			return
		case <-tick.C:
		}
		for _, job := range []struct {
			what string
			do   func(context.Context) error
		}{{"what is known of other servers", a.Remote.Sweep}, {"pictures", a.Media.Sweep}, {"copies", a.Archive.Sweep}, {"accounts", a.Auth.Sweep}, {"weekly letters", a.Notice.WriteDigests}} {
			if err := job.do(ctx); err != nil {
				a.Logger.Error("a sweep failed; it is tried again", "of", job.what, "error", err)
			}
		}
		if _, err := a.Jobs.Purge(ctx, a.clock().Add(-deadKept)); err != nil {
			a.Logger.Error("dead jobs could not be purged", "error", err)
		}
	}
}

// deadKept is how long a job that failed for good stays for the operator to see.
const deadKept = 30 * 24 * time.Hour

// Backlog counts the jobs that are due or under way and what the search index lacks: nothing is left to settle when it is 0.
func (a *App) Backlog(ctx context.Context) (int, error) {
	n := 0
	for _, kind := range []string{activity.JobReceive, activity.JobDeliver, activity.JobForward, activity.JobParent, activity.JobBackfill, activity.JobErase, activity.JobPictures, activity.JobNotice, mail.Job, archive.Job} {
		k, err := a.Jobs.Backlog(ctx, kind, 1000)
		if err != nil {
			return 0, err
		}
		n += k
	}
	waiting, err := a.Search.Waiting(ctx, 1000)
	return n + waiting, err
}

// WorkOff runs what is due and indexes what waits, for commands that leave no server behind.
func (a *App) WorkOff(ctx context.Context) error {
	if _, err := a.Jobs.RunDue(ctx); err != nil {
		return err
	}
	return a.Search.Feed(ctx, nil)
}

// Close ends the jobs under way and the database. It may be called on an App that was never started.
func (a *App) Close() error {
	var errs []error
	if a.started.Load() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		errs = append(errs, a.Jobs.Stop(ctx))
		a.started.Store(false)
	}
	a.cancel()
	a.working.Wait()
	return errors.Join(append(errs, a.DB.Close())...)
}
