package fedi

import (
	"io"
	"net/http"

	"essaim/internal/httpx"
)

// healthz says that the process answers.
func (s *Service) healthz(w http.ResponseWriter, r *http.Request) { plain(w, r, http.StatusOK, "ok\n") }

// readyz says that requests can be served: the database answers and so does what Ready asks. The reason is for the log.
func (s *Service) readyz(w http.ResponseWriter, r *http.Request) {
	err := s.DB.Ping(r.Context())
	if err == nil && s.Ready != nil {
		err = s.Ready(r.Context())
	}
	if err != nil {
		httpx.NoteError(r, err)
		w.Header().Set("Retry-After", "10")
		plain(w, r, http.StatusServiceUnavailable, "not ready\n")
		return
	}
	plain(w, r, http.StatusOK, "ready\n")
}

func plain(w http.ResponseWriter, r *http.Request, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		io.WriteString(w, text)
	}
}
