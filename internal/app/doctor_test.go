package app

import (
	"os"
	"path/filepath"
	"testing"

	"essaim/internal/config"
)

// A folder that uploads cannot be written to is found before a member finds it, and looking leaves nothing there.
func TestTheDoctorTriesTheDataFolder(t *testing.T) {
	folder := t.TempDir()
	data := filepath.Join(folder, "data")
	if f := examineData(&config.Config{Data: data}); f.Advice == "" {
		t.Errorf("no folder: %+v", f)
	}
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	if f := examineData(&config.Config{Data: data}); f.Advice != "" {
		t.Errorf("a good folder: %+v", f)
	}
	if left, err := os.ReadDir(data); err != nil || len(left) != 0 {
		t.Errorf("left %v: %v", left, err)
	}
	file := filepath.Join(folder, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if f := examineData(&config.Config{Data: file}); f.Advice == "" {
		t.Errorf("a file in its place: %+v", f)
	}
}
