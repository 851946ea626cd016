package essaim

import (
	"strings"

	"essaim/internal/i18n"
)

// Concept is one value of a vocabulary. The ID is English, travels on the wire
// and never changes meaning; labels are for people.
type Concept struct {
	ID               string
	FR, EN           string    // long label
	ShortFR, ShortEN string    // label of a card or a filter; empty when the long one is short enough
	Sub              []Concept // second level (V2, V5)
}

// Group gathers codes of a long vocabulary for a filter.
type Group struct {
	FR, EN string
	IDs    []string
}

// Scheme is one vocabulary (docs/vocabulary.md), in the order in which it
// is shown. A scheme is read-only once the program runs.
//
// An unknown code is not an error: a peer may know more values than we do. It
// is kept, and Label shows it as its text.
type Scheme struct {
	Name     string // in addresses (/ns/{name}) and in stored terms
	FR, EN   string // what the vocabulary is called
	Concepts []Concept
	Groups   []Group
	Steps    int // how many of the first concepts are steps in order; the others are states beside them
}

// Schemes is every vocabulary (docs/vocabulary.md).
var Schemes = []*Scheme{
	&Phases,
	&ActorKinds,
	&Publics,
	&Themes,
	&SDGs,
	&TerritoryLevels,
	&NeedKinds,
	&NeedUnits,
	&Reciprocities,
	&NeedStatuses,
	&EventKinds,
	&ProgrammeKinds,
	&PartnerRoles,
	&MemberRoles,
	&AccountRoles,
	&Milestones,
	&LineageModes,
	&LineageStates,
	&StopReasons,
	&StatementAnswers,
	&ModerationReasons,
	&ModerationDecisions,
	&AccessibilityStatuses,
	&StudyPurposes,
	&Licences,
	&Missions,
}

// Find returns the code with that ID.
func (s *Scheme) Find(id string) (Concept, bool) { return findConcept(s.Concepts, id) }

// Has tells whether id is a code of the vocabulary.
func (s *Scheme) Has(id string) bool { return s.Index(id) >= 0 }

// Index is the place of id in the order of the vocabulary, or -1.
func (s *Scheme) Index(id string) int {
	for i := range s.Concepts {
		if s.Concepts[i].ID == id {
			return i
		}
	}
	return -1
}

// IDs lists the codes in order.
func (s *Scheme) IDs() []string {
	ids := make([]string, len(s.Concepts))
	for i, c := range s.Concepts {
		ids[i] = c.ID
	}
	return ids
}

// IsStep tells whether id is a step, for a phase a cell of the progress drawing.
func (s *Scheme) IsStep(id string) bool { return s.StepIndex(id) >= 0 }

// StepIndex is the step of id, from 0, or -1 for a state beside the steps
// (paused, stopped) and for an unknown code.
func (s *Scheme) StepIndex(id string) int {
	if i := s.Index(id); i < s.Steps {
		return i
	}
	return -1
}

// Label is the long label of id; an unknown id is shown as its text.
func (s *Scheme) Label(id string, lang i18n.Lang) string {
	if c, ok := s.Find(id); ok {
		return c.Label(lang)
	}
	return conceptText(id)
}

// Short is the short label of id; an unknown id is shown as its text.
func (s *Scheme) Short(id string, lang i18n.Lang) string {
	if c, ok := s.Find(id); ok {
		return c.Short(lang)
	}
	return conceptText(id)
}

// SubLabel is the label of a second-level code; an unknown one is shown as its
// text.
func (s *Scheme) SubLabel(id, sub string, lang i18n.Lang) string {
	c, _ := s.Find(id)
	if d, ok := findConcept(c.Sub, sub); ok {
		return d.Label(lang)
	}
	return conceptText(sub)
}

// Title is what the vocabulary is called.
func (s *Scheme) Title(lang i18n.Lang) string {
	if lang == i18n.EN {
		return s.EN
	}
	return s.FR
}

// Label is the long label of the code.
func (c Concept) Label(lang i18n.Lang) string {
	if lang == i18n.EN {
		return c.EN
	}
	return c.FR
}

// Short is the short label of the code, or the long one when it has none.
func (c Concept) Short(lang i18n.Lang) string {
	switch {
	case lang == i18n.EN && c.ShortEN != "":
		return c.ShortEN
	case lang != i18n.EN && c.ShortFR != "":
		return c.ShortFR
	}
	return c.Label(lang)
}

// Label is the name of the group.
func (g Group) Label(lang i18n.Lang) string {
	if lang == i18n.EN {
		return g.EN
	}
	return g.FR
}

func findConcept(codes []Concept, id string) (Concept, bool) {
	for _, c := range codes {
		if c.ID == id {
			return c, true
		}
	}
	return Concept{}, false
}

// conceptText shows an unknown code: underscores would read as a fault.
func conceptText(id string) string { return strings.ReplaceAll(id, "_", " ") }
