package essaim

import (
	"slices"
	"strings"
	"testing"

	"essaim/internal/i18n"
)

func TestSchemesAreComplete(t *testing.T) {
	names := map[string]bool{}
	for _, s := range Schemes {
		if s.Name == "" || names[s.Name] || s.FR == "" || s.EN == "" || len(s.Concepts) == 0 {
			t.Errorf("scheme %q: name, titles or codes are missing or come twice", s.Name)
		}
		names[s.Name] = true
		checkConcepts(t, s.Name, s.Concepts)
		if len(s.Groups) > 0 {
			var grouped []string
			for _, g := range s.Groups {
				grouped = append(grouped, g.IDs...)
				if g.Label(i18n.FR) == "" || g.Label(i18n.EN) == "" {
					t.Errorf("%s: a group without label", s.Name)
				}
			}
			slices.Sort(grouped)
			if ids := s.IDs(); !slices.Equal(grouped, slices.Sorted(slices.Values(ids))) {
				t.Errorf("%s: groups are not a partition: %v", s.Name, grouped)
			}
		}
	}
}

func checkConcepts(t *testing.T, scheme string, list []Concept) {
	t.Helper()
	seen := map[string]bool{}
	for _, c := range list {
		if c.ID == "" || seen[c.ID] || c.FR == "" || c.EN == "" {
			t.Errorf("%s/%s: incomplete or twice", scheme, c.ID)
		}
		seen[c.ID] = true
		for _, l := range []i18n.Lang{i18n.FR, i18n.EN} {
			if len([]rune(c.Short(l))) > 28 && scheme != "sdg" && !strings.Contains(scheme, "/") && scheme != "actor-kind" && scheme != "account-role" && scheme != "moderation-reason" {
				t.Errorf("%s/%s: the short label %q is long", scheme, c.ID, c.Short(l))
			}
			if strings.ContainsAny(c.Label(l)+c.Short(l), "'\u00a0\u202f·") {
				t.Errorf("%s/%s: write ’, ordinary spaces and no mid-dot in %q", scheme, c.ID, c.Label(l))
			}
		}
		checkConcepts(t, scheme+"/"+c.ID, c.Sub)
	}
}

func TestVocabularySizes(t *testing.T) {
	for _, c := range []struct {
		s *Scheme
		n int
	}{{&Phases, 8}, {&ActorKinds, 14}, {&Publics, 7}, {&Themes, 20}, {&SDGs, 17}, {&TerritoryLevels, 9}, {&NeedKinds, 13}, {&NeedUnits, 7}, {&Reciprocities, 4}, {&NeedStatuses, 6},
		{&EventKinds, 12}, {&ProgrammeKinds, 4}, {&PartnerRoles, 8}, {&MemberRoles, 5}, {&AccountRoles, 4}, {&Milestones, 6}, {&LineageModes, 5}, {&LineageStates, 4}, {&StopReasons, 8},
		{&StatementAnswers, 4}, {&ModerationReasons, 9}, {&ModerationDecisions, 8}, {&AccessibilityStatuses, 3}, {&StudyPurposes, 3}, {&Licences, 11}, {&Missions, 8}} {
		if len(c.s.Concepts) != c.n {
			t.Errorf("%s has %d codes, want %d", c.s.Name, len(c.s.Concepts), c.n)
		}
	}
}

func TestPhaseSteps(t *testing.T) {
	for phase, step := range map[string]int{PhaseIdea: 0, PhaseInvestigation: 1, PhaseConstruction: 2, PhasePilot: 3, PhaseAcceleration: 4, PhaseSustained: 5, PhasePaused: -1, PhaseStopped: -1, "alumni": -1, "": -1} {
		if got := Phases.StepIndex(phase); got != step || Phases.IsStep(phase) != (step >= 0) {
			t.Errorf("StepIndex(%q) = %d, want %d", phase, got, step)
		}
	}
	if Themes.IsStep("mobility") {
		t.Error("a theme is a step")
	}
}

func TestLabels(t *testing.T) {
	for _, c := range []struct {
		got, want string
	}{
		{Phases.Label(PhasePilot, i18n.FR), "Expérimentation sur le terrain"},
		{Phases.Short(PhasePilot, i18n.FR), "Expérimentation"},
		{Phases.Short(PhaseInvestigation, i18n.FR), "Investigation"},
		{Phases.Label(PhaseStopped, i18n.EN), "Stopped, with lessons"},
		{Phases.Label("en_incubation", i18n.FR), "en incubation"},
		{Phases.Short("transfere", i18n.EN), "transfere"},
		{Phases.Label("", i18n.EN), ""},
		{ActorKinds.SubLabel("local_authority", "joint_board", i18n.FR), "Syndicat mixte"},
		{ActorKinds.SubLabel("local_authority", "inter_canton", i18n.FR), "inter canton"},
		{SDGs.Label("13", "br"), "Action pour le climat"},
		{Themes.Title(i18n.EN), "Theme"},
		{Themes.Title(i18n.FR), "Thème"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
	if c, ok := Licences.Find(LicencePublicData); !ok || c.ID != "etalab-2.0" {
		t.Error("Find")
	}
}
