package media

import (
	"image"

	"golang.org/x/image/draw"

	"essaim/internal/essaim"
)

// shrink brings a picture to at most longest pixels on its long side: by halves as long as that is too much, quick and good at exactly a half, then once
// with care (LB36).
func shrink(src image.Image, longest int) *image.RGBA {
	b := src.Bounds()
	w, h := essaim.Fit(b.Dx(), b.Dy(), longest)
	for b.Dx() >= 2*w && b.Dy() >= 2*h && b.Dx() > 1 && b.Dy() > 1 {
		half := image.NewRGBA(image.Rect(0, 0, b.Dx()/2, b.Dy()/2))
		draw.ApproxBiLinear.Scale(half, half.Bounds(), src, b, draw.Src, nil)
		src, b = half, half.Bounds()
	}
	if same, ok := src.(*image.RGBA); ok && b.Dx() == w && b.Dy() == h && b.Min == (image.Point{}) {
		return same
	}
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	if b.Dx() == w && b.Dy() == h {
		draw.Draw(dst, dst.Bounds(), src, b.Min, draw.Src)
		return dst
	}
	draw.CatmullRom.Scale(dst, dst.Bounds(), src, b, draw.Src, nil)
	return dst
}

// square cuts the middle square out of a picture.
func square(src *image.RGBA) *image.RGBA {
	b := src.Bounds()
	side := min(b.Dx(), b.Dy())
	at := image.Pt(b.Min.X+(b.Dx()-side)/2, b.Min.Y+(b.Dy()-side)/2)
	dst := image.NewRGBA(image.Rect(0, 0, side, side))
	draw.Draw(dst, dst.Bounds(), src, at, draw.Src)
	return dst
}

// upright turns a picture as its metadata ask: what was taken with the phone on its side stands.
func (t turn) upright(src *image.RGBA) *image.RGBA {
	if t <= 1 || t > 8 {
		return src
	}
	w, h := src.Rect.Dx(), src.Rect.Dy()
	size := image.Rect(0, 0, w, h)
	if t.sideways() {
		size = image.Rect(0, 0, h, w)
	}
	dst := image.NewRGBA(size)
	for y := range h {
		for x := range w {
			u, v := x, y
			switch t {
			case 2:
				u = w - 1 - x
			case 3:
				u, v = w-1-x, h-1-y
			case 4:
				v = h - 1 - y
			case 5:
				u, v = y, x
			case 6:
				u, v = h-1-y, x
			case 7:
				u, v = h-1-y, w-1-x
			case 8:
				u, v = y, w-1-x
			}
			copy(dst.Pix[dst.PixOffset(u, v):][:4], src.Pix[src.PixOffset(x, y):][:4])
		}
	}
	return dst
}

// graphic tells a drawing or a screenshot from a photograph: it has few colours for its size. It looks at some four thousand pixels.
func graphic(src image.Image) bool {
	const grid = 64
	b := src.Bounds()
	colours := make(map[[4]uint16]bool)
	for y := range grid {
		for x := range grid {
			r, g, bl, a := src.At(b.Min.X+b.Dx()*x/grid, b.Min.Y+b.Dy()*y/grid).RGBA()
			colours[[4]uint16{uint16(r), uint16(g), uint16(bl), uint16(a)}] = true
		}
	}
	return len(colours) < grid*grid/8
}
