package essaim

import (
	"crypto/sha256"
	"encoding/base32"
	"net/url"
	"strings"
)

// PictureSize is one of the three forms in which a picture is kept.
type PictureSize string

// The sizes. An address without a suffix is the large one.
const (
	Large PictureSize = ""      // at most 1600 pixels on the long side
	Small PictureSize = "small" // at most 640
	Icon  PictureSize = "icon"  // the middle square, at most 160
)

// PictureSizes are all of them, the largest first.
var PictureSizes = []PictureSize{Large, Small, Icon}

// Longest is the long side of a size in pixels.
func (s PictureSize) Longest() int {
	switch s {
	case Small:
		return 640
	case Icon:
		return 160
	}
	return 1600
}

// Fit is a width and a height brought down, in proportion, to at most longest on the long side. What is smaller already stays as it is.
func Fit(width, height, longest int) (int, int) {
	if width <= longest && height <= longest || width <= 0 || height <= 0 {
		return width, height
	}
	if width >= height {
		return longest, max(1, (height*longest+width/2)/width)
	}
	return max(1, (width*longest+height/2)/height), longest
}

// Where pictures are served.
const (
	MediaPath   = "/media/"         // those uploaded here: /media/{name}
	DistantPath = "/media/distant/" // those of other servers, through the proxy of internal/media
)

// PictureFile names one file of a picture: its stem, size and ending, as the last part of its address.
type PictureFile struct {
	Stem, Ext string // 26 letters and digits; jpg or png
	Size      PictureSize
}

// String is the file's name: q2…-small.jpg.
func (f PictureFile) String() string {
	if f.Size == Large {
		return f.Stem + "." + f.Ext
	}
	return f.Stem + "-" + string(f.Size) + "." + f.Ext
}

// ParsePictureFile reads what String wrote, and nothing else: the names of files on the disk come from addresses through here (S42).
func ParsePictureFile(name string) (PictureFile, bool) {
	rest, ext, ok := strings.Cut(name, ".")
	stem, size, sized := strings.Cut(rest, "-")
	f := PictureFile{Stem: stem, Ext: ext, Size: PictureSize(size)}
	if !ok || ext != "jpg" && ext != "png" || len(stem) != stemLength || strings.Trim(stem, stemLetters) != "" {
		return PictureFile{}, false
	}
	if sized && f.Size != Small && f.Size != Icon {
		return PictureFile{}, false
	}
	return f, true
}

const (
	stemLength  = 26 // 130 bits of chance: nobody guesses one (S45)
	stemLetters = "abcdefghijklmnopqrstuvwxyz234567"
)

// DistantStem names the files kept here of a picture of another server, in the manner of our own, from its address.
func DistantStem(address string) string {
	sum := sha256.Sum256([]byte(address))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:]))[:stemLength]
}

// MediaOrigin is the origin pictures are served from: one of their own when the operator has set it, else that of the site (S42).
func (s Site) MediaOrigin() string {
	if s.Media != "" {
		return s.Media
	}
	return s.Base
}

// Picture is the address of one file of a picture uploaded here.
func (s Site) Picture(f PictureFile) string { return s.MediaOrigin() + MediaPath + f.String() }

// PictureAt tells which file an address of ours names; false for any other address.
func (s Site) PictureAt(address string) (PictureFile, bool) {
	name, ok := strings.CutPrefix(address, s.MediaOrigin()+MediaPath)
	if !ok && s.Media != "" { // before the origin was set, addresses were made on the site's own
		name, ok = strings.CutPrefix(address, s.Base+MediaPath)
	}
	if !ok {
		return PictureFile{}, false
	}
	return ParsePictureFile(name)
}

// MediaHost is the authority of the separate origin of pictures; "" when there is none.
func (s Site) MediaHost() string {
	u, err := url.Parse(s.Media)
	if err != nil {
		return ""
	}
	return u.Host
}
