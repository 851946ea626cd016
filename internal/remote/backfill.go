package remote

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"essaim/federation/fetch"
	"essaim/federation/nodeinfo"
	"essaim/federation/vocab"
	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/jobs"
	"essaim/internal/store"
)

// walkDead is how long a walk may stand still before asking for it again begins it anew.
const walkDead = 48 * time.Hour

// Backfill has everything read that an actor or a whole instance published: ref is a host, the address of a server, a handle or an id. The work is
// a chain of jobs, one page each, that goes on where it was after any stop. It returns the root to ask Progress for; a walk that is under way is
// not begun twice.
func (s *Service) Backfill(ctx context.Context, ref string) (root string, err error) {
	if root, err = s.root(ctx, ref); err != nil {
		return "", err
	}
	err = s.DB.Write(ctx, store.Promised, func(tx *store.Tx) error {
		was, err := store.BackfillByRoot(ctx, tx, root)
		if err == nil && was.State == store.BackfillRunning && s.Clock().Sub(was.Updated) < walkDead {
			return nil
		}
		if err != nil && !isNotFound(err) {
			return err
		}
		return s.begin(ctx, tx, root, 0)
	})
	return root, err
}

// begin notes a walk and leaves its first job; pages bounds what is read of each collection, 0 for the whole.
func (s *Service) begin(ctx context.Context, tx *store.Tx, root string, pages int) error {
	now := s.Clock()
	if err := tx.PutBackfill(ctx, &store.Backfill{Root: root, State: store.BackfillRunning, Started: now, Updated: now}); err != nil {
		return err
	}
	return s.Jobs.Insert(ctx, tx, jobs.New{Kind: activity.JobBackfill, Lane: hostOfRoot(root), Serial: root, Args: activity.BackfillArgs{Root: root, Pages: pages}})
}

// root names what is walked: a host for an instance, an id for an actor.
func (s *Service) root(ctx context.Context, ref string) (string, error) {
	ref = strings.TrimSpace(ref)
	if host, ok := isRoot(ref); ok {
		ref = host
	}
	if strings.ContainsAny(ref, "@/") {
		a, err := s.Actor(ctx, ref)
		if err != nil {
			return "", err
		}
		return a.IRI, nil
	}
	host, err := fetch.NormalHost(ref)
	if err != nil || s.own(host) {
		return "", &essaim.Error{Code: essaim.Invalid, Sentence: "a backfill reads another server, such as innov.example, or an account of it", Err: err}
	}
	return host, mask(s.Policy(ctx, host), host)
}

func isInstance(root string) bool { return !strings.Contains(root, "/") }

func hostOfRoot(root string) string {
	if isInstance(root) {
		return root
	}
	return essaim.HostOf(root)
}

// Progress tells how far a walk got; ErrNotFound when there was none.
func (s *Service) Progress(ctx context.Context, root string) (*store.Backfill, error) {
	return store.BackfillByRoot(ctx, s.DB.Read(), root)
}

// spokesman finds whom a reference means to be followed: an actor, or for a host the actor that speaks for it.
func (s *Service) spokesman(ctx context.Context, ref string) (*store.Actor, error) {
	root, err := s.root(ctx, ref)
	if err != nil {
		return nil, err
	}
	if isInstance(root) {
		if root, err = s.application(ctx, root); err != nil {
			return nil, mask(err, ref)
		}
	}
	return s.Actor(ctx, root)
}

// FollowAs has an actor of this instance follow one found by ref, a handle, an address or a host, unless it does so already.
func (s *Service) FollowAs(ctx context.Context, actor, ref string) (*store.Actor, error) {
	target, err := s.spokesman(ctx, ref)
	if err != nil {
		return nil, err
	}
	by, err := store.ActorByIRI(ctx, s.DB.Read(), actor)
	if err != nil {
		return nil, mask(err, actor)
	}
	rel, err := store.FindRelation(ctx, s.DB.Read(), store.RelFollow, by.ID, target.ID)
	if err == nil && rel.State != store.Rejected {
		return target, nil
	}
	if err != nil && !isNotFound(err) {
		return nil, err
	}
	_, err = s.Activity.Apply(ctx, &vocab.Activity{Type: vocab.Follow, Actor: actor, Object: vocab.Item{ID: target.IRI}}, activity.System())
	return target, err
}

// Requests that one page may cost, its items and their authors included.
const pageBudget = 100

