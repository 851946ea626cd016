package fetch

import (
	"errors"
	"net/netip"
	"net/url"
	"strings"
	"testing"
)

var urls = []struct {
	url              string
	strict, loopback bool
}{
	{"https://a.example/x", true, true},
	{"https://A.Example:443/x?y=1#z", true, true},
	{"https://a.example./x", true, true},
	{"https://bücher.example/", true, true},
	{"https://xn--bcher-kva.example/", true, true},
	{"http://a.example/x", false, false},
	{"https://a.example:8443/", false, false},
	{"https://a.example:80/", false, false},
	{"https://user@a.example/", false, false},
	{"https://user:pw@a.example/", false, false},
	{"https://@a.example/", false, false},
	{"https://localhost/", false, true},
	{"https://intranet/", false, false},
	{"https://printer.local/", false, false},
	{"https://printer.local./", false, false},
	{"https://db.internal/", false, false},
	{"https://x.onion/", false, false},
	{"https://a.localhost/", false, false},
	{"https://1.0.0.127.in-addr.arpa/", false, false},
	{"https://127.0.0.1/", false, true},
	{"https://8.8.8.8/", false, false},
	{"https://[::1]/", false, false},
	{"https://[::ffff:7f00:1]/", false, false},
	{"https://[::127.0.0.1]/", false, false},
	{"https://[2606:4700::1111]/", false, false},
	{"https://2130706433/", false, false},
	{"https://0x7f.1/", false, false},
	{"https://0x7f000001/", false, false},
	{"https://127.1/", false, false},
	{"https://0177.0.0.1/", false, false},
	{"https://a.example.0/", false, false},
	{"https://a_b.example/", false, false},
	{"https://a%2eexample/", false, false},
	{"https://１２７.0.0.1/", false, false},
	{"https://ａ.example/", false, false},
	{"https://a。example/", false, false},
	{"https:///x", false, false},
	{"https:a.example/x", false, false},
	{"//a.example/x", false, false},
	{"/x", false, false},
	{"ftp://a.example/", false, false},
	{"file:///etc/passwd", false, false},
	{"gopher://a.example/", false, false},
	{"javascript:alert(1)", false, false},
	{"http://127.0.0.1:8080/x", false, true},
	{"http://localhost:8080/x", false, true},
	{"http://127.0.0.1/", false, true},
	{"http://user@127.0.0.1:8080/", false, false},
	{"http://127.0.0.2:8080/", false, false},
	{"http://10.0.0.1:8080/", false, false},
	{"http://localhost.a.example:8080/", false, false},
	{"ftp://127.0.0.1:8080/x", false, false},
}

func TestSec_S22(t *testing.T) {
	for _, test := range urls {
		u, err := url.Parse(test.url)
		if err != nil {
			if test.strict || test.loopback {
				t.Errorf("%s: %v", test.url, err)
			}
			continue
		}
		for loopback, want := range map[bool]bool{false: test.strict, true: test.loopback} {
			err := Guard{Loopback: loopback}.CheckURL(u)
			if (err == nil) != want {
				t.Errorf("%s (loopback %v): allowed %v, want %v: %v", test.url, loopback, err == nil, want, err)
			}
			if err != nil && !errors.Is(err, ErrURL) {
				t.Errorf("%s: %v does not wrap ErrURL", test.url, err)
			}
		}
	}
	if (Guard{}).CheckURL(nil) == nil {
		t.Error("nil is allowed")
	}
}

func TestGuardOrigin(t *testing.T) {
	for host, want := range map[string]string{
		"a.example": "https://a.example", "127.0.0.1:8080": "http://127.0.0.1:8080", "localhost": "http://localhost",
	} {
		if got := (Guard{Loopback: true}).Origin(host); got != want {
			t.Errorf("Origin(%q) = %q, want %q", host, got, want)
		}
		if got := (Guard{}).Origin(host); got != "https://"+host {
			t.Errorf("strict Origin(%q) = %q", host, got)
		}
	}
}

