package i18n

// Tables lists every message of the program. A new part of the program adds a
// file messages_<part>.go with its table, and one line here.
var Tables = []Table{
	errorMessages,
	pageMessages,
	homeMessages,
	noteMessages,
	eventMessages,
	publicMessages,
	sheetMessages,
	explorerMessages,
	pictureMessages,
	mailMessages,
	formMessages,
	noticeMessages,
	ownMessages,
	setupMessages,
	legalMessages,
	teamMessages,
	accountMessages,
	feedMessages,
	accountLetters,
	composeMessages,
	historyMessages,
	welcomeMessages,
	sheetEditMessages,
	muteMessages,
	deskMessages,
}
