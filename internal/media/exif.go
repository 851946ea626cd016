package media

import (
	"bytes"
	"encoding/binary"
)

// turn is how a picture is to be turned before it is shown, as Exif 2.3 §4.6.4 numbers it: 1 as it is, 3 upside down, 6 and 8 lying on a side, the even ones
// and 5, 7 mirrored besides. It is all that is ever read of the metadata; the rest is not looked at and not kept.
type turn int

// facts are what the parts of a file before its pixels tell.
type facts struct {
	turn        turn
	progressive bool // a JPEG that needs all its coefficients in memory
}

// look reads the facts of a picture.
func look(kind string, b []byte) facts {
	f := facts{turn: 1}
	switch kind {
	case typeJPEG:
		lookJPEG(b, &f)
	case typePNG:
		f.turn = orientation(chunk(b, 8, binary.BigEndian, false, "eXIf"))
	case typeWebP:
		f.turn = orientation(bytes.TrimPrefix(chunk(b, 12, binary.LittleEndian, true, "EXIF"), exifHead))
	}
	return f
}

var exifHead = []byte("Exif\x00\x00")

// lookJPEG walks over the segments that come before the pixels (ITU T.81 §B.1).
func lookJPEG(b []byte, f *facts) {
	for i := 2; i+4 <= len(b) && b[i] == 0xff; {
		marker := b[i+1]
		if marker == 0xff { // filling
			i++
			continue
		}
		size := int(binary.BigEndian.Uint16(b[i+2:]))
		if size < 2 || i+2+size > len(b) {
			return
		}
		segment := b[i+4 : i+2+size]
		switch {
		case marker == 0xe1 && f.turn == 1 && bytes.HasPrefix(segment, exifHead):
			f.turn = orientation(segment[len(exifHead):])
		case marker == 0xc2:
			f.progressive = true
		case marker == 0xda:
			return
		}
		i += 2 + size
	}
}

// chunk finds a part of a PNG (length, name, bytes, checksum) or of a RIFF file (name, length, bytes, filled to an even length).
func chunk(b []byte, from int, order binary.ByteOrder, nameFirst bool, want string) []byte {
	for i := from; i+8 <= len(b); {
		name, length := string(b[i+4:i+8]), b[i:i+4]
		if nameFirst {
			name, length = string(b[i:i+4]), b[i+4:i+8]
		}
		size := int(order.Uint32(length))
		if size < 0 || size > len(b)-i-8 {
			return nil
		}
		if name == want {
			return b[i+8 : i+8+size]
		}
		i += 8 + size
		if nameFirst {
			i += size & 1
		} else {
			i += 4
		}
	}
	return nil
}

// orientation reads the tag of that name in the first directory of a TIFF structure; 1 when it has none that makes sense.
func orientation(b []byte) turn {
	const tag, short = 0x0112, 3
	if len(b) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.LittleEndian
	switch string(b[:4]) {
	case "II*\x00":
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return 1
	}
	at := int64(order.Uint32(b[4:]))
	if at+2 > int64(len(b)) {
		return 1
	}
	entries := b[at+2:]
	for n := int(order.Uint16(b[at:])); n > 0 && len(entries) >= 12; n-- {
		if order.Uint16(entries) == tag && order.Uint16(entries[2:]) == short {
			if t := turn(order.Uint16(entries[8:])); t >= 1 && t <= 8 {
				return t
			}
			return 1
		}
		entries = entries[12:]
	}
	return 1
}

// sideways tells whether width and height change places.
func (t turn) sideways() bool { return t >= 5 }
