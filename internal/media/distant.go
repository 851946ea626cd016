package media

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"sync"
	"time"

	"essaim/internal/essaim"
)

// Pages ask nothing of a third party (law 8), so the pictures of other servers are shown through this one: the page holds an address of ours, and the
// picture is fetched when a browser first asks for it, cleaned and scaled like an upload, and kept for a while. Only addresses that a page of ours made are
// answered: they carry a code made with a secret of this database, so that the proxy is open to nobody (S20).

// Distant is what the proxy needs; see Options.
type Distant struct {
	// Fetch reads a picture of another server through the guarded dialer, at most 10 MB (S25). It obeys the policy on hosts.
	Fetch func(ctx context.Context, address string) ([]byte, error)
	// Fetchable tells beforehand whether an address is one Fetch would try.
	Fetchable func(address string) bool
	// Allowed is the policy on hosts (S33), which also holds for what is kept already: its error hides the picture. nil allows all.
	Allowed  func(ctx context.Context, host string) error
	Secret   []byte // of the addresses
	Folder   Folder // where what was fetched is kept
	MaxBytes int64  // of Folder; 0 is 2 GB
}

// Limits of the proxy.
const (
	patience   = 10 * time.Second // of a reader for one picture
	atOnce     = 6                // pictures being fetched, 10 MB each at most
	refuseFor  = 10 * time.Minute // what could not be fetched
	keptFor    = 30 * 24 * time.Hour
	defaultMax = 2 << 30
	mostFailed = 2000 // addresses remembered
)

// sizeNames are the sizes as they stand in addresses of the proxy.
var sizeNames = map[essaim.PictureSize]string{essaim.Large: "large", essaim.Small: "small", essaim.Icon: "icon"}

// proxy is the state of the pictures of other servers.
type proxy struct {
	Distant
	shelf   shelf
	fetches chan struct{}

	mu      sync.Mutex
	flights map[string]chan struct{} // by stem: closed when the picture is there or refused
	failed  map[string]time.Time     // by stem: when it may be tried again
}

func newProxy(d Distant) *proxy {
	if d.MaxBytes == 0 {
		d.MaxBytes = defaultMax
	}
	return &proxy{Distant: d, shelf: shelf{Folder: d.Folder, max: d.MaxBytes}, fetches: make(chan struct{}, atOnce), flights: make(map[string]chan struct{}), failed: make(map[string]time.Time)}
}

// DistantAddress is where this instance shows a picture of another server; "" when it does not. It never goes through itself: a page of ours holds our own
// addresses as they are.
func (s *Service) DistantAddress(address string, size essaim.PictureSize) string {
	if s.proxy == nil || essaim.SameOrigin(address, s.Site.Base) || essaim.SameOrigin(address, s.Site.MediaOrigin()) || !s.proxy.Fetchable(address) {
		return ""
	}
	name := sizeNames[size]
	return s.Site.MediaOrigin() + essaim.DistantPath + s.proxy.code(name, address) + "/" + name + "/" + base64.RawURLEncoding.EncodeToString([]byte(address))
}

// code proves that a page of ours made an address.
func (p *proxy) code(size, address string) string {
	mac := hmac.New(sha256.New, p.Secret)
	mac.Write([]byte(size + " " + address))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:18])
}

// read checks an address that DistantAddress made and takes it apart.
func (p *proxy) read(code, name, encoded string) (address string, size essaim.PictureSize, ok bool) {
	raw, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil || !hmac.Equal([]byte(code), []byte(p.code(name, string(raw)))) {
		return "", "", false
	}
	for size, n := range sizeNames {
		if n == name {
			return string(raw), size, true
		}
	}
	return "", "", false
}

