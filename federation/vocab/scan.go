package vocab

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

var errNotJSON = malformed("not JSON")

// token counts one key, value or bracket against the limit of S28.
func (p *parser) token() error {
	if p.tokens++; p.tokens > maxTokens {
		return malformed("more than %d tokens", maxTokens)
	}
	return nil
}

func (p *parser) at(c byte) bool { return p.i < len(p.s) && p.s[p.i] == c }

func (p *parser) skip(c byte) error {
	if !p.at(c) {
		return errNotJSON
	}
	p.i++
	return nil
}

// space passes over the four characters that JSON calls white space (RFC 8259 §2).
func (p *parser) space() {
	for p.i < len(p.s) {
		switch p.s[p.i] {
		case ' ', '\t', '\n', '\r':
			p.i++
		default:
			return
		}
	}
}

func (p *parser) word(w string) error {
	if !strings.HasPrefix(p.s[p.i:], w) {
		return errNotJSON
	}
	p.i += len(w)
	return p.token()
}

// text reads a string from its opening quote past its closing one. Most have no escape and are a part of the document as they stand.
func (p *parser) text() (string, error) {
	if err := p.token(); err != nil {
		return "", err
	}
	p.i++
	for start := p.i; p.i < len(p.s); p.i++ {
		switch c := p.s[p.i]; {
		case c == '"':
			s := p.s[start:p.i]
			p.i++
			return s, checkText(s)
		case c == '\\':
			return p.escaped(start)
		case c < ' ':
			return "", errNotJSON
		}
	}
	return "", errNotJSON
}

func checkText(s string) error {
	if len(s) > maxString {
		return malformed("a string is longer than %d bytes", maxString)
	}
	return nil
}

// escaped goes on with a string that has escapes, from its first one.
func (p *parser) escaped(start int) (string, error) {
	b := []byte(p.s[start:p.i])
	for p.i < len(p.s) {
		c := p.s[p.i]
		p.i++
		switch {
		case c == '"':
			s := string(b)
			return s, checkText(s)
		case c < ' ':
			return "", errNotJSON
		case c != '\\':
			b = append(b, c)
			continue
		}
		if p.i >= len(p.s) {
			return "", errNotJSON
		}
		c = p.s[p.i]
		p.i++
		switch c {
		case '"', '\\', '/':
			b = append(b, c)
		case 'b':
			b = append(b, '\b')
		case 'f':
			b = append(b, '\f')
		case 'n':
			b = append(b, '\n')
		case 'r':
			b = append(b, '\r')
		case 't':
			b = append(b, '\t')
		case 'u':
			r, ok := p.codePoint()
			if !ok {
				return "", errNotJSON
			}
			if r == 0 {
				return "", malformed("a string holds NUL")
			}
			b = utf8.AppendRune(b, r)
		default:
			return "", errNotJSON
		}
	}
	return "", errNotJSON
}

// codePoint reads the four digits after \u, and the second half of a pair; half a pair alone becomes U+FFFD, as in encoding/json.
func (p *parser) codePoint() (rune, bool) {
	r, ok := p.hex(p.i)
	if !ok {
		return 0, false
	}
	p.i += 4
	if !utf16.IsSurrogate(r) {
		return r, true
	}
	if strings.HasPrefix(p.s[p.i:], `\u`) {
		if low, ok := p.hex(p.i + 2); ok {
			if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
				p.i += 6
				return pair, true
			}
		}
	}
	return utf8.RuneError, true
}

func (p *parser) hex(at int) (rune, bool) {
	if at+4 > len(p.s) {
		return 0, false
	}
	for _, c := range []byte(p.s[at : at+4]) {
		if !(c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F') {
			return 0, false
		}
	}
	n, err := strconv.ParseUint(p.s[at:at+4], 16, 16)
	return rune(n), err == nil
}

// number reads by the grammar of RFC 8259 §6 and keeps the digits as they stand.
func (p *parser) number() (value, error) {
	start := p.i
	if p.at('-') {
		p.i++
	}
	whole := p.i
	if p.digits() == 0 || p.s[whole] == '0' && p.i > whole+1 {
		return nil, errNotJSON
	}
	if p.at('.') {
		p.i++
		if p.digits() == 0 {
			return nil, errNotJSON
		}
	}
	if p.at('e') || p.at('E') {
		p.i++
		if p.at('+') || p.at('-') {
			p.i++
		}
		if p.digits() == 0 {
			return nil, errNotJSON
		}
	}
	if p.i-start > maxNumber {
		return nil, malformed("a number is too long")
	}
	return json.Number(p.s[start:p.i]), p.token()
}

func (p *parser) digits() (n int) {
	for p.i < len(p.s) && p.s[p.i] >= '0' && p.s[p.i] <= '9' {
		p.i++
		n++
	}
	return n
}
