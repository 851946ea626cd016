package nodeinfo

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"essaim/federation/fedtest"
	"essaim/federation/fetch"
)

func count(n int) *int { return &n }

func example(context.Context) (Info, error) {
	return Info{
		Software:  Software{Name: "essaim", Version: "0.1.0", Repository: "https://forge.example/essaim", Homepage: "https://essaim.example"},
		Protocols: []string{"activitypub"},
		Services:  Services{Outbound: []string{"atom1.0"}},
		Usage:     Usage{Users: Users{Total: count(42), ActiveMonth: count(0)}, LocalPosts: count(318)},
		Metadata: Metadata{
			NodeName: "Accélérateur", NodeDescription: "Projets & entraide", StaffAccounts: []string{"https://a.example/actors/staff"},
			Federation: Federation{Enabled: true}, Territories: []string{"fr:region:53"},
		},
	}, nil
}

func TestHandler(t *testing.T) {
	h := Handler("https://a.example", "https://a.example/actor", example)
	for path, want := range map[string]string{
		WellKnownPath: `{"links":[{"rel":"http://nodeinfo.diaspora.software/ns/schema/2.1","href":"https://a.example/nodeinfo/2.1"},` +
			`{"rel":"http://nodeinfo.diaspora.software/ns/schema/2.0","href":"https://a.example/nodeinfo/2.0"},` +
			`{"rel":"https://www.w3.org/ns/activitystreams#Application","href":"https://a.example/actor"}]}`,
		Path21: `{"version":"2.1","software":{"name":"essaim","version":"0.1.0","repository":"https://forge.example/essaim","homepage":"https://essaim.example"},` + rest,
		Path20: `{"version":"2.0","software":{"name":"essaim","version":"0.1.0"},` + rest,
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if got := strings.TrimSpace(w.Body.String()); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", path, got, want)
		}
		if w.Header().Get("Content-Type") != "application/json" || w.Header().Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: %v", path, w.Header())
		}
	}
	for _, test := range []struct {
		method, path string
		want         int
	}{{http.MethodGet, "/nodeinfo/1.0", 404}, {http.MethodPost, Path21, 405}, {http.MethodHead, Path21, 200}} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(test.method, test.path, nil))
		if w.Code != test.want {
			t.Errorf("%s %s: %d", test.method, test.path, w.Code)
		}
	}
	broken := Handler("https://a.example", "", func(context.Context) (Info, error) { return Info{}, errors.New("secret") })
	w := httptest.NewRecorder()
	broken.ServeHTTP(w, httptest.NewRequest(http.MethodGet, Path21, nil))
	if w.Code != 503 || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("a fault: %d %s", w.Code, w.Body)
	}
}

const rest = `"protocols":["activitypub"],"services":{"inbound":[],"outbound":["atom1.0"]},"openRegistrations":false,` +
	`"usage":{"users":{"total":42,"activeMonth":0},"localPosts":318},` +
	`"metadata":{"nodeName":"Accélérateur","nodeDescription":"Projets & entraide","staffAccounts":["https://a.example/actors/staff"],` +
	`"federation":{"enabled":true},"territories":["fr:region:53"]}}`

