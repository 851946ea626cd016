// Package media keeps the pictures of an instance: it takes an upload, makes of it three clean files, and serves them.
//
// A picture is decoded whole and written anew, so that nothing of the file that came is ever served: no metadata, no place where it was taken, no second
// meaning (S42). It refuses everything but JPEG, PNG, GIF and WebP, judged by content, and what would cost too much memory to decode. Uploads get names that
// cannot be guessed (S45) and belong to one actor, then to the one object that shows them.
//
// The work is done in the request, not in a job as LB37 would have it: a wrong file is refused at once, with the form still there, and the address can be
// served the moment the post that shows it reaches other servers. What LB37 is after, a bounded cost, the waiting line gives: one picture at a time on two
// processors, a few waiting, the rest told to come back.
//
// Files are written before their row, rows go before their files: a process killed in between leaves files without a row, which Sweep finds.
package media

import (
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"strings"
	"time"

	"essaim/federation/vocab"
	"essaim/internal/essaim"
	"essaim/internal/jobs"
	"essaim/internal/store"
)

// Options of New. DB, Jobs, Site and Blobs are needed.
type Options struct {
	DB    *store.DB
	Jobs  *jobs.Queue
	Site  essaim.Site
	Blobs Blobs // where the files of uploads are
	// Distant shows pictures of other servers; nil shows none. The HTTP client in it is handed over, never made here.
	Distant *Distant
	Clock   func() time.Time // nil is time.Now
	Random  func() uint64    // for ids; nil is crypto/rand
	Logger  *slog.Logger     // nil is silent
}

// Service keeps the pictures of one instance. It is safe for concurrent use.
type Service struct {
	Options
	line  *line
	proxy *proxy // nil when no pictures of other servers are shown
	swept string // the last folder the sweep looked into
}

// New makes the service. It writes nothing until a picture comes.
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
	s := &Service{Options: o, line: newLine()}
	if o.Distant != nil {
		s.proxy = newProxy(*o.Distant)
	}
	return s
}

// Limits of an upload.
const (
	MaxBytes   = 20 << 20 // of the file that is sent
	MaxAlt     = 1500     // characters of a text alternative, as on Mastodon
	maxWaiting = 40       // pictures of one owner that nothing shows yet
)

// Add takes a picture that an actor uploads: it is read to its end, at most MaxBytes, checked, cleaned, brought to its three sizes and kept. What comes back
// belongs to owner and is not published before an object that shows it is; within a day, or it is swept.
//
// alt may be left out along with decorative, so that a form with a good picture and no description loses nothing: it keeps the name, asks again and calls
// Describe. Publishing a picture that is neither described nor decorative is refused by internal/activity.
//
// Errors are Invalid with the field "picture" or "alt" and a sentence, which Key names for translation; or Unavailable when too many pictures wait.
func (s *Service) Add(ctx context.Context, owner essaim.ID, r io.Reader, alt string, decorative bool) (*store.Media, error) {
	alt, err := describe(alt, decorative)
	if err != nil {
		return nil, err
	}
	waiting, err := store.CountWaitingMedia(ctx, s.DB.Read(), owner)
	if err != nil {
		return nil, err
	}
	if waiting >= maxWaiting {
		return nil, fault("picture", "picture.too_many")
	}
	body, err := read(r)
	if err != nil {
		return nil, err
	}
	files, err := s.make(ctx, body)
	if err != nil {
		return nil, err
	}
	now := s.Clock().UTC()
	m := &store.Media{ID: essaim.NewID(now, now, s.Random()), Owner: owner, Name: strings.ToLower(rand.Text()), Type: files.Type, Width: files.Width, Height: files.Height,
		Blurhash: files.Blurhash, Alt: alt, Decorative: decorative && alt == "", Created: now}
	for _, size := range essaim.PictureSizes {
		if err := s.Blobs.Put(ctx, fileOf(m, size).String(), files.Body[size]); err != nil {
			return nil, essaim.Errorf(essaim.Unavailable, "the picture could not be kept; try again later: %w", err)
		}
		m.Bytes += int64(len(files.Body[size]))
	}
	return m, s.DB.Write(ctx, store.Promised, func(tx *store.Tx) error { return tx.InsertMedia(ctx, m) })
}

// Describe gives a picture of an owner another text alternative, before or after it is published; ErrNotFound when it is not theirs. What other servers
// show is the document's own, so that a published picture is described anew by an Update.
func (s *Service) Describe(ctx context.Context, owner essaim.ID, name, alt string, decorative bool) error {
	alt, err := describe(alt, decorative)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, store.Promised, func(tx *store.Tx) error {
		found, err := tx.DescribeMedia(ctx, owner, name, alt, decorative && alt == "")
		if err == nil && !found {
			return store.ErrNotFound
		}
		return err
	})
}

// Waiting finds a picture of an owner that a form kept by its name; ErrNotFound when it is not theirs or was swept.
func (s *Service) Waiting(ctx context.Context, owner essaim.ID, name string) (*store.Media, error) {
	m, err := store.MediaByName(ctx, s.DB.Read(), name)
	if err == nil && m.Owner != owner {
		return nil, store.ErrNotFound
	}
	return m, err
}

// Discard drops a picture of an owner that nothing shows: a form took it back.
func (s *Service) Discard(ctx context.Context, owner essaim.ID, name string) error {
	return s.DB.Write(ctx, store.Promised, func(tx *store.Tx) error {
		m, err := store.MediaByName(ctx, tx, name)
		if err != nil || m.Owner != owner || m.Object != 0 {
			return err
		}
		if err := tx.DropMedia(ctx, name); err != nil {
			return err
		}
		return s.erase(ctx, tx, []string{name})
	})
}

// Picture is a picture as a document shows it: what goes into the Pictures of a post or the Icon of a profile.
func (s *Service) Picture(m *store.Media) vocab.Picture {
	return vocab.Picture{URL: s.Address(m, essaim.Large), MediaType: m.Type, Alt: m.Alt, Width: int64(m.Width), Height: int64(m.Height), Blurhash: m.Blurhash}
}

// Address is where one of the files of a picture is served.
func (s *Service) Address(m *store.Media, size essaim.PictureSize) string {
	return s.Site.Picture(fileOf(m, size))
}

func fileOf(m *store.Media, size essaim.PictureSize) essaim.PictureFile {
	ext := "jpg"
	if m.Type == typePNG {
		ext = "png"
	}
	return essaim.PictureFile{Stem: m.Name, Size: size, Ext: ext}
}

// describe tidies a text alternative.
func describe(alt string, decorative bool) (string, error) {
	alt = strings.Join(strings.Fields(alt), " ")
	if len([]rune(alt)) > MaxAlt {
		return "", fault("alt", "picture.alt_long")
	}
	return alt, nil
}

// read takes the whole of an upload.
func read(r io.Reader) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	switch {
	case err != nil:
		return nil, essaim.Errorf(essaim.Invalid, "the picture did not arrive whole: %w", err)
	case len(body) > MaxBytes:
		return nil, fault("picture", "picture.too_heavy")
	case len(body) == 0:
		return nil, fault("picture", "picture.empty")
	}
	return body, nil
}
