package webfinger

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

// world is a net whose hosts answer WebFinger from one table.
func world(table map[string]*JRD, hosts ...string) (*fedtest.Net, *Client) {
	n := &fedtest.Net{}
	for _, host := range hosts {
		n.Handle(host, Handler(func(_ context.Context, r Resource) (*JRD, error) {
			if jrd := table[host+" "+r.Handle.String()]; jrd != nil {
				return jrd, nil
			}
			if r.Handle.User == "deleted" {
				return nil, ErrGone
			}
			return nil, ErrUnknown
		}))
	}
	return n, NewClient(fetch.New(fetch.Options{Transport: n}))
}

func jrd(subject, self string) *JRD {
	return &JRD{Subject: subject, Links: []Link{
		{Rel: RelSelf, Type: "text/html", Href: "https://wrong.example/"},
		{Rel: RelSelf, Type: TypeActivity, Href: self},
		{Rel: RelProfile, Type: "text/html", Href: "https://a.example/@x"},
		{Rel: RelSubscribe, Template: "https://a.example/interagir?uri={uri}"},
	}}
}

func TestLookup(t *testing.T) {
	const id = "https://a.example/actors/x"
	n, c := world(map[string]*JRD{
		"a.example x@a.example":             jrd("acct:X@a.example", id),
		"a.example alias@a.example":         jrd("acct:x@a.example", id),
		"handles.example x@handles.example": jrd("acct:x@a.example", id),
		"a.example bare@a.example":          jrd("", id),
		"evil.example x@evil.example":       jrd("acct:x@a.example", "https://evil.example/x"),
		"evil.example far@evil.example":     jrd("acct:alias@a.example", id), // a second detour
		"evil.example y@evil.example":       jrd("acct:nobody@a.example", id),
		"evil.example url@evil.example":     jrd("https://a.example/x", id),
		"evil.example noself@evil.example":  {Subject: "acct:noself@evil.example"},
		"evil.example http@evil.example":    jrd("acct:http@evil.example", "http://evil.example/x"),
		"evil.example meta@evil.example":    jrd("acct:meta@evil.example", "https://169.254.169.254/"),
	}, "a.example", "handles.example", "evil.example")
	for handle, requests := range map[string]int{
		"@x@a.example": 1, "acct:x@A.example.": 1, "alias@a.example": 2, "x@handles.example": 2, "bare@a.example": 1,
	} {
		n.Reset()
		r, err := c.Lookup(t.Context(), handle)
		if err != nil {
			t.Errorf("%s: %v", handle, err)
			continue
		}
		if r.Self != id || r.Profile != "https://a.example/@x" || r.SubscribeTemplate != "https://a.example/interagir?uri={uri}" || len(n.Log()) != requests {
			t.Errorf("%s: %+v in %v", handle, r, n.Log())
		}
		if handle != "bare@a.example" && !r.Subject.Equal(Handle{"x", "a.example"}) {
			t.Errorf("%s: subject %v", handle, r.Subject)
		}
	}
	for handle, want := range map[string]error{
		"x@evil.example": ErrLoop, "far@evil.example": ErrLoop, "url@evil.example": ErrNoActor, "noself@evil.example": ErrNoActor,
		"http@evil.example": ErrNoActor, "meta@evil.example": ErrNoActor, "nonsense": ErrHandle, "x@[::1": ErrHandle,
	} {
		if r, err := c.Lookup(t.Context(), handle); !errors.Is(err, want) {
			t.Errorf("%s: %+v, %v, want %v", handle, r, err, want)
		}
	}
	if _, err := c.Lookup(t.Context(), "y@evil.example"); !fetch.Missing(err) {
		t.Errorf("a subject nobody knows: %v", err)
	}
	if _, err := c.Lookup(t.Context(), "deleted@a.example"); !fetch.Gone(err) {
		t.Errorf("deleted: %v", err)
	}
	if _, err := c.Lookup(t.Context(), "x@127.0.0.1:8080"); fetch.KindOf(err) != fetch.Refused {
		t.Errorf("a loopback handle: %v", err)
	}
	n.Down("a.example")
	if _, err := c.Lookup(t.Context(), "x@a.example"); fetch.KindOf(err) != fetch.Unreachable {
		t.Errorf("down: %v", err)
	}
}

func TestLookupThroughHostMeta(t *testing.T) {
	const id = "https://b.example/x"
	n, c := world(map[string]*JRD{"b.example x@a.example": jrd("acct:x@a.example", id)}, "b.example")
	mux := http.NewServeMux()
	mux.Handle(hostMeta, HostMeta("https://b.example"))
	n.Handle("a.example", mux)
	r, err := c.Lookup(t.Context(), "x@a.example")
	if err != nil || r.Self != id || len(n.Log()) != 3 {
		t.Errorf("%+v, %v, %v", r, err, n.Log())
	}
	// A template that leads back to the same place is not asked again.
	loop := http.NewServeMux()
	loop.Handle(hostMeta, HostMeta("https://loop.example"))
	n.Handle("loop.example", loop)
	if _, err := c.Lookup(t.Context(), "x@loop.example"); !fetch.Missing(err) || n.Requests("loop.example") != 2 {
		t.Errorf("%v after %d requests", err, n.Requests("loop.example"))
	}
	if _, err := c.Lookup(t.Context(), "x@b.example"); !fetch.Missing(err) {
		t.Errorf("neither way: %v", err)
	}
}