func TestDiscover(t *testing.T) {
	n := &fedtest.Net{}
	c := fetch.New(fetch.Options{Transport: n})
	n.Handle("a.example", Handler("https://a.example", "https://a.example/actor", example))
	p, err := Discover(t.Context(), c, "A.example.")
	if err != nil {
		t.Fatal(err)
	}
	if p.Host != "a.example" || p.Software != "essaim" || p.Version != "0.1.0" || p.Application != "https://a.example/actor" || p.Name != "Accélérateur" ||
		!p.Federation || p.Open || p.Territories[0] != "fr:region:53" || *p.Users != 42 || *p.Posts != 318 || p.Protocols[0] != "activitypub" || n.Requests("a.example") != 2 {
		t.Errorf("%+v in %v", p, n.Log())
	}
	// The bare domain redirects to where the server is.
	n.Handle("example.example", http.RedirectHandler("https://a.example"+WellKnownPath, http.StatusFound))
	if p, err = Discover(t.Context(), c, "example.example"); err != nil || p.Application != "https://a.example/actor" || p.Host != "example.example" {
		t.Errorf("redirected: %+v, %v", p, err)
	}
	say := func(host, wellKnown, info string) {
		mux := http.NewServeMux()
		mux.HandleFunc(WellKnownPath, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json; charset=utf-8")
			io.WriteString(w, wellKnown)
		})
		mux.HandleFunc("/n", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", `application/json; profile="http://nodeinfo.diaspora.software/ns/schema/2.0#"`)
			io.WriteString(w, info)
		})
		n.Handle(host, mux)
	}
	link := func(rel, href string) string { return `{"rel":"` + rel + `","href":"` + href + `"}` }
	say("old.example", `{"links":[`+link(Rel20, "https://old.example/n")+`]}`,
		`{"software":{"name":"x","version":3},"protocols":{"inbound":["a"]},"usage":{"users":{"total":-1},"localPosts":"many"},"metadata":[],"openRegistrations":true}`)
	if p, err = Discover(t.Context(), c, "old.example"); err != nil || p.Software != "x" || p.Version != "" || p.Protocols != nil || p.Users != nil || p.Posts != nil || !p.Open || !p.Federation {
		t.Errorf("a sloppy peer: %+v, %v", p, err)
	}
	say("closed.example", `{"links":[`+link(Rel21, "https://closed.example/n")+`]}`, `{"metadata":{"federation":{"enabled":false},"nodeName":"`+strings.Repeat("é", maxText)+`"}}`)
	if p, err = Discover(t.Context(), c, "closed.example"); err != nil || p.Federation || len(p.Name) != maxText {
		t.Errorf("closed: %+v, %v", p, err)
	}
	say("only.example", `{"links":[`+link(RelApplication, "https://only.example/actor")+`,`+link(Rel21, "https://only.example/missing")+`]}`, "")
	if p, err = Discover(t.Context(), c, "only.example"); err != nil || p.Application == "" || p.Software != "" {
		t.Errorf("only an actor: %+v, %v", p, err)
	}
	say("liar.example", `{"links":[`+link(RelApplication, "https://a.example/actor")+`,`+link(Rel21, "https://a.example/nodeinfo/2.1")+`]}`, "")
	if p, err = Discover(t.Context(), c, "liar.example"); !errors.Is(err, ErrNothing) {
		t.Errorf("documents of another host: %+v, %v", p, err)
	}
	say("private.example", `{"links":[`+link(Rel21, "https://10.0.0.1/n")+`]}`, "")
	say("rubbish.example", `[[]]`, "")
	for _, host := range []string{"private.example", "rubbish.example"} {
		if _, err = Discover(t.Context(), c, host); !errors.Is(err, ErrNothing) {
			t.Errorf("%s: %v", host, err)
		}
	}
	if _, err = Discover(t.Context(), c, "a_b"); !errors.Is(err, fetch.ErrHost) {
		t.Errorf("not a host: %v", err)
	}
	if _, err = Discover(t.Context(), c, "10.0.0.1"); fetch.KindOf(err) != fetch.Refused {
		t.Errorf("an address: %v", err)
	}
	if _, err = Discover(t.Context(), c, "nobody.example"); fetch.KindOf(err) != fetch.Unreachable {
		t.Errorf("nobody: %v", err)
	}
}

func FuzzNodeinfo(f *testing.F) {
	info, _ := example(context.Background())
	full, _ := json.Marshal(info)
	f.Add(full)
	f.Add([]byte(`{"links":[{"rel":"x","href":1}],"software":[],"metadata":{"federation":7,"territories":[1,"a"]}}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, body []byte) {
		var p Peer
		p.read(body)
		if len(p.Name) > maxText || len(p.Territories) > maxList || len(parseLinks(body)) > maxLink || p.Users != nil && *p.Users < 0 {
			t.Fatalf("%+v", p)
		}
	})
}
