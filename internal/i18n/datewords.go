package i18n

var weekdays = map[Lang][7]string{
	FR: {"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"},
	EN: {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
}

var months = map[Lang][12]string{
	FR: {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
	EN: {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
}

var shortWeekdays = map[Lang][7]string{
	FR: {"dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam."},
	EN: {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
}

var shortMonths = map[Lang][12]string{
	FR: {"janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."},
	EN: {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
}

// places names the zones of France and of its near neighbours.
var places = map[string][2]string{
	"Europe/Paris":          {"heure de Paris", "Paris time"},
	"America/Guadeloupe":    {"heure de la Guadeloupe", "Guadeloupe time"},
	"America/Martinique":    {"heure de la Martinique", "Martinique time"},
	"America/Cayenne":       {"heure de la Guyane", "French Guiana time"},
	"America/Miquelon":      {"heure de Saint-Pierre-et-Miquelon", "Saint Pierre and Miquelon time"},
	"America/St_Barthelemy": {"heure de Saint-Barthélemy", "Saint Barthélemy time"},
	"America/Marigot":       {"heure de Saint-Martin", "Saint Martin time"},
	"Indian/Reunion":        {"heure de La Réunion", "Réunion time"},
	"Indian/Mayotte":        {"heure de Mayotte", "Mayotte time"},
	"Indian/Kerguelen":      {"heure des Kerguelen", "Kerguelen time"},
	"Pacific/Noumea":        {"heure de la Nouvelle-Calédonie", "New Caledonia time"},
	"Pacific/Tahiti":        {"heure de Tahiti", "Tahiti time"},
	"Pacific/Marquesas":     {"heure des Marquises", "Marquesas time"},
	"Pacific/Gambier":       {"heure des Gambier", "Gambier time"},
	"Pacific/Wallis":        {"heure de Wallis-et-Futuna", "Wallis and Futuna time"},
	"Etc/GMT+8":             {"heure de Clipperton", "Clipperton time"},
	"Europe/Brussels":       {"heure de Bruxelles", "Brussels time"},
	"Europe/Luxembourg":     {"heure de Luxembourg", "Luxembourg time"},
	"Europe/Zurich":         {"heure de Zurich", "Zurich time"},
	"Europe/London":         {"heure de Londres", "London time"},
	"Europe/Berlin":         {"heure de Berlin", "Berlin time"},
	"Europe/Madrid":         {"heure de Madrid", "Madrid time"},
	"Europe/Rome":           {"heure de Rome", "Rome time"},
}
