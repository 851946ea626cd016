package fedi

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"

	"github.com/gorilla/mux"

	"essaim/federation/vocab"
	"essaim/internal/essaim"
	"essaim/internal/httpx"
	"essaim/internal/store"
	"essaim/internal/text"
)

// activity serves /activities/{id}: made again from its row, a Create with its object as it is now (law 3).
func (s *Service) activity(w http.ResponseWriter, r *http.Request) error {
	who, err := s.askFor(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	row, err := store.ActivityByIRI(ctx, s.DB.Read(), s.Site.Base+"/activities/"+mux.Vars(r)["id"])
	if err != nil {
		return found(err)
	}
	var object *store.Object
	if row.Object != 0 {
		if object, err = store.ObjectByID(ctx, s.DB.Read(), row.Object); err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
	}
	visible, err := s.maySeeActivity(ctx, row, object, &who)
	if err != nil {
		return err
	}
	if !visible {
		return absent()
	}
	if object != nil && !object.Deleted.IsZero() && carries(row.Type) {
		doc := vocab.New(vocab.Tombstone, row.IRI).SetString("formerType", row.Type).SetTime("deleted", object.Deleted)
		httpx.Activity(w, r, http.StatusGone, doc.Document())
		return nil
	}
	actor, err := store.ActorByID(ctx, s.DB.Read(), row.Actor)
	if err != nil {
		return found(err)
	}
	doc, err := s.rebuild(ctx, row, actor.IRI, object)
	if err != nil {
		return err
	}
	if row.Visibility > essaim.Unlisted {
		w.Header().Set("Cache-Control", "private, no-store")
	}
	httpx.Activity(w, r, http.StatusOK, doc.Document())
	return nil
}

// maySeeActivity: what is for everybody, as long as its object is; else only who did it, who is named, who is concerned.
func (s *Service) maySeeActivity(ctx context.Context, row *store.Activity, object *store.Object, who *asker) (bool, error) {
	if object != nil && carries(row.Type) && row.Visibility <= essaim.Unlisted && object.Visibility <= essaim.Unlisted {
		return s.maySee(ctx, 0, object) // its author may be suspended since
	}
	if row.Visibility <= essaim.Unlisted && (object == nil || object.Visibility <= essaim.Unlisted) {
		return true, nil
	}
	viewer := s.viewer(ctx, who)
	switch {
	case viewer == 0:
		return false, nil
	case viewer == row.Actor || viewer == row.Object:
		return true, nil
	case object != nil && object.AttributedTo == viewer:
		return true, nil
	case object != nil && carries(row.Type):
		return s.maySee(ctx, viewer, object)
	}
	a, err := store.ActorByID(ctx, s.DB.Read(), viewer)
	if err != nil {
		return false, found(err)
	}
	e := readExtra(row.Extra)
	return slices.Contains(e.To, a.IRI) || slices.Contains(e.CC, a.IRI), nil
}

// extra is what internal/activity keeps beside the columns.
type extra struct {
	To     []string `json:"to"`
	CC     []string `json:"cc"`
	Result string   `json:"result"`
	Reason string   `json:"reason"`
}

func readExtra(s string) extra {
	var e extra
	if json.Unmarshal([]byte(s), &e) != nil {
		return extra{}
	}
	return e
}

// rebuild writes an activity from its row. object is embedded where the activity carries it; of a Delete, its Tombstone.
func (s *Service) rebuild(ctx context.Context, row *store.Activity, actor string, object *store.Object) (*vocab.Object, error) {
	e := readExtra(row.Extra)
	a := &vocab.Activity{ID: row.IRI, Type: row.Type, Actor: actor, To: e.To, CC: e.CC, Published: row.Published, Reason: e.Reason,
		Object: vocab.Item{ID: row.ObjectIRI}, Target: vocab.Item{ID: row.TargetIRI}, Result: vocab.Item{ID: e.Result}}
	if object != nil && a.Object.ID == "" {
		a.Object.ID = object.IRI
	}
	if object != nil && (carries(row.Type) || row.Type == vocab.Delete && !object.Deleted.IsZero()) {
		doc, err := s.shown(ctx, object)
		if err != nil {
			return nil, err
		}
		a.Object.Doc = doc
	}
	doc := a.Document()
	if kind := embeddedKind(row.Type); kind != "" && a.Object.Doc == nil && a.Object.ID != "" {
		return s.embedActivity(ctx, doc, a.Object.ID)
	}
	return doc, nil
}

// embeddedKind tells the activities that embed the activity they answer (federation-R14).
func embeddedKind(typ string) string {
	switch typ {
	case vocab.Undo, vocab.AcceptType, vocab.Reject:
		return typ
	}
	return ""
}

// embedActivity puts the answered activity in, by reference to its own parts, as far as it is known.
func (s *Service) embedActivity(ctx context.Context, doc *vocab.Object, iri string) (*vocab.Object, error) {
	inner, err := store.ActivityByIRI(ctx, s.DB.Read(), iri)
	if errors.Is(err, store.ErrNotFound) {
		return doc, nil
	}
	if err != nil {
		return nil, err
	}
	names, err := store.IRIsByID(ctx, s.DB.Read(), []essaim.ID{inner.Actor})
	if err != nil {
		return nil, err
	}
	return doc.SetObject("object", vocab.New(inner.Type, inner.IRI).SetString("actor", names[inner.Actor]).SetString("object", inner.ObjectIRI)), nil
}

// shown is the document of any object for reading here: ours completed, others' with their text as it was sanitised (S41).
func (s *Service) shown(ctx context.Context, o *store.Object) (*vocab.Object, error) {
	if o.Local {
		return s.complete(ctx, o)
	}
	doc, err := o.Document()
	if err != nil || !o.Deleted.IsZero() {
		return doc, err
	}
	_, language := doc.Text("content")
	summary, _ := doc.Text("summary")
	return doc.Clone().SetText("content", language, o.HTML).SetText("summary", "", text.SanitizeRemote(summary)), nil
}
