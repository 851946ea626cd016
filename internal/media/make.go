package media

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"

	"github.com/bbrks/go-blurhash"
	"golang.org/x/image/webp"

	"essaim/internal/essaim"
)

// files are what is kept of one picture.
type files struct {
	Type          string // of all three
	Width, Height int    // of the large one
	Blurhash      string
	Body          map[essaim.PictureSize][]byte
}

// Limits of what is decoded, in pixels: some 300 MB of memory at worst.
const (
	mostPixels = 40e6
	mostDeep   = 20e6 // eight bytes a pixel
	mostSlow   = 24e6 // a progressive JPEG: up to fifteen
)

// make checks a picture and makes its files, when its turn comes.
func (s *Service) make(ctx context.Context, body []byte) (*files, error) {
	kind := kindOf(body)
	if kind == "" {
		return nil, refusal(body)
	}
	facts := look(kind, body)
	if err := measure(kind, facts, body); err != nil {
		return nil, err
	}
	var out *files
	err := s.line.run(ctx, func() error {
		src, err := decode(kind, body)
		if err != nil {
			return fault("picture", "picture.broken")
		}
		out, err = derive(src, kind, facts.turn)
		return err
	})
	return out, err
}

// readers of each kind: what it costs, and the picture itself (of a GIF its first frame).
var readers = map[string]struct {
	config func(*bytes.Reader) (image.Config, error)
	image  func(*bytes.Reader) (image.Image, error)
}{
	typeJPEG: {func(r *bytes.Reader) (image.Config, error) { return jpeg.DecodeConfig(r) }, func(r *bytes.Reader) (image.Image, error) { return jpeg.Decode(r) }},
	typePNG:  {func(r *bytes.Reader) (image.Config, error) { return png.DecodeConfig(r) }, func(r *bytes.Reader) (image.Image, error) { return png.Decode(r) }},
	typeGIF:  {func(r *bytes.Reader) (image.Config, error) { return gif.DecodeConfig(r) }, func(r *bytes.Reader) (image.Image, error) { return gif.Decode(r) }},
	typeWebP: {func(r *bytes.Reader) (image.Config, error) { return webp.DecodeConfig(r) }, func(r *bytes.Reader) (image.Image, error) { return webp.Decode(r) }},
}

// measure refuses what would cost too much, before anything is decoded: a few bytes may announce a picture of gigabytes.
func measure(kind string, f facts, body []byte) (err error) {
	defer caught(&err)
	c, err := readers[kind].config(bytes.NewReader(body))
	if err != nil {
		return fault("picture", "picture.broken")
	}
	most := int64(mostPixels)
	switch {
	case c.Width <= 0 || c.Height <= 0:
		return fault("picture", "picture.too_small")
	case f.progressive:
		most = mostSlow
	case c.ColorModel == color.RGBA64Model || c.ColorModel == color.NRGBA64Model:
		most = mostDeep
	}
	if int64(c.Width)*int64(c.Height) > most {
		return fault("picture", "picture.too_large")
	}
	return nil
}

func decode(kind string, body []byte) (_ image.Image, err error) {
	defer caught(&err)
	return readers[kind].image(bytes.NewReader(body))
}

// caught makes an error of a panic over a picture: strangers wrote it, and the next one in the line must not suffer.
func caught(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("the picture made us fail: %v", p)
	}
}

// derive makes the three files of a picture. They are in JPEG, but what has transparent parts, or was kept without loss because it is a drawing, stays
// in PNG (LB36).
func derive(src image.Image, kind string, t turn) (*files, error) {
	drawing := kind != typeJPEG && graphic(src)
	large := t.upright(shrink(src, essaim.Large.Longest()))
	small := shrink(large, essaim.Small.Longest())
	icon := shrink(square(small), essaim.Icon.Longest())
	out := &files{Type: typeJPEG, Width: large.Rect.Dx(), Height: large.Rect.Dy(), Body: make(map[essaim.PictureSize][]byte)}
	encode := encodeJPEG
	if !large.Opaque() || drawing && lighter(small) {
		out.Type, encode = typePNG, encodePNG
	}
	var err error
	if out.Blurhash, err = blurhash.Encode(4, 3, shrink(icon, 32)); err != nil {
		return nil, err
	}
	for size, img := range map[essaim.PictureSize]*image.RGBA{essaim.Large: large, essaim.Small: small, essaim.Icon: icon} {
		if size == essaim.Small && img == large {
			continue
		}
		if out.Body[size], err = encode(img); err != nil {
			return nil, err
		}
	}
	if out.Body[essaim.Small] == nil {
		out.Body[essaim.Small] = out.Body[essaim.Large]
	}
	return out, nil
}

// lighter tells whether a drawing is worth keeping without loss: not when that costs far more than a photograph of it.
func lighter(img *image.RGBA) bool {
	exact, err := encodePNG(img)
	if err != nil {
		return false
	}
	rough, err := encodeJPEG(img)
	return err == nil && len(exact) <= 2*len(rough)
}

// quality of JPEG files: above it they grow and nobody sees why.
const quality = 82

func encodeJPEG(img *image.RGBA) ([]byte, error) {
	var b bytes.Buffer
	err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality})
	return b.Bytes(), err
}

func encodePNG(img *image.RGBA) ([]byte, error) {
	var b bytes.Buffer
	err := png.Encode(&b, img)
	return b.Bytes(), err
}
