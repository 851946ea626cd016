package i18n

// mailMessages are the words around every letter; what a letter says is with what sends it.
var mailMessages = Table{
	{"mail.label", "{label} :", "{label}:"},
	{"mail.copy", "Si le bouton ne marche pas, copiez cette adresse dans votre navigateur :", "If the button does not work, copy this address into your browser:"},
	{"mail.unsubscribe", "Ne plus recevoir ces messages", "Stop receiving these messages"},
	{"mail.console", "Courrier de {instance} (affiché ici, envoyé à personne)", "Mail from {instance} (shown here, sent to nobody)"},
}
