package essaim

// Themes is vocabulary V3: one main theme and up to two secondary ones.
var Themes = Scheme{Name: "theme", FR: "Thème", EN: "Theme",
	Concepts: []Concept{
		{ID: "rights_access", FR: "Démarches et accès aux droits", EN: "Rights and services", ShortFR: "Accès aux droits", ShortEN: "Rights"},
		{ID: "participation", FR: "Participation citoyenne", EN: "Participation", ShortFR: "Participation"},
		{ID: "data_digital", FR: "Données et numérique public", EN: "Data and digital", ShortFR: "Données, numérique"},
		{ID: "digital_inclusion", FR: "Inclusion numérique", EN: "Digital inclusion"},
		{ID: "social_action", FR: "Action sociale, solidarités", EN: "Social action", ShortFR: "Solidarités"},
		{ID: "health_ageing", FR: "Santé et autonomie", EN: "Health and ageing", ShortFR: "Santé", ShortEN: "Health"},
		{ID: "education_youth", FR: "Éducation, jeunesse", EN: "Education and youth", ShortFR: "Éducation", ShortEN: "Education"},
		{ID: "employment", FR: "Emploi, formation, insertion", EN: "Jobs and training", ShortFR: "Emploi", ShortEN: "Jobs"},
		{ID: "local_economy", FR: "Économie locale, tourisme", EN: "Local economy, tourism", ShortFR: "Économie locale", ShortEN: "Local economy"},
		{ID: "housing_planning", FR: "Logement, urbanisme", EN: "Housing and planning", ShortFR: "Logement", ShortEN: "Housing"},
		{ID: "mobility", FR: "Mobilités", EN: "Mobility"},
		{ID: "energy_climate", FR: "Énergie, climat", EN: "Energy and climate", ShortEN: "Energy, climate"},
		{ID: "environment", FR: "Eau, déchets, biodiversité", EN: "Water, waste, biodiversity", ShortFR: "Environnement", ShortEN: "Environment"},
		{ID: "food_farming", FR: "Alimentation, agriculture", EN: "Food and farming", ShortFR: "Alimentation", ShortEN: "Food"},
		{ID: "culture_sport", FR: "Culture, patrimoine, sport", EN: "Culture, heritage, sport", ShortFR: "Culture, sport", ShortEN: "Culture, sport"},
		{ID: "safety_risks", FR: "Sécurité, prévention des risques", EN: "Safety and risks", ShortFR: "Sécurité, risques"},
		{ID: "justice_law", FR: "Justice et droit", EN: "Justice and law", ShortFR: "Justice", ShortEN: "Justice"},
		{ID: "internal_organisation", FR: "Organisation, achats, ressources humaines publiques", EN: "Internal organisation", ShortFR: "Organisation interne"},
		{ID: "research_evaluation", FR: "Recherche et évaluation", EN: "Study and evaluation", ShortFR: "Recherche", ShortEN: "Study"},
		{ID: "cooperation", FR: "Coopération européenne et internationale", EN: "European and international cooperation", ShortFR: "Coopération", ShortEN: "Cooperation"},
	},
	Groups: []Group{
		{FR: "Démocratie et services publics", EN: "Democracy and public services", IDs: []string{"rights_access", "participation", "data_digital", "digital_inclusion", "justice_law", "internal_organisation"}},
		{FR: "Vivre ensemble", EN: "Living together", IDs: []string{"social_action", "health_ageing", "education_youth", "culture_sport", "safety_risks"}},
		{FR: "Travailler, habiter, se déplacer", EN: "Work, housing, transport", IDs: []string{"employment", "local_economy", "housing_planning", "mobility"}},
		{FR: "Environnement et alimentation", EN: "Environment and food", IDs: []string{"energy_climate", "environment", "food_farming"}},
		{FR: "Connaître et coopérer", EN: "Knowledge and cooperation", IDs: []string{"research_evaluation", "cooperation"}},
	},
}

// SDGs are the seventeen sustainable development goals of the United Nations,
// by number, named in short words of our own.
var SDGs = Scheme{Name: "sdg", FR: "Objectif de développement durable", EN: "Sustainable development goal", Concepts: []Concept{
	{ID: "1", FR: "Fin de la pauvreté", EN: "End of poverty"},
	{ID: "2", FR: "Fin de la faim", EN: "End of hunger"},
	{ID: "3", FR: "Santé pour toutes et tous", EN: "Health for all"},
	{ID: "4", FR: "Éducation de qualité", EN: "Good education"},
	{ID: "5", FR: "Égalité des femmes et des hommes", EN: "Gender equality"},
	{ID: "6", FR: "Eau propre et assainissement", EN: "Clean water"},
	{ID: "7", FR: "Énergie propre et abordable", EN: "Clean, affordable energy"},
	{ID: "8", FR: "Travail décent et prospérité", EN: "Decent work and prosperity"},
	{ID: "9", FR: "Innovation et infrastructures", EN: "Innovation and infrastructure"},
	{ID: "10", FR: "Moins d’inégalités", EN: "Fewer inequalities"},
	{ID: "11", FR: "Villes et villages durables", EN: "Sustainable towns and villages"},
	{ID: "12", FR: "Consommation et production responsables", EN: "Responsible consumption and production"},
	{ID: "13", FR: "Action pour le climat", EN: "Climate action"},
	{ID: "14", FR: "Vie dans l’eau", EN: "Life in water"},
	{ID: "15", FR: "Vie sur terre", EN: "Life on land"},
	{ID: "16", FR: "Paix, justice et institutions solides", EN: "Peace, justice and sound institutions"},
	{ID: "17", FR: "Partenariats pour les objectifs", EN: "Partnerships for the goals"},
}}

// TerritoryLevels is vocabulary V4: the words of territory keys.
var TerritoryLevels = Scheme{Name: "territory-level", FR: "Niveau de territoire", EN: "Territory level", Concepts: []Concept{
	{ID: LevelCountry, FR: "Pays", EN: "Country"},
	{ID: LevelRegion, FR: "Région", EN: "Region"},
	{ID: LevelDepartement, FR: "Département", EN: "Département"},
	{ID: LevelEPCI, FR: "Intercommunalité", EN: "Intermunicipal area"},
	{ID: LevelEPT, FR: "Établissement public territorial (Grand Paris)", EN: "Greater Paris territory", ShortFR: "Territoire du Grand Paris"},
	{ID: LevelCommune, FR: "Commune", EN: "Municipality"},
	{ID: LevelDistrict, FR: "Quartier", EN: "District"},
	{ID: LevelCustom, FR: "Territoire de projet", EN: "Project territory"},
	{ID: LevelSingleAuthority, FR: "Collectivité unique", EN: "Single authority"},
}}
