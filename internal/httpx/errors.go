package httpx

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"essaim/internal/essaim"
)

// Handler is a handler that may fail; what it returns is answered by whoever mounted it, and nothing was written then.
type Handler func(w http.ResponseWriter, r *http.Request) error

// Render answers an error: Problem for machines, the page renderer's for people.
type Render func(w http.ResponseWriter, r *http.Request, err error)

// Handle makes an http.Handler of h, with render for its errors.
func Handle(h Handler, render Render) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			render(w, r, err)
		}
	})
}

// StatusError is an error whose status no code of essaim has: 405, 413, 415, 429 and their like.
type StatusError struct {
	Status   int
	Sentence string
	After    time.Duration // Retry-After
	Header   http.Header   // to be sent with it: Allow, WWW-Authenticate
}

// Error is the sentence.
func (e *StatusError) Error() string { return e.Sentence }

// Status is the HTTP status of an error. Codes are essaim's; whatever has none is 500.
func Status(err error) int {
	if e, ok := errors.AsType[*StatusError](err); ok {
		return e.Status
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return http.StatusServiceUnavailable
	}
	switch essaim.CodeOf(err) {
	case "":
		return http.StatusOK
	case essaim.Invalid:
		return http.StatusBadRequest
	case essaim.Unauthorized:
		return http.StatusUnauthorized
	case essaim.Forbidden, essaim.Refused:
		return http.StatusForbidden
	case essaim.NotFound:
		return http.StatusNotFound
	case essaim.Gone:
		return http.StatusGone
	case essaim.Conflict:
		return http.StatusConflict
	case essaim.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// Sentence is what may be told of an error: its own sentence for what the client can mend, a fixed one for faults, whose
// cause is the operator's business.
func Sentence(err error) string {
	switch status := Status(err); {
	case status == http.StatusServiceUnavailable:
		return "this cannot be answered now; try again later"
	case status >= 500:
		return "something went wrong here"
	}
	if e, ok := errors.AsType[*StatusError](err); ok {
		return e.Sentence
	}
	if e, ok := errors.AsType[*essaim.Error](err); ok {
		return e.Sentence
	}
	return "this cannot be answered"
}

// problem is RFC 9457 (FEP-c180), with the field at fault beside.
type problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail,omitempty"`
	Field  string `json:"field,omitempty"`
}

// Problem answers an error as problem details. All 404 look the same, whatever is missing or hidden (S45).
func Problem(w http.ResponseWriter, r *http.Request, err error) {
	status := Status(err)
	NoteError(r, err)
	p := problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: Sentence(err)}
	if status == http.StatusNotFound {
		p.Detail = "there is nothing here"
	}
	if e, ok := errors.AsType[*essaim.Error](err); ok && status == http.StatusBadRequest {
		p.Field = e.Field
	}
	Explain(w, err)
	body, fault := json.Marshal(p)
	if fault != nil {
		body = nil // plain fields always marshal
	}
	w.Header().Set("Content-Type", ProblemType)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		w.Write(body)
	}
}

// Explain sets the headers that go with an error, for every renderer.
func Explain(w http.ResponseWriter, err error) {
	status := Status(err)
	if e, ok := errors.AsType[*StatusError](err); ok {
		for name, values := range e.Header {
			w.Header()[name] = values
		}
		if e.After > 0 {
			w.Header().Set("Retry-After", strconv.FormatInt(int64((e.After+time.Second-1)/time.Second), 10))
			return
		}
	}
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "60")
	}
}

// NoMethod is the 405 of an address that knows other methods.
func NoMethod(allow string) error {
	return &StatusError{Status: http.StatusMethodNotAllowed, Sentence: "this address takes " + allow, Header: http.Header{"Allow": {allow}}}
}
