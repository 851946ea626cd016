package i18n

// homeMessages are the words of the home page, of the about page and of a project's facts.
var homeMessages = Table{
	{"site.demonstration", "Données de démonstration : organisations et personnes fictives.", "Demonstration data: fictional bodies and people."},
	{"site.demonstration_label", "Démonstration", "Demonstration"},
	{"site.other_language", "English", "Français"},
	{"site.about", "À propos", "About"},

	{"home.accelerator", "Accélérateur", "Accelerator"},
	{"home.project", "Projets", "Projects"},
	{"home.event", "Agenda", "Events"},
	{"home.post", "Actualités", "News"},
	{"home.empty", "Rien à montrer ici pour l’instant.", "Nothing to show here yet."},

	{"about.title", "À propos de {name}", "About {name}"},
	{"about.federation", "Ce service est une instance d’Essaim, logiciel libre. Ses projets, événements et publications peuvent être suivis depuis Mastodon, Mobilizon ou tout autre serveur ActivityPub, sans compte ici.", "This service runs Essaim, free software. Its projects, events and posts can be followed from Mastodon, Mobilizon or any other ActivityPub server, without an account here."},
	{"about.instance", "Le compte de l’instance, à suivre pour tout recevoir : {handle}.", "The account of the instance, to follow for everything: {handle}."},

	{"project.promise", "Promesse", "Promise"},
	{"project.phase", "Phase", "Phase"},
	{"project.themes", "Thèmes", "Themes"},
	{"project.history", "Étape", "Step"},
	{"password.title", "Choisir un mot de passe", "Choose a password"},
	{"password.label", "Mot de passe", "Password"},
	{"password.rule", "De 12 à 200 caractères. Une phrase est plus facile à retenir.", "From 12 to 200 characters. A sentence is easier to remember."},
	{"password.save", "Enregistrer", "Save"},
	{"password.done", "Votre mot de passe est enregistré.", "Your password is saved."},
	{"object.when", "Quand et où", "When and where"},
}
