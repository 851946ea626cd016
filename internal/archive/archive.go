// Package archive makes copies for people of all they have on an instance: ActivityStreams documents, tables for a spreadsheet, pictures, in one ZIP file that
// stays for a week (product-L4, F47).
//
// A copy is a durable job with its progress in a row: a process killed half-way makes it anew. The package refuses to give a copy to anybody but its
// account, and to hold what belongs to others: of the people followed, liked or blocked it keeps addresses, nothing they wrote.
package archive

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"essaim/internal/essaim"
	"essaim/internal/jobs"
	"essaim/internal/store"
)

// Job is the kind of jobs that make copies.
const Job = "export"

// Options of New. All are needed but Ready.
type Options struct {
	DB     *store.DB
	Jobs   *jobs.Queue
	Site   essaim.Site
	Folder string // where the files are kept
	Clock  func() time.Time
	Random func() uint64
	// Pictures opens the file of an upload by its stem and media type, and names it.
	Pictures func(ctx context.Context, stem, mediaType string) (file io.ReadCloser, name string, err error)
	// Ready is told in the transaction that finishes a copy.
	Ready func(ctx context.Context, tx *store.Tx, e *store.Export) error
}

// Service makes copies for one instance.
type Service struct{ Options }

// New makes the service.
func New(o Options) *Service { return &Service{o} }

// Kept is how long a copy can be fetched.
const Kept = 7 * 24 * time.Hour

// pause is how long after a copy another may be asked for.
const pause = time.Hour

type args struct {
	Export essaim.ID `json:"export"`
}

// Register has the queue make the copies, one at a time.
func (s *Service) Register() error {
	return s.Jobs.Register(jobs.Kind{Name: Job, Handler: s.work, Concurrency: 1, Lease: 15 * time.Minute})
}

// Request asks for a copy of all an account has. One that is under way, or younger than an hour, is a Conflict.
func (s *Service) Request(ctx context.Context, account essaim.ID) (*store.Export, error) {
	now := s.Clock().UTC()
	e := &store.Export{ID: essaim.NewID(now, now, s.Random()), Account: account, Created: now}
	err := s.DB.Write(ctx, store.Promised, func(tx *store.Tx) error {
		made, err := store.ExportsOf(ctx, tx, account)
		if err != nil {
			return err
		}
		for _, m := range made {
			if m.State == store.ExportRunning || m.State == store.ExportReady && now.Sub(m.Created) < pause {
				return essaim.Errorf(essaim.Conflict, "a copy is under way, or was made less than an hour ago")
			}
		}
		if err := tx.PutExport(ctx, e); err != nil {
			return err
		}
		return s.Jobs.Insert(ctx, tx, jobs.New{Kind: Job, Serial: account.String(), Args: args{e.ID}})
	})
	return e, err
}

// Open gives the file of a copy to the account it belongs to; anything else is NotFound.
func (s *Service) Open(ctx context.Context, account, id essaim.ID) (*os.File, *store.Export, error) {
	e, err := store.ExportByID(ctx, s.DB.Read(), id)
	if err != nil {
		return nil, nil, err
	}
	if e.Account != account || e.State != store.ExportReady {
		return nil, nil, store.ErrNotFound
	}
	f, err := os.Open(s.path(e.Name))
	if errors.Is(err, fs.ErrNotExist) {
		err = store.ErrNotFound
	}
	return f, e, err
}

func (s *Service) path(name string) string { return filepath.Join(s.Folder, filepath.Base(name)) }

func (s *Service) work(ctx context.Context, j *jobs.Job) error {
	var a args
	if err := json.Unmarshal(j.Args, &a); err != nil {
		return jobs.Permanent(err)
	}
	e, err := store.ExportByID(ctx, s.DB.Read(), a.Export)
	if errors.Is(err, store.ErrNotFound) {
		return jobs.ErrAbandon // the account is gone
	}
	if err != nil {
		return err
	}
	account, err := store.AccountByID(ctx, s.DB.Read(), e.Account)
	if errors.Is(err, store.ErrNotFound) {
		return jobs.ErrAbandon
	}
	if err != nil {
		return err
	}
	err = s.make(ctx, e, account)
	if err != nil && j.Attempts < mostAttempts {
		return err
	}
	e.State, e.Finished = store.ExportReady, s.Clock().UTC()
	if err != nil {
		e.State, e.Name = store.ExportFailed, ""
	}
	failed := err
	err = s.DB.Write(ctx, store.Promised, func(tx *store.Tx) error {
		if err := tx.PutExport(ctx, e); err != nil {
			return err
		}
		if failed != nil {
			return nil // the job stays, dead, for the operator to see
		}
		if s.Ready != nil {
			if err := s.Ready(ctx, tx, e); err != nil {
				return err
			}
		}
		return j.Done(ctx, tx)
	})
	if failed != nil {
		return jobs.Permanent(errors.Join(failed, err))
	}
	return err
}

// mostAttempts is how often a copy is tried before its person is told that it failed.
const mostAttempts = 3

// make writes the file under another name and moves it once it is whole.
func (s *Service) make(ctx context.Context, e *store.Export, account *store.Account) (err error) {
	if err := os.MkdirAll(s.Folder, 0o700); err != nil {
		return fmt.Errorf("the folder of copies: %w", err)
	}
	f, err := os.CreateTemp(s.Folder, partial+"*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.Close(), os.Remove(f.Name()))
		}
	}()
	w := &writer{Service: s, export: e, account: account}
	if err := w.write(ctx, f); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		return err
	}
	e.Name, e.Bytes = e.ID.String()+".zip", info.Size()
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), s.path(e.Name))
}

// partial begins the names of files that are being written.
const partial = "partial-"

// Sweep removes what was kept long enough, and what a killed process left.
func (s *Service) Sweep(ctx context.Context) error {
	now := s.Clock()
	old, err := store.ExportsBefore(ctx, s.DB.Read(), now.Add(-Kept), 50)
	if err != nil {
		return err
	}
	for _, e := range old {
		if e.Name != "" {
			if err := os.Remove(s.path(e.Name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
		if err := s.DB.Write(ctx, store.Relaxed, func(tx *store.Tx) error { return tx.DropExport(ctx, e.ID) }); err != nil {
			return err
		}
	}
	return s.sweepFiles(ctx, now)
}

// sweepFiles removes files that no row names any more: those of a deleted account, and unfinished ones.
func (s *Service) sweepFiles(ctx context.Context, now time.Time) error {
	entries, err := os.ReadDir(s.Folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil || now.Sub(info.ModTime()) < pause {
			continue
		}
		if id, err := essaim.ParseID(strings.TrimSuffix(entry.Name(), ".zip")); err == nil && !strings.HasPrefix(entry.Name(), partial) {
			_, err := store.ExportByID(ctx, s.DB.Read(), id)
			if err == nil {
				continue
			}
			if !errors.Is(err, store.ErrNotFound) {
				return err
			}
		}
		if err := os.Remove(s.path(entry.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
