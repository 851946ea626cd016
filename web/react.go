package web

import (
	"context"
	"net/http"

	"essaim/federation/vocab"
	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/store"
)

// stance is how an object stands with the visitor, for the buttons under it.
type stance struct {
	store.Stance
	MayShare bool
}

// stand fills how objects stand with who is signed in; nobody signed in is shown no buttons.
func (p *Pages) stand(ctx context.Context, v *view, objects []*objectView) error {
	if v.User == nil || len(objects) == 0 {
		return nil
	}
	ids := make([]essaim.ID, len(objects))
	for i, o := range objects {
		ids[i] = o.ID
	}
	found, err := store.StanceOf(ctx, p.DB.Read(), v.User.Card.ID, v.User.Account.ID, ids)
	for _, o := range objects {
		o.Stance = &stance{found[o.ID], o.Visibility <= essaim.Unlisted}
	}
	return err
}

func (p *Pages) reactRoutes() []route {
	return []route{
		{"/reagir", p.react, post, members},
		{"/favoris", p.favourites, get, members},
	}
}

// react is the buttons under an object: like, share, keep, and each taken back. They lead back to where they stand.
func (p *Pages) react(r *http.Request, v *view) error {
	if noForm(r, v) {
		return nil
	}
	id, err := essaim.ParseID(r.PostForm.Get("objet"))
	if err != nil {
		return store.ErrNotFound
	}
	o, seen, err := p.seen(r.Context(), v, id)
	if err != nil {
		return err
	}
	if !seen {
		return store.ErrNotFound
	}
	switch gesture := r.PostForm.Get("geste"); gesture {
	case "like", "share":
		verb := map[string]string{"like": vocab.Like, "share": vocab.Announce}[gesture]
		_, err = p.do(r, v, activity.About(verb, v.User.Card.IRI, o.IRI), nil)
	case "unlike", "unshare":
		kind := map[string]string{"unlike": store.RelLike, "unshare": store.RelAnnounce}[gesture]
		err = p.undo(r, v, kind, o.ID)
	case "keep", "unkeep":
		err = p.DB.Write(r.Context(), store.Promised, func(tx *store.Tx) error {
			return tx.Keep(r.Context(), v.User.Account.ID, o.ID, gesture == "keep", p.Clock())
		})
	default:
		return essaim.Errorf(essaim.Invalid, "there is no gesture %q", gesture)
	}
	v.Redirect = backTo(r) + "#o-" + o.ID.String()
	return err
}

// seen finds an object that stands, and tells whether the visitor may see it.
func (p *Pages) seen(ctx context.Context, v *view, id essaim.ID) (*store.Object, bool, error) {
	o, err := store.ObjectByID(ctx, p.DB.Read(), id)
	if err != nil || !o.Deleted.IsZero() {
		return o, false, err
	}
	seen, err := store.CanSee(ctx, p.DB.Read(), v.User.ID(), id)
	return o, seen, err
}

// undo takes back what ties the visitor to something; nothing to take back is as well.
func (p *Pages) undo(r *http.Request, v *view, kind string, target essaim.ID) error {
	rel, err := store.FindRelation(r.Context(), p.DB.Read(), kind, v.User.Card.ID, target)
	if essaim.CodeOf(err) != "" {
		return ignoreMissing(err)
	}
	_, err = p.do(r, v, activity.About(vocab.Undo, v.User.Card.IRI, rel.Activity), nil)
	return err
}

// favourites is what the visitor keeps to find again.
func (p *Pages) favourites(r *http.Request, v *view) error {
	page := pageOf(r, perPage)
	objects, err := store.KeptPage(r.Context(), p.DB.Read(), v.User.Card.ID, v.User.Account.ID, page)
	if err != nil {
		return err
	}
	objects = turn(r, v, objects, page, func(o *store.Object) essaim.ID { return o.ID })
	items, err := p.showAll(r.Context(), v.Lang, objects)
	if err != nil {
		return err
	}
	v.Page, v.Title, v.Sentence, v.Data = "favourites", v.T("favourites.title"), v.T("favourites.lede"), items
	return p.stand(r.Context(), v, items)
}
