package webfinger

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
)

func TestHandler(t *testing.T) {
	var asked Resource
	h := Handler(func(_ context.Context, r Resource) (*JRD, error) {
		asked = r
		switch r.Handle.User {
		case "gone":
			return nil, ErrGone
		case "nobody":
			return nil, ErrUnknown
		case "nil":
			return nil, nil
		case "fault":
			return nil, errors.New("the database is away: secret")
		}
		return jrd("acct:x@a.example", "https://a.example/actors/x?a=1&b=<2>"), nil
	})
	for query, want := range map[string]int{
		"resource=acct:x@a.example": 200, "resource=acct%3Ax%40a.example": 200, "resource=x@a.example": 200,
		"resource=https://a.example/actors/x": 200, "resource=https%3A%2F%2Fa.example%2F": 200, "resource=a.example": 200,
		"": 400, "resource=": 400, "resource=acct:": 400, "resource=x@y@z": 400, "resource=mailto:x@a.example": 400, "resource=ftp://a.example/x": 400,
		"resource=a.example&resource=b.example": 400, "resource=https://u@a.example/x": 400, "resource=" + strings.Repeat("a", 3000): 400,
		"resource=nobody@a.example": 404, "resource=nil@a.example": 404, "resource=gone@a.example": 410, "resource=fault@a.example": 503,
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/.well-known/webfinger?"+query, nil))
		if w.Code != want {
			t.Errorf("%s: %d, want %d", query, w.Code, want)
		}
		if w.Header().Get("Access-Control-Allow-Origin") != "*" || strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%s: %v %s", query, w.Header(), w.Body)
		}
		if got := w.Header().Get("Content-Type"); want == 200 && got != TypeJRD {
			t.Errorf("%s: content type %q", query, got)
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/.well-known/webfinger?resource=acct:x@a.example&rel=self&rel=other", nil))
	var got JRD
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || len(got.Links) != 2 || got.Links[1].Rel != RelSelf || !strings.Contains(w.Body.String(), "&b=<2>") {
		t.Errorf("with rel: %s", w.Body)
	}
	if asked.Raw != "acct:x@a.example" {
		t.Errorf("asked %+v", asked)
	}
	for method, want := range map[string]int{http.MethodPost: 405, http.MethodOptions: 204, http.MethodHead: 200} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(method, "/.well-known/webfinger?resource=a.example", nil))
		if w.Code != want {
			t.Errorf("%s: %d, want %d", method, w.Code, want)
		}
	}
}

func TestParseResource(t *testing.T) {
	for raw, want := range map[string]Resource{
		"acct:X@A.example":                    {Handle: Handle{"X", "a.example"}},
		"x@a.example:8443":                    {Handle: Handle{"x", "a.example:8443"}},
		"https://a.example/":                  {Handle: Handle{"", "a.example"}},
		"https://A.example":                   {Handle: Handle{"", "a.example"}},
		"http://127.0.0.1:8080/":              {Handle: Handle{"", "127.0.0.1:8080"}},
		"a.example":                           {Handle: Handle{"", "a.example"}},
		"acct:a.example":                      {Handle: Handle{"", "a.example"}},
		"https://a.example/?page=1":           {URL: "https://a.example/?page=1"},
		"https://a.example/actors/x#main-key": {URL: "https://a.example/actors/x"},
		"https://a.example/@x":                {URL: "https://a.example/@x"},
	} {
		want.Raw = raw
		got, err := ParseResource(raw)
		if err != nil || got != want || got.IsHost() != (want.URL == "" && want.Handle.User == "") {
			t.Errorf("%q: %+v, %v", raw, got, err)
		}
	}
}

