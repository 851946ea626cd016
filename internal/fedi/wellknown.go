package fedi

import (
	"context"
	"slices"
	"strings"
	"time"

	"essaim/federation/nodeinfo"
	"essaim/federation/vocab"
	"essaim/federation/webfinger"
	"essaim/internal/essaim"
	"essaim/internal/store"
)

// lookup answers WebFinger (federation §4): an account, an actor's id, a profile's address, or the host itself.
func (s *Service) lookup(ctx context.Context, asked webfinger.Resource) (*webfinger.JRD, error) {
	handle := s.handleAsked(asked)
	if handle == "" {
		return nil, webfinger.ErrUnknown
	}
	a, o, err := s.localActor(ctx, handle)
	switch essaim.CodeOf(err) {
	case "":
	case essaim.NotFound, essaim.Forbidden:
		return nil, webfinger.ErrUnknown
	default:
		return nil, err
	}
	if !o.Deleted.IsZero() {
		return nil, webfinger.ErrGone
	}
	doc, err := o.Document()
	if err != nil {
		return nil, err
	}
	return s.describe(a, doc), nil
}

// handleAsked is the handle a question is about, "" when it is not about anybody here. The instance answers to its
// handle, to its host name and to its address (FEP-d556).
func (s *Service) handleAsked(asked webfinger.Resource) string {
	name := s.Site.Domain()
	switch {
	case asked.URL != "":
		for _, prefix := range []string{"/actors/", "/@"} {
			if handle, ok := strings.CutPrefix(asked.URL, s.Site.Base+prefix); ok && handle != essaim.InstanceHandle {
				return handle
			}
		}
		if asked.URL == s.Site.Instance() {
			return essaim.InstanceHandle
		}
		return ""
	case asked.Handle.Host != s.Site.Host && asked.Handle.Host != name:
		return ""
	case asked.IsHost(), strings.EqualFold(asked.Handle.User, name):
		return essaim.InstanceHandle
	}
	return strings.ToLower(asked.Handle.User)
}

// describe writes the JRD of an actor (examples 26 and 27).
func (s *Service) describe(a *store.Actor, doc *vocab.Object) *webfinger.JRD {
	url := doc.Link("url")
	jrd := &webfinger.JRD{Subject: "acct:" + a.Handle + "@" + s.Site.Host, Aliases: []string{a.IRI},
		Links: []webfinger.Link{{Rel: webfinger.RelSelf, Type: webfinger.TypeActivity, Href: a.IRI}}}
	if a.IRI == s.Site.Instance() {
		jrd.Aliases = append(jrd.Aliases, "acct:"+s.Site.Domain()+"@"+s.Site.Host)
		jrd.Links = append(jrd.Links, webfinger.Link{Rel: webfinger.RelService, Type: webfinger.TypeActivity, Href: a.IRI})
	} else if url != "" {
		jrd.Aliases = append(jrd.Aliases, url)
	}
	if url != "" {
		jrd.Links = append(jrd.Links, webfinger.Link{Rel: webfinger.RelProfile, Type: "text/html", Href: url})
	}
	if icon := doc.Object("icon"); icon.Link("url") != "" {
		jrd.Links = append(jrd.Links, webfinger.Link{Rel: webfinger.RelAvatar, Type: icon.String("mediaType"), Href: icon.Link("url")})
	}
	if a.IRI == s.Site.Instance() {
		return jrd
	}
	jrd.Links = append(jrd.Links, webfinger.Link{Rel: webfinger.RelSubscribe, Template: s.Site.Base + "/interagir?uri={uri}"})
	for _, rel := range []string{webfinger.RelFollow, webfinger.RelCreate, webfinger.RelObject, webfinger.RelJoin} {
		if path := s.Intents[rel]; path != "" {
			jrd.Links = append(jrd.Links, webfinger.Link{Rel: rel, Template: s.Site.Base + path})
		}
	}
	return jrd
}

// usage is what NodeInfo counts, and when it was counted.
type usage struct {
	at                     time.Time
	users, posts, comments int
}

const countEvery = 10 * time.Minute

// nodeInfo gives true numbers or none (FEP-0151): who was active is not recorded, so it is not told.
func (s *Service) nodeInfo(ctx context.Context) (nodeinfo.Info, error) {
	u, err := s.count(ctx)
	if err != nil {
		return nodeinfo.Info{}, err
	}
	set, err := s.DB.Settings(ctx)
	if err != nil {
		return nodeinfo.Info{}, err
	}
	name, description, territories := set.Name, set.Description, set.Territories
	if name == "" { // nobody has said anything yet
		name, description, territories = s.Name, s.Description, s.Territories
	}
	return nodeinfo.Info{
		Software:          nodeinfo.Software{Name: "essaim", Version: s.Version, Repository: s.Repository, Homepage: s.Homepage},
		Protocols:         []string{"activitypub"},
		OpenRegistrations: set.Open() && set.SignUpMode() == store.SignUpOpen,
		Usage:             nodeinfo.Usage{Users: nodeinfo.Users{Total: &u.users}, LocalPosts: &u.posts, LocalComments: &u.comments},
		Metadata: nodeinfo.Metadata{NodeName: name, NodeDescription: description, Federation: nodeinfo.Federation{Enabled: s.Federation != Off},
			Territories: slices.Clone(territories)},
	}, nil
}

func (s *Service) count(ctx context.Context) (*usage, error) {
	now := s.Clock()
	if u := s.usage.Load(); u != nil && now.Sub(u.at) < countEvery && !now.Before(u.at) {
		return u, nil
	}
	users, err := store.CountAccounts(ctx, s.DB.Read())
	if err != nil {
		return nil, err
	}
	posts, comments, err := store.Usage(ctx, s.DB.Read())
	if err != nil {
		return nil, err
	}
	u := &usage{at: now, users: int(users), posts: int(posts), comments: int(comments)}
	s.usage.Store(u)
	return u, nil
}

// localActor finds an actor of ours with its document; absent when there is none, Forbidden while it is suspended. A
// deleted one is returned with its Tombstone.
func (s *Service) localActor(ctx context.Context, handle string) (*store.Actor, *store.Object, error) {
	a, err := store.ActorByHandle(ctx, s.DB.Read(), handle, s.Site.Host)
	if err != nil {
		return nil, nil, found(err)
	}
	if !a.Local {
		return nil, nil, absent()
	}
	o, err := store.ObjectByID(ctx, s.DB.Read(), a.ID)
	if err != nil {
		return nil, nil, found(err)
	}
	if a.State == store.Suspended && o.Deleted.IsZero() {
		return nil, nil, essaim.Errorf(essaim.Forbidden, "this account is suspended")
	}
	return a, o, nil
}
