package httpx

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
	"time"
)

// Options of Wrap.
type Options struct {
	Proxies Proxies
	HTTPS   bool             // the public address is https: then HSTS is sent
	Clock   func() time.Time // nil is time.Now
	NewID   func() string    // of a request; nil draws one
	Logger  *slog.Logger     // nil is silent
	Fail    Render           // answers a panic; nil is Problem
	// Pictures is the origin uploads are served from when it is not this one: pages may show what is there.
	Pictures string
	Secret   []string // prefixes of paths, such as "/reset/", whose rest is a secret and stays out of the log
}

// PagePolicy is the Content-Security-Policy that Wrap sets; a page that needs another replaces the header. Nothing comes
// from elsewhere (law 8), nothing frames us, forms post here.
const PagePolicy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// Wrap puts around everything what every answer needs: an id, the client's address, careful headers, one line in the
// log, and 500 instead of a panic.
func Wrap(next http.Handler, o Options) http.Handler {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.NewID == nil {
		o.NewID = rand.Text
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Fail == nil {
		o.Fail = Problem
	}
	policy := PagePolicy
	if o.Pictures != "" {
		policy = strings.Replace(policy, "img-src 'self'", "img-src 'self' "+o.Pictures, 1)
	}
	return &wrapper{next, policy, o}
}

type wrapper struct {
	next   http.Handler
	policy string
	Options
}

func (m *wrapper) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n := &note{id: m.NewID(), addr: m.Proxies.Client(r)}
	r = r.WithContext(context.WithValue(r.Context(), noteKey{}, n))
	out := &recorder{ResponseWriter: w}
	m.headers(out.Header(), n)
	start := m.Clock()
	defer func() {
		if p := recover(); p != nil {
			if p == http.ErrAbortHandler {
				panic(p)
			}
			n.err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
			if out.status == 0 {
				m.Fail(out, r, errPanic)
			}
		}
		m.log(r, n, out, m.Clock().Sub(start))
	}()
	m.next.ServeHTTP(out, r)
}

var errPanic = errors.New("a handler panicked")

func (m *wrapper) headers(h http.Header, n *note) {
	h.Set("X-Request-Id", n.id)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
	h.Set("Content-Security-Policy", m.policy)
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	if m.HTTPS {
		h.Set("Strict-Transport-Security", "max-age=63072000")
	}
}

// path is what the log may say of an address: neither its query nor the secret of a one-time link.
func (m *wrapper) path(r *http.Request) string {
	for _, prefix := range m.Secret {
		if len(r.URL.Path) > len(prefix) && strings.HasPrefix(r.URL.Path, prefix) {
			return prefix + "***"
		}
	}
	return r.URL.Path
}

// log writes one line.
func (m *wrapper) log(r *http.Request, n *note, out *recorder, took time.Duration) {
	status := out.status
	if status == 0 {
		status = http.StatusOK
	}
	level, cause := slog.LevelInfo, ""
	if r.URL.Path == "/healthz" || r.URL.Path == "/readyz" {
		level = slog.LevelDebug // asked every few seconds, and no news
	}
	if status >= 500 {
		level = slog.LevelError
		if n.err != nil {
			cause = n.err.Error()
		}
	}
	ctx := r.Context()
	if !m.Logger.Enabled(ctx, level) {
		return
	}
	attrs := []slog.Attr{slog.String("id", n.id), slog.String("method", r.Method), slog.String("path", m.path(r)), slog.Int("status", status),
		slog.Int64("bytes", out.bytes), slog.Duration("took", took), slog.String("addr", n.addr.String())}
	if cause != "" {
		attrs = append(attrs, slog.String("error", cause))
	}
	m.Logger.LogAttrs(ctx, level, "request", attrs...)
}

// note is what the middleware knows of a request.
type note struct {
	id   string
	addr netip.Addr
	err  error
}

type noteKey struct{}

// RequestID is the id of the request a context belongs to, "" outside Wrap.
func RequestID(ctx context.Context) string {
	if n, ok := ctx.Value(noteKey{}).(*note); ok {
		return n.id
	}
	return ""
}

// Addr is the client's address as Wrap found it; outside Wrap, that of the connection.
func Addr(r *http.Request) netip.Addr {
	if n, ok := r.Context().Value(noteKey{}).(*note); ok {
		return n.addr
	}
	return Proxies(nil).Client(r)
}

// NoteError leaves the cause of a failure for the line in the log; renderers call it.
func NoteError(r *http.Request, err error) {
	if n, ok := r.Context().Value(noteKey{}).(*note); ok && n.err == nil {
		n.err = err
	}
}

// recorder remembers what was answered.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 && status >= 200 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(p []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(p)
	r.bytes += int64(n)
	return n, err
}

// Unwrap is for http.ResponseController: open streams flush through it.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
