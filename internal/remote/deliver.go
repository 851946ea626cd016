package remote

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"essaim/federation/deliver"
	"essaim/federation/fetch"
	"essaim/federation/inbox"
	"essaim/federation/sig"
	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/jobs"
	"essaim/internal/store"
)

// payload is a body about to go to many inboxes, hashed once.
type payload struct {
	body   []byte
	digest *sig.Digest
}

// maxGone is how many times an inbox may be missing before it is given up (DL4).
const maxGone = 3

// deliver does a job of that name, or a forward: one signed POST to one inbox. The verdict decides what becomes of the job (DL1 to DL6). A host
// that is down is not tried but by one probe; its jobs wait without being counted.
func (s *Service) deliver(ctx context.Context, j *jobs.Job) error {
	var args activity.DeliverArgs
	if err := json.Unmarshal(j.Args, &args); err != nil {
		return jobs.Permanent(refused("the arguments of the job cannot be read: %w", err))
	}
	host := fetch.Host(args.Inbox)
	if host == "" || s.own(host) {
		return jobs.Permanent(refused("%q is no inbox of another server", args.Inbox))
	}
	if err := s.Policy(ctx, host); err != nil {
		if errors.Is(err, inbox.ErrBlocked) {
			return jobs.ErrAbandon
		}
		return err
	}
	load, err := s.payload(ctx, j)
	if isNotFound(err) {
		return jobs.ErrAbandon // it was erased with what it was about
	}
	if err != nil {
		return err
	}
	id, err := s.identity(ctx, args.Actor)
	if isNotFound(err) {
		return jobs.Permanent(err)
	}
	if err != nil {
		return err
	}
	p, err := s.open(ctx, host)
	if err != nil {
		return err
	}
	r := s.post(ctx, p, id, args.Inbox, load.body, load.digest)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err := s.felt(ctx, p, r); err != nil {
		return err
	}
	return s.settle(ctx, j, args.Inbox, r)
}

// payload reads the bytes to send: those of the activity, or of the job itself for what is passed on.
func (s *Service) payload(ctx context.Context, j *jobs.Job) (payload, error) {
	if len(j.Body) > 0 {
		digest := sig.DigestOf(j.Body)
		return payload{j.Body, &digest}, nil
	}
	key := strconv.FormatInt(j.Activity, 10)
	if load, ok := s.payloads.get(key); ok {
		return load, nil
	}
	body, err := store.Payload(ctx, s.DB.Read(), essaim.ID(j.Activity))
	if err != nil {
		return payload{}, err
	}
	digest := sig.DigestOf(body)
	load := payload{body, &digest}
	s.payloads.put(key, load)
	return load, nil
}

// open asks whether a host may be written to now: its breaker (DL5), and the pace of first deliveries (R19). The error is a wait.
func (s *Service) open(ctx context.Context, host string) (*peer, error) {
	p, err := s.peer(ctx, host)
	if err != nil {
		return nil, err
	}
	now := s.Clock()
	ok, probe := healthOf(&p.Host).Allow(now)
	if ok && probe {
		if ok, err = s.tryProbe(ctx, host, now); err != nil {
			return nil, err
		}
		if p, err = s.peer(ctx, host); err != nil {
			return nil, err
		}
	}
	if !ok {
		return nil, jobs.Snooze(s.jitter(p.OpenUntil.Sub(now)), nil)
	}
	if p.LastOK.IsZero() {
		if wait := s.departures.Admit(host); wait > 0 {
			return nil, jobs.Snooze(s.jitter(wait), nil)
		}
	}
	return p, nil
}

// settle turns a verdict into what becomes of the job.
func (s *Service) settle(ctx context.Context, j *jobs.Job, to string, r deliver.Result) error {
	switch failure := (&answer{to, r}); r.Verdict {
	case deliver.Done:
		if j.Attempts > 1 { // the inbox may have been missing before
			return s.DB.Write(ctx, store.Relaxed, func(tx *store.Tx) error { return tx.RevivedInbox(ctx, to) })
		}
		return nil
	case deliver.Gone:
		misses, err := s.missed(ctx, to)
		if err != nil {
			return err
		}
		if misses >= maxGone {
			return jobs.Permanent(failure)
		}
		return failure
	case deliver.Refused:
		return jobs.Permanent(failure)
	default:
		if r.After > 0 {
			return jobs.Snooze(r.After, failure)
		}
		return failure
	}
}

func (s *Service) missed(ctx context.Context, to string) (misses int64, err error) {
	err = s.DB.Write(ctx, store.Relaxed, func(tx *store.Tx) error {
		misses, err = tx.MissedInbox(ctx, to, s.Clock())
		return err
	})
	return misses, err
}

// answer is why a delivery did not end well; the operator sees its text, nobody else.
type answer struct {
	inbox string
	deliver.Result
}

// Error names the inbox and the answer.
func (a *answer) Error() string {
	if a.Err != nil {
		return fmt.Sprintf("deliver to %s: %v", a.inbox, a.Err)
	}
	return fmt.Sprintf("deliver to %s: answered %d", a.inbox, a.Status)
}

// Unwrap gives the cause when there was no answer.
func (a *answer) Unwrap() error { return a.Err }

// HTTPStatus is kept with the job.
func (a *answer) HTTPStatus() int { return a.Status }

// erase buries what a deleted actor had published, page by page; the last page ends the job.
func (s *Service) erase(ctx context.Context, j *jobs.Job) error {
	var args activity.EraseArgs
	if err := json.Unmarshal(j.Args, &args); err != nil {
		return jobs.Permanent(refused("the arguments of the job cannot be read: %w", err))
	}
	for {
		more, err := s.Activity.EraseBatch(ctx, essaim.ID(args.Actor), j.Done)
		if err != nil || !more {
			return err
		}
		if s.busy() {
			return jobs.Snooze(busyPause, nil)
		}
	}
}

// How long the writer may make others wait before bulk work steps aside, and for how long (LB8).
const (
	busyWait  = 50 * time.Millisecond
	busyPause = 2 * time.Second
)

func (s *Service) busy() bool { return s.DB.WriterWait() > busyWait }
