package i18n

// muteMessages are the words by which people keep others away.
var muteMessages = Table{
	{"settings.mutes", "Comptes masqués et bloqués", "Muted and blocked"},
	{"mutes.lede", "Masquer ne se voit pas de l’autre. Bloquer met fin aux abonnements des deux côtés, et l’autre serveur en est averti.", "Muting is not seen by the other. Blocking ends follows on both sides, and the other server is told."},
	{"mutes.none", "Vous ne masquez et ne bloquez personne.", "You mute and block nobody."},
	{"mutes.muted", "Comptes masqués", "Muted accounts"},
	{"mutes.servers", "Serveurs masqués", "Muted servers"},
	{"mutes.blocked", "Comptes bloqués", "Blocked accounts"},
	{"mute.title", "Garder à distance", "Keep away"},
	{"mute.do", "Masquer ce compte", "Mute this account"},
	{"mute.undo", "Ne plus masquer", "Unmute"},
	{"mute.server", "Masquer tout {host}", "Mute all of {host}"},
	{"mute.server_undo", "Ne plus masquer {host}", "Unmute {host}"},
	{"block.do", "Bloquer ce compte", "Block this account"},
	{"block.undo", "Débloquer", "Unblock"},
	{"done.mute", "C’est masqué : vous ne le verrez plus dans votre fil ni vos notifications.", "Muted: you will no longer see it in your timeline or notifications."},
	{"done.unmute", "Ce n’est plus masqué.", "No longer muted."},
	{"done.block", "Ce compte est bloqué.", "This account is blocked."},
	{"done.unblock", "Ce compte est débloqué. Les abonnements ne reviennent pas d’eux-mêmes.", "This account is unblocked. Follows do not come back by themselves."},
}
