package i18n

// noteMessages are the sentences of companion Notes: what a reader on Mastodon
// sees of a kind that Mastodon does not know. They are plain text; whoever builds the
// Note escapes the arguments and adds links.
var noteMessages = Table{
	{"note.project.published", "Nouveau projet : {title}.", "New project: {title}."},
	{"note.project.promise", "Nouveau projet : {title}. {promise}", "New project: {title}. {promise}"},
	{"note.project.phase", "{title} passe en phase {phase}.", "{title} enters the phase {phase}."},
	{"note.project.phase_comment", "{title} passe en phase {phase} : {comment}", "{title} enters the phase {phase}: {comment}"},
	{"note.project.paused", "{title} est suspendu.", "{title} is paused."},
	{"note.project.resumed", "{title} reprend, en phase {phase}.", "{title} resumes, in the phase {phase}."},
	{"note.project.stopped", "{title} s’arrête. Motif : {reason}.", "{title} stops. Reason: {reason}."},
	{"note.project.lessons", "Ce qui n’a pas marché, et ce qu’il en reste : {lessons}", "What did not work, and what remains: {lessons}"},
	{"note.project.takeover", "{title} est à reprendre.", "{title} is open to be taken over."},

	{"note.need", "Cherche : {title}.", "Looking for: {title}."},
	{"note.offer", "Propose : {title}.", "Offering: {title}."},
	{"note.call", "Appel à projets : {title}, jusqu’au {deadline}.", "Call for projects: {title}, until {deadline}."},
	{"note.call_open", "Appel à projets : {title}.", "Call for projects: {title}."},
	{"note.consultation", "Consultation ouverte : {title}.", "Consultation open: {title}."},
	{"note.statement", "Avis : {title}.", "Statement: {title}."},
	{"note.resource", "Ressource : {title}.", "Resource: {title}."},

	{"note.lineage.replicate", "Essaimage : {copy} reproduit notre projet.", "Replication: {copy} reproduces our project."},
	{"note.lineage.adapt", "Essaimage : {copy} reprend et adapte notre projet.", "Replication: {copy} takes up and adapts our project."},
	{"note.lineage.inspire", "Essaimage : {copy} s’inspire de notre projet.", "Replication: {copy} draws on our project."},
	{"note.lineage.takeover", "{copy} prend la suite de notre projet.", "{copy} takes over our project."},
	{"note.lineage.merge", "Notre projet rejoint {copy}.", "Our project joins {copy}."},
	{"note.lineage.mine", "Nous l’avons essaimé : {copy}, à partir de {origin}.", "We did it here too: {copy}, from {origin}."},
	{"note.lineage.kept", "Gardé : {kept}.", "Kept: {kept}."},
	{"note.lineage.changed", "Changé : {changed}.", "Changed: {changed}."},

	{"note.event.cancelled", "Annulé : {title}, prévu {when}.", "Cancelled: {title}, planned {when}."},
	{"note.event.cancelled_reason", "Annulé : {title}, prévu {when}. Motif : {reason}.", "Cancelled: {title}, planned {when}. Reason: {reason}."},
	{"note.event.rescheduled", "Nouvelle date pour {title} : {when}.", "New date for {title}: {when}."},
	{"note.event.postponed", "Reporté : {title}. La nouvelle date n’est pas encore fixée.", "Postponed: {title}. The new date is not set yet."},
	{"note.event.online", "{title} aura lieu en ligne, {when}.", "{title} will take place online, {when}."},
	{"note.event.confirmed", "{title} est confirmé, {when}.", "{title} is confirmed, {when}."},

	{"note.link.details", "Détails", "Details"},
	{"note.link.answer", "Lire et répondre", "Read and answer"},
	{"note.link.project", "Voir le projet", "See the project"},
	{"note.link.apply", "Lire l’appel et candidater", "Read the call and apply"},
	{"note.link.take_part", "Participer", "Take part"},

	{"territory.summary", "Relaie les projets, besoins et événements publics de ce territoire ({name}), publiés par toutes les instances suivies.", "Relays the public projects, needs and events of this territory ({name}), published by every instance it follows."},
	{"territory.digest", "{n} autre publication cette semaine : || {n} autres publications cette semaine :", "{n} more post this week: || {n} more posts this week:"},
}
