package fedi

import (
	"context"
	"html"
	"net/http"
	"slices"
	"strings"

	"essaim/federation/vocab"
	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/httpx"
	"essaim/internal/store"
	"essaim/internal/text"
)

// post is POST to an outbox (AP §6): a member, or somebody with a role in the actor, publishes. The answer is 201 with
// the address of the activity and the activity as it was recorded.
func (s *Service) post(w http.ResponseWriter, r *http.Request) error {
	account, err := s.member(r, "write")
	if err != nil {
		return err
	}
	handle, err := handleOf(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	actor, o, err := s.localActor(ctx, handle)
	if err != nil {
		return err
	}
	if !o.Deleted.IsZero() {
		return essaim.Errorf(essaim.Gone, "this actor was deleted")
	}
	doc, err := readDocument(r)
	if err != nil {
		return err
	}
	a, err := fromClient(doc, actor.IRI)
	if err != nil {
		return err
	}
	if s.Prepare != nil {
		if err := s.Prepare(ctx, a, account); err != nil {
			return err
		}
	}
	out, err := s.Activity.Apply(ctx, a, activity.Local(account.ID))
	if err != nil {
		return clientError(err)
	}
	if out.IRI == "" {
		return essaim.FieldError("type", "nothing here does a %s", a.Type)
	}
	return s.created(ctx, w, r, out)
}

// clientError: what is not believed of a server is a mistake in a client.
func clientError(err error) error {
	if essaim.CodeOf(err) == essaim.Refused {
		return essaim.Errorf(essaim.Forbidden, "%w", err)
	}
	return err
}

func (s *Service) created(ctx context.Context, w http.ResponseWriter, r *http.Request, out activity.Outcome) error {
	w.Header().Set("Location", out.IRI)
	w.Header().Set("Cache-Control", "no-store")
	row, err := store.ActivityByIRI(ctx, s.DB.Read(), out.IRI)
	if err != nil {
		return err
	}
	actor, err := store.ActorByID(ctx, s.DB.Read(), row.Actor)
	if err != nil {
		return err
	}
	doc, err := s.rebuild(ctx, row, actor.IRI, out.Object)
	if err != nil {
		return err
	}
	httpx.Activity(w, r, http.StatusCreated, doc.Document())
	return nil
}

// fromClient makes an activity of what a client sent: a bare object is the object of a Create (AP §6.2.1). Its id and its
// keys, if it brought any, are not read; bto and bcc are honoured and never kept in a document (AP §6).
func fromClient(doc *vocab.Object, actor string) (*vocab.Activity, error) {
	if doc.Type() == "" {
		return nil, essaim.FieldError("type", "an object needs a type")
	}
	a := vocab.ReadActivity(doc)
	if a == nil {
		a = &vocab.Activity{Type: vocab.Create, Object: vocab.Item{Doc: doc}, Objects: []vocab.Item{{Doc: doc}}}
	}
	if a.Actor != "" && a.Actor != actor {
		return nil, &essaim.Error{Code: essaim.Forbidden, Field: "actor", Sentence: "this outbox is not of the actor named in the activity"}
	}
	a.ID, a.Actor = "", actor
	if a.Object.Zero() {
		return nil, essaim.FieldError("object", "a %s needs an object", a.Type)
	}
	if a.Object.Doc != nil && carries(a.Type) {
		a.Object.Doc = a.Object.Doc.Clone()
		address(a)
		write(a.Object.Doc)
		a.Objects = []vocab.Item{a.Object}
	}
	return a, nil
}

// address makes one audience of the activity's and its object's (AP §6.2).
func address(a *vocab.Activity) {
	object := a.Object.Doc
	for _, part := range []struct {
		list *[]string
		key  string
	}{{&a.To, "to"}, {&a.CC, "cc"}, {&a.BTo, "bto"}, {&a.BCC, "bcc"}, {&a.CC, "audience"}} {
		for _, iri := range vocab.Addresses(object, part.key) {
			if !slices.Contains(*part.list, iri) {
				*part.list = append(*part.list, iri)
			}
		}
	}
	object.Remove("bto", "bcc", "audience")
}

// write gives the object its HTML: from Markdown in source when there is no content (AP §3.3), or from content that says
// of itself that it is plain.
func write(object *vocab.Object) {
	content, language := object.Text("content")
	source := object.Object("source")
	switch {
	case content == "" && source.String("mediaType") == "text/markdown":
		object.SetText("content", language, text.Markdown(source.String("content")))
	case content == "" && source.String("mediaType") == "text/plain":
		object.SetText("content", language, paragraphs(source.String("content")))
	case object.String("mediaType") == "text/plain":
		object.SetText("content", language, paragraphs(content))
	case object.String("mediaType") == "text/markdown":
		object.SetText("content", language, text.Markdown(content))
	default:
		return
	}
	object.Remove("mediaType")
}

// paragraphs is plain text as HTML: an empty line parts paragraphs, a line ends where it ended.
func paragraphs(plain string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(strings.ReplaceAll(plain, "\r\n", "\n"), "\n\n") {
		if part = strings.TrimSpace(part); part != "" {
			b.WriteString("<p>" + strings.ReplaceAll(html.EscapeString(part), "\n", "<br>") + "</p>")
		}
	}
	return b.String()
}
