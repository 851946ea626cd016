package vocab

import (
	"bytes"
	"slices"
	"strings"
)

const (
	activityStreams = "https://www.w3.org/ns/activitystreams"
	security        = "https://w3id.org/security/v1"
)

// multikeyContexts is what FEP-521a keys need, in the order peers preload them (federation §5).
var multikeyContexts = []string{"https://w3id.org/security/data-integrity/v1", "https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"}

// writeContext prints the smallest @context that defines every term used in the document, extension terms inline (R18).
// A term that no table knows is ours: it is defined under the Essaim namespace, so that a new kind may bring new terms.
func (o *Object) writeContext(b *bytes.Buffer) {
	var u usedTerms
	u.walk(o)
	if !u.security && len(u.terms) == 0 {
		writeString(b, activityStreams)
		return
	}
	b.WriteByte('[')
	writeString(b, activityStreams)
	if u.security {
		b.WriteByte(',')
		writeString(b, security)
	}
	if u.multikey {
		for _, c := range multikeyContexts {
			b.WriteByte(',')
			writeString(b, c)
		}
	}
	if len(u.terms) > 0 {
		b.WriteByte(',')
		u.writeInline(b)
	}
	b.WriteByte(']')
}

type usedTerms struct {
	terms              []string
	security, multikey bool
}

func (u *usedTerms) walk(o *Object) {
	for _, f := range o.fields {
		if f.key == "@context" || f.val == nil {
			continue
		}
		u.use(f.key)
		switch {
		case f.key == "type" || enumerated[f.key]:
			for _, name := range o.Strings(f.key) {
				u.useName(name)
			}
			continue
		case strings.HasSuffix(f.key, "Map"):
			continue // its keys are languages
		}
		u.walkValue(f.val)
	}
}

func (u *usedTerms) walkValue(v value) {
	switch v := v.(type) {
	case *Object:
		u.walk(v)
	case list:
		for _, e := range v {
			u.walkValue(e)
		}
	}
}

// use notes a property.
func (u *usedTerms) use(key string) {
	switch {
	case coreTerms[key]:
	case key == "publicKey" || key == "publicKeyPem" || key == "owner":
		u.security = true
	case key == "assertionMethod" || key == "controller" || key == "publicKeyMultibase":
		u.security, u.multikey = true, true
	default:
		u.define(key)
	}
}

// define notes a name for the inline context, once. A compact or full IRI needs no definition, and what could not be a term cannot have one: a
// JSON-LD reader drops it, any other reads the key as it stands. Nor is one of our prefixes defined as a term, when a foreign property is called so.
func (u *usedTerms) define(name string) {
	if _, prefix := namespaces[name]; !prefix && plainName(name) && !slices.Contains(u.terms, name) {
		u.terms = append(u.terms, name)
	}
}

func plainName(name string) bool {
	for i, c := range []byte(name) {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || i > 0 && (c >= '0' && c <= '9' || c == '-')) {
			return false
		}
	}
	return name != ""
}

// useName notes a type, or a value that is a term itself such as EventScheduled.
func (u *usedTerms) useName(name string) {
	if !coreTypes[name] && !IsActivity(name) && !IsActor(name) && name != "Multikey" {
		u.define(name)
	}
}

func (u *usedTerms) writeInline(b *bytes.Buffer) {
	var prefixes []string
	for _, t := range u.terms {
		p, _, _ := strings.Cut(termOf(t).id, ":")
		if _, known := namespaces[p]; known && !slices.Contains(prefixes, p) {
			prefixes = append(prefixes, p)
		}
	}
	slices.Sort(prefixes)
	slices.Sort(u.terms)
	b.WriteByte('{')
	for i, p := range prefixes {
		if i > 0 {
			b.WriteByte(',')
		}
		writeString(b, p)
		b.WriteByte(':')
		writeString(b, namespaces[p])
	}
	for i, name := range u.terms {
		if i > 0 || len(prefixes) > 0 {
			b.WriteByte(',')
		}
		writeString(b, name)
		b.WriteByte(':')
		termOf(name).write(b)
	}
	b.WriteByte('}')
}

func (t term) write(b *bytes.Buffer) {
	if t.kind == "" && t.container == "" {
		writeString(b, t.id)
		return
	}
	b.WriteString(`{"@id":`)
	writeString(b, t.id)
	if t.kind != "" {
		b.WriteString(`,"@type":`)
		writeString(b, t.kind)
	}
	if t.container != "" {
		b.WriteString(`,"@container":`)
		writeString(b, t.container)
	}
	b.WriteByte('}')
}

func termOf(name string) term {
	if t, ok := terms[name]; ok {
		return t
	}
	return term{id: "essaim:" + name}
}
