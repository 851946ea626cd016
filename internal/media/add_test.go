package media

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"strings"
	"testing"
	"time"

	"essaim/internal/essaim"
	"essaim/internal/i18n"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

// A photograph of a phone becomes three files that say nothing but the picture.
func TestAddMakesThreeFiles(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorldOn(t, db)
		m := w.add(withExif(jpegOf(t, photo(2000, 1500)), exif(binary.LittleEndian, 1)))
		if m.Width != 1600 || m.Height != 1200 || m.Type != typeJPEG || m.Blurhash == "" || !m.Described() {
			t.Fatalf("got %+v", m)
		}
		for size, want := range map[essaim.PictureSize]image.Point{essaim.Large: {X: 1600, Y: 1200}, essaim.Small: {X: 640, Y: 480}, essaim.Icon: {X: 160, Y: 160}} {
			body := w.file(m, size)
			c, err := readers[typeJPEG].config(bytes.NewReader(body))
			if err != nil || c.Width != want.X || c.Height != want.Y {
				t.Errorf("%q is %d by %d, want %v: %v", size, c.Width, c.Height, want, err)
			}
			for _, trace := range []string{secret, "Exif", "JFIF\x00\x01\x02", "Rennes"} {
				if bytes.Contains(body, []byte(trace)) {
					t.Errorf("%q still holds %q", size, trace)
				}
			}
		}
		kept, err := store.MediaByName(context.Background(), db.Read(), m.Name)
		if err != nil || *kept != *m {
			t.Errorf("kept %+v, %v\nwant %+v", kept, err, m)
		}
		p := w.Picture(m)
		if p.URL != "https://innov.example/media/"+m.Name+".jpg" || p.Alt != "Un atelier" || p.Width != 1600 || p.MediaType != "image/jpeg" || p.Blurhash != m.Blurhash {
			t.Errorf("picture %+v", p)
		}
	})
}

// What is small stays as large as it is; the rest of the file format follows what the picture needs.
func TestAddChoosesTheFormat(t *testing.T) {
	clear := quarters(300, 200)
	for x := range 50 {
		clear.SetRGBA(x, 10, color.RGBA{})
	}
	for name, c := range map[string]struct {
		body []byte
		want string
	}{
		"photograph in JPEG": {jpegOf(t, photo(300, 200)), typeJPEG},
		"photograph in PNG":  {pngOf(t, photo(300, 200)), typeJPEG},
		"drawing in PNG":     {pngOf(t, quarters(300, 200)), typePNG},
		"drawing in JPEG":    {jpegOf(t, quarters(300, 200)), typeJPEG},
		"transparent":        {pngOf(t, clear), typePNG},
		"GIF":                {gifOf(t, quarters(300, 200)), typePNG},
	} {
		m := newWorld(t).add(c.body)
		if m.Type != c.want || m.Width != 300 || m.Height != 200 {
			t.Errorf("%s became %s, %d by %d", name, m.Type, m.Width, m.Height)
		}
	}
	if m := newWorld(t).add(tinyWebP); m.Width != 1 || m.Height != 1 {
		t.Errorf("WebP: %+v", m)
	}
	if m := newWorld(t).add(pngOf(t, photo(4000, 2))); m.Width != 1600 || m.Height != 1 {
		t.Errorf("a thread: %d by %d", m.Width, m.Height)
	}
}

// The eight ways a camera may have been held (Exif 2.3 §4.6.4), in each container and both orders of bytes: the picture stands.
func TestOrientation(t *testing.T) {
	// quarter of the source that must be seen at upper left, upper right, lower left, lower right
	want := map[turn][4]int{1: {0, 1, 2, 3}, 2: {1, 0, 3, 2}, 3: {3, 2, 1, 0}, 4: {2, 3, 0, 1}, 5: {0, 2, 1, 3}, 6: {2, 0, 3, 1}, 7: {3, 1, 2, 0}, 8: {1, 3, 0, 2}}
	plain, drawn := jpegOf(t, quarters(96, 64)), pngOf(t, quarters(96, 64))
	for turned, places := range want {
		for name, body := range map[string][]byte{
			"little-endian JPEG": withExif(plain, exif(binary.LittleEndian, turned)),
			"big-endian JPEG":    withExif(plain, exif(binary.BigEndian, turned)),
			"PNG":                withChunk(drawn, "eXIf", exif(binary.BigEndian, turned)),
		} {
			w := newWorld(t)
			m := w.add(body)
			img, err := decode(m.Type, w.file(m, essaim.Large))
			if err != nil {
				t.Fatal(err)
			}
			if got := seen(img); got != places {
				t.Errorf("%s, orientation %d: quarters %v, want %v", name, turned, got, places)
			}
			if sideways := turned >= 5; (m.Height > m.Width) != sideways || img.Bounds().Dx() != m.Width {
				t.Errorf("%s, orientation %d: %d by %d", name, turned, m.Width, m.Height)
			}
		}
	}
	for name, tiff := range map[string][]byte{"9": exif(binary.LittleEndian, 9), "0": exif(binary.LittleEndian, 0), "cut": exif(binary.BigEndian, 6)[:20], "far": []byte("II*\x00\xff\xff\xff\xff"), "none": nil} {
		if got := orientation(tiff); got != 1 {
			t.Errorf("orientation %s is read as %d", name, got)
		}
	}
	riff := append([]byte("RIFF\x00\x00\x00\x00WEBPVP8X\x03\x00\x00\x00abc\x00EXIF"), binary.LittleEndian.AppendUint32(nil, 64)...)
	if got := look(typeWebP, append(riff, append(exif(binary.LittleEndian, 6), make([]byte, 64)...)...)).turn; got != 6 {
		t.Errorf("orientation of a WebP is read as %d", got)
	}
}

