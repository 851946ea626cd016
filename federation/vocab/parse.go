package vocab

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of S25 and S28. They bound memory and time before anything is believed.
const (
	MaxBody   = 1 << 20
	maxDepth  = 32
	maxTokens = 10_000
	maxString = 200_000
	maxArray  = 1000
	maxNumber = 32
)

// ErrMalformed is wrapped by every refusal of Parse: the document is not one we will read, whatever it says.
var ErrMalformed = errors.New("malformed document")

func malformed(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrMalformed, fmt.Sprintf(format, args...))
}

// Parse reads one JSON object under the guards S25, S27, S28 and S29: at most 1 MiB, 32 levels, 10,000 tokens, arrays of 1,000, strings of
// 200 kB, valid UTF-8 without NUL, no key twice even in another case, no JSON-LD keyword outside @context, nothing after the end.
// The bytes are kept for Raw and must not change afterwards.
//
// The reader is our own because the guards must hold while reading, and because it is several times faster than tokens of encoding/json;
// fuzzing holds that what it accepts is what encoding/json reads, to the same values.
func Parse(raw []byte) (*Object, error) {
	if len(raw) > MaxBody {
		return nil, malformed("larger than %d bytes", MaxBody)
	}
	if !utf8.Valid(raw) {
		return nil, malformed("not UTF-8")
	}
	p := parser{s: string(raw), root: new(Object)}
	p.space()
	if !p.at('{') {
		return nil, malformed("not a JSON object")
	}
	if err := p.object(p.root, 1, false); err != nil {
		return nil, err
	}
	if p.space(); p.i != len(p.s) {
		return nil, malformed("something follows the object")
	}
	p.root.raw = raw
	return p.root, nil
}

// parser walks a document once. Its strings are parts of s, so that a document costs one copy and not one per string.
type parser struct {
	s      string
	i      int
	tokens int
	root   *Object
}

// object reads what stands from { to } into o.
func (p *parser) object(o *Object, depth int, inContext bool) error {
	if depth > maxDepth {
		return malformed("deeper than %d levels", maxDepth)
	}
	if err := p.token(); err != nil {
		return err
	}
	p.i++
	o.fields = make([]field, 0, 8)
	var seen keys
	for p.space(); !p.at('}'); p.space() {
		if len(o.fields) > 0 {
			if err := p.skip(','); err != nil {
				return err
			}
		}
		key, err := p.key()
		if err != nil {
			return err
		}
		if seen.hold(o.fields, key, inContext) {
			return malformed("key %q twice", shorten(key))
		}
		if !inContext && ldKeyword(key) {
			return malformed("JSON-LD keyword %q", key)
		}
		var v value
		if key == "@context" && !inContext {
			v, err = p.context(depth + 1)
		} else {
			v, err = p.value(depth+1, inContext)
		}
		if err != nil {
			return err
		}
		// null is absence to every getter, yet it stays here so that a second key of the name is still seen as one.
		o.fields = append(o.fields, field{key, v})
	}
	p.i++
	return p.token()
}

func (p *parser) key() (string, error) {
	p.space()
	if !p.at('"') {
		return "", malformed("a key is not a string")
	}
	key, err := p.text()
	if err != nil {
		return "", err
	}
	p.space()
	return key, p.skip(':')
}

func (p *parser) value(depth int, inContext bool) (value, error) {
	p.space()
	if p.i >= len(p.s) {
		return nil, errNotJSON
	}
	switch c := p.s[p.i]; c {
	case '{':
		o := &Object{root: p.root}
		return o, p.object(o, depth, inContext)
	case '[':
		return p.array(depth, inContext)
	case '"':
		return p.text()
	case 't':
		return true, p.word("true")
	case 'f':
		return false, p.word("false")
	case 'n':
		return nil, p.word("null")
	default:
		return p.number()
	}
}

func (p *parser) array(depth int, inContext bool) (value, error) {
	if depth > maxDepth {
		return nil, malformed("deeper than %d levels", maxDepth)
	}
	if err := p.token(); err != nil {
		return nil, err
	}
	p.i++
	l := list{}
	members := 0
	for p.space(); !p.at(']'); p.space() {
		if members > 0 {
			if err := p.skip(','); err != nil {
				return nil, err
			}
		}
		if members++; members > maxArray {
			return nil, malformed("an array has more than %d members", maxArray)
		}
		v, err := p.value(depth+1, inContext)
		if err != nil {
			return nil, err
		}
		if v != nil {
			l = append(l, v)
		}
	}
	p.i++
	return l, p.token()
}

// context walks @context under the same limits and keeps its bytes; it is never interpreted nor retrieved (S29).
func (p *parser) context(depth int) (value, error) {
	p.space()
	start := p.i
	v, err := p.value(depth, true)
	if err != nil || v == nil {
		return nil, err
	}
	return rawJSON(p.s[start:p.i]), nil
}

// keys remembers the names of one object. Narrow objects are scanned, wide ones get a set.
type keys map[string]bool

// hold tells whether key was seen before, in any case: Go and some readers match names without case (S27, LB33). Inside @context case means
// something, since types begin with a capital and properties do not.
func (k *keys) hold(fields []field, key string, exact bool) bool {
	const wide = 24
	if len(fields) < wide {
		for i := range fields {
			if fields[i].key == key || !exact && strings.EqualFold(fields[i].key, key) {
				return true
			}
		}
		return false
	}
	name := func(s string) string {
		if exact {
			return s
		}
		return foldKey(s)
	}
	if *k == nil {
		*k = make(keys, 2*wide)
		for i := range fields {
			(*k)[name(fields[i].key)] = true
		}
	}
	if (*k)[name(key)] {
		return true
	}
	(*k)[name(key)] = true
	return false
}

// foldKey maps to one text all the keys that strings.EqualFold calls equal: the long s counts as s, the Kelvin sign as k.
func foldKey(s string) string {
	return strings.Map(func(r rune) rune {
		least := r
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			least = min(least, f)
		}
		return least
	}, s)
}

// ldKeyword knows them in any case, since some readers do (LB33); @context itself is one unless written so.
func ldKeyword(key string) bool {
	if key == "" || key[0] != '@' || key == "@context" {
		return false
	}
	switch strings.ToLower(key) {
	case "@graph", "@included", "@reverse", "@id", "@type", "@set", "@list", "@context":
		return true
	}
	return false
}

func shorten(s string) string {
	if len(s) > 40 {
		return strings.ToValidUTF8(s[:40], "") + "…"
	}
	return s
}
