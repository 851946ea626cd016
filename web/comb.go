package web

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"

	"essaim/internal/essaim"
	"essaim/internal/i18n"
)

// The comb is the signature of the pages (ui-UI5): six cells for a phase, hexagons for avatars and covers. Drawings are made from ids, so that the
// same thing looks the same everywhere and nobody has to upload anything; templates write them as SVG attributes, which need no exception in
// the Content-Security-Policy.

// phaseView is a phase as six cells and a word.
type phaseView struct {
	Label string
	Step  int  // 0 to 5: the last step reached; -1 for none
	Off   bool // paused or stopped: the cell is grey
	Known bool
}

func phaseOf(lang i18n.Lang, p *essaim.Project) phaseView {
	v := phaseView{Label: essaim.Phases.Short(p.Phase, lang), Step: essaim.Phases.StepIndex(p.LastStep()), Known: p.Phase != ""}
	v.Off = v.Known && !essaim.Phases.IsStep(p.Phase)
	return v
}

// cell is one of the six: where it is drawn and how.
type cell struct {
	X     int
	Class string
}

// Cells are the small drawing, 104 by 20.
func (p phaseView) Cells() []cell {
	out := make([]cell, 6)
	for i := range out {
		out[i] = cell{9 + 17*i, p.class(i)}
	}
	return out
}

func (p phaseView) class(i int) string {
	switch {
	case i < p.Step:
		return "cell cell-done"
	case i == p.Step && p.Off:
		return "cell cell-off"
	case i == p.Step:
		return "cell cell-here"
	}
	return "cell"
}

// avatar is a hexagon in one of four colours with up to two initials, some of its six sectors shaded; or the picture the actor chose, cut to the same shape.
type avatar struct {
	Tone     int
	Shade    string // path of the shaded sectors
	Initials string
	Picture  string // address of the picture shown instead; "" for none
}

const hexPoints = "0 -20,17.3 -10,17.3 10,0 20,-17.3 10,-17.3 -10"

func avatarOf(iri, name string) avatar {
	seed := seedOf(iri)
	a := avatar{Tone: int(seed%4) + 1, Initials: initials(name)}
	points := strings.Split(hexPoints, ",")
	var b strings.Builder
	for i := range points {
		if seed>>(8+i)&1 == 1 {
			fmt.Fprintf(&b, "M0 0L%sL%sz", points[i], points[(i+1)%6])
		}
	}
	a.Shade = b.String()
	return a
}

// initials of the first and last words that begin with a letter; small words of French do not count.
func initials(name string) string {
	var letters []rune
	for _, w := range strings.FieldsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("'’-,(", r) }) {
		r := []rune(w)
		if slices.Contains([]string{"le", "la", "les", "un", "une", "des", "du", "de", "au", "aux", "et", "the", "of"}, strings.ToLower(w)) {
			continue
		}
		if unicode.IsLetter(r[0]) && (unicode.IsUpper(r[0]) && len(r) > 1 || len(letters) == 0 && len(r) > 2) {
			letters = append(letters, unicode.ToUpper(r[0]))
		}
	}
	switch n := len(letters); n {
	case 0:
		return ""
	case 1:
		return string(letters)
	default:
		return string(letters[0]) + string(letters[n-1])
	}
}

// cover is a comb of three shades in one of three colours, 360 by 104, denser on the left.
type cover struct {
	Tone               int
	Light, Half, Heavy string
	Picture            *pictureView // shown instead; nil for none
}

func coverOf(iri string) cover {
	seed := seedOf(iri)
	random := rand.New(rand.NewPCG(seed, 0x2b))
	var paths [3]strings.Builder
	for row := range 6 {
		for col := range 15 {
			x, y := 26*col+13*(row%2), -16+22*row
			weight := random.IntN(100)
			thin := 22 + 4*col // how likely a cell is missing
			switch {
			case weight < thin:
			case weight < thin+30:
				fmt.Fprintf(&paths[0], "M%d %dh", x, y)
			case weight < thin+50:
				fmt.Fprintf(&paths[1], "M%d %dh", x, y)
			default:
				fmt.Fprintf(&paths[2], "M%d %dh", x, y)
			}
		}
	}
	cells := func(b *strings.Builder) string {
		return strings.ReplaceAll(b.String(), "h", "l11 6v13l-11 6-11-6v-13z")
	}
	return cover{Tone: int(seed>>3%3) + 1, Light: cells(&paths[0]), Half: cells(&paths[1]), Heavy: cells(&paths[2])}
}

func seedOf(iri string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(iri)) // never fails
	x := h.Sum64()
	x ^= x >> 29 // FNV leaves its low bits alike for addresses that differ in their last letters
	return x * 0x9e3779b97f4a7c15 >> 7
}
