package web

import (
	"slices"
	"testing"
)

// The own cell is gold whatever the level of the territory an instance declares (ui-R9).
func TestMapShowsWhereWeAre(t *testing.T) {
	for key, name := range map[string]string{"fr:departement:48": "Lozère", "fr:commune:48095": "Lozère", "fr:epci:200034825": "Creuse", "fr:region:06": "Mayotte"} {
		s := newSite(t)
		if m := s.pages.drawMap([]string{key}, nil); m.Here == "" || !slices.Contains(m.Names, name) {
			t.Errorf("%s: the map shows %v", key, m.Names)
		}
	}
}
