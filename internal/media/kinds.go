package media

import (
	"bytes"
	"encoding/binary"
	"strings"
)

// The media types that are read; the first two are those that are written (design §14).
const (
	typeJPEG = "image/jpeg"
	typePNG  = "image/png"
	typeGIF  = "image/gif"
	typeWebP = "image/webp"
)

// kindOf recognises a picture by how it begins. Names and declared types are not looked at: they are what an attacker chooses (S42).
func kindOf(b []byte) string {
	switch {
	case bytes.HasPrefix(b, []byte("\xff\xd8\xff")):
		return typeJPEG
	case bytes.HasPrefix(b, []byte("\x89PNG\r\n\x1a\n")):
		return typePNG
	case bytes.HasPrefix(b, []byte("GIF87a")), bytes.HasPrefix(b, []byte("GIF89a")):
		return typeGIF
	case len(b) >= 16 && string(b[:4]) == "RIFF" && string(b[8:12]) == "WEBP":
		return typeWebP
	}
	return ""
}

// refusal says of what is no picture of ours what it is, when that helps whoever chose it.
func refusal(b []byte) error {
	head := b[:min(len(b), 1024)]
	text := strings.ToLower(string(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")))
	switch {
	case strings.HasPrefix(text, "<") && strings.Contains(text, "<svg"):
		return fault("picture", "picture.svg")
	case len(b) >= 12 && string(b[4:8]) == "ftyp" && isHEIF(b):
		return fault("picture", "picture.heic")
	case strings.HasPrefix(text, "%pdf-"):
		return fault("picture", "picture.pdf")
	}
	return fault("picture", "picture.other")
}

// isHEIF tells the still pictures of ISO base media files (HEIC, AVIF) from its films, by their brands.
func isHEIF(b []byte) bool {
	size := min(int(binary.BigEndian.Uint32(b)), len(b), 256)
	for i := 8; i+4 <= size; i += 4 {
		switch string(b[i : i+4]) {
		case "heic", "heix", "hevc", "heim", "heis", "mif1", "msf1", "avif", "avis":
			return true
		}
	}
	return false
}
