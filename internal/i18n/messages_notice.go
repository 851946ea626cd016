package i18n

// noticeMessages are the words of the letters that tell people what happens to them.
var noticeMessages = Table{
	{"notice.mention", "{name} vous a mentionné", "{name} mentioned you"},
	{"notice.reply", "{name} vous a répondu", "{name} answered you"},
	{"notice.follow", "{name} vous suit", "{name} follows you"},
	{"notice.request", "{name} demande à vous suivre", "{name} asks to follow you"},
	{"notice.accept", "{name} a accepté votre demande", "{name} accepted your request"},
	{"notice.like", "{name} a aimé ce que vous avez publié", "{name} liked what you published"},
	{"notice.announce", "{name} a relayé ce que vous avez publié", "{name} shared what you published"},
	{"notice.report", "{name} a fait un signalement", "{name} made a report"},
	{"notice.and", "{what} (et {n} autre) || {what} (et {n} autres)", "{what} (and {n} more) || {what} (and {n} more)"},
	{"notice.warned", "L’auteur a mis un avertissement devant ce message : {warning}", "Its author put a warning before this message: {warning}"},
	{"notice.read", "Lire et répondre", "Read and answer"},
	{"notice.direct", "Ce message n’est visible que des personnes mentionnées. Il n’est pas chiffré.", "This message is seen by those it mentions only. It is not encrypted."},
	{"notice.digest", "Votre semaine, le {day}", "Your week, {day}"},
	{"notice.concerns", "Ce qui vous concerne", "What concerns you"},
	{"notice.followed", "Ce que vous suivez", "What you follow"},
	{"notice.events", "Prochains rendez-vous", "Coming events"},
	{"notice.open", "Ouvrir mon fil", "Open my timeline"},
	{"notice.reason.mentions", "Vous recevez ce message parce que quelqu’un s’adresse à vous sur {site}.", "You receive this message because somebody speaks to you on {site}."},
	{"notice.reason.digest", "Vous recevez cette lettre une fois par semaine parce que vous avez un compte sur {site}.", "You receive this letter once a week because you have an account on {site}."},
	{"notice.stop.title", "Ne plus recevoir ces messages", "Stop these messages"},
	{"notice.stop.mentions", "Vous ne recevrez plus de message quand on vous mentionne ou vous répond. Vos notifications restent sur le site.", "You will no longer be written to when somebody mentions or answers you. Your notifications stay on the site."},
	{"notice.stop.digest", "Vous ne recevrez plus la lettre de la semaine.", "You will no longer receive the weekly letter."},
	{"notice.stop.go", "Arrêter ces messages", "Stop these messages"},
	{"notice.stopped", "C’est fait : ces messages ne vous seront plus envoyés. Vous pouvez changer d’avis dans vos réglages.", "Done: these messages will no longer be sent to you. You can change your mind in your settings."},
}
