package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"essaim/internal/essaim"
	"essaim/internal/httpx"
	"essaim/internal/i18n"
	"essaim/internal/store"
)

// view is what every page is made from; Data is the page's own.
type view struct {
	Lang      i18n.Lang
	Page      string // template
	Section   string // entry of the navigation the page is under
	Title     string
	Sentence  string // what the page is about, for its head and for pages that hold only that
	Instance  string
	Settings  *store.Settings // what the operator says of the instance
	Assets    string          // prefix of the static files
	Demo      bool
	Handle    string // of the instance actor: what to follow to receive everything
	Body      string // page of the body that answers for the instance; "" for none
	Alternate string // ActivityPub id of what is shown
	Feed      string // Atom feed beside the page
	Query     string // what stands in the search box
	Language  string // address of this page in the other language
	OtherLang i18n.Lang
	Newer     string // addresses of the neighbouring pages of a list
	Older     string
	Status    int
	Redirect  string
	Retry     time.Duration // after which to ask again; 0 says nothing
	User      *visitor      // nil when nobody is signed in
	Here      string        // address of this page, for buttons that lead back to it
	Data      any

	RefreshTo string // address of another site where the reader is taken by a Refresh (ui-UI9)
	Refresh   int    // seconds after which a page that shows something under way is asked for again; 0 for never
	Theme     string // light or dark when the reader chose; "" leaves it to the browser

	Cookies    []*http.Cookie
	SetSession *string // a session to remember in the browser; one that is "" ends
	word       string  // what has just been done
	zone       *time.Location
}

// filler fills the view of a page.
type filler func(r *http.Request, v *view) error

// T translates for the templates, with the typography of the language.
func (v *view) T(key string, args ...any) string {
	return i18n.Typo(v.Lang, i18n.T(v.Lang, key, args...))
}

// Typo sets the spaces of a text of ours or of a title.
func (v *view) Typo(s string) string { return i18n.Typo(v.Lang, s) }

// N writes a number.
func (v *view) N(n int64) string { return i18n.Typo(v.Lang, i18n.Number(v.Lang, n)) }

// Moment writes a day and an hour.
func (v *view) Moment(t time.Time) string { return v.Typo(i18n.Date(v.Lang, t, v.zone)) }

// Icon is the address of one symbol of the sprite.
func (v *view) Icon(name string) string { return v.Assets + "icons.svg#" + name }

// page runs a handler that fills a view, and renders it; errors become pages with a sentence.
func (p *Pages) page(fill filler) http.HandlerFunc { return p.allowed(everybody, fill) }

// allowed is page for those who may have it; the others are led to the sign-in page, or find nothing.
func (p *Pages) allowed(a access, fill filler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v := p.view(w, r)
		if err := p.answer(w, r, v, a, fill); err != nil {
			p.failed(r, v, err)
		}
		if v.SetSession != nil {
			p.remember(w, *v.SetSession)
		}
		for _, c := range v.Cookies {
			http.SetCookie(w, c)
		}
		if v.Redirect != "" {
			status := http.StatusFound
			if r.Method == http.MethodPost {
				status = http.StatusSeeOther
			}
			http.Redirect(w, r, v.Redirect, status)
			return
		}
		if v.Retry > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(v.Retry.Seconds()))))
		}
		if v.Status == http.StatusNoContent {
			w.WriteHeader(v.Status)
			return
		}
		var b bytes.Buffer
		if err := p.templates[v.Page].Execute(&b, v); err != nil {
			p.Logger.Error("a page could not be rendered", "page", v.Page, "path", r.URL.Path, "error", err)
			http.Error(w, i18n.T(v.Lang, "error.500.title"), http.StatusInternalServerError)
			return
		}
		h := w.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Content-Language", string(v.Lang))
		h.Add("Vary", "Accept, Accept-Language, Cookie")
		if v.Refresh > 0 {
			h.Set("Refresh", strconv.Itoa(v.Refresh))
		}
		if v.RefreshTo != "" {
			h.Set("Refresh", "1; url="+v.RefreshTo)
		}
		if v.Alternate != "" {
			h.Add("Link", "<"+v.Alternate+`>; rel="alternate"; type="application/activity+json"`)
		}
		p.send(w, r, v.Status, b.Bytes())
	}
}

// answer reads the form of a request and runs the handler, or the guard.
func (p *Pages) answer(w http.ResponseWriter, r *http.Request, v *view, a access, fill filler) (err error) {
	forget, err := p.readForm(w, r)
	if err != nil {
		return err
	}
	defer forget()
	if v.User, err = p.recognise(r, v.Lang); err != nil {
		return err
	}
	if !v.User.may(a) {
		return p.guard(r, v)
	}
	if !p.open(v, a) {
		return p.notOpen(v)
	}
	return fill(r, v)
}

