package web

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"mime"
	"net/http"
	"path"
	"slices"

	"github.com/gorilla/mux"
)

// assets are the static files, under an address that holds the hash of all of them: what is cached is never wrong, and the stylesheet names its
// fonts by relative addresses.
type assets struct {
	prefix string // /static/{hash}/
	hash   string
	files  map[string]asset
}

type asset struct {
	kind        string
	body, small []byte // small is gzipped; nil when it gains nothing
}

// sheet is the one stylesheet.
const sheet = "essaim.css"

// loadAssets reads our files, then those of the operator's theme, which take the place of ours where they bear the same name; its rules follow ours in the one
// stylesheet.
func loadAssets(t *theme) (*assets, error) {
	a := &assets{files: make(map[string]asset)}
	bodies := make(map[string][]byte)
	err := fs.WalkDir(files, "static", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			bodies[name[len("static/"):]], err = files.ReadFile(name)
		}
		return err
	})
	maps.Copy(bodies, t.files)
	bodies[sheet] = append(slices.Clone(bodies[sheet]), t.rules...)
	sum := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(bodies)) {
		body := bodies[name]
		fmt.Fprintf(sum, "%s %d\n%s", name, len(body), body)
		f := asset{kind: kindOfFile(name), body: body, small: compressed(body, gzip.BestCompression)}
		if len(f.small) > len(body)*9/10 {
			f.small = nil
		}
		a.files[name] = f
	}
	a.hash = hex.EncodeToString(sum.Sum(nil)[:6])
	a.prefix = "/static/" + a.hash + "/"
	return a, err
}

// kindOfFile does not depend on what the machine has in its tables of media types.
func kindOfFile(name string) string {
	switch ext := path.Ext(name); ext {
	case ".woff2":
		return "font/woff2"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".txt":
		return "text/plain; charset=utf-8"
	default:
		return mime.TypeByExtension(ext)
	}
}

func (a *assets) serve(w http.ResponseWriter, r *http.Request) {
	f, ok := a.files[mux.Vars(r)["name"]]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	if mux.Vars(r)["hash"] != a.hash { // a page of an older version asks: it gets what there is, and must not keep it
		h.Set("Cache-Control", "no-cache")
	}
	h.Set("Content-Type", f.kind)
	h.Add("Vary", "Accept-Encoding")
	body := f.body
	if f.small != nil && takesGzip(r) {
		h.Set("Content-Encoding", "gzip")
		body = f.small
	}
	h.Set("Content-Length", fmt.Sprint(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the reader may go away
	}
}
