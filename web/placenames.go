package web

import (
	"strings"

	"essaim/internal/essaim"
	"essaim/internal/i18n"
)

// mostPlaces is how many territories one thing may be filed under.
const mostPlaces = 10

// territoriesNamed reads the territories that a person typed, separated by semicolons or lines, into their keys. One that several places bear is refused with the
// names to choose from (TER18), which works without a script as well as with one; the field of the error is "territory".
func territoriesNamed(typed string) (keys []string, err error) {
	seen := make(map[string]bool)
	for _, part := range strings.FieldsFunc(typed, func(r rune) bool { return r == ';' || r == '\n' || r == '\r' }) {
		part = strings.Join(strings.Fields(part), " ")
		if part == "" {
			continue
		}
		t, err := territoryNamed(part)
		if err != nil {
			return nil, err
		}
		if !seen[t.Key] {
			seen[t.Key] = true
			keys = append(keys, t.Key)
		}
	}
	if len(keys) > mostPlaces {
		return nil, essaim.FieldError("territory", "at most %d territories", mostPlaces)
	}
	return keys, nil
}

// territoryNamed finds the one territory of a name, a handle such as dep48, or a full title such as « Mende (48) ».
func territoryNamed(name string) (essaim.Territory, error) {
	if t, ok := essaim.TerritoryByHandle(strings.ToLower(name)); ok {
		return t, nil
	}
	var exact []essaim.Territory
	bare, _, _ := strings.Cut(name, " (") // a full title ends with a département, which the search does not know
	all := essaim.SearchTerritories(bare, 12)
	for _, t := range all {
		if i18n.Fold(t.Title()) == i18n.Fold(name) {
			return t, nil
		}
		if i18n.Fold(t.Name) == i18n.Fold(name) {
			exact = append(exact, t)
		}
	}
	switch {
	case len(exact) == 1:
		return exact[0], nil
	case len(exact) == 0 && len(all) == 1:
		return all[0], nil
	case len(all) == 0:
		return essaim.Territory{}, &placeError{Name: name}
	case len(exact) > 0:
		all = exact
	}
	return essaim.Territory{}, &placeError{name, all}
}

// placeError says that a name is of no territory, or of several: then which.
type placeError struct {
	Name   string
	Places []essaim.Territory
}

// Error is for the log; people are told by view.explain.
func (e *placeError) Error() string { return e.Name + " names no one territory" }

// sentence tells a person what to write instead.
func (e *placeError) sentence(v *view) string {
	if len(e.Places) == 0 {
		return v.T("place.none", e.Name)
	}
	var titles []string
	for _, t := range e.Places {
		titles = append(titles, t.Title())
	}
	return v.T("place.several", e.Name, strings.Join(titles, " · "))
}
