package web

import (
	"context"
	"net/http"
	"slices"

	"essaim/federation/vocab"
	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/search"
	"essaim/internal/store"
)

func (p *Pages) muteRoutes() []route {
	return []route{
		{"/eloigner", p.keepAway, post, members},
		{"/reglages/masques", p.mutes, get, members},
	}
}

// keepAway is the buttons by which a person keeps somebody, or a whole server, away: to mute is a matter of one's own; a block is told to the other server.
func (p *Pages) keepAway(r *http.Request, v *view) error {
	if noForm(r, v) {
		return nil
	}
	ctx, me := r.Context(), v.User.Card.ID
	gesture, host := r.PostForm.Get("geste"), r.PostForm.Get("serveur")
	var target *store.Actor
	if host == "" || gesture == "block" || gesture == "unblock" {
		id, err := essaim.ParseID(r.PostForm.Get("acteur"))
		if err != nil {
			return store.ErrNotFound
		}
		if target, err = store.ActorByID(ctx, p.DB.Read(), id); err != nil {
			return err
		}
		if target.ID == me {
			return essaim.Errorf(essaim.Invalid, "nobody keeps himself away")
		}
	} else if host == p.Site.Host || len(host) > 255 {
		return essaim.Errorf(essaim.Invalid, "this server cannot be muted")
	}
	var err error
	switch gesture {
	case "mute", "unmute":
		on := gesture == "mute"
		err = p.DB.Write(ctx, store.Promised, func(tx *store.Tx) error {
			if target == nil {
				return tx.SetMute(ctx, me, 0, host, on, p.Clock())
			}
			return tx.SetMute(ctx, me, target.ID, "", on, p.Clock())
		})
	case "block":
		_, err = p.do(r, v, activity.About(vocab.Block, v.User.Card.IRI, target.IRI), nil)
	case "unblock":
		err = p.undo(r, v, store.RelBlock, target.ID)
	default:
		return essaim.Errorf(essaim.Invalid, "there is no such gesture")
	}
	if err != nil {
		return err
	}
	return v.done(backTo(r), gesture)
}

// awayButtons are those of a profile.
type awayButtons struct {
	store.Distance
	ID, Host string // Host is "" for an actor of this instance
	Name     string
}

// awayButtonsFor tells how the visitor keeps an actor away; nil for nobody and for oneself.
func (p *Pages) awayButtonsFor(ctx context.Context, v *view, a *actorView) (*awayButtons, error) {
	if v.User == nil || a.ID == v.User.Card.ID {
		return nil, nil
	}
	host := ""
	if !a.Local {
		host = a.Host
	}
	d, err := store.DistanceTo(ctx, p.DB.Read(), v.User.Card.ID, a.ID, host)
	return &awayButtons{d, a.ID.String(), host, a.Name}, err
}

// away are the authors of some objects whom the visitor keeps away.
func (p *Pages) away(ctx context.Context, v *view, objects []*objectView) (map[essaim.ID]bool, error) {
	var ids []essaim.ID
	for _, o := range objects {
		if o.AttributedTo != 0 {
			ids = append(ids, o.AttributedTo)
		}
	}
	return store.Away(ctx, p.DB.Read(), v.User.ID(), ids)
}

// unfound leaves out of what was found those whom the visitor keeps away, and what they published. What a text names outright is no part of it, so that one
// finds the way back to them; the figures count them still, being those of everybody.
func (p *Pages) unfound(ctx context.Context, v *view, items []search.Item) ([]search.Item, error) {
	by := func(i search.Item) essaim.ID {
		if i.Card != nil {
			return i.ID
		}
		return i.AttributedTo
	}
	ids := make([]essaim.ID, len(items))
	for i, item := range items {
		ids[i] = by(item)
	}
	away, err := store.Away(ctx, p.DB.Read(), v.User.ID(), ids)
	return slices.DeleteFunc(items, func(i search.Item) bool { return away[by(i)] }), err
}

// mutesView lists whom the visitor keeps away.
type mutesView struct {
	Tabs           []tab
	Muted, Blocked []*actorView
	Servers        []string
}

// mutes is `/reglages/masques`.
func (p *Pages) mutes(r *http.Request, v *view) error {
	ctx, q, me := r.Context(), p.DB.Read(), v.User.Card.ID
	m := &mutesView{Tabs: settingsTabs(v)}
	v.Page, v.Title, v.Sentence, v.Data = "mutes", v.T("settings.mutes"), v.T("mutes.lede"), m
	list, err := store.MutesOf(ctx, q, me)
	if err != nil {
		return err
	}
	var ids []essaim.ID
	for _, x := range list {
		if x.Target != 0 {
			ids = append(ids, x.Target)
		} else {
			m.Servers = append(m.Servers, x.Host)
		}
	}
	cards, err := store.CardsByID(ctx, q, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if c := cards[id]; c != nil {
			m.Muted = append(m.Muted, p.showActor(v.Lang, c))
		}
	}
	blocked, err := store.BlockedBy(ctx, q, me)
	m.Blocked = p.showActors(v.Lang, blocked)
	return err
}
