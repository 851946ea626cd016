package essaim

// Actor kinds that the program itself tells apart (V2).
const (
	ActorElectedOfficial   = "elected_official" // a Person acting in mandate: mandate and authority required
	ActorPublicAccelerator = "public_accelerator"
	ActorCitizen           = "citizen" // a Person only
)

// ActorKinds is vocabulary V2, in two levels.
var ActorKinds = Scheme{Name: "actor-kind", FR: "Type d’acteur", EN: "Actor kind",
	Concepts: []Concept{
		{ID: "central_administration", FR: "Administration centrale", EN: "Central administration"},
		{ID: "deconcentrated_service", FR: "Service déconcentré de l’État", EN: "State service in the territory", ShortFR: "Service déconcentré", ShortEN: "Local State service", Sub: []Concept{
			{ID: "prefecture", FR: "Préfecture ou sous-préfecture", EN: "Prefecture", ShortFR: "Préfecture"},
			{ID: "ddt", FR: "Direction départementale des territoires", EN: "Departmental directorate for the territories", ShortFR: "DDT", ShortEN: "DDT"},
			{ID: "dreal", FR: "Direction régionale de l’environnement, de l’aménagement et du logement", EN: "Regional directorate for environment, planning and housing", ShortFR: "DREAL", ShortEN: "DREAL"},
			{ID: "rectorat", FR: "Rectorat", EN: "Education authority"},
			{ID: "ars", FR: "Agence régionale de santé", EN: "Regional health agency", ShortFR: "ARS", ShortEN: "ARS"},
			{ID: "other", FR: "Autre service déconcentré", EN: "Other State service", ShortFR: "Autre", ShortEN: "Other"},
		}},
		{ID: "state_operator", FR: "Opérateur de l’État", EN: "State operator"},
		{ID: "social_security", FR: "Sécurité sociale", EN: "Social security"},
		{ID: "local_authority", FR: "Collectivité territoriale", EN: "Local authority", ShortFR: "Collectivité", Sub: []Concept{
			{ID: "municipality", FR: "Commune", EN: "Municipality"},
			{ID: "epci", FR: "Intercommunalité (EPCI)", EN: "Intermunicipal authority (EPCI)", ShortFR: "Intercommunalité", ShortEN: "Intermunicipal authority"},
			{ID: "department", FR: "Département", EN: "Département"},
			{ID: "region", FR: "Région", EN: "Region"},
			{ID: "joint_board", FR: "Syndicat mixte", EN: "Joint board"},
			{ID: "single_authority", FR: "Collectivité unique", EN: "Single authority"},
		}},
		{ID: ActorElectedOfficial, FR: "Élue ou élu", EN: "Elected official"},
		{ID: ActorPublicAccelerator, FR: "Accélérateur public", EN: "Public accelerator"},
		{ID: "civil_society", FR: "Société civile", EN: "Civil society", Sub: []Concept{
			{ID: "association", FR: "Association", EN: "Association"},
			{ID: "foundation", FR: "Fondation", EN: "Foundation"},
			{ID: "cooperative", FR: "Coopérative, économie sociale et solidaire", EN: "Cooperative, social economy", ShortFR: "Coopérative (ESS)", ShortEN: "Cooperative"},
			{ID: "citizen_collective", FR: "Collectif citoyen", EN: "Citizens’ collective"},
		}},
		{ID: "company", FR: "Entreprise", EN: "Company", Sub: []Concept{
			{ID: "sme", FR: "Petite ou moyenne entreprise", EN: "Small or medium-sized company", ShortFR: "TPE-PME", ShortEN: "SME"},
			{ID: "large_company", FR: "Entreprise de taille intermédiaire ou grande", EN: "Mid-sized or large company", ShortFR: "ETI-GE", ShortEN: "Large company"},
			{ID: "startup", FR: "Jeune pousse", EN: "Start-up"},
			{ID: "mutual", FR: "Mutuelle", EN: "Mutual society"},
		}},
		{ID: "research_education", FR: "Enseignement supérieur et recherche", EN: "Higher education and research", ShortFR: "Recherche", ShortEN: "Research"},
		{ID: "local_public_body", FR: "Établissement public local", EN: "Local public body", ShortFR: "Établissement local", Sub: []Concept{
			{ID: "school", FR: "Établissement scolaire", EN: "School"},
			{ID: "hospital", FR: "Hôpital ou établissement médico-social", EN: "Hospital or care home", ShortFR: "Hôpital", ShortEN: "Hospital"},
			{ID: "fire_service", FR: "Service d’incendie et de secours", EN: "Fire and rescue service", ShortFR: "SDIS", ShortEN: "Fire service"},
			{ID: "ccas", FR: "Centre communal d’action sociale", EN: "Municipal social action centre", ShortFR: "CCAS", ShortEN: "CCAS"},
			{ID: "other", FR: "Autre établissement local", EN: "Other local body", ShortFR: "Autre", ShortEN: "Other"},
		}},
		{ID: "third_place", FR: "Tiers-lieu", EN: "Third place"},
		{ID: "media", FR: "Média", EN: "Media"},
		{ID: ActorCitizen, FR: "Citoyenne ou citoyen", EN: "Citizen"},
	},
	Groups: []Group{
		{FR: "État et opérateurs", EN: "State and operators", IDs: []string{"central_administration", "deconcentrated_service", "state_operator", "social_security"}},
		{FR: "Collectivités et établissements locaux", EN: "Local authorities and bodies", IDs: []string{"local_authority", "local_public_body", ActorElectedOfficial}},
		{FR: "Accélérateurs et tiers-lieux", EN: "Accelerators and third places", IDs: []string{ActorPublicAccelerator, "third_place"}},
		{FR: "Société civile, recherche, médias", EN: "Civil society, research, media", IDs: []string{"civil_society", "research_education", "media", ActorCitizen}},
		{FR: "Entreprises", EN: "Companies", IDs: []string{"company"}},
	},
}