func TestLookupOnLoopback(t *testing.T) {
	var server *httptest.Server
	server = httptest.NewServer(Handler(func(_ context.Context, r Resource) (*JRD, error) {
		return jrd(r.Handle.Acct(), server.URL+"/actors/x"), nil
	}))
	defer server.Close()
	c := NewClient(fetch.New(fetch.Options{Guard: fetch.Guard{Loopback: true}}))
	r, err := c.Lookup(t.Context(), "@x@"+strings.TrimPrefix(server.URL, "http://"))
	if err != nil || r.Self != server.URL+"/actors/x" {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestSec_S25_webfinger(t *testing.T) {
	n, c := world(nil)
	n.Handle("a.example", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", TypeJRD)
		io.WriteString(w, `{"subject":"`+strings.Repeat("a", fetch.MaxSmall)+`"}`)
	}))
	if _, err := c.Lookup(t.Context(), "x@a.example"); fetch.KindOf(err) != fetch.TooLarge {
		t.Error(err)
	}
}

func TestHandles(t *testing.T) {
	for in, want := range map[string]string{
		"@user@a.example": "user@a.example", "user@a.example": "user@a.example", "acct:user@a.example": "user@a.example",
		"ACCT:User@A.example": "User@a.example", " @user@a.example\n": "user@a.example", "a.b@a.example:8443": "a.b@a.example:8443",
		"a.example@a.example": "a.example@a.example", "user@127.0.0.1:8080": "user@127.0.0.1:8080", "user@bücher.example": "user@xn--bcher-kva.example",
		"": "", "@": "", "user": "", "@user": "", "@@a.example": "", "user@": "", "user@a@b.example": "", "us er@a.example": "", "us/er@a.example": "",
		"user@a.example/x": "", "https://a.example/@user": "", "usér@a.example": "", "user%40x@a.example": "", strings.Repeat("u", 300) + "@a.example": "",
	} {
		h, err := ParseHandle(in)
		if want == "" {
			if !errors.Is(err, ErrHandle) {
				t.Errorf("%q: %v, %v", in, h, err)
			}
			continue
		}
		if err != nil || h.String() != want || h.Acct() != "acct:"+want {
			t.Errorf("%q: %v, %v, want %s", in, h, err, want)
		}
	}
}

func FuzzHandle(f *testing.F) {
	for _, s := range []string{"@user@a.example", "acct:user@a.example:8443", "user@", "a@b@c", "acct:@@"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		ParseResource(s)
		h, err := ParseHandle(s)
		if err != nil {
			return
		}
		if again, err := ParseHandle(h.Acct()); err != nil || again != h {
			t.Fatalf("%q gives %q, which gives %q, %v", s, h, again, err)
		}
	})
}

func FuzzJRD(f *testing.F) {
	f.Add([]byte(`{"subject":"acct:a@b.example","aliases":["x"],"links":[{"rel":"self","type":"application/activity+json","href":"https://b.example/a"}]}`))
	f.Add([]byte(`{"subject":1,"links":[null,1,{"rel":"self","href":{}},{"rel":"x","template":"https://a.example/{uri}"}]}`))
	f.Add([]byte(`[]`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, body []byte) {
		j, err := ParseJRD(body)
		if err != nil {
			return
		}
		if len(j.Links) > maxEntries || len(j.Aliases) > maxEntries {
			t.Fatal("more entries than allowed")
		}
		j.Self()
		if href := j.Href(RelProfile); href != "" && fetch.Host(href) == "" {
			t.Fatalf("unclean link %q", href)
		}
		j.Template(RelSubscribe, "uri")
		if _, err := json.Marshal(j); err != nil {
			t.Fatal(err)
		}
	})
}

func TestParseJRD(t *testing.T) {
	j, err := ParseJRD([]byte(`{"SUBJECT":"acct:evil@b.example","subject":"acct:a@b.example","aliases":["x",1,null,"y"],"properties":{"a":null},
		"links":[7,null,{"href":"https://no.rel/"},{"rel":"self","type":["x"],"href":"https://b.example/1"},
		{"rel":"self","type":"application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"","href":"https://b.example/2"},
		{"rel":"http://webfinger.net/rel/profile-page","href":"javascript:alert(1)"},
		{"rel":"http://webfinger.net/rel/profile-page","href":"https://B.example/p"},
		{"rel":"http://ostatus.org/schema/1.0/subscribe","template":"https://b.example/none"},
		{"rel":"http://ostatus.org/schema/1.0/subscribe","template":"https://{uri}.example/"},
		{"rel":"http://ostatus.org/schema/1.0/subscribe","template":"javascript:{uri}"},
		{"rel":"http://ostatus.org/schema/1.0/subscribe","template":"https://b.example/i?uri={uri}"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if j.Subject != "acct:a@b.example" || strings.Join(j.Aliases, " ") != "x y" || j.Self() != "https://b.example/2" ||
		j.Href(RelProfile) != "https://b.example/p" || j.Template(RelSubscribe, "uri") != "https://b.example/i?uri={uri}" {
		t.Errorf("%+v", j)
	}
	for _, bad := range []string{"", "null", "[]", "1", `"x"`, "{", `{"subject":"a"} x`} {
		if _, err := ParseJRD([]byte(bad)); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}
