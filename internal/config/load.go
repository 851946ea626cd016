package config

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// Origin tells where the value of a setting comes from.
type Origin string

// The origins, the later winning over the earlier.
const (
	FromDefault Origin = "default"
	FromFile    Origin = "file"
	FromEnv     Origin = "env"
	FromFlag    Origin = "flag"
)

// Setting is one line of `essaim config`. Secrets in Value are masked.
type Setting struct {
	Name    string // ESSAIM_MEDIA_URL
	Value   string
	Origin  Origin
	Meaning string
}

const prefix = "ESSAIM_"

// Load reads the settings. file is the path of the settings file, or empty;
// overrides are flags, named media-url, MEDIA_URL or ESSAIM_MEDIA_URL. The
// settings are returned even with an error, which joins one sentence for each
// value at fault.
func Load(getenv func(string) string, file string, overrides map[string]string) (*Config, []Setting, error) {
	var faults []error
	fromFile, err := readFile(file)
	if err != nil {
		faults = append(faults, err)
	}
	flags := map[string]string{}
	for name, value := range overrides {
		full := fullName(name)
		if !known(full) {
			faults = append(faults, fmt.Errorf("%s: no such setting; `essaim config` lists them", name))
		}
		flags[full] = value
	}
	c := &Config{}
	settings := make([]Setting, 0, len(table))
	for _, d := range table {
		s := Setting{Name: d.name, Value: d.value, Origin: FromDefault, Meaning: d.meaning}
		for _, layer := range []struct {
			value  string
			origin Origin
		}{{fromFile[d.name], FromFile}, {getenv(d.name), FromEnv}, {flags[d.name], FromFlag}} {
			if layer.value != "" {
				s.Value, s.Origin = layer.value, layer.origin
			}
		}
		if err := d.set(c, strings.TrimSpace(s.Value)); err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", d.name, err))
		}
		if d.mask != nil {
			s.Value = d.mask(s.Value)
		}
		settings = append(settings, s)
	}
	// Rules between settings make no sense while a value is wrong.
	if len(faults) == 0 {
		faults = append(faults, c.check()...)
	}
	return c, settings, errors.Join(faults...)
}

func fullName(name string) string {
	name = strings.ToUpper(strings.ReplaceAll(strings.TrimLeft(name, "-"), "-", "_"))
	if strings.HasPrefix(name, prefix) {
		return name
	}
	return prefix + name
}

func known(name string) bool {
	for _, d := range table {
		if d.name == name {
			return true
		}
	}
	return false
}

// readFile reads NAME=value lines; empty lines and lines that begin with # are
// left out, and quotes around a whole value are taken off.
func readFile(path string) (map[string]string, error) {
	values := map[string]string{}
	if path == "" {
		return values, nil
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return values, fmt.Errorf("the settings file cannot be read; check its path and rights: %w", err)
	}
	var faults []error
	n := 0
	for line := range strings.Lines(strings.TrimPrefix(string(raw), "\ufeff")) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		name = strings.TrimSpace(strings.TrimPrefix(name, "export "))
		switch {
		case !ok:
			faults = append(faults, fmt.Errorf("%s line %d: write NAME=value, or begin the line with #", path, n))
		case !known(name):
			faults = append(faults, fmt.Errorf("%s line %d: no setting is called %s; `essaim config` lists them", path, n, name))
		case values[name] != "":
			faults = append(faults, fmt.Errorf("%s line %d: %s was already set above; keep one of the two", path, n, name))
		default:
			values[name] = unquote(strings.TrimSpace(value))
		}
	}
	return values, errors.Join(faults...)
}

func unquote(s string) string {
	if len(s) >= 2 && (s[0] == '"' || s[0] == '\'') && s[len(s)-1] == s[0] {
		return s[1 : len(s)-1]
	}
	return s
}

// Example is a settings file with every setting, its meaning and its default,
// all commented out.
func Example() string {
	var b strings.Builder
	b.WriteString("# Settings of an Essaim instance. Variables of the environment and flags win over this file.\n")
	for _, d := range table {
		fmt.Fprintf(&b, "\n# %s\n#%s=%s\n", d.meaning, d.name, d.value)
	}
	return b.String()
}