// Publics of a project: who it is for.
var Publics = Scheme{Name: "public", FR: "Public d’un projet", EN: "Public of a project", Concepts: []Concept{
	{ID: "individual", FR: "Particuliers", EN: "Individuals"},
	{ID: "state", FR: "Agents de l’État", EN: "State services", ShortFR: "État", ShortEN: "State"},
	{ID: "local_authority", FR: "Collectivités", EN: "Local authorities"},
	{ID: "parliament", FR: "Parlement", EN: "Parliament"},
	{ID: "company", FR: "Entreprises", EN: "Companies"},
	{ID: "association", FR: "Associations", EN: "Associations"},
	{ID: "school", FR: "Établissements scolaires", EN: "Schools"},
}}

// Missions of an accelerator (V9).
var Missions = Scheme{Name: "mission", FR: "Mission d’un accélérateur", EN: "Mission of an accelerator", Concepts: []Concept{
	{ID: "detect", FR: "Détecter", EN: "Detect"},
	{ID: "incubate", FR: "Incuber", EN: "Incubate"},
	{ID: "accelerate", FR: "Accélérer", EN: "Accelerate"},
	{ID: "train", FR: "Former", EN: "Train"},
	{ID: "outreach", FR: "Médiatiser", EN: "Make known"},
	{ID: "fund", FR: "Financer", EN: "Fund"},
	{ID: "evaluate", FR: "Évaluer", EN: "Evaluate"},
	{ID: "spread", FR: "Essaimer", EN: "Spread"},
}}

// PartnerRoles of a project.
var PartnerRoles = Scheme{Name: "partner-role", FR: "Rôle d’un partenaire", EN: "Partner role", Concepts: []Concept{
	{ID: "carrier", FR: "Porteur", EN: "Carrier"},
	{ID: "commissioner", FR: "Commanditaire", EN: "Commissioner"},
	{ID: "funder", FR: "Financeur", EN: "Funder"},
	{ID: "technical_partner", FR: "Partenaire technique", EN: "Technical partner"},
	{ID: "operator", FR: "Opérateur", EN: "Operator"},
	{ID: "beneficiary", FR: "Bénéficiaire", EN: "Beneficiary"},
	{ID: "evaluator", FR: "Évaluateur", EN: "Evaluator"},
	{ID: "mentor", FR: "Mentor", EN: "Mentor"},
}}

// Roles of a member in a project or a group.
const (
	MemberOwner     = "owner"
	MemberEditor    = "editor"
	MemberMember    = "member"
	MemberInvited   = "invited"
	MemberRequested = "requested"
)

// MemberRoles in a project or a group; the last two are doors, not rights.
var MemberRoles = Scheme{Name: "member-role", FR: "Rôle dans un projet ou un groupe", EN: "Role in a project or group", Concepts: []Concept{
	{ID: MemberOwner, FR: "Responsable", EN: "Owner"},
	{ID: MemberEditor, FR: "Peut modifier", EN: "Editor"},
	{ID: MemberMember, FR: "Membre", EN: "Member"},
	{ID: MemberInvited, FR: "Invitation envoyée", EN: "Invited"},
	{ID: MemberRequested, FR: "Demande envoyée", EN: "Asked to join"},
}}

// Roles of an account on its instance.
const (
	RoleAdmin     = "admin"
	RoleModerator = "moderator"
	RolePublisher = "publisher" // may speak for the accelerator
	RoleMember    = "member"
)

// AccountRoles on an instance, strongest first.
var AccountRoles = Scheme{Name: "account-role", FR: "Rôle d’un compte", EN: "Account role", Concepts: []Concept{
	{ID: RoleAdmin, FR: "Administration", EN: "Administrator"},
	{ID: RoleModerator, FR: "Modération", EN: "Moderator"},
	{ID: RolePublisher, FR: "Publication au nom de l’accélérateur", EN: "Speaks for the accelerator", ShortFR: "Publication", ShortEN: "Publisher"},
	{ID: RoleMember, FR: "Membre", EN: "Member"},
}}
