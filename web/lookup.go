package web

import (
	"context"
	"net/http"
	"strings"
	"time"

	"essaim/internal/essaim"
	"essaim/internal/store"
)

// lookUpView is the page that finds one account or one publication anywhere in the fediverse.
type lookUpView struct {
	*form
	Actor  *actorView
	Object *objectView
}

// lookUpDeadline bounds what the reader waits: this is one of the two pages that use the network (design §16).
const lookUpDeadline = 8 * time.Second

// lookUp is `/recherche-distante?q=`: a handle or an address, read at its origin when it is not known here. For members only, who answer for what they fetch.
func (p *Pages) lookUp(r *http.Request, v *view) error {
	typed := strings.TrimSpace(r.URL.Query().Get("q"))
	f := &form{Values: map[string][]string{"q": {typed}}, Fields: []*field{
		{Name: "q", Label: v.T("lookup.label"), Hint: v.T("lookup.hint"), Kind: "search", Max: 2000, Required: true}}}
	l := &lookUpView{form: f}
	v.Page, v.Section, v.Title, v.Data = "lookup", "explorer", v.T("lookup.title"), l
	if typed == "" || !f.check(v) {
		return nil
	}
	ctx, cancel := context.WithTimeout(r.Context(), lookUpDeadline)
	defer cancel()
	actor, object, err := p.Resolve(ctx, typed)
	switch code := essaim.CodeOf(err); {
	case code == essaim.Invalid:
		return f.fault(v, "q", v.T("lookup.invalid"))
	case code == essaim.NotFound, code == essaim.Gone:
		return f.fault(v, "q", v.T("lookup.none"))
	case code == essaim.Refused, code == essaim.Forbidden:
		return f.fault(v, "q", v.T("lookup.refused"))
	case err != nil:
		p.Logger.Info("a look-up failed", "error", err)
		f.add(v, "q", v.T("lookup.unreachable"))
		v.Status = http.StatusBadGateway
		return nil
	}
	return p.found(r, v, l, actor, object)
}

// found shows what a look-up brought.
func (p *Pages) found(r *http.Request, v *view, l *lookUpView, actor *store.Actor, object *store.Object) error {
	ctx, q := r.Context(), p.DB.Read()
	if actor != nil {
		cards, err := store.CardsByID(ctx, q, []essaim.ID{actor.ID})
		if c := cards[actor.ID]; c != nil && err == nil {
			l.Actor = p.showActor(v.Lang, c)
			return p.followStates(ctx, v, l.Actor)
		}
		return err
	}
	seen, err := store.CanSee(ctx, q, v.User.Card.ID, object.ID)
	if err != nil || !seen {
		return l.fault(v, "q", v.T("lookup.none"))
	}
	items, err := p.showAll(ctx, v.Lang, []*store.Object{object})
	if err != nil {
		return err
	}
	l.Object = items[0]
	return p.stand(ctx, v, items)
}
