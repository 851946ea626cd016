package webfinger

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"net/http"
	"slices"
)

// What a lookup answers when there is no JRD. Any other error is a fault of a
// moment and is answered 503, so that nobody deletes their copy (R8).
var (
	ErrUnknown = errors.New("webfinger: nobody here by that name") // 404
	ErrGone    = errors.New("webfinger: deleted")                  // 410
)

// Handler answers /.well-known/webfinger (RFC 7033 §4) from a lookup: 400 when
// the resource is missing or unreadable, 404 and 410 for ErrUnknown and ErrGone.
// Any web page may read the answer (§5). The rel parameter filters the links.
func Handler(lookup func(ctx context.Context, r Resource) (*JRD, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !reading(w, r) {
			return
		}
		query := r.URL.Query()
		if len(query["resource"]) != 1 {
			http.Error(w, "one resource parameter is needed", http.StatusBadRequest)
			return
		}
		resource, err := ParseResource(query.Get("resource"))
		if err != nil {
			http.Error(w, "the resource is not an account, an address or a host", http.StatusBadRequest)
			return
		}
		jrd, err := lookup(r.Context(), resource)
		switch {
		case errors.Is(err, ErrUnknown), err == nil && jrd == nil:
			http.Error(w, "not found", http.StatusNotFound)
		case errors.Is(err, ErrGone):
			http.Error(w, "gone", http.StatusGone)
		case err != nil:
			w.Header().Set("Retry-After", "60")
			http.Error(w, "try again later", http.StatusServiceUnavailable)
		default:
			writeJSON(w, TypeJRD, filter(*jrd, query["rel"]))
		}
	})
}

func reading(w http.ResponseWriter, r *http.Request) bool {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		return true
	case http.MethodOptions:
		w.Header().Set("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS")
		w.WriteHeader(http.StatusNoContent)
		return false
	}
	w.Header().Set("Allow", "GET, HEAD, OPTIONS")
	http.Error(w, "only reading is possible here", http.StatusMethodNotAllowed)
	return false
}

func filter(jrd JRD, rels []string) JRD {
	if len(rels) == 0 {
		return jrd
	}
	var kept []Link
	for _, l := range jrd.Links {
		if slices.Contains(rels, l.Rel) {
			kept = append(kept, l)
		}
	}
	jrd.Links = kept
	return jrd
}

func writeJSON(w http.ResponseWriter, contentType string, v any) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		http.Error(w, "try again later", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Cache-Control", "max-age=300")
	w.Write(buf.Bytes())
}

// HostMeta answers /.well-known/host-meta (RFC 6415) with the one thing anybody
// asks it for: where WebFinger is, on the origin given (such as
// "https://a.example"), which some clients also take for their API's host.
func HostMeta(origin string) http.Handler {
	var template bytes.Buffer
	// Escaping into a buffer cannot fail.
	_ = xml.EscapeText(&template, []byte(origin+wellKnown+"?resource={uri}"))
	doc := []byte(xml.Header +
		`<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">` + "\n" +
		`  <Link rel="lrdd" type="` + TypeJRD + `" template="` + template.String() + `"/>` + "\n" +
		"</XRD>\n")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if reading(w, r) {
			w.Header().Set("Content-Type", "application/xrd+xml; charset=utf-8")
			w.Header().Set("Cache-Control", "max-age=86400")
			w.Write(doc)
		}
	})
}
