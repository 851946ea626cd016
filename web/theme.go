package web

import (
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
)

// theme is what an operator puts in the place of ours: a header, a footer, rules that follow ours in the stylesheet, files (ui-UI4). A public body has a
// look of its own to keep to, or must keep away from another's.
type theme struct {
	parts map[string]string // template by name: header, footer
	rules []byte
	files map[string][]byte
}

// Names of what a theme may hold, and how large a file of it may be.
const (
	themeRules    = "theme.css"
	maxThemeFile  = 512 << 10
	maxThemeFiles = 40
)

// themeParts are the templates a theme may replace; each is a file of that name with .html.
var themeParts = []string{"header", "footer"}

// themeFile are the files that are served as they are.
var themeFile = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,60}\.(svg|png|woff2)$`)

// abroad finds what the stylesheet of a theme may not hold: anything fetched from elsewhere (law 8).
var abroad = regexp.MustCompile(`(?i)@import|url\(\s*["']?\s*(https?:)?//`)

// loadTheme reads the folder of a theme; "" is none. What it cannot use it refuses in one sentence, before anything is served.
func loadTheme(folder string) (*theme, error) {
	t := &theme{parts: make(map[string]string), files: make(map[string][]byte)}
	if folder == "" {
		return t, nil
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("the theme cannot be read: %w", err)
	}
	if len(entries) > maxThemeFiles {
		return nil, fmt.Errorf("the theme in %s has more than %d files", folder, maxThemeFiles)
	}
	for _, e := range entries {
		name := e.Name()
		part := slices.IndexFunc(themeParts, func(p string) bool { return p+".html" == name })
		if e.IsDir() || part < 0 && name != themeRules && !themeFile.MatchString(name) {
			continue
		}
		body, err := readThemeFile(filepath.Join(folder, name))
		if err != nil {
			return nil, err
		}
		switch {
		case part >= 0:
			t.parts[themeParts[part]] = string(body)
		case name == themeRules:
			if abroad.Match(body) {
				return nil, fmt.Errorf("%s of the theme names another site; put its files into the theme's folder", name)
			}
			t.rules = append([]byte("\n"), body...)
		default:
			t.files[name] = body
		}
	}
	return t, nil
}

func readThemeFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() > maxThemeFile {
		return nil, fmt.Errorf("%s of the theme is not there, or larger than %d KB", path, maxThemeFile>>10)
	}
	if err != nil {
		return nil, fmt.Errorf("the theme cannot be read: %w", err)
	}
	return os.ReadFile(path)
}

// dress replaces the parts of a page's templates by those of the theme.
func (t *theme) dress(page *template.Template) (*template.Template, error) {
	for name, text := range t.parts {
		if _, err := page.New(name).Parse(text); err != nil {
			return nil, fmt.Errorf("%s.html of the theme: %w", name, err)
		}
	}
	return page, nil
}
