package search

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"essaim/internal/essaim"
	"essaim/internal/store"
)

// Direct finds the one thing that a handle (@a@b, @a) or an address names, if it is known here and everybody may see it; nil when it is not. named tells
// whether the text is a handle or an address at all: then it may be looked for on the network.
func (s *Service) Direct(ctx context.Context, text string) (found *Item, named bool, err error) {
	text = strings.TrimSpace(text)
	if handle, host, ok := s.handle(text); ok {
		found, err = s.actor(ctx, handle, host)
		return found, true, err
	}
	u, bad := url.Parse(text)
	if bad != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || len(text) > 2048 {
		return nil, false, nil
	}
	id, err := store.ObjectID(ctx, s.DB.Read(), text)
	if err == nil {
		items, err := s.Load(ctx, s.DB.Read(), []essaim.ID{id})
		if err != nil || len(items) == 0 {
			return nil, true, err
		}
		return &items[0], true, nil
	}
	if !errors.Is(err, store.ErrNotFound) {
		return nil, true, err
	}
	return s.page(ctx, u)
}

// named tells a handle or an address, which nobody wants corrected.
func (s *Service) named(text string) bool {
	_, _, handle := s.handle(text)
	return handle || strings.Contains(text, "://")
}

// page finds what the address of a page shows people: profiles by their handle, on any server that writes them so, and objects of this instance.
func (s *Service) page(ctx context.Context, u *url.URL) (*Item, bool, error) {
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	last := parts[len(parts)-1]
	if len(parts) == 1 && strings.HasPrefix(last, "@") {
		handle, host, far := strings.Cut(strings.ToLower(last[1:]), "@")
		if !far {
			host = u.Host
		}
		found, err := s.actor(ctx, handle, strings.ToLower(host))
		return found, true, err
	}
	if id, err := essaim.ParseID(last); err == nil && u.Host == s.Site.Host {
		items, err := s.Load(ctx, s.DB.Read(), []essaim.ID{id})
		if err != nil || len(items) == 0 {
			return nil, true, err
		}
		return &items[0], true, nil
	}
	return nil, true, nil
}

// handle reads @a@b, a@b and @a; the last is of this instance.
func (s *Service) handle(text string) (handle, host string, ok bool) {
	text = strings.ToLower(strings.TrimPrefix(text, "acct:"))
	if strings.ContainsAny(text, " /?#") || len(text) > 300 {
		return "", "", false
	}
	rest, at := strings.CutPrefix(text, "@")
	handle, host, far := strings.Cut(rest, "@")
	switch {
	case handle == "" || strings.Contains(host, "@") || far && !strings.Contains(host, ".") && !strings.Contains(host, ":"):
		return "", "", false
	case far:
		return handle, host, true
	}
	return handle, s.Site.Host, at
}

func (s *Service) actor(ctx context.Context, handle, host string) (*Item, error) {
	c, err := store.CardByHandle(ctx, s.DB.Read(), handle, host)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil || c.State >= store.Suspended || !c.Deleted.IsZero() {
		return nil, err
	}
	return &Item{Object: c.Object, Card: c}, nil
}
