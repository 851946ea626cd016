package media

import (
	"bytes"
	"context"
	"encoding/binary"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"essaim/internal/essaim"
)

func (w *world) get(name string, headers ...string) *http.Response {
	r := httptest.NewRequest(http.MethodGet, "/media/"+name, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	out := httptest.NewRecorder()
	w.ServePicture(out, r, name)
	return out.Result()
}

// S42: what is served is a picture, whatever was sent. A document of ActivityPub called a picture does not get in, and a picture that holds one loses it.
func TestSec_S42(t *testing.T) {
	w := newWorld(t)
	document := []byte(`{"@context":"https://www.w3.org/ns/activitystreams","id":"https://innov.example/media/x.png","type":"Person"}`)
	if _, err := w.Add(context.Background(), 7, bytes.NewReader(document), "avatar.png", false); Key(err) != "picture.other" {
		t.Fatalf("a document called .png: %v", err)
	}
	drawn := pngOf(t, quarters(900, 600))
	for name, body := range map[string][]byte{
		"in a text chunk": withChunk(drawn, "tEXt", append([]byte("Comment\x00"), document...)),
		"after the end":   append(append([]byte{}, drawn...), document...),
		"in a comment":    withExif(jpegOf(t, quarters(900, 600)), append(exif(binary.LittleEndian, 1), document...)),
	} {
		m := w.add(body)
		for _, size := range essaim.PictureSizes {
			file := fileOf(m, size)
			resp := w.get(file.String())
			var got bytes.Buffer
			got.ReadFrom(resp.Body)
			h := resp.Header
			if resp.StatusCode != http.StatusOK || h.Get("Content-Type") != m.Type || !strings.HasPrefix(m.Type, "image/") {
				t.Errorf("%s: %d %q", name, resp.StatusCode, h.Get("Content-Type"))
			}
			if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Content-Security-Policy") != "default-src 'none'; sandbox" || !strings.Contains(h.Get("Cache-Control"), "immutable") {
				t.Errorf("%s: headers %v", name, h)
			}
			if bytes.Contains(got.Bytes(), []byte("activitystreams")) || kindOf(got.Bytes()) != m.Type {
				t.Errorf("%s: the document is still there", name)
			}
		}
	}
}

func TestServing(t *testing.T) {
	w := newWorld(t)
	m := w.add(jpegOf(t, photo(900, 600)))
	name := fileOf(m, essaim.Small).String()
	whole := w.get(name)
	if part := w.get(name, "Range", "bytes=0-9"); part.StatusCode != http.StatusPartialContent || part.ContentLength != 10 {
		t.Errorf("a range: %d, %d bytes", part.StatusCode, part.ContentLength)
	}
	if again := w.get(name, "If-None-Match", whole.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
		t.Errorf("what the reader has: %d", again.StatusCode)
	}
	r, out := httptest.NewRequest(http.MethodHead, "/media/"+name, nil), httptest.NewRecorder()
	if w.ServePicture(out, r, name); out.Code != http.StatusOK || out.Body.Len() != 0 || out.Header().Get("Content-Length") == "" {
		t.Errorf("HEAD: %d, %d bytes", out.Code, out.Body.Len())
	}
	if err := os.WriteFile(filepath.Join(w.folder, "essaim.db"), []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	stranger := strings.Repeat("a", 26)
	for _, absent := range []string{stranger + ".jpg", m.Name, m.Name + ".png", m.Name + "-huge.jpg", m.Name + "-.jpg", m.Name + ".jpg.jpg", "../essaim.db", "essaim.db", "..%2fessaim.db",
		strings.ToUpper(m.Name) + ".jpg", "", m.Name + ".svg", m.Name[:25] + "..jpg"} {
		resp := w.get(absent)
		if resp.StatusCode != http.StatusNotFound || resp.ContentLength != 0 {
			t.Errorf("%q: %d", absent, resp.StatusCode)
		}
	}
}

// A form took a picture back: its address is empty at once, before the job has removed the file.
func TestWhatIsDroppedIsNotServed(t *testing.T) {
	w := newWorld(t)
	m := w.add(jpegOf(t, quarters(90, 60)))
	if err := w.Discard(context.Background(), m.Owner, m.Name); err != nil {
		t.Fatal(err)
	}
	if resp := w.get(fileOf(m, essaim.Large).String()); resp.StatusCode != http.StatusNotFound {
		t.Errorf("still served: %d", resp.StatusCode)
	}
}
