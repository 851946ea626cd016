package essaim

import (
	"errors"
	"io"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"essaim/federation/vocab"
)

func TestIDs(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 250_000_000, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		at, random := time.UnixMilli(rapid.Int64Range(-1e14, 1e14).Draw(t, "at")), rapid.Uint64().Draw(t, "random")
		id := NewID(at, now, random)
		if id <= 0 {
			t.Fatalf("NewID(%v) = %d", at, id)
		}
		if back, err := ParseID(id.String()); err != nil || back != id || len(id.String()) != 13 {
			t.Fatalf("%d is written %q and read %d, %v", id, id, back, err)
		}
		if id.Time().After(now) || id.Time().Year() < 2000 {
			t.Fatalf("NewID(%v) carries %v", at, id.Time())
		}
		if !at.After(now) && at.Year() > 2000 && at.UnixMilli()%1000 != 0 && !id.Time().Equal(at) {
			t.Fatalf("NewID(%v) carries %v", at, id.Time())
		}
		other := NewID(at.Add(time.Duration(rapid.Int64Range(2, 1e9).Draw(t, "later"))*time.Second), now.AddDate(100, 0, 0), rapid.Uint64().Draw(t, "other"))
		if at.Year() > 2000 && at.Before(now) && (id >= other || id.String() >= other.String()) {
			t.Fatalf("%v sorts after %v", id, other)
		}
	})
	for _, at := range []time.Time{{}, time.Unix(0, 0), now.AddDate(1000, 0, 0)} {
		if id := NewID(at, now.AddDate(2000, 0, 0), 0); id <= 0 {
			t.Errorf("NewID(%v) = %d", at, id)
		}
	}
	if max := ID(math.MaxInt64); max.String() != "7zzzzzzzzzzzz" {
		t.Errorf("the largest id is %s", max)
	}
	for _, bad := range []string{"", "0", "7zzzzzzzzzzzzz", "8000000000000", "zzzzzzzzzzzzz", "000000000000i", "000000000000O", "00000000000A0", "000000000000-", "０000000000"} {
		if id, err := ParseID(bad); !errors.Is(err, ErrBadID) {
			t.Errorf("ParseID(%q) = %d, %v", bad, id, err)
		}
	}
}

