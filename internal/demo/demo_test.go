package demo

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// The demonstration is run whole: three instances on loopback ports, real HTTP, real signatures. What one publishes is seen on the pages of another.
func TestTheDemonstrationFederates(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	var out bytes.Buffer
	settled := make(chan struct{})
	ended := make(chan error, 1)
	go func() {
		ended <- Run(ctx, Options{Out: &out, Logger: slog.New(slog.DiscardHandler), Settled: func() { close(settled) }})
	}()
	select {
	case <-settled:
	case err := <-ended:
		t.Fatalf("it ended by itself: %v\n%s", err, out.String())
	}
	urls := regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindAllString(out.String(), len(world))
	ecluse, fabrique, national := urls[0], urls[1], urls[2]
	for page, wanted := range map[string][]string{
		national + "/": {"Eau et territoires", "Café des projets", "fictives"},
		fabrique + "/@guichet_roulant@" + strings.TrimPrefix(fabrique, "http://"): {"Le Guichet roulant"},
		national + "/@cantine_dici@" + strings.TrimPrefix(ecluse, "http://"):      {"Cantine d"},
		ecluse + "/@alerte_canicule": {"Alerte canicule voisins"},
	} {
		body := get(t, page)
		for _, w := range wanted {
			if !strings.Contains(body, w) {
				t.Errorf("%s does not show %q", page, w)
			}
		}
	}
	if !strings.Contains(get(t, ecluse+"/actors/alerte_canicule/outbox"), "Qui a d") {
		t.Error("the outbox of a project does not hold its post")
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("it did not end well: %v", err)
	}
}

func get(t *testing.T, url string) string {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept-Language", "fr")
	if strings.HasSuffix(url, "/outbox") {
		req.Header.Set("Accept", "application/activity+json")
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %v", url, res.StatusCode, err)
	}
	return string(b)
}
