package media

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"io/fs"
	"net/http"

	"essaim/internal/essaim"
	"essaim/internal/store"
)

// Policy is the Content-Security-Policy of a picture: opened by itself it can do nothing (S42).
const Policy = "default-src 'none'; sandbox"

// ServePicture answers GET and HEAD of essaim.MediaPath and a file's name. What has a row is served with its own type and may be kept for ever, since its
// name is never given to anything else; all the rest is 404, with no word on why (S45).
func (s *Service) ServePicture(w http.ResponseWriter, r *http.Request, name string) {
	f, ok := essaim.ParsePictureFile(name)
	if !ok {
		absent(w)
		return
	}
	m, err := store.MediaByName(r.Context(), s.DB.Read(), f.Stem)
	switch {
	case isNotFound(err), err == nil && fileOf(m, f.Size) != f:
		absent(w)
		return
	case err != nil:
		s.fail(w, r, err)
		return
	}
	file, written, err := s.Blobs.Open(r.Context(), name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		s.Logger.Error("a picture has a row and no file", "name", m.Name)
		absent(w)
		return
	case err != nil:
		s.fail(w, r, err)
		return
	}
	defer file.Close()
	headers(w, m.Type)
	w.Header().Set("ETag", `"`+name+`"`)
	http.ServeContent(w, r, "", written, file)
}

// headers are those of every picture that is served.
func headers(w http.ResponseWriter, mediaType string) {
	h := w.Header()
	h.Set("Content-Type", mediaType)
	h.Set("Content-Disposition", "inline")
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	careful(h)
}

func careful(h http.Header) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", Policy)
	h.Set("Cross-Origin-Resource-Policy", "cross-origin") // other servers' pages may show it
}

// absent answers 404 without a word: nobody reads it, an img element asked.
func absent(w http.ResponseWriter) {
	h := w.Header()
	careful(h)
	h.Set("Cache-Control", "public, max-age=60")
	h.Set("Content-Length", "0")
	w.WriteHeader(http.StatusNotFound)
}

func (s *Service) fail(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() == nil {
		s.Logger.Error("a picture could not be served", "path", r.URL.Path, "error", err)
	}
	careful(w.Header())
	w.Header().Set("Content-Length", "0")
	w.WriteHeader(http.StatusServiceUnavailable)
}

func isNotFound(err error) bool { return errors.Is(err, store.ErrNotFound) }

func random() uint64 {
	var b [8]byte
	rand.Read(b[:])
	return binary.LittleEndian.Uint64(b[:])
}