// The documents of examples 26 and 27 of the federation contract, as the server
// writes them.
func TestGoldenJRD(t *testing.T) {
	const actor = `{"subject":"acct:mobilite_rurale@innov.bzh.example","aliases":["https://innov.bzh.example/actors/mobilite_rurale","https://innov.bzh.example/@mobilite_rurale"],` +
		`"links":[{"rel":"self","type":"application/activity+json","href":"https://innov.bzh.example/actors/mobilite_rurale"},` +
		`{"rel":"http://ostatus.org/schema/1.0/subscribe","template":"https://innov.bzh.example/interagir?uri={uri}"},` +
		`{"rel":"https://w3id.org/fep/3b86/Join","template":"https://innov.bzh.example/interagir/participer?object={object}&on-success={on-success}"}]}`
	j, err := ParseJRD([]byte(actor))
	if err != nil {
		t.Fatal(err)
	}
	if j.Template(RelJoin, "object") == "" || j.Template(RelJoin, "on-success") == "" {
		t.Error("a template with two places should be usable")
	}
	w := httptest.NewRecorder()
	Handler(func(context.Context, Resource) (*JRD, error) { return j, nil }).ServeHTTP(w,
		httptest.NewRequest(http.MethodGet, "/?resource=acct:mobilite_rurale@innov.bzh.example", nil))
	if got := strings.TrimSpace(w.Body.String()); got != actor {
		t.Errorf("wrote\n%s\nwant\n%s", got, actor)
	}
	again, err := ParseJRD(w.Body.Bytes())
	if err != nil || !reflect.DeepEqual(again, j) {
		t.Errorf("read back %+v, %v", again, err)
	}
}

func TestHostMeta(t *testing.T) {
	w := httptest.NewRecorder()
	HostMeta("https://a.example").ServeHTTP(w, httptest.NewRequest(http.MethodGet, hostMeta, nil))
	template, err := ParseHostMeta(w.Body.Bytes())
	if err != nil || template != "https://a.example/.well-known/webfinger?resource={uri}" {
		t.Errorf("%q, %v from %s", template, err, w.Body)
	}
	if got := w.Header().Get("Content-Type"); got != "application/xrd+xml; charset=utf-8" {
		t.Errorf("content type %q", got)
	}
	if w = httptest.NewRecorder(); true {
		HostMeta("https://a.example").ServeHTTP(w, httptest.NewRequest(http.MethodPut, hostMeta, nil))
		if w.Code != http.StatusMethodNotAllowed {
			t.Errorf("PUT: %d", w.Code)
		}
	}
}

func TestSec_S40_hostMeta(t *testing.T) {
	const link = `<Link rel="lrdd" template="https://a.example/w?r={uri}"/>`
	for name, doc := range map[string]string{
		"declaration": `<!DOCTYPE x [<!ENTITY a "b">]><XRD>` + link + `</XRD>`,
		"external":    `<!DOCTYPE x SYSTEM "file:///etc/passwd"><XRD>` + link + `</XRD>`,
		"entity":      `<XRD>&lol;` + link + `</XRD>`,
		"in template": `<XRD><Link rel="lrdd" template="https://a.example/&x;{uri}"/></XRD>`,
		"depth":       strings.Repeat("<a>", 100_000) + link,
		"scheme":      `<XRD><Link rel="lrdd" template="file:///{uri}"/></XRD>`,
		"host":        `<XRD><Link rel="lrdd" template="https://{uri}/"/></XRD>`,
		"no place":    `<XRD><Link rel="lrdd" template="https://a.example/"/></XRD>`,
		"charset":     `<?xml version="1.0" encoding="UTF-7"?><XRD>` + link + `</XRD>`,
		"nothing":     ``,
		"html":        `<!doctype html><html><body><br></body></html>`,
	} {
		if got, err := ParseHostMeta([]byte(doc)); err == nil {
			t.Errorf("%s: %q", name, got)
		}
	}
	if _, err := ParseHostMeta([]byte(`<?xml version="1.0" encoding="UTF-8"?><!-- x --><XRD><Link rel="other"/>` + link + `</XRD>`)); err != nil {
		t.Error(err)
	}
}

func FuzzHostMeta(f *testing.F) {
	f.Add([]byte(`<?xml version="1.0"?><XRD><Link rel="lrdd" template="https://a.example/w?r={uri}"/></XRD>`))
	f.Add([]byte(`<!DOCTYPE x><a>&b;</a>`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if template, err := ParseHostMeta(body); err == nil && !strings.Contains(template, "{uri}") {
			t.Fatalf("%q", template)
		}
	})
}
