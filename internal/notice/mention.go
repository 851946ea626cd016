package notice

import (
	"context"
	"encoding/json"
	"errors"

	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/i18n"
	"essaim/internal/jobs"
	"essaim/internal/mail"
	"essaim/internal/store"
	"essaim/internal/text"
)

// excerpt is how much of a post a letter quotes: enough to answer from, not a copy of a long article.
const excerpt = 2000

// atOnce writes the letter of one notification, unless it has been read meanwhile or is not wanted.
func (s *Service) atOnce(ctx context.Context, j *jobs.Job) error {
	var args activity.NoticeArgs
	if err := json.Unmarshal(j.Args, &args); err != nil {
		return jobs.Permanent(err)
	}
	letter, err := s.mention(ctx, essaim.ID(args.Notification))
	if errors.Is(err, store.ErrNotFound) {
		return jobs.ErrAbandon // what it is about is gone, or so is the account
	}
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, store.Relaxed, func(tx *store.Tx) error {
		if letter != nil {
			if err := s.Mail.Queue(ctx, tx, *letter); err != nil && essaim.CodeOf(err) != essaim.Invalid {
				return err
			}
		}
		return j.Done(ctx, tx)
	})
}

// mention makes the letter about a mention or a reply; nil when none is wanted.
func (s *Service) mention(ctx context.Context, id essaim.ID) (*mail.Letter, error) {
	q := s.DB.Read()
	n, err := store.NotificationByID(ctx, q, id)
	if err != nil {
		return nil, err
	}
	account, err := store.AccountByActor(ctx, q, n.Actor)
	if err != nil {
		return nil, err
	}
	told := n.Kind == "decided" || n.Kind == "sanction" // told whatever was chosen for the rest
	if !told && (n.Seen || !Mentions.wants(account.Prefs)) || account.State != store.AccountActive || !s.Mail.CanSend() {
		return nil, nil
	}
	if n.Kind == "decided" || n.Kind == "sanction" {
		return s.decision(ctx, n, account)
	}
	o, err := store.ObjectByID(ctx, q, n.Object)
	if err != nil {
		return nil, err
	}
	seen, err := store.CanSee(ctx, q, n.Actor, o.ID)
	if err != nil || !seen {
		return nil, err
	}
	by, err := store.CardsByID(ctx, q, []essaim.ID{n.Source, n.Via})
	if err != nil || by[n.Source] == nil {
		return nil, errors.Join(err, store.ErrNotFound)
	}
	lang, name := language(account), nameOf(by[n.Source], language(account))
	title := i18n.T(lang, "notice."+n.Kind, name)
	if team := by[n.Via]; team != nil {
		title = i18n.T(lang, "notice.via", title, nameOf(team, lang))
	}
	l := s.letter(account, Mentions, title)
	l.Paragraphs = []string{text.Excerpt(text.Plain(o.HTML), excerpt)}
	if post, ok := o.Thing().(*essaim.Post); ok && post.Warning != "" {
		l.Paragraphs = []string{i18n.T(lang, "notice.warned", post.Warning)}
	}
	l.Button = &mail.Button{Label: i18n.T(lang, "notice.read"), URL: s.Site.Base + "/notifications"}
	if o.Visibility == essaim.Direct {
		l.Closing = []string{i18n.T(lang, "notice.direct")}
	}
	return &l, nil
}

// decision makes the letter that tells a side of a report what was decided and why, with the way to answer (L6).
func (s *Service) decision(ctx context.Context, n *store.Notification, account *store.Account) (*mail.Letter, error) {
	r, err := store.ReportByID(ctx, s.DB.Read(), n.Activity)
	if err != nil {
		return nil, err
	}
	lang := language(account)
	l := s.letter(account, Mentions, i18n.T(lang, "notice."+n.Kind, i18n.T(lang, "notice.team")))
	l.Unsubscribe = "" // a decision is not a newsletter
	l.Paragraphs = []string{essaim.ModerationDecisions.Label(r.Decision, lang) + ".", r.Note}
	l.Button = &mail.Button{Label: i18n.T(lang, "notice.see_decision"), URL: s.Site.Base + "/signalements"}
	l.Closing = []string{i18n.T(lang, "reports.remedy") + " " + s.Site.Base + "/moderation"}
	return &l, nil
}

func nameOf(c *store.Card, lang i18n.Lang) string {
	if thing := c.Thing(); thing != nil {
		if title := thing.Summary(lang).Title; title != "" {
			return text.Excerpt(title, 80)
		}
	}
	return c.Address()
}
