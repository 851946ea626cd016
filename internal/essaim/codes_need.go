package essaim

// NeedKinds is vocabulary V5, of needs and offers alike, in two levels.
var NeedKinds = Scheme{Name: "need-kind", FR: "Type de besoin ou d’offre", EN: "Need or offer kind",
	Concepts: []Concept{
		{ID: "expertise", FR: "Expertise", EN: "Expertise", Sub: []Concept{
			{ID: "legal", FR: "Juridique", EN: "Legal"},
			{ID: "data", FR: "Données", EN: "Data"},
			{ID: "design", FR: "Design", EN: "Design"},
			{ID: "digital", FR: "Numérique", EN: "Digital"},
			{ID: "evaluation", FR: "Évaluation", EN: "Evaluation"},
			{ID: "procurement", FR: "Marchés publics", EN: "Procurement"},
			{ID: "project_engineering", FR: "Ingénierie de projet", EN: "Project engineering"},
		}},
		{ID: "mentoring", FR: "Mentorat", EN: "Mentoring"},
		{ID: "funding", FR: "Financement", EN: "Funding", Sub: []Concept{
			{ID: "grant", FR: "Subvention", EN: "Grant"},
			{ID: "sponsorship", FR: "Mécénat", EN: "Sponsorship"},
			{ID: "loan", FR: "Prêt", EN: "Loan"},
			{ID: "prize", FR: "Prix", EN: "Prize"},
		}},
		{ID: "venue", FR: "Lieu", EN: "Venue"},
		{ID: "data", FR: "Données", EN: "Data"},
		{ID: "equipment", FR: "Matériel", EN: "Equipment"},
		{ID: "shared_software", FR: "Logiciel commun", EN: "Shared software"},
		{ID: "staff", FR: "Personne", EN: "Staff", Sub: []Concept{
			{ID: "secondment", FR: "Mise à disposition", EN: "Secondment"},
			{ID: "internship", FR: "Stage", EN: "Internship"},
			{ID: "volunteering", FR: "Volontariat", EN: "Volunteering"},
			{ID: "apprenticeship", FR: "Alternance", EN: "Apprenticeship"},
		}},
		{ID: "field_trial", FR: "Terrain d’expérimentation", EN: "Field trial", ShortFR: "Terrain d’essai"},
		{ID: "user_panel", FR: "Panel d’usagers", EN: "User panel"},
		{ID: "communication", FR: "Communication", EN: "Communication"},
		{ID: "training", FR: "Formation", EN: "Training"},
		{ID: "replication_partner", FR: "Partenaire de réplication", EN: "Replication partner", ShortFR: "Réplication", ShortEN: "Replication"},
	},
	Groups: []Group{
		{FR: "Des compétences", EN: "Skills", IDs: []string{"expertise", "mentoring", "staff", "communication", "training"}},
		{FR: "Des moyens", EN: "Means", IDs: []string{"funding", "venue", "equipment", "data", "shared_software"}},
		{FR: "Un terrain, des partenaires", EN: "Field and partners", IDs: []string{"field_trial", "user_panel", "replication_partner"}},
	},
}

// NeedUnits are the units in which a need or an offer is counted (V5).
var NeedUnits = Scheme{Name: "need-unit", FR: "Unité", EN: "Unit", Concepts: []Concept{
	{ID: "hour", FR: "Heure", EN: "Hour"},
	{ID: "day", FR: "Jour", EN: "Day"},
	{ID: "seat", FR: "Place", EN: "Seat"},
	{ID: "euro", FR: "Euro", EN: "Euro"},
	{ID: "m2", FR: "Mètre carré", EN: "Square metre", ShortFR: "m²", ShortEN: "m²"},
	{ID: "post", FR: "Poste", EN: "Post"},
	{ID: "lot", FR: "Lot", EN: "Lot"},
}}

// Reciprocities (V6) say what is given in return.
var Reciprocities = Scheme{Name: "reciprocity", FR: "Contrepartie", EN: "Reciprocity", Concepts: []Concept{
	{ID: "free", FR: "Gratuit", EN: "Free"},
	{ID: "in_return", FR: "Contre service", EN: "In return for a service", ShortEN: "In return"},
	{ID: "expenses", FR: "Défraiement", EN: "Expenses covered", ShortEN: "Expenses"},
	{ID: "paid_contract", FR: "Payant (marché public)", EN: "Paid (public contract)", ShortFR: "Payant", ShortEN: "Paid"},
}}

// States of a need or an offer (V6).
const (
	NeedOpen         = "open"
	NeedInDiscussion = "in_discussion"
	NeedAgreed       = "agreed"
	NeedFulfilled    = "fulfilled"
	NeedCancelled    = "cancelled"
	NeedExpired      = "expired"
)

// NeedStatuses (V6): the first four follow one another, the last two end it.
var NeedStatuses = Scheme{Name: "need-status", FR: "État d’un besoin ou d’une offre", EN: "Status of a need or offer", Steps: 4, Concepts: []Concept{
	{ID: NeedOpen, FR: "Ouvert", EN: "Open"},
	{ID: NeedInDiscussion, FR: "En discussion", EN: "In discussion"},
	{ID: NeedAgreed, FR: "Convenu", EN: "Agreed"},
	{ID: NeedFulfilled, FR: "Réalisé", EN: "Fulfilled"},
	{ID: NeedCancelled, FR: "Annulé", EN: "Cancelled"},
	{ID: NeedExpired, FR: "Expiré", EN: "Expired"},
}}
