// Command gencog makes the territory tables that internal/essaim embeds.
//
// It reads packed npm archives of @etalab/decoupage-administratif (INSEE and
// DGCL data, Licence Ouverte 2.0) and writes trimmed, sorted, gzipped text
// tables. The same archives always give the same text, so that a check can
// remake the tables and compare (LB42). It refuses data it does not
// understand rather than writing a table with holes.
//
//	npm pack @etalab/decoupage-administratif@6.0.0
//	npm pack @etalab/decoupage-administratif@0.6.2
//	go run ./cmd/gencog -in etalab-decoupage-administratif-6.0.0.tgz \
//	    -old etalab-decoupage-administratif-0.6.2.tgz -cog 2026 -out internal/essaim/data
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
)

func main() {
	in := flag.String("in", "", "packed npm archive of the current year")
	old := flag.String("old", "", "comma-separated archives of earlier years, for codes that are gone (TER2)")
	cog := flag.Int("cog", 0, "year of the official geographical code (COG) of -in")
	out := flag.String("out", "internal/essaim/data", "folder to write")
	flag.Parse()
	if err := run(*in, *old, *cog, *out); err != nil {
		fmt.Fprintln(os.Stderr, "gencog:", err)
		os.Exit(1)
	}
}

func run(in, old string, cog int, out string) error {
	if in == "" || cog == 0 {
		return fmt.Errorf("-in and -cog are required, see the comment of the command")
	}
	src, err := readArchive(in)
	if err != nil {
		return err
	}
	var past []source
	for _, name := range strings.FieldsFunc(old, func(r rune) bool { return r == ',' }) {
		p, err := readArchive(name)
		if err != nil {
			return err
		}
		past = append(past, p)
	}
	tables, err := build(src, past, cog)
	if err != nil {
		return err
	}
	return write(out, tables)
}
