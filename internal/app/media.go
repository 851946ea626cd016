package app

import (
	"context"
	"crypto/rand"
	"net/http"
	"path/filepath"
	"strings"

	"github.com/gorilla/mux"

	"essaim/federation/fetch"
	"essaim/internal/essaim"
	"essaim/internal/media"
	"essaim/internal/store"
)

// openMedia prepares the pictures, whose files are under the folder of the settings.
func (a *App) openMedia(ctx context.Context, o Options, client *fetch.Client) error {
	distant, err := a.distant(ctx, client)
	if err != nil {
		return err
	}
	a.Media = media.New(media.Options{DB: a.DB, Jobs: a.Jobs, Site: a.Site, Blobs: media.Folder(filepath.Join(o.Config.Data, "media")), Distant: distant, Clock: o.Clock, Random: random, Logger: o.Logger})
	return a.Media.Register(a.Jobs)
}

// pictureTypes are the declared types of what the proxy of pictures reads. Some servers do not know better than the last ones; what it is, its content says.
var pictureTypes = []string{"image/jpeg", "image/png", "image/gif", "image/webp", "image/jpg", "application/octet-stream", "binary/octet-stream"}

// distant prepares the proxy of other servers' pictures, on the client that goes out for everything (law 5).
func (a *App) distant(ctx context.Context, client *fetch.Client) (*media.Distant, error) {
	var secret string
	err := a.DB.Write(ctx, store.Promised, func(tx *store.Tx) (err error) {
		secret, err = tx.SetMetaOnce(ctx, "pictures_secret", rand.Text())
		return err
	})
	return &media.Distant{
		Fetch: func(ctx context.Context, address string) ([]byte, error) {
			doc, err := client.Get(ctx, address, pictureTypes, fetch.MaxMedia)
			if err != nil {
				return nil, err
			}
			return doc.Body, nil
		},
		Fetchable: func(address string) bool { return client.Check(address) == nil },
		Allowed:   a.Remote.Policy,
		Secret:    []byte(secret),
		Folder:    media.Folder(filepath.Join(a.Config.Data, "cache", "pictures")),
	}, err
}

// pictures mounts what serves them.
func (a *App) pictures(r *mux.Router) {
	r.HandleFunc(essaim.MediaPath+"{name}", func(w http.ResponseWriter, r *http.Request) { a.Media.ServePicture(w, r, mux.Vars(r)["name"]) }).
		Methods(http.MethodGet, http.MethodHead)
	r.HandleFunc(essaim.DistantPath+"{code}/{size}/{address}", func(w http.ResponseWriter, r *http.Request) {
		v := mux.Vars(r)
		a.Media.ServeDistant(w, r, v["code"], v["size"], v["address"])
	}).Methods(http.MethodGet, http.MethodHead)
}

// apart keeps uploads on their own origin when there is one: its host serves nothing but pictures, and the site's none. An address of before the setting
// leads to the new one.
func (a *App) apart(site http.Handler) http.Handler {
	host := a.Site.MediaHost()
	if host == "" {
		return site
	}
	own := mux.NewRouter().UseEncodedPath()
	a.pictures(own)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked := strings.TrimSuffix(strings.TrimSuffix(strings.ToLower(r.Host), ":443"), ":80")
		switch {
		case asked == host:
			own.ServeHTTP(w, r)
		case strings.HasPrefix(r.URL.Path, essaim.MediaPath):
			http.Redirect(w, r, a.Site.Media+r.URL.EscapedPath(), http.StatusMovedPermanently)
		default:
			site.ServeHTTP(w, r)
		}
	})
}
