package web

import (
	"fmt"

	"essaim/federation/vocab"
	"essaim/internal/essaim"
)

// pictureView is a picture as the templates show it: always from an address of ours, since no page asks anything of a third party (law 8). What other servers
// publish is shown through internal/media, which cleans it.
type pictureView struct {
	Src, SrcSet, Alt string
	Width, Height    int // of the large file: the place is kept before it comes; 0 when the other server did not say
}

// mostSaid is the longest side that another server's word is believed about.
const mostSaid = 20_000

// showPicture makes the view of a picture; nil when it cannot be shown.
func (p *Pages) showPicture(pic *vocab.Picture) *pictureView {
	if pic == nil || pic.URL == "" {
		return nil
	}
	large := p.pictureAddress(pic, essaim.Large)
	if large == "" {
		return nil
	}
	v := &pictureView{Src: large, Alt: pic.Alt}
	if w, h := pic.Width, pic.Height; w > 0 && h > 0 && w <= mostSaid && h <= mostSaid {
		v.Width, v.Height = essaim.Fit(int(w), int(h), essaim.Large.Longest())
		if less, _ := essaim.Fit(v.Width, v.Height, essaim.Small.Longest()); less < v.Width {
			v.SrcSet = fmt.Sprintf("%s %dw, %s %dw", p.pictureAddress(pic, essaim.Small), less, large, v.Width)
		}
	}
	return v
}

// showCover is the picture of an actor at the size of a card; nil when it has none to show.
func (p *Pages) showCover(pic *vocab.Picture) *pictureView {
	v := p.showPicture(pic)
	if v != nil {
		v.Src, v.SrcSet = p.pictureAddress(pic, essaim.Small), ""
	}
	return v
}

// pictureAddress is where one size of a picture is shown; "" when it is not.
func (p *Pages) pictureAddress(pic *vocab.Picture, size essaim.PictureSize) string {
	if pic == nil {
		return ""
	}
	if f, ours := p.Site.PictureAt(pic.URL); ours {
		f.Size = size
		return p.Site.Picture(f)
	}
	if p.Media == nil {
		return ""
	}
	return p.Media.DistantAddress(pic.URL, size)
}
