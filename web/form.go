package web

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"essaim/internal/essaim"
	"essaim/internal/store"
)

// form is what a person fills in: its fields, what was typed, what is wrong with it. A form with a fault is shown again with status 422, a summary that
// leads to each field, and everything that was typed (ui §3).
type form struct {
	Values url.Values
	Fields []*field
	Wrong  []fault
	Once   string // token that makes a second click harmless; "" for a form that may be sent twice
	Draft  string // when what is shown was typed earlier: the day and hour
}

// fault is one thing to mend; Field is "" when it is about the whole.
type fault struct{ Field, Sentence string }

// field is one entry of a form. Kind is text when empty; else password, email, url, number, date, datetime-local, search, file, textarea, select, checkbox,
// checks (several may be chosen), radio, hidden or heading (a title between fields).
type field struct {
	Name, Label, Hint string
	Kind              string
	Autocomplete      string
	Lang              string
	Placeholder       string
	Accept            string // of files
	Min, Step         string // of numbers and dates
	Required          bool
	Max               int // characters; 0 for no limit of its own
	Rows              int
	Groups            []optionGroup // of select, checks and radio
	Wide              bool
	Bare              bool // says nothing of being optional: something else may stand in its place
	shown             *form
}

// Value is what was typed.
func (f *field) Value() string { return f.shown.Values.Get(f.Name) }

// Has tells whether an option is chosen.
func (f *field) Has(value string) bool { return slices.Contains(f.shown.Values[f.Name], value) }

// Fault is the sentence of what is wrong with the field.
func (f *field) Fault() string {
	for _, w := range f.shown.Wrong {
		if w.Field == f.Name {
			return w.Sentence
		}
	}
	return ""
}

// ID is that of the control in the page.
func (f *field) ID() string { return fieldID(f.Name) }

func fieldID(name string) string { return "f-" + strings.ReplaceAll(name, ".", "-") }

// FieldID is the id of the control of a field, for the summary of faults.
func (v *view) FieldID(name string) string { return fieldID(name) }

// Form is the form itself, for templates whose data embeds it.
func (f *form) Form() *form { return f }

// Describes lists the ids of what describes the control.
func (f *field) Describes() string {
	var ids []string
	if f.Hint != "" {
		ids = append(ids, f.ID()+"-hint")
	}
	if f.Fault() != "" {
		ids = append(ids, f.ID()+"-fault")
	}
	return strings.Join(ids, " ")
}

// All is the fields, each knowing its form: what templates range over.
func (f *form) All() []*field {
	for _, x := range f.Fields {
		x.shown = f
	}
	return f.Fields
}

// Field finds one field for a template that sets it apart; nil when there is none of that name.
func (f *form) Field(name string) *field {
	for _, x := range f.All() {
		if x.Name == name {
			return x
		}
	}
	return nil
}

// Get is a value without the spaces around it.
func (f *form) Get(name string) string { return strings.TrimSpace(f.Values.Get(name)) }

