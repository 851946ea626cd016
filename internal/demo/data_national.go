package demo

// national is one instance of the world.
var national = place{
	slug: "national", name: "Réseau national (démonstration)", role: "national",
	description: "Le réseau des accélérateurs publics : il suit chaque instance et rassemble ce qu'elles publient, sans rien publier lui-même.",
	accelerator: body{handle: "reseau", name: "Réseau national", summary: "Coordination du réseau des accélérateurs publics."},
	people:      []person{{handle: "coordination", name: "Coordination nationale", role: "admin", about: "Nous relions, nous comptons, nous ne publions pas de projet."}},
	follows:     []tie{{"coordination", "guichet_roulant@fabrique"}, {"coordination", "solene@ecluse"}, {"coordination", "cantine_dici@ecluse"}, {"coordination", "nadege@fabrique"}},
}
