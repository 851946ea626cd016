package media

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/jobs"
	"essaim/internal/store"
)

// Register has a queue remove the files of pictures whose rows are gone, and the copies of those that other servers deleted (activity.JobPictures). Who drops rows inserts that job in the same transaction, so
// that a deletion ends in every case.
func (s *Service) Register(q *jobs.Queue) error {
	return q.Register(jobs.Kind{Name: activity.JobPictures, Handler: func(ctx context.Context, j *jobs.Job) error {
		var args activity.PicturesArgs
		if err := json.Unmarshal(j.Args, &args); err != nil {
			return jobs.Permanent(err)
		}
		for _, name := range args.Names {
			if err := removeFiles(ctx, s.Blobs, name); err != nil {
				return err
			}
		}
		if s.proxy == nil {
			return nil
		}
		for _, stem := range args.Distant {
			if err := removeFiles(ctx, s.proxy.Folder, stem); err != nil {
				return err
			}
		}
		return nil
	}})
}

func (s *Service) erase(ctx context.Context, tx *store.Tx, names []string) error {
	if len(names) == 0 {
		return nil
	}
	return s.Jobs.Insert(ctx, tx, jobs.New{Kind: activity.JobPictures, Args: activity.PicturesArgs{Names: names}})
}

// removeFiles removes every file a picture of this name may have.
func removeFiles(ctx context.Context, from Blobs, name string) error {
	for _, size := range essaim.PictureSizes {
		for _, ext := range []string{"jpg", "png"} {
			f := essaim.PictureFile{Stem: name, Size: size, Ext: ext}
			if _, ok := essaim.ParsePictureFile(f.String()); !ok {
				return jobs.Permanent(fmt.Errorf("media: %q is not the name of a picture", name))
			}
			if err := from.Remove(ctx, f.String()); err != nil {
				return err
			}
		}
	}
	return nil
}

// What a sweep does at most; App runs one every ten minutes.
const (
	waitingFor   = 24 * time.Hour // how long an upload waits for something that shows it
	sweptAtOnce  = 200            // rows
	shelvesSwept = 16             // of some thousand, so that all are seen within a day
)

// Sweep drops the uploads that nothing came to show, and looks through a part of the folders for files without a row: what a process that was killed between
// writing a file and its row left behind. It must not run twice at once.
func (s *Service) Sweep(ctx context.Context) error {
	before := s.Clock().Add(-waitingFor)
	err := s.DB.Write(ctx, store.Relaxed, func(tx *store.Tx) error {
		names, err := tx.DropWaitingMedia(ctx, before, sweptAtOnce)
		if err != nil {
			return err
		}
		return s.erase(ctx, tx, names)
	})
	for range shelvesSwept {
		if err != nil {
			return err
		}
		var names []string
		if s.swept, names, err = s.Blobs.Shelf(ctx, s.swept, before); err == nil {
			err = s.sweepFiles(ctx, names)
		}
		if s.swept == "" {
			break
		}
	}
	if err == nil && s.proxy != nil {
		err = s.proxy.shelf.expire(s.Clock().Add(-keptFor))
	}
	return err
}

// sweepFiles removes those files that no row knows.
func (s *Service) sweepFiles(ctx context.Context, names []string) error {
	for _, name := range names {
		f, ok := essaim.ParsePictureFile(name)
		if !ok {
			continue // the operator's own
		}
		_, err := store.MediaByName(ctx, s.DB.Read(), f.Stem)
		if isNotFound(err) {
			err = s.Blobs.Remove(ctx, name)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