func TestSite(t *testing.T) {
	for origin, want := range map[string]Site{
		"https://innov.example":        {Base: "https://innov.example", Host: "innov.example"},
		"https://INNOV.example/":       {Base: "https://innov.example", Host: "innov.example"},
		"https://innov.example:443":    {Base: "https://innov.example", Host: "innov.example"},
		"https://innov.example:8443":   {Base: "https://innov.example:8443", Host: "innov.example:8443"},
		"http://127.0.0.1:8080":        {Base: "http://127.0.0.1:8080", Host: "127.0.0.1:8080"},
		"http://[::1]:80":              {Base: "http://[::1]", Host: "[::1]"},
		"https://xn--exmple-cua.fr":    {Base: "https://xn--exmple-cua.fr", Host: "xn--exmple-cua.fr"},
		"":                             {},
		"innov.example":                {},
		"https://":                     {},
		"https://:443":                 {},
		"ftp://innov.example":          {},
		"https://innov.example/sub":    {},
		"https://innov.example?x":      {},
		"https://innov.example#x":      {},
		"https://me:pw@innov.example":  {},
		"https://exämple.fr":           {},
		"https://innov.example.":       {},
		"https://a_b.example":          {},
		"https://ｉnnov.example":        {},
		"https://innov.example\\@evil": {},
	} {
		got, err := NewSite(origin)
		if got != want || (err == nil) != (want != Site{}) || err != nil && fieldOf(err) != "url" {
			t.Errorf("NewSite(%q) = %+v, %v", origin, got, err)
		}
	}
	s := Site{Base: "https://innov.example:8443", Host: "innov.example:8443"}
	id := NewID(time.Unix(1_800_000_000, 0), time.Unix(1_900_000_000, 0), 7)
	for got, want := range map[string]string{
		s.Instance(): "/actor", s.SharedInbox(): "/inbox", s.Actor(InstanceHandle) + "?": "/actor?", s.Actor("a"): "/actors/a", s.Object(id, ""): "/objects/" + id.String(),
		s.Object(id, "x"): "/objects/" + id.String() + "-x", s.Activity(id): "/activities/" + id.String(), s.Profile("a"): "/@a", s.Tag("#Mobilité"): "/tags/mobilite", s.Tag("a/b c"): "/tags/a%2Fb%20c",
	} {
		if got != s.Base+want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if s.Domain() != "innov.example" || (Site{Host: "[::1]:80"}).Domain() != "[::1]" || (Site{Host: "[::1]"}).Domain() != "[::1]" || (Site{Host: "a"}).Domain() != "a" {
		t.Error("domains")
	}
	for iri, want := range map[string]bool{s.Base: true, s.Base + "/x": true, s.Base + "1/x": false, "https://innov.example/x": false, "http://innov.example:8443/x": false, "": false, s.Base + "@evil.example/": false} {
		if s.Owns(iri) != want {
			t.Errorf("Owns(%q) = %v", iri, !want)
		}
	}
}

func TestOrigins(t *testing.T) {
	for iri, want := range map[string]string{"https://A.example:1/x?y#z": "a.example:1", "https://a.example?x": "a.example", "https://a.example#x": "a.example", "a.example/x": "", "": "", "//a": "", "https:///x": ""} {
		if got := HostOf(iri); got != want {
			t.Errorf("HostOf(%q) = %q, want %q", iri, got, want)
		}
	}
	for _, tc := range []struct {
		a, b string
		want bool
	}{
		{"https://a.example/1", "https://A.example/2", true}, {"https://a.example/1", "HTTPS://a.example", true}, {"https://a.example/1", "http://a.example/1", false},
		{"https://a.example/1", "https://a.example:8443/1", false}, {"https://a.example/1", "https://a.example.evil.example/1", false}, {"https://a.example/1", "https://evil.example/https://a.example/1", false},
		{"https://a.example/1", "https://a.example@evil.example/1", false}, {`https://evil.example\@a.example/`, "https://a.example/", false}, {"", "", false}, {"https://", "https://", false}, {"a", "a", false},
	} {
		if SameOrigin(tc.a, tc.b) != tc.want || SameOrigin(tc.b, tc.a) != tc.want {
			t.Errorf("SameOrigin(%q, %q) = %v", tc.a, tc.b, !tc.want)
		}
	}
}

func TestErrors(t *testing.T) {
	sentinel := errors.New("base pleine")
	for _, tc := range []struct {
		err   error
		code  Code
		text  string
		cause error
	}{
		{nil, "", "", nil},
		{sentinel, Internal, "base pleine", sentinel},
		{Errorf(Conflict, "déjà pris"), Conflict, "déjà pris", nil},
		{Errorf(Unavailable, "écrire : %w", sentinel), Unavailable, "écrire : base pleine", sentinel},
		{Errorf(Refused, "%w et %w", io.EOF, sentinel), Refused, "EOF et base pleine", sentinel},
		{Errorf(NotFound, "ouvrir : %w", Errorf(Gone, "parti")), NotFound, "ouvrir : parti", nil},
		{FieldError("name", "au moins %d lettres", 3), Invalid, "name: au moins 3 lettres", nil},
		{&Error{Code: Forbidden, Sentence: "non", Err: sentinel}, Forbidden, "non: base pleine", sentinel},
		{errors.Join(io.EOF, Errorf(Gone, "parti")), Gone, "EOF\nparti", io.EOF},
	} {
		if CodeOf(tc.err) != tc.code || tc.err != nil && tc.err.Error() != tc.text || tc.cause != nil && !errors.Is(tc.err, tc.cause) {
			t.Errorf("%v: code %q, want %q %q", tc.err, CodeOf(tc.err), tc.code, tc.text)
		}
	}
}

func TestVisibility(t *testing.T) {
	const followers, yann = "https://a.example/u/followers", "https://mastodon.example/users/yann"
	for _, v := range []Visibility{PublicV, Unlisted, Followers, Direct} {
		to, cc := v.Address(followers, yann, yann, "", vocab.Public+"x")
		if got := VisibilityOf(to, cc, followers); got != v {
			t.Errorf("%v is addressed to %v cc %v, which is %v", v, to, cc, got)
		}
		if all := strings.Join(append(to, cc...), " ") + " "; strings.Count(all, yann+" ") != 1 || strings.Contains(all, "  ") {
			t.Errorf("%v: to %v cc %v", v, to, cc)
		}
		if to, cc := v.Address(""); strings.Contains(strings.Join(append(to, cc...), " ")+"|", " |") {
			t.Errorf("%v of an author without followers: %q %q", v, to, cc)
		}
	}
	to, cc := PublicV.Address(followers, yann)
	if !reflect.DeepEqual(to, []string{vocab.Public}) || !reflect.DeepEqual(cc, []string{followers, yann}) {
		t.Errorf("public: %v %v", to, cc)
	}
	for _, tc := range []struct {
		to, cc    []string
		followers string
		want      Visibility
	}{
		{[]string{"as:Public"}, nil, "", PublicV}, {[]string{yann}, []string{"Public"}, "", Unlisted}, {[]string{vocab.Public}, []string{vocab.Public}, "", PublicV}, {nil, []string{followers}, followers, Followers},
		{[]string{followers}, nil, "", Direct}, {nil, nil, "", Direct}, {[]string{""}, nil, "", Direct}, {[]string{"https://other.example/followers"}, nil, followers, Direct},
	} {
		if got := VisibilityOf(tc.to, tc.cc, tc.followers); got != tc.want {
			t.Errorf("%+v: %v", tc, got)
		}
	}
	for v, want := range map[Visibility]string{PublicV: "public", Unlisted: "unlisted", Followers: "followers", Direct: "direct", 9: "direct"} {
		if v.String() != want {
			t.Errorf("%d is called %s", v, v)
		}
	}
}

// TestCanSee goes through every case of the one predicate of visibility (law 4).
func TestCanSee(t *testing.T) {
	const author, other = ID(1), ID(2)
	for _, viewer := range []ID{0, author, other} {
		for v := PublicV; v <= Direct; v++ {
			for bits := range 16 {
				s := Seen{Author: author, Visibility: v, Named: bits&1 != 0, Follows: bits&2 != 0, Deleted: bits&4 != 0, Suspended: bits&8 != 0}
				want := false
				switch {
				case s.Deleted || s.Suspended:
				case v == PublicV || v == Unlisted:
					want = true
				case viewer == 0:
				case viewer == author || s.Named:
					want = true
				case v == Followers && s.Follows:
					want = true
				}
				if got := CanSee(Viewer{viewer}, s); got != want {
					t.Errorf("viewer %d, %+v: %v", viewer, s, got)
				}
			}
		}
	}
}
