package vocab

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// touch forgets the received bytes of a document that changes here or in a part of it.
func (o *Object) touch() {
	o.raw = nil
	if o.root != nil {
		o.root.raw = nil
	}
}

func (o *Object) set(key string, v value) *Object {
	o.touch()
	for i := range o.fields {
		if o.fields[i].key == key {
			o.fields[i].val = v
			return o
		}
	}
	o.fields = append(o.fields, field{key, v})
	return o
}

// Remove takes a property away.
func (o *Object) Remove(keys ...string) *Object {
	o.touch()
	o.fields = slices.DeleteFunc(o.fields, func(f field) bool { return slices.Contains(keys, f.key) })
	return o
}

// SetString sets a string; an empty one removes the property, since we never write null or "" (G17).
func (o *Object) SetString(key, v string) *Object {
	if v == "" {
		return o.Remove(key)
	}
	return o.set(key, v)
}

// SetStrings sets an array of strings, written as an array whatever its length (T3, R12); empty strings are left out, and an array of nothing
// removes the property.
func (o *Object) SetStrings(key string, v ...string) *Object {
	l := make(list, 0, len(v))
	for _, s := range v {
		if s != "" {
			l = append(l, s)
		}
	}
	if len(l) == 0 {
		return o.Remove(key)
	}
	return o.set(key, l)
}

// SetText sets a natural-language property and its map, both (federation §6); without a language only the plain form.
func (o *Object) SetText(key, lang, text string) *Object {
	if text == "" {
		return o.Remove(key, key+"Map")
	}
	o.set(key, text)
	if lang == "" {
		return o.Remove(key + "Map")
	}
	return o.set(key+"Map", &Object{fields: []field{{lang, text}}})
}

// SetBool sets a boolean.
func (o *Object) SetBool(key string, v bool) *Object { return o.set(key, v) }

// SetInt sets an integer.
func (o *Object) SetInt(key string, v int64) *Object {
	return o.set(key, json.Number(strconv.FormatInt(v, 10)))
}

// SetDecimal sets a number that is always written with a decimal point: Mobilizon discards integer coordinates (T6). What is not a finite number
// removes the property.
func (o *Object) SetDecimal(key string, v float64) *Object {
	s := formatNumber(v)
	if s == "" {
		return o.Remove(key)
	}
	if !strings.Contains(s, ".") {
		digits, exponent, scientific := strings.Cut(s, "e")
		if s = digits + ".0"; scientific {
			s += "e" + exponent
		}
	}
	return o.set(key, json.Number(s))
}

// SetNumber sets a number in its shortest form; what is not a finite number removes the property.
func (o *Object) SetNumber(key string, v float64) *Object {
	s := formatNumber(v)
	if s == "" {
		return o.Remove(key)
	}
	return o.set(key, json.Number(s))
}

// formatNumber writes a finite number within the length that Parse reads, by the choice of ECMAScript: an exponent only where digits would be many.
func formatNumber(v float64) string {
	size := math.Abs(v)
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return ""
	case size != 0 && (size < 1e-6 || size >= 1e21):
		return strconv.FormatFloat(v, 'e', -1, 64)
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// SetTime sets a date-time in UTC to the second; the zero time removes the property.
func (o *Object) SetTime(key string, t time.Time) *Object {
	if t.IsZero() {
		return o.Remove(key)
	}
	return o.set(key, t.UTC().Format(time.RFC3339))
}

// SetLocalTime sets a date-time with the offset of its own zone, as events need (federation §7).
func (o *Object) SetLocalTime(key string, t time.Time) *Object {
	if t.IsZero() {
		return o.Remove(key)
	}
	return o.set(key, t.Format(time.RFC3339))
}

// SetDate sets a day without an hour.
func (o *Object) SetDate(key string, t time.Time) *Object {
	if t.IsZero() {
		return o.Remove(key)
	}
	return o.set(key, t.Format(time.DateOnly))
}

// SetObject embeds an object; nil removes the property.
func (o *Object) SetObject(key string, v *Object) *Object {
	if v == nil {
		return o.Remove(key)
	}
	return o.set(key, v)
}

// SetObjects embeds an array of objects; an empty one removes the property (R12: never null).
func (o *Object) SetObjects(key string, v ...*Object) *Object {
	if len(v) == 0 {
		return o.Remove(key)
	}
	l := make(list, len(v))
	for i, sub := range v {
		l[i] = sub
	}
	return o.set(key, l)
}

// SetEmpty sets an empty array: collections need one where other properties are left out (T23).
func (o *Object) SetEmpty(key string) *Object { return o.set(key, list{}) }

// SetItems sets an array of references and embedded objects, even an empty one: the items of a collection are always there (T23).
func (o *Object) SetItems(key string, items ...Item) *Object {
	l := make(list, 0, len(items))
	for _, it := range items {
		if !it.Zero() {
			l = append(l, it.value())
		}
	}
	return o.set(key, l)
}

// SetItem sets one reference or embedded object.
func (o *Object) SetItem(key string, it Item) *Object {
	if it.Zero() {
		return o.Remove(key)
	}
	return o.set(key, it.value())
}

func (i Item) value() value {
	if i.Doc != nil {
		return i.Doc
	}
	return i.ID
}

// Clone returns a copy whose properties can be changed without touching o; embedded objects are shared until replaced.
func (o *Object) Clone() *Object {
	if o == nil {
		return nil
	}
	return &Object{fields: slices.Clone(o.fields)}
}
