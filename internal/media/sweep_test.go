package media

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"essaim/internal/essaim"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

// stands tells whether a picture has its row and its files: both, or neither.
func (w *world) stands(m *store.Media) (row, files bool) {
	w.t.Helper()
	_, err := store.MediaByName(context.Background(), w.DB.Read(), m.Name)
	if err != nil && !isNotFound(err) {
		w.t.Fatal(err)
	}
	f, _, open := w.Blobs.Open(context.Background(), fileOf(m, essaim.Icon).String())
	if open == nil {
		f.Close()
	}
	return err == nil, open == nil
}

// What nothing came to show within a day goes; what is younger, or shows, stays.
func TestSweepDropsWhatWaitedTooLong(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, ctx := newWorldOn(t, db), context.Background()
		body := jpegOf(t, quarters(90, 60))
		old, shown := w.add(body), w.add(body)
		err := db.Write(ctx, store.Relaxed, func(tx *store.Tx) error {
			_, err := tx.AttachMedia(ctx, shown.Name, 99)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		w.now = w.now.Add(waitingFor - time.Minute)
		young := w.add(body)
		sweep := func() {
			if err := w.Sweep(ctx); err != nil {
				t.Fatal(err)
			}
			w.settle()
		}
		if sweep(); !all(w.stands(old)) {
			t.Error("swept before its day was over")
		}
		w.now = w.now.Add(2 * time.Minute)
		sweep()
		if row, files := w.stands(old); row || files {
			t.Errorf("still there: row %v, files %v", row, files)
		}
		if !all(w.stands(young)) || !all(w.stands(shown)) {
			t.Error("what is young, or shows, was swept")
		}
	})
}

func all(row, files bool) bool { return row && files }

// A process killed between the files and the row, or in the middle of a file, leaves what the sweep finds, and nothing that is served.
func TestSweepFindsWhatAKillLeft(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	kept := w.add(jpegOf(t, quarters(90, 60)))
	orphan := &store.Media{Name: strings.Repeat("q", 26), Type: typeJPEG}
	for _, size := range essaim.PictureSizes {
		if err := w.Blobs.Put(ctx, fileOf(orphan, size).String(), []byte("half")); err != nil {
			t.Fatal(err)
		}
	}
	half := filepath.Join(w.folder, "qq", "qq", temporary+"1")
	own := filepath.Join(w.folder, "qq", "lisez-moi.txt")
	for _, path := range []string{half, own} {
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if resp := w.get(fileOf(orphan, essaim.Large).String()); resp.StatusCode != 404 {
		t.Errorf("a file without a row is served: %d", resp.StatusCode)
	}
	sweep := func() {
		for range 3 { // every folder is seen, wherever the last sweep stopped
			if err := w.Sweep(ctx); err != nil {
				t.Fatal(err)
			}
		}
	}
	sweep()
	if _, files := w.stands(orphan); !files {
		t.Error("a file that may still be getting its row was removed")
	}
	past := time.Now().Add(-2 * waitingFor)
	err := filepath.WalkDir(w.folder, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		return os.Chtimes(path, past, past)
	})
	if err != nil {
		t.Fatal(err)
	}
	sweep()
	if _, files := w.stands(orphan); files {
		t.Error("a file without a row is still there")
	}
	if _, err := os.Stat(half); err == nil {
		t.Error("a half-written file is still there")
	}
	if _, err := os.Stat(own); err != nil {
		t.Errorf("the operator's own file was touched: %v", err)
	}
	if !all(w.stands(kept)) {
		t.Error("a picture with its row was touched")
	}
}
