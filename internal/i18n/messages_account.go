package i18n

// accountMessages are the words of signing up, of a lost password, of sessions and of invitations.
var accountMessages = Table{
	{"account.email_wrong", "Cette adresse électronique est incomplète. Écrivez-la comme prenom.nom@exemple.fr.", "This e-mail address is incomplete. Write it like first.last@example.org."},
}
