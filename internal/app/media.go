package app

import (
	"net/http"
	"path/filepath"
	"strings"

	"github.com/gorilla/mux"

	"essaim/internal/essaim"
	"essaim/internal/media"
)

// openMedia prepares the pictures, whose files are under the folder of the settings.
func (a *App) openMedia(o Options) error {
	a.Media = media.New(media.Options{DB: a.DB, Jobs: a.Jobs, Site: a.Site, Blobs: media.Folder(filepath.Join(o.Config.Data, "media")), Clock: o.Clock, Random: random, Logger: o.Logger})
	return a.Media.Register(a.Jobs)
}

// pictures mounts what serves them.
func (a *App) pictures(r *mux.Router) {
	r.HandleFunc(essaim.MediaPath+"{name}", func(w http.ResponseWriter, r *http.Request) { a.Media.ServePicture(w, r, mux.Vars(r)["name"]) }).
		Methods(http.MethodGet, http.MethodHead)
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
