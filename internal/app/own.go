package app

import (
	"context"
	"io"
	"path/filepath"
	"strings"

	"essaim/internal/archive"
	"essaim/internal/essaim"
	"essaim/internal/media"
	"essaim/internal/notice"
)

// openOwn prepares what people get for themselves: letters about what happens to them, and copies of all they have here.
func (a *App) openOwn(ctx context.Context, o Options) (err error) {
	if a.Notice, err = notice.New(ctx, notice.Options{DB: a.DB, Jobs: a.Jobs, Mail: a.Mail, Site: a.Site, Clock: o.Clock}); err != nil {
		return err
	}
	if err := a.Notice.Register(); err != nil {
		return err
	}
	blobs := media.Folder(filepath.Join(o.Config.Data, "media"))
	a.Archive = archive.New(archive.Options{DB: a.DB, Jobs: a.Jobs, Site: a.Site, Folder: filepath.Join(o.Config.Data, "exports"), Clock: o.Clock, Random: random,
		Pictures: func(ctx context.Context, stem, mediaType string) (io.ReadCloser, string, error) {
			name := essaim.PictureFile{Stem: stem, Ext: strings.Replace(strings.TrimPrefix(mediaType, "image/"), "jpeg", "jpg", 1)}.String()
			f, _, err := blobs.Open(ctx, name)
			return f, name, err
		}})
	return a.Archive.Register()
}
