package i18n

// formMessages are the words of every form, of the sign-in page and of the frame of who is signed in.
var formMessages = Table{
	{"form.faults", "{n} point à corriger || {n} points à corriger", "{n} thing to mend || {n} things to mend"},
	{"form.required", "« {label} » est à remplir.", "“{label}” is needed."},
	{"form.long", "« {label} » est trop long : {max} caractères au plus.", "“{label}” is too long: at most {max} characters."},
	{"form.unreadable", "« {label} » contient des signes illisibles.", "“{label}” holds signs that cannot be read."},
	{"form.choice", "« {label} » : choisissez une des réponses proposées.", "“{label}”: choose one of the answers."},
	{"form.optional", "(facultatif)", "(optional)"},
	{"form.draft", "Vous retrouvez ici ce que vous aviez écrit le {when}.", "Here is what you had written on {when}."},
	{"fault.code.invalid", "Cette réponse ne convient pas.", "This answer does not do."},
	{"fault.code.conflict", "C’est déjà pris, ou cela a changé entre-temps.", "It is taken already, or it changed meanwhile."},
	{"fault.code.forbidden", "Vous n’avez pas le rôle qu’il faut pour cela.", "You have no role that allows this."},

	{"signin.title", "Se connecter", "Sign in"},
	{"signin.name", "Identifiant ou adresse électronique", "Handle or e-mail address"},
	{"signin.name_hint", "Par exemple : solene, ou solene@mairie.exemple.", "For example: solene, or solene@townhall.example."},
	{"signin.password", "Mot de passe", "Password"},
	{"signin.go", "Se connecter", "Sign in"},
	{"signin.wrong", "L’identifiant ou le mot de passe ne convient pas.", "The handle or the password is wrong."},
	{"signin.ended", "Votre session a pris fin. Reconnectez-vous : ce que vous avez écrit est gardé.", "Your session has ended. Sign in again: what you wrote is kept."},

	{"site.publish", "Publier", "Publish"},
	{"site.account", "Compte de {name}", "Account of {name}"},
	{"site.notifications", "Notifications : {n} nouvelle || Notifications : {n} nouvelles", "Notifications: {n} new || Notifications: {n} new"},
	{"site.shortcuts", "Raccourcis", "Shortcuts"},
	{"own.profile", "Mon profil", "My profile"},
	{"own.me", "Moi", "Me"},
}
