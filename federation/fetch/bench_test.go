package fetch

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

type answers struct{ contentType, body string }

func (a answers) RoundTrip(req *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {a.contentType}},
		Body: io.NopCloser(strings.NewReader(a.body)), ContentLength: int64(len(a.body)), Request: req,
	}, nil
}

// What a delivery costs beside its signature and the network: to be held against
// the 1.3 ms of an RSA signature.
func BenchmarkPost(b *testing.B) {
	c := New(Options{Transport: answers{}})
	var inboxes [1000]string
	for i := range inboxes {
		inboxes[i] = fmt.Sprintf("https://h%d.example/inbox", i)
	}
	body := []byte(note)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := c.Post(b.Context(), inboxes[i%len(inboxes)], body, mark); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkGetObject(b *testing.B) {
	c := New(Options{Transport: answers{ActivityType, note}})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.GetObject(b.Context(), "https://a.example/objects/1", mark); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNormalHost(b *testing.B) {
	for _, host := range []string{"innov.bzh.example", "Innov.BZH.example:8443", "bücher.example"} {
		b.Run(host, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := NormalHost(host); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
