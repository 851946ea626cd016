package main

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

const (
	current    = "commune-actuelle"
	district   = "arrondissement-municipal"
	delegated  = "commune-deleguee"
	associated = "commune-associee"
)

// tables maps a file name to its sorted lines.
type tables map[string][]string

// build makes every table:
//
//	regions       code;name
//	departements  code;name;region
//	epci, ept     code;type;name;population;members
//	communes      code;name;departement;postcodes;population
//	former        code;current;name;kind    kind: o old code, d delegated, a associated, m municipal arrondissement
//	successors    code;current              EPCI codes that are gone (TER2)
//	vintage       the COG year
//
// The region of a municipality is not written: it is that of its
// département, which build checks.
func build(s source, past []source, cog int) (tables, error) {
	t := tables{"vintage": {strconv.Itoa(cog)}}
	regionOf := map[string]string{}
	for _, r := range s.Regions {
		t.add("regions", r.Code, r.Name)
	}
	for _, d := range s.Departements {
		t.add("departements", d.Code, d.Name, d.Region)
		regionOf[d.Code] = d.Region
	}
	now := map[string]bool{}
	for _, c := range s.Communes {
		if c.Region != regionOf[c.Departement] {
			return nil, fmt.Errorf("%s %s: region %s is not that of its département %s", c.Code, c.Name, c.Region, c.Departement)
		}
		if c.Type == current {
			now[c.Code] = true
			t.add("communes", c.Code, c.Name, c.Departement, strings.Join(c.Postcodes, ","), strconv.Itoa(c.Population))
		}
	}
	resolve, err := t.addFormer(s, now)
	if err != nil {
		return nil, err
	}
	if err := t.addGroupings("epci", s.EPCI, now); err != nil {
		return nil, err
	}
	if err := t.addGroupings("ept", s.EPT, now); err != nil {
		return nil, err
	}
	t.addSuccessors(s, past, resolve)
	return t, t.finish()
}

// addFormer writes codes that lead to a current municipality (TER19, TER20),
// and returns that resolution, current codes included.
func (t tables) addFormer(s source, now map[string]bool) (map[string]string, error) {
	resolve := map[string]string{}
	for code := range now {
		resolve[code] = code
	}
	add := func(code, to, name, kind string) error {
		if !now[to] {
			return fmt.Errorf("%s %s leads to %q, which is not a current municipality", code, name, to)
		}
		// A delegated municipality often keeps the code of the current one.
		if resolve[code] != "" {
			return nil
		}
		resolve[code] = to
		t.add("former", code, to, name, kind)
		return nil
	}
	kinds := map[string]string{delegated: "d", associated: "a", district: "m"}
	for _, c := range s.Communes {
		kind, ok := kinds[c.Type]
		if !ok {
			if c.Type != current {
				return nil, fmt.Errorf("%s %s: unknown type %q", c.Code, c.Name, c.Type)
			}
			continue
		}
		if err := add(c.Code, cmp.Or(c.Commune, c.Seat), c.Name, kind); err != nil {
			return nil, err
		}
	}
	// Last, so that a code keeps its name when the package still knows it.
	for _, c := range s.Communes {
		for _, old := range c.OldCodes {
			to := c.Code
			if c.Type != current {
				to = cmp.Or(c.Commune, c.Seat)
			}
			if err := add(old, to, "", "o"); err != nil {
				return nil, err
			}
		}
	}
	return resolve, nil
}

func (t tables) addGroupings(file string, list []grouping, now map[string]bool) error {
	for _, g := range list {
		members := make([]string, 0, len(g.Members))
		for _, m := range g.Members {
			if !now[m.Code] {
				return fmt.Errorf("%s %s: member %s is not a current municipality", g.Code, g.Name, m.Code)
			}
			members = append(members, m.Code)
		}
		slices.Sort(members)
		t.add(file, g.Code, g.Type, g.Name, strconv.Itoa(g.Population), strings.Join(members, ","))
	}
	return nil
}

// addSuccessors leads an EPCI code of an earlier year that is gone to the
// EPCI that holds more than half of its municipalities today. One that was
// split without a majority leads nowhere.
func (t tables) addSuccessors(s source, past []source, resolve map[string]string) {
	home := map[string]string{}
	alive := map[string]bool{}
	for _, g := range s.EPCI {
		alive[g.Code] = true
		for _, m := range g.Members {
			home[m.Code] = g.Code
		}
	}
	done := map[string]bool{}
	for _, p := range past {
		for _, g := range p.EPCI {
			if alive[g.Code] || done[g.Code] {
				continue
			}
			votes := map[string]int{}
			for _, m := range g.Members {
				votes[home[resolve[m.Code]]]++
			}
			for to, n := range votes {
				if to != "" && 2*n > len(g.Members) {
					done[g.Code] = true
					t.add("successors", g.Code, to)
				}
			}
		}
	}
}

func (t tables) add(file string, fields ...string) {
	t[file] = append(t[file], strings.Join(fields, ";"))
}

// finish sorts every table by code and refuses a field that holds a
// separator and a code that comes twice.
func (t tables) finish() error {
	width := map[string]int{"regions": 2, "departements": 3, "epci": 5, "ept": 5, "communes": 5, "former": 4, "successors": 2, "vintage": 1}
	for file, lines := range t {
		slices.SortFunc(lines, func(a, b string) int { return cmp.Compare(codeOf(a), codeOf(b)) })
		for i, line := range lines {
			if strings.Count(line, ";")+1 != width[file] || strings.ContainsAny(line, "\n\r") {
				return fmt.Errorf("%s: line %q does not have %d fields", file, line, width[file])
			}
			if i > 0 && codeOf(line) == codeOf(lines[i-1]) {
				return fmt.Errorf("%s: code %s comes twice", file, codeOf(line))
			}
		}
	}
	return nil
}

func codeOf(line string) string {
	code, _, _ := strings.Cut(line, ";")
	return code
}
