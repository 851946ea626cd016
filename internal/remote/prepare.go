package remote

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"essaim/federation/vocab"
	"essaim/internal/essaim"
	"essaim/internal/store"
	"essaim/internal/text"
)

// Bounds of what writing may cost its author in waiting (design §5).
const (
	maxLookups     = 5
	lookupDeadline = 2 * time.Second
)

// Prepare reads what a member's activity refers to, before Apply: the target of a Follow or a Block, the object of a Like, an Announce or a Flag,
// what a post answers, and the accounts its text mentions. The activity then holds ids. An account or object that cannot be found is an error fit
// for people, but for mentions and parents, which stay as they are. account is who asks, for the log.
func (s *Service) Prepare(ctx context.Context, a *vocab.Activity, account essaim.ID) error {
	switch a.Type {
	case vocab.Follow, vocab.Block:
		target, err := s.Actor(ctx, a.Object.ID)
		if err != nil {
			return err
		}
		a.Object = vocab.Item{ID: target.IRI}
	case vocab.Like, vocab.Announce:
		if s.Site.Owns(a.Object.ID) {
			return nil // Apply finds it
		}
		o, err := s.Object(ctx, a.Object.ID)
		if err != nil {
			return err
		}
		a.Object = vocab.Item{ID: o.IRI}
	case vocab.Flag:
		for i, it := range a.Objects {
			if o, err := s.Object(ctx, it.ID); err == nil && i == 0 {
				a.Object = vocab.Item{ID: o.IRI}
			}
		}
		return nil
	case vocab.Create, vocab.Update:
		s.meetRecipients(ctx, a)
		return s.preparePost(ctx, a.Object.Doc, account)
	default:
		return nil
	}
	a.Objects = []vocab.Item{a.Object}
	return nil
}

// meetRecipients reads the actors that are addressed and not known yet, so that they can be delivered to (AP §7.1); bounded like mentions.
func (s *Service) meetRecipients(ctx context.Context, a *vocab.Activity) {
	doc := a.Object.Doc
	_, tags := vocab.ReadTags(doc)
	addressed := slices.Concat(a.Recipients(), vocab.Addresses(doc, "to"), vocab.Addresses(doc, "cc"))
	for _, t := range tags {
		addressed = append(addressed, t.Href)
	}
	limited, cancel := context.WithTimeout(ctx, lookupDeadline)
	defer cancel()
	var all sync.WaitGroup
	asked := make(map[string]bool, maxLookups)
	for _, iri := range addressed {
		if asked[iri] || len(asked) == maxLookups || vocab.IsPublic(iri) || s.Site.Owns(iri) || essaim.HostOf(iri) == "" {
			continue
		}
		if _, err := store.ObjectID(ctx, s.DB.Read(), iri); !isNotFound(err) {
			continue
		}
		asked[iri] = true
		all.Go(func() {
			if _, err := s.readActor(limited, iri); err != nil {
				s.Logger.Debug("an addressed actor was not found", "host", essaim.HostOf(iri), "err", err)
			}
		})
	}
	all.Wait()
}

// preparePost reads the parent and renders the text of a post.
func (s *Service) preparePost(ctx context.Context, doc *vocab.Object, account essaim.ID) error {
	if kind, ok := essaim.KindOf(doc); doc == nil || !ok || kind.Name != essaim.KindPost {
		return nil
	}
	limited, cancel := context.WithTimeout(ctx, lookupDeadline)
	defer cancel()
	if parent := doc.IRI("inReplyTo"); parent != "" {
		if _, err := s.Object(limited, parent); err != nil {
			s.Logger.Debug("what a post answers was not found", "account", account, "host", essaim.HostOf(parent), "err", err)
		}
	}
	s.render(limited, doc)
	return nil
}

// render makes the HTML of a post from what its author typed: the Markdown in source, or a content without any markup. Mentions that are
// resolved and hashtags become links and tags; HTML that a client made is left as it is.
func (s *Service) render(ctx context.Context, doc *vocab.Object) {
	typed, lang := doc.Text("content")
	if source := doc.Object("source"); source != nil && (source.String("mediaType") == "text/markdown" || source.String("mediaType") == "text/plain") {
		typed = source.String("content")
	} else if strings.Contains(typed, "<") {
		return
	}
	if typed == "" {
		return
	}
	found := s.lookUp(ctx, text.Mentions(typed))
	html, mentions, hashtags := text.Linkify(typed, func(h text.Handle) (string, string, bool) {
		a, ok := found[h]
		if !ok {
			return "", "", false
		}
		return a.id, a.page, true
	}, func(key string) string { return s.Site.Tag(key) })
	tags := doc.Objects("tag")
	for _, m := range mentions {
		tags = append(tags, vocab.New(vocab.Mention, "").SetString("href", m.Href).SetString("name", m.Handle.String()))
	}
	for _, t := range hashtags {
		tags = append(tags, vocab.New(vocab.Hashtag, "").SetString("href", s.Site.Tag(t.Key)).SetString("name", "#"+t.Text))
	}
	doc.Remove("contentMap")
	doc.SetText("content", lang, html).SetObjects("tag", tags...)
}

// mentioned is where a mention leads.
type mentioned struct{ id, page string }

// lookUp finds the actors behind handles: those known at once, at most five others over the network and side by side.
func (s *Service) lookUp(ctx context.Context, handles []text.Handle) map[text.Handle]mentioned {
	var mu sync.Mutex
	var all sync.WaitGroup
	found := make(map[text.Handle]mentioned, len(handles))
	keep := func(h text.Handle, a *store.Actor) {
		page := a.IRI
		if o, err := store.ObjectByID(ctx, s.DB.Read(), a.ID); err == nil {
			if doc, err := o.Document(); err == nil && doc.Link("url") != "" {
				page = doc.Link("url")
			}
		}
		mu.Lock()
		defer mu.Unlock()
		found[h] = mentioned{a.IRI, page}
	}
	lookups := 0
	for _, h := range handles {
		host := h.Host
		if host == "" {
			host = s.Site.Host
		}
		known, err := store.ActorByHandle(ctx, s.DB.Read(), strings.ToLower(h.User), host)
		switch {
		case err == nil:
			keep(h, known)
		case !isNotFound(err) || s.own(host) || lookups == maxLookups:
		default:
			lookups++
			all.Go(func() {
				if a, err := s.byHandle(ctx, h.User+"@"+host); err == nil {
					keep(h, a)
				}
			})
		}
	}
	all.Wait()
	return found
}
