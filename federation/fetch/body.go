package fetch

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
)

// A gzip body may unpack to this many times its size, and to a little more for
// small documents full of repetition (S25).
const (
	maxRatio   = 20
	ratioGrace = 16 << 10
)

var errRatio = errors.New("unpacks to far more than was sent")

// read takes the body of a 200 answer under all the limits of S24 and S25.
func (c *Client) read(ctx context.Context, resp *http.Response, at string, want func(string) bool, max int64) (*Document, error) {
	defer resp.Body.Close()
	types := resp.Header.Values("Content-Type")
	if len(types) != 1 || !want(types[0]) {
		return nil, &Error{Kind: Type, URL: at}
	}
	if resp.ContentLength > max {
		return nil, &Error{Kind: TooLarge, URL: at}
	}
	var body []byte
	var err error
	switch encoding := strings.ToLower(strings.TrimSpace(resp.Header.Get("Content-Encoding"))); encoding {
	case "", "identity":
		body, err = readAll(resp.Body, resp.ContentLength, max)
	case "gzip", "x-gzip":
		body, err = c.unpack(resp.Body, max)
	default:
		return nil, &Error{Kind: Type, URL: at, Err: errors.New("unknown content encoding")}
	}
	corrupt, _ := errors.AsType[flate.CorruptInputError](err)
	switch {
	case errors.Is(err, errRatio), errors.Is(err, errTooLarge):
		return nil, &Error{Kind: TooLarge, URL: at, Err: err}
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum), corrupt != 0:
		return nil, &Error{Kind: Type, URL: at, Err: err}
	case err != nil:
		return nil, unreachable(ctx, at, err)
	}
	return &Document{URL: at, Body: body, ContentType: types[0], Header: resp.Header}, nil
}

var errTooLarge = errors.New("more bytes than allowed")

// readAll reads at most max bytes; size is what was announced, or negative. The
// announcement is only believed up to what one buffer costs anyway.
func readAll(r io.Reader, size, max int64) ([]byte, error) {
	var buf bytes.Buffer
	buf.Grow(int(min(size+bytes.MinRead, max+bytes.MinRead, 64<<10)) + bytes.MinRead)
	n, err := buf.ReadFrom(io.LimitReader(r, max+1))
	if n > max {
		return nil, errTooLarge
	}
	return buf.Bytes(), err
}

func (c *Client) unpack(r io.Reader, max int64) ([]byte, error) {
	in := &counter{r: r}
	z, ok := c.gzips.Get().(*gzip.Reader)
	if !ok {
		z = new(gzip.Reader)
	}
	defer c.gzips.Put(z)
	if err := z.Reset(in); err != nil {
		return nil, fmt.Errorf("gzip: %w", err)
	}
	return readAll(&bounded{r: z, in: in}, -1, max)
}

type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// bounded stops reading as soon as the output outgrows the input: the limit must
// hold while unpacking, not after.
type bounded struct {
	r   io.Reader
	in  *counter
	out int64
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	b.out += int64(n)
	if b.out > maxRatio*b.in.n+ratioGrace {
		return 0, errRatio
	}
	return n, err
}

// discard reads what little may be left, so that the connection is kept, and
// gives up on the connection when a peer has much more to say.
func discard(body io.ReadCloser) {
	io.CopyN(io.Discard, body, 16<<10)
	body.Close()
}

const activityStreams = "https://www.w3.org/ns/activitystreams"

// IsActivityType says whether a content type is exactly one of those that
// ActivityPub documents have: application/activity+json, or application/ld+json
// whose profile names ActivityStreams (ActivityPub §3.2, S24).
func IsActivityType(contentType string) bool {
	media, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return false
	}
	switch media {
	case "application/activity+json":
		return true
	case "application/ld+json":
		for profile := range strings.FieldsSeq(params["profile"]) {
			if profile == activityStreams {
				return true
			}
		}
	}
	return false
}

func oneOf(accept []string) func(string) bool {
	return func(contentType string) bool {
		media, _, err := mime.ParseMediaType(contentType)
		if err != nil {
			return false
		}
		for _, a := range accept {
			if name, _, _ := strings.Cut(a, ";"); strings.EqualFold(strings.TrimSpace(name), media) {
				return true
			}
		}
		return false
	}
}
