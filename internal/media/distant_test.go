package media

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"essaim/internal/essaim"
)

// elsewhere is another server with pictures, as the guarded client would show it.
type elsewhere struct {
	pictures map[string][]byte
	asked    atomic.Int64
	hold     chan struct{} // when set, answers wait for it
}

func (e *elsewhere) fetch(ctx context.Context, address string) ([]byte, error) {
	e.asked.Add(1)
	if e.hold != nil {
		select {
		case <-e.hold:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if body := e.pictures[address]; body != nil {
		return body, nil
	}
	return nil, errors.New("404")
}

const away = "https://ailleurs.example/system/eve.jpg?1"

func newDistantWorld(t *testing.T) (*world, *elsewhere) {
	w := newWorld(t)
	e := &elsewhere{pictures: map[string][]byte{away: jpegOf(t, photo(900, 600))}}
	w.proxy = newProxy(Distant{Fetch: e.fetch, Fetchable: func(a string) bool { return strings.HasPrefix(a, "https://") }, Secret: []byte("s3cret"), Folder: Folder(t.TempDir())})
	return w, e
}

// view asks for an address as a browser does.
func (w *world) view(address string) *http.Response {
	w.t.Helper()
	rest, ok := strings.CutPrefix(address, "https://innov.example"+essaim.DistantPath)
	parts := strings.Split(rest, "/")
	if !ok || len(parts) != 3 {
		w.t.Fatalf("%q is no address of the proxy", address)
	}
	out := httptest.NewRecorder()
	w.ServeDistant(out, httptest.NewRequest(http.MethodGet, address, nil), parts[0], parts[1], parts[2])
	return out.Result()
}

// The first view fetches, cleans and keeps; later ones of any size ask nobody.
func TestDistant(t *testing.T) {
	w, e := newDistantWorld(t)
	for size, want := range map[essaim.PictureSize]int{essaim.Large: 900, essaim.Small: 640, essaim.Icon: 160} {
		address := w.DistantAddress(away, size)
		resp := w.view(address)
		c, err := readers[typeJPEG].config(readAll(t, resp))
		if err != nil || c.Width != want || resp.Header.Get("Content-Type") != typeJPEG || resp.Header.Get("X-Content-Type-Options") != "nosniff" || resp.Header.Get("Content-Security-Policy") != Policy {
			t.Errorf("%q: %d %v, width %d, %v", size, resp.StatusCode, resp.Header, c.Width, err)
		}
		if strings.Contains(address, "ailleurs") {
			t.Errorf("the page would name the other server: %s", address)
		}
	}
	if n := e.asked.Load(); n != 1 {
		t.Errorf("asked %d times", n)
	}
}

func readAll(t *testing.T, resp *http.Response) *bytes.Reader {
	t.Helper()
	var b bytes.Buffer
	if _, err := b.ReadFrom(resp.Body); err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(b.Bytes())
}

// S20: only addresses that a page of ours made are answered; nobody makes us ask elsewhere, at another size, or of ourselves.
func TestSec_S20_TheProxyIsNotOpen(t *testing.T) {
	w, e := newDistantWorld(t)
	good := strings.Split(strings.TrimPrefix(w.DistantAddress(away, essaim.Small), "https://innov.example"+essaim.DistantPath), "/")
	other := base64.RawURLEncoding.EncodeToString([]byte("https://interne.example/secret.png"))
	foreign, _ := newDistantWorld(t)
	foreign.proxy.Secret = []byte("another")
	theirs := strings.Split(strings.TrimPrefix(foreign.DistantAddress(away, essaim.Small), "https://innov.example"+essaim.DistantPath), "/")
	for name, parts := range map[string][]string{
		"another address":  {good[0], good[1], other},
		"another size":     {good[0], "large", good[2]},
		"no size":          {good[0], "", good[2]},
		"no code":          {"", good[1], good[2]},
		"a cut code":       {good[0][:8], good[1], good[2]},
		"another database": theirs,
		"not base64":       {good[0], good[1], "https:%2F%2F"},
	} {
		out := httptest.NewRecorder()
		w.ServeDistant(out, httptest.NewRequest(http.MethodGet, "/", nil), parts[0], parts[1], parts[2])
		if out.Code != http.StatusNotFound || out.Body.Len() != 0 {
			t.Errorf("%s: %d %q", name, out.Code, out.Body)
		}
	}
	if e.asked.Load() != 0 {
		t.Error("somebody was asked")
	}
	for _, address := range []string{"http://ailleurs.example/x", "javascript:alert(1)", "", "https://innov.example/media/distant/x/large/y", "HTTPS://INNOV.example/x"} {
		if got := w.DistantAddress(address, essaim.Large); got != "" {
			t.Errorf("%q would be shown as %q", address, got)
		}
	}
}

// What fails is 404 without a word, and the other server is not asked again at once; later it is.
func TestDistantFailures(t *testing.T) {
	w, e := newDistantWorld(t)
	e.pictures["https://ailleurs.example/page"] = []byte("<svg onload=alert(1)>")
	for _, address := range []string{"https://ailleurs.example/gone.png", "https://ailleurs.example/page"} {
		before := e.asked.Load()
		for range 3 {
			resp := w.view(w.DistantAddress(address, essaim.Large))
			if resp.StatusCode != http.StatusNotFound || readAll(t, resp).Len() != 0 {
				t.Errorf("%s: %d", address, resp.StatusCode)
			}
		}
		if n := e.asked.Load() - before; n != 1 {
			t.Errorf("%s: asked %d times", address, n)
		}
	}
	e.pictures["https://ailleurs.example/gone.png"] = pngOf(t, quarters(60, 40))
	w.now = w.now.Add(refuseFor)
	if resp := w.view(w.DistantAddress("https://ailleurs.example/gone.png", essaim.Large)); resp.StatusCode != http.StatusOK {
		t.Errorf("later: %d", resp.StatusCode)
	}
}

// Ten readers at once make one retrieval; one who leaves spoils nothing for the others.
func TestDistantIsFetchedOnce(t *testing.T) {
	w, e := newDistantWorld(t)
	e.hold = make(chan struct{})
	parts := strings.Split(strings.TrimPrefix(w.DistantAddress(away, essaim.Small), "https://innov.example"+essaim.DistantPath), "/")
	first, leave := context.WithCancel(context.Background())
	var all sync.WaitGroup
	ask := func(ctx context.Context) *httptest.ResponseRecorder {
		out := httptest.NewRecorder()
		all.Go(func() {
			w.ServeDistant(out, httptest.NewRequest(http.MethodGet, "/", nil).WithContext(ctx), parts[0], parts[1], parts[2])
		})
		return out
	}
	ask(first)
	for e.asked.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	var others []*httptest.ResponseRecorder
	for range 9 {
		others = append(others, ask(context.Background()))
	}
	leave()
	close(e.hold)
	all.Wait()
	for _, out := range others {
		if out.Code != http.StatusOK {
			t.Errorf("got %d", out.Code)
		}
	}
	if n := e.asked.Load(); n != 1 {
		t.Errorf("asked %d times", n)
	}
}

// The folder keeps its size: what was written first goes. What is old goes in any case.
func TestTheShelfIsBounded(t *testing.T) {
	s := &shelf{Folder: Folder(t.TempDir()), max: 10_000}
	ctx := context.Background()
	name := func(i int) string {
		return essaim.PictureFile{Stem: strings.Repeat(string(rune('a'+i)), 26), Ext: "jpg"}.String()
	}
	start := time.Now().Add(-time.Hour)
	for i := range 20 {
		if err := s.put(ctx, name(i), make([]byte, 1000)); err != nil {
			t.Fatal(err)
		}
		at := start.Add(time.Duration(i) * time.Minute)
		if err := os.Chtimes(s.path(name(i)), at, at); err != nil {
			t.Fatal(err)
		}
		if on := sizeOf(t, string(s.Folder)); on > s.max || on != s.total {
			t.Fatalf("after %d files the folder holds %d bytes and believes %d", i+1, on, s.total)
		}
	}
	if _, _, err := s.Open(ctx, name(0)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the oldest is still there: %v", err)
	}
	if f, _, err := s.Open(ctx, name(19)); err != nil {
		t.Errorf("the newest is gone: %v", err)
	} else {
		f.Close()
	}
	if err := s.expire(start.Add(19 * time.Minute)); err != nil || s.total != 1000 {
		t.Errorf("%d bytes are left, want those of the last: %v", s.total, err)
	}
}

func sizeOf(t *testing.T, folder string) (n int64) {
	t.Helper()
	err := filepath.WalkDir(folder, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		n += info.Size()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
