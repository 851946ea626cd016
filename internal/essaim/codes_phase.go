package essaim

// Phases of a project (V1, D14). The first six are the cells of the progress
// drawing; paused and stopped are states beside it.
const (
	PhaseIdea          = "idea"
	PhaseInvestigation = "investigation"
	PhaseConstruction  = "construction"
	PhasePilot         = "pilot"
	PhaseAcceleration  = "acceleration"
	PhaseSustained     = "sustained"
	PhasePaused        = "paused"
	PhaseStopped       = "stopped"
)

// Phases is vocabulary V1.
var Phases = Scheme{Name: "phase", FR: "Phase d’un projet", EN: "Project phase", Steps: 6, Concepts: []Concept{
	{ID: PhaseIdea, FR: "Idée ou besoin repéré", EN: "Idea or need spotted", ShortFR: "Idée", ShortEN: "Idea"},
	{ID: PhaseInvestigation, FR: "Investigation", EN: "Investigation"},
	{ID: PhaseConstruction, FR: "Construction, prototype", EN: "Construction, prototype", ShortFR: "Construction", ShortEN: "Construction"},
	{ID: PhasePilot, FR: "Expérimentation sur le terrain", EN: "Pilot in the field", ShortFR: "Expérimentation", ShortEN: "Pilot"},
	{ID: PhaseAcceleration, FR: "Accélération", EN: "Acceleration"},
	{ID: PhaseSustained, FR: "Pérennisation (consolidé, transféré ou opéré)", EN: "Sustained (consolidated, handed over or operated)", ShortFR: "Pérennisation", ShortEN: "Sustained"},
	{ID: PhasePaused, FR: "Suspendu", EN: "Paused"},
	{ID: PhaseStopped, FR: "Arrêté, avec enseignements", EN: "Stopped, with lessons", ShortFR: "Arrêté", ShortEN: "Stopped"},
}}

// StopReasons (M10) say why a project stopped.
var StopReasons = Scheme{Name: "stop-reason", FR: "Motif d’arrêt", EN: "Stop reason", Concepts: []Concept{
	{ID: "need_not_confirmed", FR: "Besoin non confirmé", EN: "Need not confirmed"},
	{ID: "funding", FR: "Financement", EN: "Funding"},
	{ID: "political_support", FR: "Portage politique", EN: "Political support"},
	{ID: "technical", FR: "Obstacle technique", EN: "Technical obstacle", ShortFR: "Technique", ShortEN: "Technical"},
	{ID: "legal", FR: "Obstacle juridique", EN: "Legal obstacle", ShortFR: "Juridique", ShortEN: "Legal"},
	{ID: "adoption", FR: "Usage insuffisant", EN: "Too little use", ShortFR: "Adoption", ShortEN: "Adoption"},
	{ID: "team", FR: "Équipe dispersée ou absente", EN: "Team gone or missing", ShortFR: "Équipe", ShortEN: "Team"},
	{ID: "other", FR: "Autre motif", EN: "Other reason", ShortFR: "Autre", ShortEN: "Other"},
}}

// Milestones of a project's calendar.
var Milestones = Scheme{Name: "milestone", FR: "Jalon", EN: "Milestone", Concepts: []Concept{
	{ID: "launch", FR: "Lancement", EN: "Launch"},
	{ID: "committee", FR: "Comité", EN: "Committee"},
	{ID: "go_live", FR: "Mise en service", EN: "Go-live"},
	{ID: "rollout", FR: "Déploiement", EN: "Roll-out"},
	{ID: "evaluation", FR: "Évaluation", EN: "Evaluation"},
	{ID: "end", FR: "Fin", EN: "End"},
}}

// Modes in which a project comes from another (M1).
const (
	LineageReplicate = "replicate"
	LineageAdapt     = "adapt"
	LineageInspire   = "inspire"
	LineageTakeover  = "takeover"
	LineageMerge     = "merge"
)

// LineageModes (M1) say how a project comes from another.
var LineageModes = Scheme{Name: "lineage-mode", FR: "Mode d’essaimage", EN: "Replication mode", Concepts: []Concept{
	{ID: LineageReplicate, FR: "Répliqué", EN: "Replicated"},
	{ID: LineageAdapt, FR: "Adapté", EN: "Adapted"},
	{ID: LineageInspire, FR: "Inspiré", EN: "Inspired"},
	{ID: LineageTakeover, FR: "Repris", EN: "Taken over"},
	{ID: LineageMerge, FR: "Fusionné", EN: "Merged"},
}}

// States of a lineage link (M1).
const (
	LineageDeclared  = "declared"
	LineageConfirmed = "confirmed"
	LineageContested = "contested"
	LineageWithdrawn = "withdrawn"
)

// LineageStates (M1) say what both ends attest.
var LineageStates = Scheme{Name: "lineage-state", FR: "État d’un lien d’essaimage", EN: "State of a replication link", Concepts: []Concept{
	{ID: LineageDeclared, FR: "Déclaré, en attente de confirmation", EN: "Declared, waiting for confirmation", ShortFR: "Déclaré", ShortEN: "Declared"},
	{ID: LineageConfirmed, FR: "Confirmé", EN: "Confirmed"},
	{ID: LineageContested, FR: "Contesté", EN: "Contested"},
	{ID: LineageWithdrawn, FR: "Retiré", EN: "Withdrawn"},
}}
