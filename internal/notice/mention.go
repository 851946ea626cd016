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
	if n.Seen || account.State != store.AccountActive || !Mentions.wants(account.Prefs) || !s.Mail.CanSend() {
		return nil, nil
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

func nameOf(c *store.Card, lang i18n.Lang) string {
	if thing := c.Thing(); thing != nil {
		if title := thing.Summary(lang).Title; title != "" {
			return text.Excerpt(title, 80)
		}
	}
	return c.Address()
}