// bomb is a PNG of a few bytes that announces a picture of this size.
func bomb(t *testing.T, width, height uint32) []byte {
	t.Helper()
	body := pngOf(t, image.NewGray(image.Rect(0, 0, 1, 1)))
	head := append(binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height), 8, 6, 0, 0, 0)
	var z bytes.Buffer
	zw := zlib.NewWriter(&z)
	zw.Write(make([]byte, 1<<20))
	zw.Close()
	out := withChunk(append(append([]byte{}, body[:8]...), make([]byte, 25)...), "IDAT", z.Bytes())
	return append(append(append([]byte{}, out[:8]...), withChunk(append(append([]byte{}, body[:8]...), make([]byte, 25)...), "IHDR", head)[33:33+25]...), out[33:]...)
}

// Wrong uploads are told apart by what they are, not by what they are called, and leave nothing behind.
func TestAddRefuses(t *testing.T) {
	whole := jpegOf(t, photo(400, 300))
	drawn := pngOf(t, photo(400, 300))
	for name, c := range map[string]struct {
		body []byte
		key  string
	}{
		"nothing":              {nil, "picture.empty"},
		"SVG":                  {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), "picture.svg"},
		"SVG with a prologue":  {[]byte("\xef\xbb\xbf <?xml version='1.0'?>\n<!-- -->\n<svg/>"), "picture.svg"},
		"HEIC":                 {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), "picture.heic"},
		"AVIF":                 {[]byte("\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1miaf"), "picture.heic"},
		"film":                 {[]byte("\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp42"), "picture.other"},
		"PDF":                  {[]byte("%PDF-1.7\n%"), "picture.pdf"},
		"HTML":                 {[]byte("<!doctype html><script>alert(1)</script>"), "picture.other"},
		"JSON":                 {[]byte(`{"@context":"https://www.w3.org/ns/activitystreams","type":"Note"}`), "picture.other"},
		"TIFF":                 {exif(binary.LittleEndian, 1), "picture.other"},
		"BMP":                  {[]byte("BM\x00\x00\x00\x00"), "picture.other"},
		"half a JPEG":          {whole[:len(whole)/2], "picture.broken"},
		"the head of a JPEG":   {whole[:3], "picture.broken"},
		"half a PNG":           {drawn[:len(drawn)/2], "picture.broken"},
		"half a GIF":           {gifOf(t, quarters(300, 200))[:200], "picture.broken"},
		"half a WebP":          {tinyWebP[:len(tinyWebP)-6], "picture.broken"},
		"WebP of rubbish":      {append([]byte("RIFF\x00\x01\x00\x00WEBPVP8 "), make([]byte, 64)...), "picture.broken"},
		"40 million and one":   {bomb(t, 10_000, 4_001), "picture.too_large"},
		"a bomb":               {bomb(t, 1<<31-1, 1<<31-1), "picture.broken"},
		"a wide bomb":          {bomb(t, 1<<20, 1<<20), "picture.too_large"},
		"JSON in a PNG's head": {append([]byte("\x89PNG\r\n\x1a\n"), `{"type":"Person"}`...), "picture.broken"},
	} {
		w := newWorld(t)
		m, err := w.Add(context.Background(), 7, bytes.NewReader(c.body), "", true)
		if Key(err) != c.key || essaim.CodeOf(err) != essaim.Invalid || m != nil {
			t.Errorf("%s: %v (%s), want %s", name, err, Key(err), c.key)
		}
		if e, ok := errors.AsType[*essaim.Error](err); !ok || e.Field != "picture" || e.Sentence == "" || e.Sentence == c.key {
			t.Errorf("%s has no sentence: %v", name, err)
		}
		if shelf, names, err := w.Blobs.Shelf(context.Background(), "", w.now.Add(time.Hour)); shelf != "" || names != nil || err != nil {
			t.Errorf("%s left %v in %q: %v", name, names, shelf, err)
		}
	}
	if _, err := newWorld(t).Add(context.Background(), 7, &endless{}, "", true); Key(err) != "picture.too_heavy" {
		t.Errorf("a file without end: %v", err)
	}
	if _, err := newWorld(t).Add(context.Background(), 7, bytes.NewReader(whole), strings.Repeat("é", MaxAlt+1), false); Key(err) != "picture.alt_long" {
		t.Errorf("a description without end: %v", err)
	}
	for _, lang := range []i18n.Lang{i18n.FR, i18n.EN} {
		if i18n.T(lang, "picture.broken") == "picture.broken" {
			t.Error("the sentences are not in the catalogue")
		}
	}
}

