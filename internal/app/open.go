package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"essaim/internal/config"
	"essaim/internal/store"
)

// openStore opens the database of the settings, or says in words for the operator why it cannot. The folder of a file that belongs in ESSAIM_DATA is
// made; any other folder is the operator's, and a new one there is more likely a slip of the pen.
func openStore(ctx context.Context, cfg *config.Config, o store.Options) (*store.DB, error) {
	if path, ok := sqliteFile(cfg); ok {
		folder := filepath.Dir(path)
		if below(cfg.Data, folder) {
			if err := os.MkdirAll(folder, 0o700); err != nil {
				return nil, fmt.Errorf("the folder of the database cannot be made: %w; make it yourself, or change ESSAIM_DATA and ESSAIM_DATABASE", err)
			}
		} else if _, err := os.Stat(folder); errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("the folder of the database, %s, does not exist: make it, or change ESSAIM_DATABASE", folder)
		}
	}
	db, err := store.Open(ctx, cfg.Database, o)
	if err != nil {
		return nil, fmt.Errorf("the database cannot be opened: %w; check ESSAIM_DATABASE, and that this user may read and write it", err)
	}
	return db, nil
}

// sqliteFile is the path of the database when it is a file.
func sqliteFile(cfg *config.Config) (string, bool) {
	path, ok := strings.CutPrefix(cfg.Database, "sqlite:")
	return strings.TrimPrefix(path, "//"), ok
}

// below tells whether folder is data or inside it.
func below(data, folder string) bool {
	rel, err := filepath.Rel(data, folder)
	return err == nil && data != "" && filepath.IsLocal(rel)
}
