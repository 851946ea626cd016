package media

import (
	"bytes"
	"context"
	"encoding/binary"
	"testing"
)

// BenchmarkAdd12Megapixels is the whole work on a photograph of a phone, beside the bare decoding of it, which nothing can spare.
func BenchmarkAdd12Megapixels(b *testing.B) {
	body := withExif(jpegOf(b, photo(4032, 3024)), exif(binary.BigEndian, 6))
	b.Run("decode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := decode(typeJPEG, body); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("make", func(b *testing.B) {
		b.ReportAllocs()
		s := New(Options{})
		for b.Loop() {
			if _, err := s.make(context.Background(), bytes.Clone(body)); err != nil {
				b.Fatal(err)
			}
		}
	})
}
