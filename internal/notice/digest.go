package notice

import (
	"context"
	"time"

	"essaim/internal/essaim"
	"essaim/internal/i18n"
	"essaim/internal/mail"
	"essaim/internal/store"
	"essaim/internal/text"
)

// week is between two letters to the same person.
const week = 7 * 24 * time.Hour

// How many entries of a sort a letter holds, and how far ahead it looks for meetings.
const (
	mostDeeds  = 20
	mostNews   = 12
	mostEvents = 8
	ahead      = 3 * week
	batch      = 50
)

// WriteDigests writes the weekly letters that are due, a bounded number; it is meant to be called every few minutes. Several nodes may do so at once: each
// letter is planned anew and queued in one transaction, by whoever comes first.
func (s *Service) WriteDigests(ctx context.Context) error {
	now := s.Clock().UTC()
	accounts, due, err := store.DigestsDue(ctx, s.DB.Read(), now, batch)
	if err != nil {
		return err
	}
	for i, a := range accounts {
		var letter *mail.Letter
		if !due[i].IsZero() && Digest.wants(a.Prefs) && s.Mail.CanSend() {
			if letter, err = s.digest(ctx, a, due[i].Add(-week).Truncate(time.Second), now); err != nil {
				return err
			}
		}
		err := s.DB.Write(ctx, store.Relaxed, func(tx *store.Tx) error {
			mine, err := tx.PlanDigest(ctx, a.ID, due[i], next(a, now))
			if err != nil || !mine || letter == nil {
				return err
			}
			if err := s.Mail.Queue(ctx, tx, *letter); essaim.CodeOf(err) != essaim.Invalid {
				return err
			}
			return nil // an address that no server can take: it is told on the account's page, and does not stop the others
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// next is the first moment after now that is whole weeks after the account was made: letters spread over the week by themselves.
func next(a *store.Account, now time.Time) time.Time {
	weeks := now.Sub(a.Created)/week + 1
	return a.Created.Add(weeks * week)
}

// digest makes the letter of a week; nil when there is nothing to say.
func (s *Service) digest(ctx context.Context, a *store.Account, since, now time.Time) (*mail.Letter, error) {
	lang := language(a)
	l := s.letter(a, Digest, i18n.T(lang, "notice.digest", i18n.Day(lang, now, i18n.Zone(""))))
	l.Bulk, l.Within = true, week
	for _, part := range []struct {
		heading string
		items   func(context.Context, *store.Account, time.Time, time.Time) ([]mail.Item, error)
	}{{"notice.concerns", s.deeds}, {"notice.followed", s.news}, {"notice.events", s.events}} {
		items, err := part.items(ctx, a, since, now)
		if err != nil {
			return nil, err
		}
		if len(items) > 0 {
			l.Sections = append(l.Sections, mail.Section{Heading: i18n.T(lang, part.heading), Items: items})
		}
	}
	if len(l.Sections) == 0 {
		return nil, nil
	}
	l.Button = &mail.Button{Label: i18n.T(lang, "notice.open"), URL: s.Site.Base + "/"}
	return &l, nil
}

// deeds is what was done to the person and not read yet, by object: the newest first, each object once with how many did it.
func (s *Service) deeds(ctx context.Context, a *store.Account, since, _ time.Time) ([]mail.Item, error) {
	lang := language(a)
	groups, err := store.UnreadSince(ctx, s.DB.Read(), a.Actor, since, mostDeeds)
	if err != nil || len(groups) == 0 {
		return nil, err
	}
	var people, things []essaim.ID
	for _, g := range groups {
		people = append(people, g.Source)
		if g.Via != 0 {
			people = append(people, g.Via)
		}
		if g.Object != 0 {
			things = append(things, g.Object)
		}
	}
	cards, err := store.CardsByID(ctx, s.DB.Read(), people)
	if err != nil {
		return nil, err
	}
	objects, err := store.ObjectsByID(ctx, s.DB.Read(), things)
	if err != nil {
		return nil, err
	}
	var items []mail.Item
	for _, g := range groups {
		by := cards[g.Source]
		key := "notice." + g.Kind
		if by == nil || i18n.T(lang, key, "") == key {
			continue // its author is gone, or it is of a sort that letters do not tell
		}
		item := mail.Item{Title: i18n.T(lang, key, nameOf(by, lang)), Link: s.Site.Base + "/notifications", Meta: i18n.Day(lang, g.Created, i18n.Zone(""))}
		if g.Count > 1 {
			item.Title = i18n.T(lang, "notice.and", item.Title, g.Count-1)
		}
		if team := cards[g.Via]; team != nil {
			item.Title = i18n.T(lang, "notice.via", item.Title, nameOf(team, lang))
		}
		if o := objects[g.Object]; o != nil {
			item.Text = s.words(ctx, a.Actor, o)
		}
		items = append(items, item)
	}
	return items, nil
}

// words is the text of an object that the person may still see.
func (s *Service) words(ctx context.Context, viewer essaim.ID, o *store.Object) string {
	if seen, err := store.CanSee(ctx, s.DB.Read(), viewer, o.ID); err != nil || !seen {
		return ""
	}
	if post, ok := o.Thing().(*essaim.Post); ok && post.Warning != "" {
		return post.Warning
	}
	return text.Excerpt(text.Plain(o.HTML), 600)
}

// news is what those whom the person follows published, the newest first.
func (s *Service) news(ctx context.Context, a *store.Account, since, _ time.Time) ([]mail.Item, error) {
	objects, err := store.FollowedSince(ctx, s.DB.Read(), a.Actor, since, mostNews)
	if err != nil {
		return nil, err
	}
	return s.items(ctx, a, objects, func(o *store.Object) string { return i18n.Day(language(a), o.Published, i18n.Zone("")) })
}

// events are the meetings to come of those whom the person follows.
func (s *Service) events(ctx context.Context, a *store.Account, _, now time.Time) ([]mail.Item, error) {
	objects, err := store.FollowedEvents(ctx, s.DB.Read(), a.Actor, now, now.Add(ahead), mostEvents)
	if err != nil {
		return nil, err
	}
	return s.items(ctx, a, objects, func(o *store.Object) string {
		if e, ok := o.Thing().(*essaim.Event); ok {
			return e.When(language(a))
		}
		return ""
	})
}

func (s *Service) items(ctx context.Context, a *store.Account, objects []*store.Object, meta func(*store.Object) string) ([]mail.Item, error) {
	lang := language(a)
	ids := make([]essaim.ID, 0, len(objects))
	for _, o := range objects {
		ids = append(ids, o.AttributedTo)
	}
	authors, err := store.CardsByID(ctx, s.DB.Read(), ids)
	if err != nil {
		return nil, err
	}
	var items []mail.Item
	for _, o := range objects {
		thing, author := o.Thing(), authors[o.AttributedTo]
		if thing == nil || author == nil {
			continue
		}
		sum := thing.Summary(lang)
		item := mail.Item{Title: sum.Title, Text: s.words(ctx, a.Actor, o), Link: s.page(o, author, sum.URL), Meta: meta(o)}
		if item.Title == "" {
			item.Title = nameOf(author, lang)
		} else {
			item.Meta = nameOf(author, lang) + " · " + item.Meta
		}
		items = append(items, item)
	}
	return items, nil
}

// page is where an object is shown here.
func (s *Service) page(o *store.Object, author *store.Card, url string) string {
	if o.Local && s.Site.Owns(url) {
		return url
	}
	return s.Site.Base + "/" + author.Address() + "/" + o.ID.String()
}