// ServeDistant answers GET and HEAD of essaim.DistantPath, a code, a size and an encoded address. Whatever goes wrong is 404 without a body, at the latest
// after ten seconds: a page never waits for another server, only its img element does.
func (s *Service) ServeDistant(w http.ResponseWriter, r *http.Request, code, size, encoded string) {
	if s.proxy == nil {
		absent(w)
		return
	}
	address, wanted, ok := s.proxy.read(code, size, encoded)
	if !ok {
		absent(w)
		return
	}
	if s.proxy.Allowed != nil {
		if err := s.proxy.Allowed(r.Context(), essaim.HostOf(address)); err != nil {
			s.Logger.Debug("a picture of another server is not shown", "address", address, "error", err)
			absent(w)
			return
		}
	}
	stem := essaim.DistantStem(address)
	file, err := s.proxy.open(r.Context(), stem, wanted)
	if errors.Is(err, fs.ErrNotExist) {
		if err = s.bring(r.Context(), address, stem); err == nil {
			file, err = s.proxy.open(r.Context(), stem, wanted)
		}
	}
	if err != nil {
		s.Logger.Debug("a picture of another server is not shown", "address", address, "error", err)
		absent(w)
		return
	}
	defer file.Close()
	headers(w, file.Type)
	w.Header().Set("Cache-Control", "public, max-age=604800")
	http.ServeContent(w, r, "", file.written, file)
}

// kept is a file of the proxy.
type kept struct {
	io.ReadSeekCloser
	Type    string
	written time.Time
}

func (p *proxy) open(ctx context.Context, stem string, size essaim.PictureSize) (*kept, error) {
	for ext, mediaType := range map[string]string{"jpg": typeJPEG, "png": typePNG} {
		f, written, err := p.Folder.Open(ctx, essaim.PictureFile{Stem: stem, Size: size, Ext: ext}.String())
		if err == nil {
			return &kept{f, mediaType, written}, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	return nil, fs.ErrNotExist
}

var errNotShown = errors.New("it was refused lately")

// bring fetches a picture and keeps its files, once for all who ask meanwhile. The one who asked first does the work to its end even when he goes away.
func (s *Service) bring(ctx context.Context, address, stem string) error {
	p := s.proxy
	p.mu.Lock()
	if until, ok := p.failed[stem]; ok && s.Clock().Before(until) {
		p.mu.Unlock()
		return errNotShown
	}
	if flight, ok := p.flights[stem]; ok {
		p.mu.Unlock()
		select {
		case <-flight:
			return nil // open says what came of it
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(patience):
			return context.DeadlineExceeded
		}
	}
	flight := make(chan struct{})
	p.flights[stem] = flight
	p.mu.Unlock()

	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	err := s.fetch(ctx, address, stem)
	cancel()
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.flights, stem)
	close(flight)
	if err != nil && essaim.CodeOf(err) != essaim.Unavailable {
		if len(p.failed) >= mostFailed {
			clear(p.failed)
		}
		p.failed[stem] = s.Clock().Add(refuseFor)
	}
	return err
}

// fetch reads a picture from its server and keeps it. What is busy here is Unavailable, and may be tried again at once.
func (s *Service) fetch(ctx context.Context, address, stem string) (err error) {
	defer caught(&err) // whatever a stranger's picture does to us, those who wait for it are told
	p := s.proxy
	select {
	case p.fetches <- struct{}{}:
		defer func() { <-p.fetches }()
	case <-ctx.Done():
		return essaim.Errorf(essaim.Unavailable, "too many pictures are being fetched")
	}
	body, err := p.Fetch(ctx, address)
	if err != nil {
		return err
	}
	files, err := s.make(ctx, body)
	if err != nil {
		if ctx.Err() != nil { // it waited in line here: not the picture's fault
			err = essaim.Errorf(essaim.Unavailable, "too many pictures wait: %w", err)
		}
		return err
	}
	ext := "jpg"
	if files.Type == typePNG {
		ext = "png"
	}
	for _, size := range essaim.PictureSizes {
		if err := p.shelf.put(ctx, essaim.PictureFile{Stem: stem, Size: size, Ext: ext}.String(), files.Body[size]); err != nil {
			return err
		}
	}
	return nil
}
