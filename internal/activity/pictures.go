package activity

import (
	"context"
	"errors"
	"slices"

	"essaim/federation/vocab"
	"essaim/internal/essaim"
	"essaim/internal/i18n"
	"essaim/internal/jobs"
	"essaim/internal/store"
)

// keepPictures ties the pictures that a local object shows to it, and drops those it showed before and shows no more. A picture of this instance must belong
// to who shows it or to an actor the account acts for, show in one object only, and be described; pictures of elsewhere are nobody's here.
func (c *change) keepPictures(ctx context.Context, o *store.Object) error {
	if !c.byUs() {
		return nil
	}
	var shown []string
	for _, pic := range picturesOf(c.a.Object.Doc) {
		f, ours := c.Site.PictureAt(pic.URL)
		if !ours || slices.Contains(shown, f.Stem) {
			continue
		}
		shown = append(shown, f.Stem)
		m, err := store.MediaByName(ctx, c.tx, f.Stem)
		if errors.Is(err, store.ErrNotFound) {
			return essaim.FieldError("picture", "the picture %s is no longer here; upload it again", pic.URL)
		}
		if err != nil {
			return err
		}
		if err := c.mayShow(ctx, m, pic); err != nil {
			return err
		}
		free, err := c.tx.AttachMedia(ctx, m.Name, o.ID)
		if err != nil {
			return err
		}
		if !free {
			return essaim.FieldError("picture", "the picture %s already shows in something else; upload it again", pic.URL)
		}
	}
	return c.dropPictures(ctx, o, shown)
}

// picturesOf are all the pictures a document shows: attachments, image and icon.
func picturesOf(doc *vocab.Object) []vocab.Picture {
	return append(vocab.ReadPictures(doc), vocab.ReadPictures(vocab.New("", "").SetItem("image", doc.Item("icon")))...)
}

func (c *change) mayShow(ctx context.Context, m *store.Media, pic vocab.Picture) error {
	if pic.Alt == "" && !m.Described() {
		return essaim.FieldError("alt", "%s", i18n.T(i18n.EN, "picture.alt_missing"))
	}
	if m.Owner == c.actor.ID || c.from.kind == system {
		return nil
	}
	if c.from.kind == local {
		acts, err := c.actsFor(ctx, m.Owner)
		if err != nil || acts {
			return err
		}
	}
	return essaim.Errorf(essaim.Forbidden, "the picture %s is somebody else's; upload your own", pic.URL)
}

// dropPictures drops the pictures of a local object but those it still shows; their files go by a job, whatever happens to this process.
func (c *change) dropPictures(ctx context.Context, o *store.Object, shown []string) error {
	had, err := store.MediaOf(ctx, c.tx, o.ID)
	if err != nil {
		return err
	}
	var gone []string
	for _, m := range had {
		if slices.Contains(shown, m.Name) {
			continue
		}
		if err := c.tx.DropMedia(ctx, m.Name); err != nil {
			return err
		}
		gone = append(gone, m.Name)
	}
	return c.eraseFiles(ctx, PicturesArgs{Names: gone})
}

// forgetPictures drops all that a deleted object showed: of a local one its pictures, of one from elsewhere the copies made to show them.
func (c *change) forgetPictures(ctx context.Context, o *store.Object) error {
	if o.Local {
		return c.dropPictures(ctx, o, nil)
	}
	doc, err := vocab.Parse([]byte(o.Doc))
	if err != nil {
		return nil // what cannot be read was never shown
	}
	var copies []string
	for _, pic := range picturesOf(doc) {
		copies = append(copies, essaim.DistantStem(pic.URL))
	}
	return c.eraseFiles(ctx, PicturesArgs{Distant: copies})
}

func (c *change) eraseFiles(ctx context.Context, files PicturesArgs) error {
	if len(files.Names)+len(files.Distant) == 0 {
		return nil
	}
	return c.Jobs.Insert(ctx, c.tx, jobs.New{Kind: JobPictures, Args: files})
}
