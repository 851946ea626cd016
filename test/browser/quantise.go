package browser

import (
	"image"
	"image/color"
	"slices"
)

type rgb [3]uint8

// shades are colours of a picture that become one.
type shades []rgb

// quantise redraws a picture with 256 colours by median cut, which suits pages: few flat colours, and the edges of letters.
func quantise(from image.Image) *image.Paletted {
	bounds := from.Bounds()
	at := func(x, y int) rgb {
		r, g, b, _ := from.At(x, y).RGBA()
		return rgb{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8)}
	}
	count := make(map[rgb]int)
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			count[at(x, y)]++
		}
	}
	index := make(map[rgb]uint8, len(count))
	var colours color.Palette
	for i, s := range cut(count, 256) {
		for _, c := range s {
			index[c] = uint8(i)
		}
		colours = append(colours, s.mean(count))
	}
	to := image.NewPaletted(bounds, colours)
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			to.SetColorIndex(x, y, index[at(x, y)])
		}
	}
	return to
}

// cut divides the colours until there are as many groups as wanted, or each is one colour.
func cut(count map[rgb]int, wanted int) []shades {
	var all shades
	for c := range count {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b rgb) int { return slices.Compare(a[:], b[:]) }) // the same picture gives the same file
	groups := []shades{all}
	for len(groups) < wanted {
		widest, channel, most := -1, 0, 0
		for i, s := range groups {
			if c, spread := s.spread(count); spread > most {
				widest, channel, most = i, c, spread
			}
		}
		if widest < 0 {
			break
		}
		low, high := groups[widest].halves(count, channel)
		groups[widest] = low
		groups = append(groups, high)
	}
	return groups
}

// spread is the channel in which the colours differ most, and how much cutting there would gain. What covers much of the picture counts for no more than
// letters do: 2,000 pixels.
func (s shades) spread(count map[rgb]int) (channel, most int) {
	for c := range 3 {
		low, high, n := 255, 0, 0
		for _, p := range s {
			low, high, n = min(low, int(p[c])), max(high, int(p[c])), n+min(count[p], 2000)
		}
		if gain := (high - low) * (high - low) * n; len(s) > 1 && gain > most {
			channel, most = c, gain
		}
	}
	return channel, most
}

// halves cuts at the median of a channel; neither side is empty.
func (s shades) halves(count map[rgb]int, channel int) (low, high shades) {
	slices.SortFunc(s, func(a, b rgb) int { return int(a[channel]) - int(b[channel]) })
	all, n := 0, 0
	for _, p := range s {
		all += count[p]
	}
	for i, p := range s[:len(s)-1] {
		if n += count[p]; n >= all/2 || i == len(s)-2 {
			return s[:i+1], s[i+1:]
		}
	}
	return s, nil
}

func (s shades) mean(count map[rgb]int) color.Color {
	var sum [3]int
	n := 0
	for _, p := range s {
		n += count[p]
		for c := range 3 {
			sum[c] += int(p[c]) * count[p]
		}
	}
	if n == 0 {
		return color.Black
	}
	return color.RGBA{uint8(sum[0] / n), uint8(sum[1] / n), uint8(sum[2] / n), 255}
}
