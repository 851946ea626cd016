package demo

// world is the sample data (product §8): real territories, fictional bodies, people and projects. Days count back from today; a negative one is ahead.
var world = []place{
	{
		slug: "ecluse", name: "L'Écluse, accélérateur public du Centre-Bretagne", role: "accelerator",
		description: "L'accélérateur public de Pontivy Communauté : mairies, services de l'État, associations et citoyens y font grandir leurs projets.",
		accelerator: body{handle: "ecluse", name: "L'Écluse", summary: "Accélérateur public du Centre-Bretagne.", territories: []string{"fr:epci:245614433"}},
		people: []person{
			{handle: "solene", name: "Solène Le Guennec", role: "admin"},
			{handle: "karim", name: "Karim Benhaddou", role: "moderator"},
			{handle: "maelys", name: "Maëlys Hoarau"},
		},
		bodies: []body{
			{handle: "deux_rives", name: "Les Deux-Rives", summary: "Accélérateur de Redon Agglomération, sur trois départements et deux régions.", territories: []string{"fr:epci:243500741"}, by: "solene", kind: "public_accelerator"},
			{handle: "quai_public", name: "Le Quai public", summary: "Accélérateur de la communauté urbaine de Dunkerque.", territories: []string{"fr:epci:245900428"}, by: "karim", kind: "public_accelerator"},
			{handle: "lakour", name: "Lakour", summary: "Accélérateur public du Sud de La Réunion.", territories: []string{"fr:epci:249740077"}, by: "maelys", kind: "public_accelerator"},
			{handle: "piton_solidaire", name: "Piton Solidaire", summary: "Association d'entraide entre voisins.", territories: []string{"fr:epci:249740077"}, by: "maelys", kind: "civil_society"},
			{handle: "boussole_donnees", name: "Boussole données", summary: "Coopérative : ouverture de données, surtout celles de l'eau.", by: "karim", kind: "civil_society"},
		},
		projects: []project{
			{handle: "karr_ar_skoazell", name: "Karr ar Skoazell", by: "solene", carrier: "ecluse", territories: []string{"fr:epci:245614433"}, themes: []string{"rights_access", "social_action"},
				promise: "Pour les habitants sans voiture qui renoncent à leurs démarches, un bureau bilingue fait le tour des marchés.",
				summary: "<p>Repris du Guichet roulant du Grand Guéret et adapté : accueil en français et en breton, horaires des marchés plutôt que des mairies.</p>",
				steps:   []step{{"investigation", 420, "Trois marchés visités"}, {"construction", 300, ""}, {"pilot", 120, "Premier trimestre sur les marchés de Pontivy et de Cléguérec"}}},
			{handle: "cantine_dici", name: "Cantine d'ici", by: "solene", carrier: "ecluse", territories: []string{"fr:epci:245614433"}, themes: []string{"food_farming", "local_economy"},
				promise: "Pour les cantines qui veulent acheter local, une commande groupée et un camion partagé entre huit communes.",
				summary: "<p>Huit communes commandent ensemble à douze exploitations. Le transport est mutualisé deux fois par semaine.</p>",
				steps:   []step{{"investigation", 980, ""}, {"construction", 830, ""}, {"pilot", 520, "Deux cantines"}, {"acceleration", 200, "Huit cantines, 1 100 repas par jour"}},
				figures: []figure{{"Part des achats à moins de 50 km", "%", 12, 50, 38}, {"Repas servis par jour", "repas", 0, 1500, 1100}}},
			{handle: "vitrines_vivantes", name: "Vitrines vivantes", by: "solene", carrier: "deux_rives", territories: []string{"fr:epci:243500741"}, themes: []string{"local_economy", "culture_sport"},
				promise: "Pour les centres-bourgs aux vitrines vides, des baux courts confiés à des artisans et des associations.",
				summary: "<p>Quatre vitrines ouvertes entre Redon et Saint-Nicolas-de-Redon. Nous cherchons de quoi équiper les quatre suivantes.</p>",
				steps:   []step{{"idea", 300, ""}, {"investigation", 240, ""}, {"construction", 90, "Convention type signée par deux communes"}}},
			{handle: "covoit_deux_rives", name: "Covoit'Deux-Rives", by: "solene", carrier: "deux_rives", territories: []string{"fr:epci:243500741"}, themes: []string{"mobility"},
				promise: "Pour les salariés en horaires décalés, un covoiturage de rive à rive avec une assurance de groupe.",
				summary: "<p>Reprend le code et les contacts de Covoit'Vallée, arrêté en Aveyron, avec l'assurance réglée dès le départ.</p>",
				steps:   []step{{"investigation", 75, "Reprise des acquis de Covoit'Vallée"}}},
			{handle: "comptoir_des_quais", name: "Le Comptoir des quais", by: "karim", carrier: "quai_public", territories: []string{"fr:epci:245900428"}, themes: []string{"rights_access", "digital_inclusion"},
				promise: "Pour les marins et les dockers, un comptoir d'accès aux droits au pied des bateaux.",
				summary: "<p>Inspiré du Guichet roulant ; la fiche d'origine et la nôtre ne racontent pas la même histoire, nous en parlons.</p>",
				steps:   []step{{"investigation", 260, ""}, {"pilot", 60, "Une permanence par semaine"}}},
			{handle: "budget_lyceen", name: "Budget participatif lycéen", by: "karim", carrier: "quai_public", territories: []string{"fr:departement:59"}, themes: []string{"participation", "education_youth"},
				promise: "Pour les lycéennes et les lycéens qui ne votent pas encore, un budget réel à répartir.",
				summary: "<p>Cinq lycées, 10 000 euros chacun, un vote par an.</p>",
				steps:   []step{{"investigation", 900, ""}, {"construction", 760, ""}, {"pilot", 500, "Un lycée"}, {"acceleration", 150, "Cinq lycées"}}},
			{handle: "alerte_canicule", name: "Alerte canicule voisins", by: "maelys", carrier: "piton_solidaire", territories: []string{"fr:epci:249740077"}, themes: []string{"health_ageing", "safety_risks"},
				promise: "Pour les personnes âgées isolées, un appel de voisin dès que l'alerte tombe.",
				summary: "<p>Quarante binômes de voisins ; le registre communal ne suffit pas.</p>",
				steps:   []step{{"idea", 80, ""}, {"investigation", 40, ""}}},
			{handle: "kar_demarche", name: "Kar démarche", by: "maelys", carrier: "lakour", territories: []string{"fr:epci:249740077"}, themes: []string{"rights_access"},
				promise: "Pour les îlets loin des guichets, un bus qui parle créole.",
				summary: "<p>Adapté du Guichet roulant : créole, ravines et horaires du matin.</p>",
				steps:   []step{{"investigation", 350, ""}, {"construction", 200, ""}, {"pilot", 30, ""}}},
		},
		posts: []post{
			{by: "karr_ar_skoazell", days: 12, text: "<p>Demat ! Le bureau roulant sera au marché de Pontivy lundi. Papiers, impôts, logement : venez comme vous êtes. #accesauxdroits</p>", tags: []string{"accesauxdroits"}},
			{by: "cantine_dici", days: 9, text: "<p>1 100 repas par jour depuis la rentrée. Ce qui n'a pas marché : les livraisons du vendredi, abandonnées.</p>"},
			{by: "alerte_canicule", days: 5, text: "<p>Qui a déjà monté un réseau d'appels entre voisins ? Nous cherchons surtout ce qu'il ne faut pas faire.</p>", key: "canicule"},
			{by: "solene", days: 3, text: "<p>Bienvenue aux trois communes qui rejoignent L'Écluse ce mois-ci.</p>"},
		},
		events: []event{
			{by: "ecluse", name: "Café des projets", in: 9, hours: 2, kind: "meetup", place: "Médiathèque Espace Kenere", town: "Pontivy", text: "<p>Chacune et chacun présente son projet en cinq minutes. Entrée libre.</p>", territory: "fr:commune:56178"},
			{by: "vitrines_vivantes", name: "Visite des vitrines", in: 23, hours: 3, kind: "learning_visit", place: "Départ de la gare", town: "Redon", text: "<p>Quatre vitrines, quatre histoires, et les comptes sur la table.</p>", territory: "fr:commune:35236", seats: 25},
		},
	},
	{
		slug: "fabrique", name: "La Fabrique des Monts", role: "accelerator",
		description: "L'accélérateur public du Grand Guéret, en Creuse : des projets essayés à la campagne, racontés pour servir ailleurs.",
		accelerator: body{handle: "fabrique", name: "La Fabrique des Monts", summary: "Accélérateur public du Grand Guéret, Creuse.", territories: []string{"fr:epci:200034825"}},
		people: []person{
			{handle: "nadege", name: "Nadège Vasseur", role: "admin"},
			{handle: "antoine", name: "Antoine Delbos"},
			{handle: "ghjulia", name: "Ghjulia Santini"},
			{handle: "caradec", name: "Inès Caradec"},
		},
		bodies: []body{
			{handle: "atelier_bassin", name: "L'Atelier du Bassin", summary: "Accélérateur de Decazeville Communauté, Aveyron.", territories: []string{"fr:epci:200067064"}, by: "antoine", kind: "public_accelerator"},
			{handle: "officina", name: "L'Officina", summary: "Accélérateur de la communauté d'agglomération de Bastia.", territories: []string{"fr:epci:242000354"}, by: "ghjulia", kind: "public_accelerator"},
		},
		projects: []project{
			{handle: "guichet_roulant", name: "Le Guichet roulant", by: "nadege", carrier: "fabrique", territories: []string{"fr:epci:200034825"}, themes: []string{"rights_access", "social_action", "digital_inclusion"},
				promise: "Pour les habitants loin des guichets, une camionnette fait les démarches avec eux, devant chez eux.",
				summary: "<p>Une camionnette, deux agentes, dix-neuf communes. Le même projet vit aujourd'hui dans quatre autres territoires, chacun à sa façon.</p>",
				steps:   []step{{"idea", 1700, ""}, {"investigation", 1600, ""}, {"construction", 1450, ""}, {"pilot", 1300, "Trois communes"}, {"acceleration", 1000, "Dix-neuf communes"}, {"sustained", 400, "Inscrit au budget de l'agglomération"}},
				figures: []figure{{"Démarches menées à bien", "dossiers par an", 0, 2000, 2340}, {"Coût par démarche", "€", 41, 25, 22}}},
			{handle: "carnet_soignants", name: "Carnet d'accueil des soignants", by: "nadege", carrier: "fabrique", territories: []string{"fr:departement:23"}, themes: []string{"health_ageing", "employment"},
				promise: "Pour les soignants qui arrivent, un carnet qui répond aux questions avant qu'elles se posent.",
				summary: "<p>Logement, école, conjoint, remplaçants : le carnet et le kit pour en faire un autre.</p>",
				steps:   []step{{"investigation", 1200, ""}, {"construction", 1050, ""}, {"pilot", 800, ""}, {"sustained", 300, "Transféré au conseil départemental"}}},
			{handle: "plans_numeriques", name: "Plans communaux numériques", by: "nadege", carrier: "fabrique", territories: []string{"fr:epci:200034825"}, themes: []string{"data_digital", "safety_risks"}, stop: "need_not_confirmed",
				promise: "Pour les petites communes, un plan de sauvegarde tenu à jour sans effort.",
				summary: "<p>Les secrétaires de mairie ont déjà un classeur qui marche. Nous nous sommes arrêtés.</p>",
				steps:   []step{{"investigation", 640, ""}, {"stopped", 480, "Neuf entretiens sur dix : le besoin n'était pas là"}}},
			{handle: "bus_des_droits", name: "Le Bus des droits", by: "antoine", carrier: "atelier_bassin", territories: []string{"fr:epci:200067064"}, themes: []string{"rights_access"},
				promise: "Pour le bassin minier, le Guichet roulant à l'identique.",
				summary: "<p>Réplique du Guichet roulant : même véhicule, même formation, autres visages.</p>",
				steps:   []step{{"construction", 500, ""}, {"pilot", 380, ""}, {"acceleration", 110, ""}}},
			{handle: "fuites_zero", name: "Fuites zéro", by: "antoine", carrier: "atelier_bassin", territories: []string{"fr:epci:200067064"}, themes: []string{"environment", "data_digital"},
				promise: "Pour les régies qui perdent un tiers de leur eau, des capteurs à trente euros et une carte.",
				summary: "<p>Né d'un hackathon. Douze capteurs posés, deux fuites trouvées la première nuit.</p>",
				steps:   []step{{"idea", 210, "Hackathon Eau et territoires"}, {"investigation", 170, ""}, {"construction", 90, ""}, {"pilot", 20, ""}}},
			{handle: "covoit_vallee", name: "Covoit'Vallée", by: "antoine", carrier: "atelier_bassin", territories: []string{"fr:epci:200067064"}, themes: []string{"mobility"}, stop: "political_support",
				promise: "Pour les vallées sans bus, un covoiturage de voisinage.",
				summary: "<p>Arrêté faute d'assurance et de portage. Le code, les contacts et les leçons sont à reprendre.</p>",
				steps:   []step{{"investigation", 900, ""}, {"construction", 700, ""}, {"pilot", 560, ""}, {"stopped", 240, "Pas d'assureur, changement d'exécutif"}}},
			{handle: "archives_conseils", name: "Archives ouvertes des conseils", by: "ghjulia", carrier: "officina", territories: []string{"fr:epci:242000354"}, themes: []string{"participation", "data_digital"},
				promise: "Pour qui veut savoir ce qui a été voté, trente ans de délibérations en plein texte.",
				summary: "<p>Onze mille pages numérisées ; en pause le temps de régler les données personnelles.</p>",
				steps:   []step{{"investigation", 500, ""}, {"construction", 330, ""}, {"paused", 70, "En attente de l'avis sur les données personnelles"}}},
		},
		posts: []post{
			{by: "guichet_roulant", days: 14, text: "<p>2 340 démarches cette année, 22 euros chacune. Le détail des coûts est sur la fiche, servez-vous. #essaimage</p>", tags: []string{"essaimage"}},
			{by: "fuites_zero", days: 6, text: "<p>Deux fuites trouvées la première nuit. Il nous manque une personne qui connaît l'ouverture des données d'eau.</p>", key: "fuites"},
			{by: "covoit_vallee", days: 200, text: "<p>Covoit'Vallée s'arrête. Ce qui n'a pas marché : nous avons cherché l'assureur en dernier. Qui veut reprendre ?</p>"},
			{by: "caradec", days: 2, text: "<p>Je commence une étude : ce qui se perd et ce qui se gagne quand un projet essaime. Racontez-moi.</p>", key: "etude"},
		},
		events: []event{
			{by: "atelier_bassin", name: "Eau et territoires : 48 heures pour compter chaque goutte", in: 40, hours: 47, kind: "hackathon", place: "La Mine, tiers-lieu", town: "Decazeville", text: "<p>Quatre défis, sept équipes, un jury. Sur place et à distance.</p>", territory: "fr:commune:12089", seats: 60},
			{by: "guichet_roulant", name: "Monter à bord : une journée avec le Guichet roulant", in: 16, hours: 7, kind: "learning_visit", place: "Place Bonnyaud", town: "Guéret", text: "<p>Pour celles et ceux qui veulent le refaire ailleurs.</p>", territory: "fr:commune:23096", seats: 6},
		},
	},
	{
		slug: "national", name: "Réseau national (démonstration)", role: "national",
		description: "Le réseau des accélérateurs publics : il suit chaque instance et rassemble ce qu'elles publient, sans rien publier lui-même.",
		accelerator: body{handle: "reseau", name: "Réseau national", summary: "Coordination du réseau des accélérateurs publics."},
		people:      []person{{handle: "coordination", name: "Coordination nationale", role: "admin"}},
	},
}

