package browser

import (
	"strings"
	"testing"
)

// TestStory_Language: a reader changes the language of the page they are on, and it stays on the next one.
func TestStory_Language(t *testing.T) {
	t.Parallel()
	p := visitor(t, theWorld(t).URL(Accelerator), "fr")
	p.goes("/projets?phase=stopped")
	p.sees("Projets", "Arrêté")
	p.clicks("English")
	p.sees("Projects", "Stopped")
	p.seesNot("Arrêté")
	if at := p.at(); at != "/projets?lang=en&phase=stopped" {
		t.Errorf("the choice of the language leads to %s", at)
	}
	p.goes("/agenda")
	p.sees("Français")
	p.clicks("Français")
	p.goes("/projets")
	p.sees("Projets")
}

// TestStory_Filters: a reader narrows the list of projects, with scripts and without, and the address says how.
func TestStory_Filters(t *testing.T) {
	t.Parallel()
	for name, scripts := range map[string]bool{"scripts": true, "no scripts": false} {
		t.Run(name, func(t *testing.T) {
			p := visitor(t, theWorld(t).URL(Accelerator), "fr")
			if !scripts {
				p.without()
			}
			p.goes("/projets")
			p.picks("Phase", "Arrêté")
			p.clicks("Appliquer")
			p.sees("retirer ce filtre")
			if phase := does[string](p, "holds", "Phase"); !strings.HasPrefix(phase, "Arrêté") {
				t.Errorf("the list forgets the filter: %s", phase)
			}
			if at := p.at(); !strings.Contains(at, "phase=stopped") {
				t.Errorf("the address %s does not say the filter", at)
			}
		})
	}
}
