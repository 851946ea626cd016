package main

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
)

// write stores every table as NAME.txt.gz. The gzip header carries neither
// name nor time, so that the bytes depend on the text alone.
func write(dir string, t tables) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for name, lines := range t {
		packed, err := pack(strings.Join(lines, "\n") + "\n")
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, name+".txt.gz"), packed, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func pack(text string) ([]byte, error) {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write([]byte(text)); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
