package i18n

// eventMessages make the summary of an Event (federation-R9) and the private
// messages of a registration.
var eventMessages = Table{
	{"event.cancelled_mark", "[Annulé]", "[Cancelled]"},
	{"event.cancelled_line", "Annulé : {reason}. Était prévu :", "Cancelled: {reason}. Was planned:"},
	{"event.postponed_line", "Reporté, nouvelle date à venir. Était prévu :", "Postponed, new date to come. Was planned:"},
	{"event.rescheduled_line", "Date modifiée :", "Date changed:"},
	{"event.online", "en ligne", "online"},
	{"event.seats", "{n} place || {n} places", "{n} seat || {n} seats"},
	{"event.free", "gratuit", "free"},
	{"event.registered", "{n} inscription || {n} inscriptions", "{n} registered || {n} registered"},
	{"event.left", "{n} place restante || {n} places restantes", "{n} seat left || {n} seats left"},
	{"event.full", "Complet", "Full"},
	{"event.waiting", "Liste d’attente : rang {n} || Liste d’attente : rang {n}", "Waiting list: rank {n} || Waiting list: rank {n}"},

	{"rsvp.question", "Serez-vous là ? {title}, {when}.", "Will you be there? {title}, {when}."},
	{"rsvp.onsite", "Sur place", "On site"},
	{"rsvp.remote", "À distance", "Remotely"},
	{"rsvp.no", "Je ne viens pas", "I am not coming"},
	{"rsvp.done.onsite", "Inscription enregistrée : sur place.", "Registration recorded: on site."},
	{"rsvp.done.remote", "Inscription enregistrée : à distance.", "Registration recorded: remotely."},
	{"rsvp.done.waiting", "Complet : inscription en liste d’attente.", "Full: you are on the waiting list."},
	{"rsvp.cancelled", "Inscription annulée.", "Registration cancelled."},
	{"rsvp.cancel", "Annuler", "Cancel"},
	{"rsvp.calendar", "Agenda (ICS)", "Calendar (ICS)"},
}
