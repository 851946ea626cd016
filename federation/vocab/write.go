package vocab

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

// Bytes writes the object as it is, without adding a @context: the form in which documents are stored and embedded.
func (o *Object) Bytes() []byte {
	if o == nil {
		return []byte("null")
	}
	if o.raw != nil {
		return o.raw
	}
	var b bytes.Buffer
	b.Grow(1024)
	o.write(&b, false)
	return b.Bytes()
}

// Document writes the object as a document of its own: with the @context its terms need, replacing any it had (R18, D12).
func (o *Object) Document() []byte {
	var b bytes.Buffer
	b.Grow(2048)
	b.WriteString(`{"@context":`)
	o.writeContext(&b)
	for _, f := range o.fields {
		if f.key == "@context" || f.val == nil {
			continue
		}
		b.WriteByte(',')
		writeString(&b, f.key)
		b.WriteByte(':')
		writeValue(&b, f.val)
	}
	b.WriteByte('}')
	return b.Bytes()
}

// MarshalJSON lets objects sit inside values written by encoding/json.
func (o *Object) MarshalJSON() ([]byte, error) { return o.Bytes(), nil }

// write prints the object; nested ones lose their own @context, since ours covers every term we write.
func (o *Object) write(b *bytes.Buffer, nested bool) {
	b.WriteByte('{')
	first := true
	for _, f := range o.fields {
		if f.val == nil || nested && f.key == "@context" {
			continue
		}
		if !first {
			b.WriteByte(',')
		}
		first = false
		writeString(b, f.key)
		b.WriteByte(':')
		writeValue(b, f.val)
	}
	b.WriteByte('}')
}

func writeValue(b *bytes.Buffer, v value) {
	switch v := v.(type) {
	case string:
		writeString(b, v)
	case json.Number:
		b.WriteString(string(v))
	case bool:
		if v {
			b.WriteString("true")
		} else {
			b.WriteString("false")
		}
	case rawJSON:
		b.Write(v)
	case *Object:
		v.write(b, true)
	case list:
		b.WriteByte('[')
		for i, e := range v {
			if i > 0 {
				b.WriteByte(',')
			}
			writeValue(b, e)
		}
		b.WriteByte(']')
	default:
		b.WriteString("null")
	}
}

const hexDigits = "0123456789abcdef"

// writeString writes a JSON string without escaping <, > and &, which encoding/json does for the sake of HTML: peers compare bytes, people read them.
func writeString(b *bytes.Buffer, s string) {
	b.WriteByte('"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c >= 0x20 && c != '"' && c != '\\' && c != 0x7f {
				i++
				continue
			}
			b.WriteString(s[start:i])
			switch c {
			case '"', '\\':
				b.WriteByte('\\')
				b.WriteByte(c)
			case '\n':
				b.WriteString(`\n`)
			case '\r':
				b.WriteString(`\r`)
			case '\t':
				b.WriteString(`\t`)
			default:
				b.WriteString(`\u00`)
				b.WriteByte(hexDigits[c>>4])
				b.WriteByte(hexDigits[c&15])
			}
			i++
			start = i
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 {
			b.WriteString(s[start:i])
			b.WriteString("\uFFFD")
			i++
			start = i
			continue
		}
		i += size
	}
	b.WriteString(s[start:])
	b.WriteByte('"')
}