// send writes a body made here, compressed when the reader takes it, and not at all when the reader has it already.
func (p *Pages) send(w http.ResponseWriter, r *http.Request, status int, body []byte) {
	h := w.Header()
	h.Add("Vary", "Accept-Encoding")
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "private, no-cache")
	}
	if status == http.StatusOK {
		sum := sha256.Sum256(body)
		tag := `W/"` + hex.EncodeToString(sum[:9]) + `"`
		h.Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag && r.Method != http.MethodPost {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	if takesGzip(r) {
		h.Set("Content-Encoding", "gzip")
		body = compressed(body, gzip.BestSpeed)
	}
	h.Set("Content-Length", fmt.Sprint(len(body)))
	w.WriteHeader(status)
	if r.Method == http.MethodHead {
		return
	}
	if _, err := w.Write(body); err != nil {
		p.Logger.Debug("the reader went away", "path", r.URL.Path)
	}
}

func takesGzip(r *http.Request) bool {
	for _, e := range strings.Split(r.Header.Get("Accept-Encoding"), ",") {
		name, q, _ := strings.Cut(strings.TrimSpace(e), ";")
		if name == "gzip" && !strings.HasSuffix(strings.ReplaceAll(q, " ", ""), "q=0") {
			return true
		}
	}
	return false
}

// compressed cannot fail: it writes to memory, at a level that exists.
func compressed(body []byte, level int) []byte {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, level)
	if err != nil {
		return body
	}
	if _, err := z.Write(body); err != nil || z.Close() != nil {
		return body
	}
	return b.Bytes()
}

// view begins the view of a page: language, and what its frame shows.
func (p *Pages) view(w http.ResponseWriter, r *http.Request) *view {
	set := p.instance(r.Context())
	v := &view{Lang: p.language(w, r), Instance: set.Name, Settings: set, Assets: p.assets.prefix, Demo: p.Demonstration, Status: http.StatusOK,
		Handle: "@" + essaim.InstanceHandle + "@" + p.Site.Host, Here: with(r.URL, doneParameter, ""), word: r.URL.Query().Get(doneParameter), zone: p.zone(), Theme: colours(r)}
	if set.Body != "" {
		v.Body = "/@" + set.Body
	}
	v.OtherLang = i18n.EN
	if v.Lang == i18n.EN {
		v.OtherLang = i18n.FR
	}
	v.Language = with(r.URL, "lang", string(v.OtherLang))
	return v
}

// with is the address of a page with one parameter changed, or dropped when the value is "".
func with(u *url.URL, name, value string) string {
	q := u.Query()
	q.Del(name)
	if value != "" {
		q.Set(name, value)
	}
	return (&url.URL{Path: u.Path, RawPath: u.RawPath, RawQuery: q.Encode()}).String()
}

// languageCookie keeps the choice of a reader: a display preference, nothing else.
const languageCookie = "lang"

// language is the one asked for in the address, which is then kept; else the one kept, the browser's, French. A link on another site
// does not change what was kept.
func (p *Pages) language(w http.ResponseWriter, r *http.Request) i18n.Lang {
	if lang, ok := i18n.Parse(r.URL.Query().Get("lang")); ok {
		if from := r.Header.Get("Sec-Fetch-Site"); from == "" || from == "same-origin" || from == "none" {
			http.SetCookie(w, p.preference(languageCookie, string(lang)))
		}
		return lang
	}
	if c, err := r.Cookie(languageCookie); err == nil {
		if lang, ok := i18n.Parse(c.Value); ok {
			return lang
		}
	}
	return i18n.Match(r.Header.Get("Accept-Language"), i18n.FR)
}

// failed turns an error into the page that says so. What is forbidden looks like what is absent (S45).
func (p *Pages) failed(r *http.Request, v *view, err error) {
	v.Page, v.Status = "error", http.StatusInternalServerError
	switch code := essaim.CodeOf(err); {
	case errors.Is(err, store.ErrNotFound), code == essaim.NotFound, code == essaim.Forbidden:
		v.Status = http.StatusNotFound
	case code == essaim.Gone:
		v.Status = http.StatusGone
	case code == essaim.Invalid:
		v.Status = http.StatusBadRequest
	case code == essaim.Unavailable:
		v.Status = http.StatusServiceUnavailable
		p.Logger.Error("a page must wait", "path", r.URL.Path, "error", err)
	default:
		p.Logger.Error("a page failed", "path", r.URL.Path, "error", err)
	}
	v.Alternate, v.Feed, v.Section, v.Data, v.Redirect, v.Newer, v.Older = "", "", "", nil, "", "", ""
	v.Title = v.T(fmt.Sprintf("error.%d.title", v.Status))
	switch v.Status {
	case http.StatusInternalServerError:
		v.Sentence = v.T("error.500.text", httpx.RequestID(r.Context()))
	case http.StatusNotFound:
		v.Sentence = v.T("missing.text")
	default:
		v.Sentence = v.T(fmt.Sprintf("error.%d.text", v.Status))
	}
}
