package auth

import (
	"context"
	"time"

	"essaim/internal/i18n"
	"essaim/internal/mail"
	"essaim/internal/store"
)

// write queues the letter called name, in the language of who reads it: `letter.NAME` is its subject, `letter.NAME_text` what it says, `letter.NAME_go` the label of
// the button, where page leads. Without a mail server nothing is written: whoever asks was told so by the page.
func (s *Service) write(ctx context.Context, tx *store.Tx, to, language, name, page string, life time.Duration, args ...any) error {
	if !s.CanSend() {
		return nil
	}
	lang, ok := i18n.Parse(language)
	if !ok {
		lang = i18n.FR
	}
	key := "letter." + name
	l := mail.Letter{To: to, Language: lang, Subject: i18n.T(lang, key), Paragraphs: []string{i18n.T(lang, key+"_text", args...)}, Within: life}
	if page != "" {
		l.Button = &mail.Button{Label: i18n.T(lang, key+"_go"), URL: s.Site.Base + page}
	}
	if life > 0 && page != "" { // nothing happens unless it is followed
		l.Closing = []string{i18n.T(lang, "letter.not_me")}
	}
	return s.Mail.Queue(ctx, tx, l)
}
