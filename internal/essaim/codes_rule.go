package essaim

// StatementAnswers are what the body that asked answers to a statement (M5).
var StatementAnswers = Scheme{Name: "statement-answer", FR: "Réponse à un avis", EN: "Answer to a statement", Concepts: []Concept{
	{ID: "retained", FR: "Retenu", EN: "Retained"},
	{ID: "partly_retained", FR: "Partiellement retenu", EN: "Partly retained"},
	{ID: "not_retained", FR: "Non retenu", EN: "Not retained"},
	{ID: "under_review", FR: "À instruire", EN: "Under review"},
}}

// ModerationReasons are the reasons of a report and of a decision.
var ModerationReasons = Scheme{Name: "moderation-reason", FR: "Motif de modération", EN: "Moderation reason", Concepts: []Concept{
	{ID: "spam", FR: "Publicité ou contenu indésirable", EN: "Spam", ShortFR: "Indésirable"},
	{ID: "impersonation", FR: "Usurpation d’identité", EN: "Impersonation", ShortFR: "Usurpation"},
	{ID: "personal_data", FR: "Donnée personnelle", EN: "Personal data"},
	{ID: "hate_discrimination", FR: "Haine ou discrimination", EN: "Hate or discrimination"},
	{ID: "harassment", FR: "Harcèlement", EN: "Harassment"},
	{ID: "election_disinformation", FR: "Désinformation électorale", EN: "Election disinformation"},
	{ID: "other_illegal", FR: "Autre contenu illicite", EN: "Other illegal content"},
	{ID: "off_rules", FR: "Contraire aux règles de l’instance", EN: "Against the rules of the instance", ShortFR: "Hors règles", ShortEN: "Off rules"},
	{ID: "copyright", FR: "Droit d’auteur", EN: "Copyright"},
}}

// ModerationDecisions, from the lightest to the heaviest.
var ModerationDecisions = Scheme{Name: "moderation-decision", FR: "Décision de modération", EN: "Moderation decision", Concepts: []Concept{
	{ID: "no_action", FR: "Sans suite", EN: "No action"},
	{ID: "warning", FR: "Avertissement", EN: "Warning"},
	{ID: "content_limited", FR: "Contenu moins visible", EN: "Content limited"},
	{ID: "content_removed", FR: "Contenu retiré", EN: "Content removed"},
	{ID: "account_limited", FR: "Compte limité", EN: "Account limited"},
	{ID: "account_suspended", FR: "Compte suspendu", EN: "Account suspended"},
	{ID: "instance_limited", FR: "Instance limitée", EN: "Instance limited"},
	{ID: "instance_suspended", FR: "Instance suspendue", EN: "Instance suspended"},
}}

// AccessibilityNonCompliant is the status of a new instance: no conformity is
// claimed before an audit (product-L1).
const AccessibilityNonCompliant = "non_compliant"

// AccessibilityStatuses are the three states of an accessibility statement.
var AccessibilityStatuses = Scheme{Name: "accessibility-status", FR: "État d’accessibilité", EN: "Accessibility status", Concepts: []Concept{
	{ID: AccessibilityNonCompliant, FR: "Non conforme", EN: "Not compliant"},
	{ID: "partially_compliant", FR: "Partiellement conforme", EN: "Partially compliant"},
	{ID: "fully_compliant", FR: "Totalement conforme", EN: "Fully compliant"},
}}

// StudyPurposes are the declared purposes of a study dataset (M7).
var StudyPurposes = Scheme{Name: "study-purpose", FR: "But d’une étude", EN: "Purpose of a study", Concepts: []Concept{
	{ID: "research", FR: "Recherche", EN: "Research"},
	{ID: "evaluation", FR: "Évaluation", EN: "Evaluation"},
	{ID: "statistics", FR: "Statistique", EN: "Statistics"},
}}

const (
	// LicencePublicData is the default licence of public data (product-L7).
	LicencePublicData = "etalab-2.0"
	// LicenceNonFree is allowed, and flagged wherever it shows.
	LicenceNonFree = "non-free"
)

// Licences by SPDX identifier, as SPDX writes it.
var Licences = Scheme{Name: "licence", FR: "Licence", EN: "Licence",
	Concepts: []Concept{
		{ID: LicencePublicData, FR: "Licence Ouverte 2.0 (Etalab)", EN: "Open Licence 2.0 (Etalab)", ShortFR: "Licence Ouverte 2.0", ShortEN: "Open Licence 2.0"},
		{ID: "CC-BY-4.0", FR: "Creative Commons, attribution 4.0", EN: "Creative Commons Attribution 4.0", ShortFR: "CC BY 4.0", ShortEN: "CC BY 4.0"},
		{ID: "CC-BY-SA-4.0", FR: "Creative Commons, attribution et partage à l’identique 4.0", EN: "Creative Commons Attribution-ShareAlike 4.0", ShortFR: "CC BY-SA 4.0", ShortEN: "CC BY-SA 4.0"},
		{ID: "CC0-1.0", FR: "Creative Commons, domaine public (CC0)", EN: "Creative Commons Zero", ShortFR: "CC0", ShortEN: "CC0"},
		{ID: "ODbL-1.0", FR: "Licence de base de données ouverte (ODbL) 1.0", EN: "Open Database Licence 1.0", ShortFR: "ODbL 1.0", ShortEN: "ODbL 1.0"},
		{ID: "EUPL-1.2", FR: "Licence publique de l’Union européenne 1.2", EN: "European Union Public Licence 1.2", ShortFR: "EUPL 1.2", ShortEN: "EUPL 1.2"},
		{ID: "AGPL-3.0-or-later", FR: "GNU AGPL 3 ou ultérieure", EN: "GNU AGPL 3 or later", ShortFR: "AGPL 3+", ShortEN: "AGPL 3+"},
		{ID: "GPL-3.0-or-later", FR: "GNU GPL 3 ou ultérieure", EN: "GNU GPL 3 or later", ShortFR: "GPL 3+", ShortEN: "GPL 3+"},
		{ID: "MIT", FR: "Licence MIT", EN: "MIT licence", ShortFR: "MIT", ShortEN: "MIT"},
		{ID: "Apache-2.0", FR: "Licence Apache 2.0", EN: "Apache licence 2.0", ShortFR: "Apache 2.0", ShortEN: "Apache 2.0"},
		{ID: LicenceNonFree, FR: "Non libre", EN: "Not free"},
	},
	Groups: []Group{
		{FR: "Données et contenus", EN: "Data and content", IDs: []string{LicencePublicData, "CC-BY-4.0", "CC-BY-SA-4.0", "CC0-1.0", "ODbL-1.0"}},
		{FR: "Code", EN: "Code", IDs: []string{"EUPL-1.2", "AGPL-3.0-or-later", "GPL-3.0-or-later", "MIT", "Apache-2.0"}},
		{FR: "Réservé", EN: "Reserved", IDs: []string{LicenceNonFree}},
	},
}