// List is the values of a field of several, each once.
func (f *form) List(name string) []string {
	var out []string
	for _, x := range f.Values[name] {
		if x = strings.TrimSpace(x); x != "" && !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	return out
}

// maxTyped bounds a field that sets no bound of its own.
const maxTyped = 20000

// check holds what every field says of itself: needed, not too long, one of the choices. It answers 422 and tells false when something is wrong.
func (f *form) check(v *view) bool {
	for _, x := range f.All() {
		value, limit := f.Get(x.Name), x.Max
		if limit == 0 {
			limit = maxTyped
		}
		switch {
		case x.Kind == "heading", x.Kind == "file":
		case x.Required && value == "" && x.Kind != "checks":
			f.add(v, x.Name, v.T("form.required", x.Label))
		case x.Required && x.Kind == "checks" && len(f.List(x.Name)) == 0:
			f.add(v, x.Name, v.T("form.required", x.Label))
		case utf8.RuneCountInString(value) > limit:
			f.add(v, x.Name, v.T("form.long", x.Label, limit))
		case !utf8.ValidString(value) || strings.ContainsRune(value, 0):
			f.add(v, x.Name, v.T("form.unreadable", x.Label))
		case len(x.Groups) > 0 && slices.ContainsFunc(f.List(x.Name), func(s string) bool { return !x.offers(s) }):
			f.add(v, x.Name, v.T("form.choice", x.Label))
		}
	}
	return len(f.Wrong) == 0
}

func (f *field) offers(value string) bool {
	for _, g := range f.Groups {
		if slices.ContainsFunc(g.Options, func(o option) bool { return o.Value == value }) {
			return true
		}
	}
	return false
}

func (f *form) add(v *view, name, sentence string) {
	f.Wrong = append(f.Wrong, fault{name, sentence})
	v.Status = http.StatusUnprocessableEntity
}

// fault adds what a handler found wrong, and ends it: the form is shown again.
func (f *form) fault(v *view, name, sentence string) error {
	f.add(v, name, sentence)
	return nil
}

// refuse turns an error that the person can mend into a fault of the form; names translates the fields of documents into those of the form. Every other error is
// given back.
func (f *form) refuse(v *view, err error, names map[string]string) error {
	if place, ok := errors.AsType[*placeError](err); ok {
		return f.fault(v, firstOf(names["territory"], "territoires"), place.sentence(v))
	}
	e, ok := errors.AsType[*essaim.Error](err)
	if !ok {
		return err
	}
	switch e.Code {
	case essaim.Invalid, essaim.Conflict, essaim.Forbidden:
		name := e.Field
		if to, ok := names[name]; ok {
			name = to
		}
		return f.fault(v, name, v.explain(e))
	}
	return err
}

// explain puts an error into the visitor's language: by its field when the catalogue has a sentence for it, else by its code.
func (v *view) explain(e *essaim.Error) string {
	for _, key := range []string{"fault." + e.Field, "fault.code." + string(e.Code)} {
		if s := v.T(key); s != v.Typo(key) {
			return s
		}
	}
	return v.Typo(e.Sentence)
}

// onceField is the name of the token of a form that must not be carried out twice.
const onceField = "jeton"

// single gives a form the token that makes a second click harmless: the one it was sent with, or a new one.
func (f *form) single(r *http.Request) *form {
	if f.Once = r.PostForm.Get(onceField); len(f.Once) < 20 || len(f.Once) > 60 {
		f.Once = rand.Text()
	}
	return f
}

// errSent ends a transaction whose form was carried out before.
var errSent = errors.New("this form was sent before")

// spend is what an activity or another write does in its transaction with the token of its form; errSent when a first click already did it all.
func (p *Pages) spend(ctx context.Context, tx *store.Tx, f *form, account essaim.ID) error {
	if f.Once == "" {
		return nil
	}
	fresh, _, err := tx.Submit(ctx, f.Once, account, p.Clock())
	if err == nil && !fresh {
		return errSent
	}
	return err
}

// draft fills an unsent form with what its person typed earlier; the address of the form names the draft.
func (p *Pages) draft(r *http.Request, v *view, f *form) error {
	if r.Method == http.MethodPost || v.User == nil {
		return nil
	}
	d, err := store.DraftOf(r.Context(), p.DB.Read(), v.User.Account.ID, draftName(r.URL.RequestURI()))
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	values, err := url.ParseQuery(d.Fields)
	if err != nil {
		return nil // what cannot be read is no draft
	}
	f.Values, f.Draft = values, v.Moment(d.Updated)
	return nil
}

// keepDraft keeps what was typed into the form at an address.
func (p *Pages) keepDraft(ctx context.Context, account essaim.ID, address string, values url.Values) error {
	for _, name := range []string{onceField, "lang"} {
		values.Del(name)
	}
	return p.DB.Write(ctx, store.Promised, func(tx *store.Tx) error {
		return tx.PutDraft(ctx, account, &store.Draft{Form: draftName(address), Fields: values.Encode(), Updated: p.Clock()})
	})
}

// draftName is the address of a form without what does not change the form: its language, and notes for the reader.
func draftName(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "/"
	}
	q := u.Query()
	for _, gone := range []string{"lang", doneParameter} {
		q.Del(gone)
	}
	u.RawQuery = q.Encode()
	return u.RequestURI()
}
