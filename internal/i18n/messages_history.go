package i18n

// historyMessages are the words of what became of a publication.
var historyMessages = Table{
	{"history.do", "Historique", "History"},
	{"history.title", "Historique des versions", "History of versions"},
	{"history.lede", "Ce qui a changé depuis la publication, le plus récent en premier.", "What has changed since publication, the most recent first."},
	{"history.back", "Retour à la version actuelle", "Back to the current version"},
	{"history.current", "Version actuelle", "Current version"},
	{"history.older", "Version précédente", "Earlier version"},
	{"history.first", "Première version", "First version"},
	{"history.first_known", "Première version connue ici", "First version known here"},
	{"history.only", "Aucune version antérieure n’est connue ici.", "No earlier version is known here."},
	{"history.same", "Le texte et les dates sont restés les mêmes.", "The text and the dates stayed the same."},
	{"history.pictures", "Les images ou leurs descriptions ont changé.", "The pictures or their descriptions have changed."},
	{"history.removed", "Retiré :", "Removed:"},
	{"history.added", "Ajouté :", "Added:"},
	{"history.name", "Titre", "Title"},
	{"history.warning", "Avertissement", "Warning"},
	{"history.when", "Date", "Date"},
	{"history.where", "Lieu", "Place"},
	{"history.online", "Adresse en ligne", "Address online"},
	{"history.status", "État", "Status"},
	{"history.promise", "En une phrase", "In one sentence"},
	{"history.phase", "Phase", "Phase"},
	{"history.themes", "Thèmes", "Themes"},
	{"history.places", "Territoires", "Territories"},
	{"history.contact", "Contact", "Contact"},
}
