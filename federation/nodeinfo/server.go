package nodeinfo

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
)

// Paths served by Handler.
const (
	WellKnownPath = "/.well-known/nodeinfo"
	Path20        = "/nodeinfo/2.0"
	Path21        = "/nodeinfo/2.1"
)

// contentType is bare: the schema's profile parameter is only recommended, and
// some peers decode nothing but this (federation-T19).
const contentType = "application/json"

// Handler serves the three documents of a server: origin is its scheme and
// authority, application the id of its instance actor (FEP-2677). source is
// asked at each request and may cache; its failure is answered 503.
func Handler(origin, application string, source func(ctx context.Context) (Info, error)) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+WellKnownPath, func(w http.ResponseWriter, r *http.Request) {
		write(w, links{[]link{
			{Rel21, origin + Path21},
			{Rel20, origin + Path20},
			{RelApplication, application},
		}})
	})
	for path, version := range map[string]string{Path20: "2.0", Path21: "2.1"} {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
			info, err := source(r.Context())
			if err != nil {
				w.Header().Set("Retry-After", "60")
				http.Error(w, "try again later", http.StatusServiceUnavailable)
				return
			}
			write(w, complete(info, version))
		})
	}
	return mux
}

// complete fills in what the schema requires: the version, arrays that are never
// null, and no field that this version does not have.
func complete(i Info, version string) Info {
	i.Version = version
	if version == "2.0" {
		i.Software.Repository, i.Software.Homepage = "", ""
	}
	if i.Protocols == nil {
		i.Protocols = []string{"activitypub"}
	}
	if i.Services.Inbound == nil {
		i.Services.Inbound = []string{}
	}
	if i.Services.Outbound == nil {
		i.Services.Outbound = []string{}
	}
	return i
}

func write(w http.ResponseWriter, v any) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		http.Error(w, "try again later", http.StatusServiceUnavailable)
		return
	}
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cache-Control", "max-age=600")
	w.Write(buf.Bytes())
}
