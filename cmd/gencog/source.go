package main

import (
	"archive/tar"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path"
)

// source is what gencog reads from one archive, in the package's own words.
type source struct {
	Regions      []unit
	Departements []unit
	EPCI         []grouping
	EPT          []grouping
	Communes     []commune
}

type unit struct {
	Code   string `json:"code"`
	Name   string `json:"nom"`
	Region string `json:"region"`
}

type grouping struct {
	Code       string   `json:"code"`
	Name       string   `json:"nom"`
	Type       string   `json:"type"`
	Population int      `json:"populationMunicipale"`
	Members    []member `json:"membres"`
}

type member struct {
	Code string `json:"code"`
}

type commune struct {
	Code        string   `json:"code"`
	Name        string   `json:"nom"`
	Type        string   `json:"type"`
	Departement string   `json:"departement"`
	Region      string   `json:"region"`
	Postcodes   []string `json:"codesPostaux"`
	Population  int      `json:"population"`
	OldCodes    []string `json:"anciensCodes"`
	Seat        string   `json:"chefLieu"` // of a delegated or associated municipality: the current one
	Commune     string   `json:"commune"`  // of a municipal arrondissement
}

// readArchive decodes the JSON files of a packed npm archive. Files that
// older years lack (EPT) are left empty.
func readArchive(name string) (source, error) {
	var s source
	f, err := os.Open(name)
	if err != nil {
		return s, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return s, fmt.Errorf("%s: %w", name, err)
	}
	for t := tar.NewReader(z); ; {
		h, err := t.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return s, fmt.Errorf("%s: %w", name, err)
		}
		if path.Base(path.Dir(h.Name)) != "data" {
			continue
		}
		if err := s.decode(path.Base(h.Name), json.NewDecoder(t)); err != nil {
			return s, fmt.Errorf("%s: %s: %w", name, h.Name, err)
		}
	}
	if len(s.Communes) == 0 || len(s.EPCI) == 0 {
		return s, fmt.Errorf("%s: no communes.json or epci.json inside", name)
	}
	return s, nil
}

// decode reads one file of the package; those that are not needed are left.
func (s *source) decode(file string, d *json.Decoder) error {
	switch file {
	case "regions.json":
		return d.Decode(&s.Regions)
	case "departements.json":
		return d.Decode(&s.Departements)
	case "epci.json":
		return d.Decode(&s.EPCI)
	case "ept.json":
		return d.Decode(&s.EPT)
	case "communes.json":
		return d.Decode(&s.Communes)
	}
	return nil
}