// replies cross instances once everything has arrived: who answers which post, from where.
var replies = []reply{
	{from: "fabrique", by: "nadege", to: "canicule", text: "<p>Ne pas commencer par un numéro unique : personne ne l'a retenu chez nous. Les binômes, oui.</p>"},
	{from: "ecluse", by: "boussole_donnees", to: "fuites", text: "<p>Nous pouvons donner deux jours en janvier. Écrivez-nous.</p>"},
	{from: "ecluse", by: "karr_ar_skoazell", to: "etude", text: "<p>Gardé : la camionnette et le principe de faire avec. Changé : les marchés plutôt que les mairies, et le breton.</p>"},
}

type place struct {
	slug, name, role, description string
	accelerator                   body
	people                        []person
	bodies                        []body
	projects                      []project
	posts                         []post
	events                        []event
}

type person struct{ handle, name, role string }

type body struct {
	handle, name, summary, by, kind string
	territories                     []string
}

type project struct {
	handle, name, by, carrier, promise, summary, stop string
	territories, themes                               []string
	steps                                             []step
	figures                                           []figure
}

type step struct {
	phase   string
	days    int
	comment string
}

type figure struct {
	name, unit              string
	baseline, target, value float64
}

type post struct {
	by, text, key string
	days          int
	tags          []string
}

type event struct {
	by, name, kind, place, town, text, territory string
	in, hours                                    int
	seats                                        int64
}

type reply struct{ from, by, to, text string }