// backfill does a job of that name: one page. What the page brought is applied first, then one transaction notes the progress, leaves the job of the
// next page and ends this one: a kill in between repeats a page, which changes nothing.
func (s *Service) backfill(ctx context.Context, j *jobs.Job) error {
	var args activity.BackfillArgs
	if err := json.Unmarshal(j.Args, &args); err != nil {
		return jobs.Permanent(refused("the arguments of the job cannot be read: %w", err))
	}
	if s.busy() {
		return jobs.Snooze(busyPause, nil)
	}
	ctx = fetch.WithBudget(ctx, pageBudget)
	at, err := readCursor(args.Cursor)
	if err == nil && args.Cursor == "" {
		at, err = s.plan(ctx, args.Root)
	}
	if err != nil || at.At == "" {
		return s.stopped(ctx, j, args, err)
	}
	p, err := s.page(ctx, at.At)
	if err != nil {
		return s.stopped(ctx, j, args, err)
	}
	taken, err := s.takePage(ctx, p, j.Attempts)
	if err != nil {
		return err
	}
	next := at.after(p.next, args.Pages)
	return s.DB.Write(ctx, store.Relaxed, func(tx *store.Tx) error {
		err := s.progress(ctx, tx, args.Root, func(b *store.Backfill) {
			b.Cursor, b.Error = next.String(), ""
			b.Pages++
			b.Items += taken
			if next.At == "" {
				b.State, b.Error = store.BackfillComplete, ""
			}
		})
		if err != nil {
			return err
		}
		if next.At != "" {
			follow := activity.BackfillArgs{Root: args.Root, Cursor: next.String(), Pages: args.Pages}
			if err := s.Jobs.Insert(ctx, tx, jobs.New{Kind: j.Kind, Lane: j.Lane, Serial: j.Serial, Args: follow}); err != nil {
				return err
			}
		}
		return j.Done(ctx, tx)
	})
}

// stopped ends a walk that has nothing to read, or that cannot go on; what may work later is tried again.
func (s *Service) stopped(ctx context.Context, j *jobs.Job, args activity.BackfillArgs, cause error) error {
	if temporary(cause) {
		err := s.DB.Write(ctx, store.Relaxed, func(tx *store.Tx) error {
			return s.progress(ctx, tx, args.Root, func(b *store.Backfill) { b.Error = cause.Error() })
		})
		return errors.Join(cause, err)
	}
	if cause != nil {
		s.Logger.Info("a backfill cannot go on", "root", args.Root, "reason", cause)
	}
	return s.DB.Write(ctx, store.Relaxed, func(tx *store.Tx) error {
		err := s.progress(ctx, tx, args.Root, func(b *store.Backfill) {
			b.State, b.Error = store.BackfillComplete, ""
			if cause != nil {
				b.State, b.Error = store.BackfillFailed, cause.Error()
			}
		})
		if err != nil {
			return err
		}
		return j.Done(ctx, tx)
	})
}

// progress changes the row of a walk, which a job that nobody asked Backfill for does not have yet.
func (s *Service) progress(ctx context.Context, tx *store.Tx, root string, change func(*store.Backfill)) error {
	now := s.Clock()
	b, err := store.BackfillByRoot(ctx, tx, root)
	if isNotFound(err) {
		b, err = &store.Backfill{Root: root, Started: now}, nil
	}
	if err != nil {
		return err
	}
	b.Updated = now
	change(b)
	return tx.PutBackfill(ctx, b)
}

// plan finds what to read of a root: of an instance its projects, events and needs, or what its actor published; of any other actor its outbox.
// An instance is followed before it is read, so that nothing falls between the reading and the following.
func (s *Service) plan(ctx context.Context, root string) (cursor, error) {
	ref := root
	if isInstance(root) {
		var err error
		if ref, err = s.application(ctx, root); err != nil {
			return cursor{}, err
		}
	}
	a, err := s.actor(ctx, ref)
	if err != nil {
		return cursor{}, err
	}
	if isInstance(root) {
		if _, err := s.FollowAs(ctx, s.Site.Instance(), a.IRI); err != nil {
			return cursor{}, err
		}
	}
	o, err := store.ObjectByID(ctx, s.DB.Read(), a.ID)
	if err != nil {
		return cursor{}, err
	}
	doc, err := o.Document()
	if err != nil {
		return cursor{}, err
	}
	return cursorOver(collectionsOf(doc)), nil
}

// application finds the actor that speaks for a host: the one NodeInfo names (FEP-2677), else where ours would be.
func (s *Service) application(ctx context.Context, host string) (string, error) {
	if err := s.Policy(ctx, host); err != nil {
		return "", err
	}
	peer, err := nodeinfo.Discover(ctx, s.Client, host)
	if err != nil && !errors.Is(err, nodeinfo.ErrNothing) && temporary(err) {
		return "", err
	}
	if err != nil || peer.Application == "" {
		return s.Client.Origin(host) + "/actor", nil
	}
	return peer.Application, s.change(ctx, host, func(h *store.Host) { h.Application, h.Software = peer.Application, peer.Software })
}

// collectionsOf lists the collections of an actor that are worth reading, on its own server.
func collectionsOf(doc *vocab.Object) []string {
	var all []string
	if doc.Type() == vocab.Application {
		for _, key := range []string{"projects", "events", "needs"} {
			if iri := doc.IRI(key); essaim.SameOrigin(iri, doc.ID()) {
				all = append(all, iri)
			}
		}
	}
	if iri := doc.IRI("outbox"); len(all) == 0 && essaim.SameOrigin(iri, doc.ID()) {
		all = append(all, iri)
	}
	return all
}
