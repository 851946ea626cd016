package vocab

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"
)

// Object is one ActivityStreams document or a part of one. Keys keep the order in which they were read or set. A nil *Object reads as
// empty, so that chains of getters need no checks. It is not safe for concurrent writes.
type Object struct {
	fields []field
	raw    []byte  // as received, for documents made by Parse
	root   *Object // the document this is a part of, whose raw bytes end with the first change here
}

type field struct {
	key string
	val value
}

// value is string, json.Number, bool, nil, *Object, list or rawJSON. Nothing outside this package sees one.
type value any

type list []value

// rawJSON is a part kept byte for byte: @context, which we store and never interpret (S29).
type rawJSON []byte

// New returns an empty object of the given type and id; an empty id is left out.
func New(typ, id string) *Object {
	o := &Object{fields: make([]field, 0, 16)}
	return o.SetString("id", id).SetString("type", typ)
}

func (o *Object) get(key string) value {
	if o == nil {
		return nil
	}
	for i := range o.fields {
		if o.fields[i].key == key {
			return o.fields[i].val
		}
	}
	return nil
}

// Raw returns the bytes the document was parsed from, or nil for one made here. The caller must not change them (G15).
func (o *Object) Raw() []byte {
	if o == nil {
		return nil
	}
	return o.raw
}

// Has tells whether key is present with a value other than null.
func (o *Object) Has(key string) bool { return o.get(key) != nil }

// Keys returns the property names in document order, without @context.
func (o *Object) Keys() []string {
	if o == nil {
		return nil
	}
	keys := make([]string, 0, len(o.fields))
	for _, f := range o.fields {
		if f.key != "@context" && f.val != nil {
			keys = append(keys, f.key)
		}
	}
	return keys
}

// ID returns the id, or "" when it is missing or not a string (S2).
func (o *Object) ID() string { s, _ := o.get("id").(string); return s }

// Type returns the type; of an array, the first type known to the Activity Vocabulary, else the first one (G18).
func (o *Object) Type() string {
	types := o.Types()
	for _, t := range types {
		if IsActivity(t) || IsActor(t) || coreTypes[t] {
			return t
		}
	}
	if len(types) > 0 {
		return types[0]
	}
	return ""
}

// Types returns every type of the document.
func (o *Object) Types() []string { return o.Strings("type") }

// String returns a string property; of an array, its first string. Anything else is absent.
func (o *Object) String(key string) string {
	switch v := o.get(key).(type) {
	case string:
		return v
	case list:
		for _, e := range v {
			if s, ok := e.(string); ok {
				return s
			}
		}
	}
	return ""
}