func TestSec_S32(t *testing.T) {
	for in, want := range map[string]string{
		"a.example": "a.example", "A.Example": "a.example", "a.example.": "a.example",
		"a.example:443": "a.example", "a.example:0443": "a.example", "a.example:": "a.example",
		"a.example:8443": "a.example:8443", "a.example.:80": "a.example:80", "localhost:8080": "localhost:8080",
		"bücher.example": "xn--bcher-kva.example", "BÜCHER.example": "xn--bcher-kva.example",
		"XN--BCHER-KVA.example": "xn--bcher-kva.example", "аpple.example": "xn--pple-43d.example",
		"r3---sn-x.example": "r3---sn-x.example", "127.0.0.1:8080": "127.0.0.1:8080",
		"[::1]:8080": "[::1]:8080", "[2606:4700:0:0::1111]:443": "[2606:4700::1111]",
		// refused
		"": "", ".": "", "a..example": "", ".a.example": "", "a.example..": "", "ａ.example": "", "Ａ.example": "",
		"a。example": "", "a_b.example": "", "a%62.example": "", "a/b.example": "", "a b.example": "", "a@b.example": "",
		"a\\b.example": "", "a.example:0": "", "a.example:65536": "", "a.example:x": "", "a.example:+80": "",
		"-a.example": "", "a-.example": "", "127.1": "", "0x7f.1": "", "2130706433": "", "a.123": "", "127.0.0.01": "",
		"[::1": "", "::1": "", "[fe80::1%25eth0]": "", "[127.0.0.1]": "", "xn--a.example": "", "xn--.example": "",
		"\u212A.example": "", "İ.example": "", "a\u200bb.example": "", "ﬁn.example": "", "a\x00.example": "", "a\xff.example": "",
		strings.Repeat("a", 64) + ".example": "", strings.Repeat("a.", 130) + "example": "",
	} {
		got, err := NormalHost(in)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("NormalHost(%q) = %q, %v; want %q", in, got, err, want)
		}
		if err != nil && !errors.Is(err, ErrHost) {
			t.Errorf("%q: %v does not wrap ErrHost", in, err)
		}
	}
	for in, want := range map[string]string{
		"a.example":                      "a.example",
		"xn--bcher-kva.example:8443":     "bücher.example:8443",
		"xn--pple-43d.example":           "xn--pple-43d.example",   // Cyrillic а, Latin pple
		"xn--80ak6aa92e.com":             "xn--80ak6aa92e.com",     // all Cyrillic before a Latin suffix
		"xn--e1afmkfd.xn--p1ai":          "пример.рф",              // all Cyrillic
		"xn--wgv71a119e.example":         "xn--wgv71a119e.example", // two scripts
		"xn--not-a-valid-label-.example": "xn--not-a-valid-label-.example",
		"xn--caf-dma.xn--bcher-kva.fr":   "café.bücher.fr",
	} {
		if got := DisplayHost(in); got != want {
			t.Errorf("DisplayHost(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSec_S31(t *testing.T) {
	for in, want := range map[string]string{
		"https://a.example/x?y=1#z":       "https://a.example/x?y=1#z",
		" https://A.example/x ":           "https://a.example/x",
		"http://a.example:8080/":          "http://a.example:8080/",
		"http://a.example:80/":            "http://a.example/",
		"http://a.example:443/":           "http://a.example:443/",
		"https://a.example:443/caf%C3%A9": "https://a.example/caf%C3%A9",
		"https://a.example/café":          "https://a.example/caf%C3%A9",
		"https://a.example/a b\"<>":       "https://a.example/a%20b%22%3C%3E",
		"https://a.example/?q=a\"b<é>":    "https://a.example/?q=a%22b%3C%C3%A9%3E",
		"https://a.example/x\\y":          "https://a.example/x%5Cy",
		// refused
		"": "", "javascript:alert(1)": "", "JavaScript:alert(1)": "", "data:text/html,x": "", "//x": "", "//x.example/": "",
		"https:\\\\x": "", "https:x": "", "https://": "", "https:///x": "", "x": "", "/x": "", "mailto:a@b.example": "",
		"https://u:p@a.example/": "", "https://a.example\\@b.example/": "", "https://a.example\n/": "",
		"java\nscript:alert(1)": "", "https://a_b.example/": "", "\x01https://a.example/": "",
		"https://a.example/" + strings.Repeat("a", 2048): "", "https://a.example/" + strings.Repeat("é", 400): "",
	} {
		got, ok := CleanURL(in)
		if got != want || ok != (want != "") {
			t.Errorf("CleanURL(%q) = %q, %v; want %q", in, got, ok, want)
		}
	}
}

func TestOrigins(t *testing.T) {
	for in, want := range map[string]string{
		"https://A.example:443/x": "a.example", "http://127.0.0.1:8080/x": "127.0.0.1:8080",
		"http://a.example:80": "a.example", "acct:a@b.example": "", "": "", "https://u@a.example/": "",
	} {
		if got := Host(in); got != want {
			t.Errorf("Host(%q) = %q, want %q", in, got, want)
		}
	}
	for _, test := range []struct {
		a, b string
		same bool
	}{
		{"https://a.example/x", "https://a.example/y#z", true},
		{"https://a.example/", "https://A.example.:443/", true},
		{"https://a.example/", "http://a.example/", false},
		{"https://a.example/", "https://a.example:8443/", false},
		{"https://a.example/", "https://b.a.example/", false},
		{"https://a.example/", "https://a.example@b.example/", false},
		{"", "", false},
		{"urn:x", "urn:x", false},
	} {
		if got := SameOrigin(test.a, test.b); got != test.same {
			t.Errorf("SameOrigin(%q, %q) = %v", test.a, test.b, got)
		}
	}
}

func FuzzCheckURL(f *testing.F) {
	for _, test := range urls {
		f.Add(test.url)
	}
	f.Fuzz(func(t *testing.T, s string) {
		u, err := url.Parse(s)
		if err != nil || (Guard{}).CheckURL(u) != nil {
			return
		}
		host, err := NormalHost(u.Host)
		if err != nil || u.Scheme != "https" || u.User != nil || strings.ContainsAny(host, ":[]@/%_") || !strings.Contains(host, ".") {
			t.Fatalf("%q passed as %q", s, host)
		}
		if _, err := netip.ParseAddr(host); err == nil {
			t.Fatalf("%q is an address", s)
		}
		if clean, ok := CleanURL(s); ok {
			if again, ok := CleanURL(clean); !ok || again != clean {
				t.Fatalf("cleaning %q twice gives %q, then %q", s, clean, again)
			}
			if !SameOrigin(s, clean) {
				t.Fatalf("cleaning %q changes its origin: %q", s, clean)
			}
		}
	})
}

func FuzzNormalHost(f *testing.F) {
	for _, s := range []string{"a.example", "A.example.:443", "bücher.example", "[::1]:80", "ａ.example", "0x7f.1", "xn--pple-43d.example", "a_b", "127.0.0.1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		host, err := NormalHost(s)
		if err != nil {
			return
		}
		again, err := NormalHost(host)
		if err != nil || again != host {
			t.Fatalf("%q gives %q, which gives %q, %v", s, host, again, err)
		}
		if strings.ContainsAny(host, "_%/@\\ ") || host != strings.ToLower(host) || strings.HasSuffix(host, ".") {
			t.Fatalf("%q gives %q", s, host)
		}
		DisplayHost(host)
	})
}
