package media

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Blobs is where files are kept under their names. Names are those of essaim.PictureFile: letters, digits, a hyphen, a dot.
type Blobs interface {
	// Put keeps a file whole or not at all; when it returns, the file survives a power cut.
	Put(ctx context.Context, name string, body []byte) error
	// Open gives a file and the moment it was written; fs.ErrNotExist when there is none. The caller closes it.
	Open(ctx context.Context, name string) (io.ReadSeekCloser, time.Time, error)
	// Remove drops a file; it is no error when there is none.
	Remove(ctx context.Context, name string) error
	// Shelf lists what was written before a moment on the shelf that comes after the one named, "" for the first; the shelf it returns is "" past the
	// last one. Walking all shelves sees every file.
	Shelf(ctx context.Context, after string, before time.Time) (shelf string, names []string, err error)
}

// Folder keeps files in two levels of folders made from the beginning of their names: aa/bb/aabb….jpg. It is made when the first file comes.
type Folder string

func (f Folder) path(name string) string {
	return filepath.Join(string(f), name[:2], name[2:4], name)
}

// Put writes beside, syncs, and moves into place.
func (f Folder) Put(_ context.Context, name string, body []byte) (err error) {
	folder := filepath.Dir(f.path(name))
	if err := f.makeFolder(folder); err != nil {
		return err
	}
	temp, err := os.CreateTemp(folder, temporary+"*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(temp.Name()))
		}
	}()
	_, err = temp.Write(body)
	if err = errors.Join(err, temp.Sync(), temp.Close()); err != nil {
		return err
	}
	if err = os.Rename(temp.Name(), f.path(name)); err != nil {
		return err
	}
	return syncFolder(folder)
}

// temporary begins the names of files that are being written; Shelf lists those that were left behind.
const temporary = ".new-"

// makeFolder makes a folder and sees to it that its parents know of it.
func (f Folder) makeFolder(folder string) error {
	if _, err := os.Stat(folder); err == nil {
		return nil
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	for at := filepath.Dir(folder); ; at = filepath.Dir(at) {
		if err := syncFolder(at); err != nil {
			return err
		}
		if at == string(f) || len(at) <= len(string(f)) {
			return nil
		}
	}
}

func syncFolder(folder string) error {
	d, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Open is that of Blobs.
func (f Folder) Open(_ context.Context, name string) (io.ReadSeekCloser, time.Time, error) {
	file, err := os.Open(f.path(name))
	if err != nil {
		return nil, time.Time{}, err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, time.Time{}, errors.Join(err, file.Close())
	}
	return file, info.ModTime(), nil
}

// Remove is that of Blobs.
func (f Folder) Remove(_ context.Context, name string) error {
	if strings.HasPrefix(name, temporary) {
		return nil
	}
	err := os.Remove(f.path(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Shelf is that of Blobs; a shelf is a folder of the first level. Files that were never finished are removed on the way.
func (f Folder) Shelf(_ context.Context, after string, before time.Time) (string, []string, error) {
	shelves, err := os.ReadDir(string(f)) // sorted
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil, nil
	}
	if err != nil {
		return "", nil, err
	}
	for _, s := range shelves {
		if s.Name() <= after || !s.IsDir() || len(s.Name()) != 2 {
			continue
		}
		names, err := f.old(s.Name(), before)
		return s.Name(), names, err
	}
	return "", nil, nil
}

func (f Folder) old(shelf string, before time.Time) (names []string, err error) {
	err = filepath.WalkDir(filepath.Join(string(f), shelf), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) || err == nil && !info.ModTime().Before(before) {
			return nil
		}
		if err == nil && strings.HasPrefix(d.Name(), temporary) {
			return os.Remove(path)
		}
		names = append(names, d.Name())
		return err
	})
	return names, err
}