// Scalar returns a string, number or boolean as text, as PropertyValue needs it.
func (o *Object) Scalar(key string) string {
	switch v := o.get(key).(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

// Strings returns the strings of a property that is a string or an array.
func (o *Object) Strings(key string) []string {
	switch v := o.get(key).(type) {
	case string:
		return []string{v}
	case list:
		out := make([]string, 0, len(v))
		for _, e := range v {
			if s, ok := e.(string); ok {
				out = append(out, s)
			}
		}
		return out
	}
	return nil
}

// Text returns a natural-language property and its language: the plain form, with the language taken from the first key of its map
// (contentMap, nameMap, summaryMap); or the first entry of the map when there is no plain form (federation §6, §14). A key that is no
// language tag gives "".
func (o *Object) Text(key string) (text, lang string) {
	text = o.String(key)
	if m, ok := o.get(key + "Map").(*Object); ok {
		for _, f := range m.fields {
			s, ok := f.val.(string)
			if !ok {
				continue
			}
			if text == "" {
				text = s
			}
			if languageTag(f.key) {
				lang = f.key
			}
			return text, lang
		}
	}
	return text, ""
}

// IRI returns a reference: the string, or the id of the embedded object; of an array, the first that has one.
func (o *Object) IRI(key string) string { return iriOf(o.get(key)) }

func iriOf(v value) string {
	switch v := v.(type) {
	case string:
		return v
	case *Object:
		return v.ID()
	case list:
		for _, e := range v {
			if _, nested := e.(list); nested {
				continue
			}
			if s := iriOf(e); s != "" {
				return s
			}
		}
	}
	return ""
}

// IRIs returns every reference of a property, embedded objects by their id, in order and without empties.
func (o *Object) IRIs(key string) []string {
	switch v := o.get(key).(type) {
	case string, *Object:
		if s := iriOf(v); s != "" {
			return []string{s}
		}
	case list:
		out := make([]string, 0, len(v))
		for _, e := range v {
			if _, nested := e.(list); nested {
				continue
			}
			if s := iriOf(e); s != "" {
				out = append(out, s)
			}
		}
		return out
	}
	return nil
}

// Link returns a web address: a string, a Link's href, or an object's url. Of several the first text/html one wins, else the first
// (S31: http and https only, at most 2,048 characters).
func (o *Object) Link(key string) string {
	first := ""
	for _, e := range o.elements(key) {
		href, html := "", false
		switch e := e.(type) {
		case string:
			href = e
		case *Object:
			href = e.String("href")
			if href == "" {
				href = e.String("url")
			}
			html = e.String("mediaType") == "text/html"
		}
		if !webURL(href) {
			continue
		}
		if html {
			return href
		}
		if first == "" {
			first = href
		}
	}
	return first
}

// Object returns an embedded object; of an array, the first one.
func (o *Object) Object(key string) *Object {
	for _, e := range o.elements(key) {
		if sub, ok := e.(*Object); ok {
			return sub
		}
	}
	return nil
}

// Objects returns the embedded objects of a property; strings are skipped.
func (o *Object) Objects(key string) []*Object {
	var out []*Object
	for _, e := range o.elements(key) {
		if sub, ok := e.(*Object); ok {
			out = append(out, sub)
		}
	}
	return out
}

// Items returns the members of a property, each a reference, an embedded object or both.
func (o *Object) Items(key string) []Item {
	elems := o.elements(key)
	out := make([]Item, 0, len(elems))
	for _, e := range elems {
		switch e := e.(type) {
		case string:
			out = append(out, Item{ID: e})
		case *Object:
			out = append(out, Item{ID: e.ID(), Doc: e})
		}
	}
	return out
}

// Item returns the first member of a property.
func (o *Object) Item(key string) Item {
	if items := o.Items(key); len(items) > 0 {
		return items[0]
	}
	return Item{}
}

func (o *Object) elements(key string) list {
	switch v := o.get(key).(type) {
	case nil, rawJSON:
		return nil
	case list:
		return v
	default:
		return list{v}
	}
}

// Time returns a date-time. Zone-less values are read as UTC; dates outside 1970 … 2200 count as absent (S47 narrows further on storing).
func (o *Object) Time(key string) time.Time {
	s := o.String(key)
	if s == "" || len(s) > 40 {
		return time.Time{}
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02T15:04Z07:00", "2006-01-02T15:04", "2006-01-02"} {
		if t, err := time.Parse(layout, s); err == nil {
			if t.Year() < 1970 || t.Year() > 2200 {
				return time.Time{}
			}
			return t
		}
	}
	return time.Time{}
}

// Int returns an integral number, also when written as a string or with a zero fraction.
func (o *Object) Int(key string) (int64, bool) {
	f, ok := o.Float(key)
	if !ok || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
		return 0, false
	}
	return int64(f), true
}

// Float returns a finite number, also when written as a string.
func (o *Object) Float(key string) (float64, bool) {
	var s string
	switch v := o.get(key).(type) {
	case json.Number:
		s = v.String()
	case string:
		s = strings.TrimSpace(v)
	default:
		return 0, false
	}
	if len(s) > 32 {
		return 0, false
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return 0, false
	}
	return f, true
}

// Bool returns a boolean and whether it was there.
func (o *Object) Bool(key string) (v, ok bool) {
	v, ok = o.get(key).(bool)
	return v, ok
}

// Item is a member of a property: an id, an embedded object, or an object with its id.
type Item struct {
	ID  string
	Doc *Object // nil when only referred to
}

// Zero tells whether there is nothing in the item.
func (i Item) Zero() bool { return i.ID == "" && i.Doc == nil }

// Type returns the type of an embedded object.
func (i Item) Type() string { return i.Doc.Type() }
