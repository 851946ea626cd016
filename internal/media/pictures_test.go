package media

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"testing"
	"time"

	"essaim/internal/essaim"
	"essaim/internal/jobs"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

// world is a service on a database and a folder of its own.
type world struct {
	*Service
	t      *testing.T
	now    time.Time
	folder string
}

func newWorld(t *testing.T) *world { return newWorldOn(t, storetest.SQLite(t)) }

func newWorldOn(t *testing.T, db *store.DB) *world {
	t.Helper()
	w := &world{t: t, now: time.Now().UTC().Truncate(time.Millisecond), folder: t.TempDir()}
	clock := func() time.Time { return w.now }
	queue := jobs.NewQueue(db, jobs.Options{Clock: clock})
	site, err := essaim.NewSite("https://innov.example")
	if err != nil {
		t.Fatal(err)
	}
	w.Service = New(Options{DB: db, Jobs: queue, Site: site, Blobs: Folder(w.folder), Clock: clock})
	if err := w.Register(queue); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) add(body []byte) *store.Media {
	w.t.Helper()
	m, err := w.Add(context.Background(), 7, bytes.NewReader(body), "Un atelier", false)
	if err != nil {
		w.t.Fatal(err)
	}
	return m
}

// file reads one file of a picture as it is kept.
func (w *world) file(m *store.Media, size essaim.PictureSize) []byte {
	w.t.Helper()
	f, _, err := w.Blobs.Open(context.Background(), fileOf(m, size).String())
	if err != nil {
		w.t.Fatal(err)
	}
	defer f.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(f); err != nil {
		w.t.Fatal(err)
	}
	return b.Bytes()
}

func (w *world) settle() {
	w.t.Helper()
	if _, err := w.Jobs.RunDue(context.Background()); err != nil {
		w.t.Fatal(err)
	}
}

// photo is noise over a gradient: what a camera sees, as far as compression goes.
func photo(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	random := rand.New(rand.NewPCG(1, 2))
	for y := range h {
		for x := range w {
			n := random.IntN(24)
			img.SetRGBA(x, y, color.RGBA{uint8(200*x/w + n), uint8(200*y/h + n), uint8(100 + n), 255})
		}
	}
	return img
}

// quarters is a picture whose four quarters tell which way it is turned: red and green above, blue and white below.
func quarters(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetRGBA(x, y, quarterColours[2*(2*y/h)+2*x/w])
		}
	}
	return img
}

var quarterColours = [4]color.RGBA{{220, 20, 20, 255}, {20, 200, 20, 255}, {20, 20, 220, 255}, {250, 250, 250, 255}}

// seen tells which quarter of quarters stands in each quarter of a picture.
func seen(img image.Image) (out [4]int) {
	b := img.Bounds()
	for i := range out {
		r, g, bl, _ := img.At(b.Min.X+b.Dx()*(1+2*(i%2))/4, b.Min.Y+b.Dy()*(1+2*(i/2))/4).RGBA()
		best := 1 << 30
		for k, c := range quarterColours {
			d := 0
			for _, p := range [][2]int{{int(r >> 8), int(c.R)}, {int(g >> 8), int(c.G)}, {int(bl >> 8), int(c.B)}} {
				d += (p[0] - p[1]) * (p[0] - p[1])
			}
			if d < best {
				best, out[i] = d, k
			}
		}
	}
	return out
}

func jpegOf(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 90}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngOf(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gifOf(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := gif.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A lossless WebP of one by one pixel.
var tinyWebP = must(base64.StdEncoding.DecodeString("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="))

func must(b []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return b
}

// secret stands in metadata, where a place or a name would.
const secret = "48.117266,-1.6777926 Rennes"

// exif is a TIFF structure with an orientation and a description, in either order of bytes.
func exif(order binary.AppendByteOrder, t turn) []byte {
	b := []byte("II*\x00")
	if order.String() == binary.BigEndian.String() {
		b = []byte("MM\x00*")
	}
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, 2) // entries
	b = order.AppendUint16(b, 0x010e)
	b = order.AppendUint16(b, 2) // text
	b = order.AppendUint32(b, uint32(len(secret)))
	b = order.AppendUint32(b, 8+2+24+4)
	b = order.AppendUint16(b, 0x0112)
	b = order.AppendUint16(b, 3) // short
	b = order.AppendUint32(b, 1)
	b = order.AppendUint16(b, uint16(t))
	b = append(b, 0, 0)
	b = order.AppendUint32(b, 0)
	return append(b, secret...)
}

// withExif puts metadata into a JPEG, behind its first marker.
func withExif(body, tiff []byte) []byte {
	segment := append([]byte("Exif\x00\x00"), tiff...)
	out := append([]byte{}, body[:2]...)
	out = append(out, 0xff, 0xe1)
	out = binary.BigEndian.AppendUint16(out, uint16(len(segment)+2))
	out = append(out, segment...)
	return append(out, body[2:]...)
}

// withChunk puts a chunk into a PNG, behind its header.
func withChunk(body []byte, name string, data []byte) []byte {
	const header = 8 + 25
	out := append([]byte{}, body[:header]...)
	out = binary.BigEndian.AppendUint32(out, uint32(len(data)))
	part := append([]byte(name), data...)
	out = append(out, part...)
	out = binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(part))
	return append(out, body[header:]...)
}
