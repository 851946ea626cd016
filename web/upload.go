package web

import (
	"net/http"
	"strings"
	"time"

	"essaim/internal/essaim"
	"essaim/internal/httpx"
	"essaim/internal/media"
)

// Limits of forms. Those with files may hold four pictures, and take their time: a photograph over a slow telephone is a minute.
const (
	maxForm    = 1 << 20
	maxUpload  = 4*media.MaxBytes + maxForm
	inMemory   = 1 << 20 // of a form with files; the rest waits in temporary files
	uploadTime = 3 * time.Minute
)

// readForm reads what was posted into r.PostForm and, when it came with files, r.MultipartForm; forget then removes the temporary files. Files are for
// who brings a session, perhaps an expired one, whose text is still to be kept.
func (p *Pages) readForm(w http.ResponseWriter, r *http.Request) (forget func(), err error) {
	forget = func() {}
	if r.Method != http.MethodPost {
		return forget, nil
	}
	limit, parse := int64(maxForm), r.ParseForm
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		parse = func() error { return r.ParseMultipartForm(inMemory) }
		if _, err := r.Cookie(p.sessionCookie()); err == nil {
			limit = maxUpload
			moreTime(w)
		}
	}
	r.Body = http.MaxBytesReader(w, r.Body, limit)
	if err := parse(); err != nil {
		return forget, essaim.Errorf(essaim.Invalid, "the form could not be read: %w", err)
	}
	if files := r.MultipartForm; files != nil {
		forget = func() {
			if err := files.RemoveAll(); err != nil { // net/http would, but knows only the request that it made
				httpx.NoteError(r, err)
			}
		}
	}
	return forget, nil
}

// moreTime puts off the deadlines of the connection; where there is none to put off, as in tests, nothing is lost.
func moreTime(w http.ResponseWriter) {
	c, until := http.NewResponseController(w), time.Now().Add(uploadTime)
	_ = c.SetReadDeadline(until)
	_ = c.SetWriteDeadline(until.Add(time.Minute))
}