// endless is a file without end: a head of a JPEG, then zeros.
type endless struct{ n int }

func (e *endless) Read(p []byte) (int, error) {
	clear(p)
	if e.n == 0 {
		copy(p, "\xff\xd8\xff")
	}
	e.n += len(p)
	return len(p), nil
}

// A picture without a description is kept for the form to ask again; only its owner can describe it or take it back.
func TestDescribeAndDiscard(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	m, err := w.Add(ctx, 7, bytes.NewReader(jpegOf(t, quarters(90, 60))), " \n ", false)
	if err != nil || m.Described() {
		t.Fatalf("%+v, %v", m, err)
	}
	if err := w.Describe(ctx, 8, m.Name, "Volé", false); !isNotFound(err) {
		t.Errorf("somebody else describes it: %v", err)
	}
	if err := w.Describe(ctx, 7, m.Name, "Un  atelier\nà Rennes", true); err != nil {
		t.Fatal(err)
	}
	if m, err = w.Waiting(ctx, 7, m.Name); err != nil || m.Alt != "Un atelier à Rennes" || m.Decorative {
		t.Errorf("%+v, %v", m, err)
	}
	if _, err := w.Waiting(ctx, 8, m.Name); !isNotFound(err) {
		t.Errorf("somebody else sees it: %v", err)
	}
	if err := w.Discard(ctx, 8, m.Name); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Waiting(ctx, 7, m.Name); err != nil {
		t.Errorf("somebody else dropped it: %v", err)
	}
	if err := w.Discard(ctx, 7, m.Name); err != nil {
		t.Fatal(err)
	}
	w.settle()
	if _, _, err := w.Blobs.Open(ctx, fileOf(m, essaim.Large).String()); err == nil {
		t.Error("the files of what was taken back are still there")
	}
}

// One picture at a time; those who would wait long are told so, and those who go away make room.
func TestTheLineIsBounded(t *testing.T) {
	l := &line{turns: make(chan struct{}, 1), longest: 2}
	begun, end := make(chan struct{}), make(chan struct{})
	work := func() error { begun <- struct{}{}; <-end; return nil }
	results := make(chan error, 3)
	go func() { results <- l.run(context.Background(), work) }()
	<-begun
	impatient, leave := context.WithCancel(context.Background())
	for range 2 {
		go func() { results <- l.run(impatient, work) }()
	}
	for l.waiting.Load() < 3 {
		time.Sleep(time.Millisecond)
	}
	if err := l.run(context.Background(), work); essaim.CodeOf(err) != essaim.Unavailable || Key(err) != "picture.busy" {
		t.Errorf("a full line: %v", err)
	}
	leave()
	for range 2 {
		if err := <-results; !errors.Is(err, context.Canceled) {
			t.Errorf("who went away: %v", err)
		}
	}
	close(end)
	if err := <-results; err != nil {
		t.Error(err)
	}
	if l.waiting.Load() != 0 {
		t.Errorf("%d still wait", l.waiting.Load())
	}
}

// One owner cannot fill the disk with pictures that nothing shows.
func TestAddLimitsWhatWaits(t *testing.T) {
	w := newWorld(t)
	body := jpegOf(t, quarters(8, 8))
	for range maxWaiting {
		w.add(body)
	}
	if _, err := w.Add(context.Background(), 7, bytes.NewReader(body), "", true); Key(err) != "picture.too_many" {
		t.Errorf("one more: %v", err)
	}
	if _, err := w.Add(context.Background(), 8, bytes.NewReader(body), "", true); err != nil {
		t.Errorf("somebody else: %v", err)
	}
}
