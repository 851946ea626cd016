package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Handle is what a mention names: @user, or @user@host with the host as an
// authority in lower case, port included.
type Handle struct{ User, Host string }

// String writes the handle as it is typed: @user@host.
func (h Handle) String() string {
	if h.Host == "" {
		return "@" + h.User
	}
	return "@" + h.User + "@" + h.Host
}

// Hashtag is a tag as it was typed, without its sign, and the key under which
// its writings meet: #Mobilité and #mobilite are one tag.
type Hashtag struct{ Text, Key string }

// TagKey is the key of a hashtag, given with or without its sign.
func TagKey(tag string) string { return Fold(strings.TrimPrefix(tag, "#")) }

const (
	maxUser = 64
	maxHost = 253 + len(":65535")
	maxTag  = 100 // characters
)

// scanHandle reads a handle at the start of s, which begins with @; size is 0
// when there is none.
func scanHandle(s string) (h Handle, size int) {
	n := span(s[1:], isUserByte, maxUser+1)
	user := strings.TrimRight(s[1:1+n], ".-")
	if user == "" || len(user) > maxUser || user[0] == '.' || user[0] == '-' {
		return Handle{}, 0
	}
	size = 1 + len(user)
	if len(user) < n || !strings.HasPrefix(s[size:], "@") {
		return Handle{User: user}, endOfName(s, size)
	}
	rest := s[size+1:]
	host := strings.TrimRight(rest[:span(rest, isHostByte, maxHost)], ".-")
	if host == "" || !isWordByte(host[0]) || strings.Contains(host, "..") {
		return Handle{User: user}, size
	}
	if port := scanPort(rest[len(host):]); port > 0 {
		host = rest[:len(host)+port]
	}
	return Handle{User: user, Host: strings.ToLower(host)}, endOfName(s, size+1+len(host))
}

// scanPort returns the length of ":8080" at the start of s, or 0.
func scanPort(s string) int {
	if !strings.HasPrefix(s, ":") {
		return 0
	}
	n := span(s[1:], func(c byte) bool { return c >= '0' && c <= '9' }, 6)
	if n == 0 || n > 5 {
		return 0
	}
	return 1 + n
}

// endOfName refuses a name that goes on in a letter we do not take: @andré is
// not the person @andr.
func endOfName(s string, size int) int {
	if r, _ := utf8.DecodeRuneInString(s[size:]); r >= utf8.RuneSelf && unicode.IsLetter(r) {
		return 0
	}
	return size
}

// scanTag reads a hashtag at the start of s, which begins with #; size is 0 when
// there is none. A tag holds at least one letter: #1 is a number.
func scanTag(s string) (tag Hashtag, size int) {
	letters, count := false, 0
	for i, r := range s[1:] {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && r != '_' {
			break
		}
		letters = letters || unicode.IsLetter(r)
		if count++; count > maxTag {
			return Hashtag{}, 0
		}
		size = 1 + i + utf8.RuneLen(r)
	}
	if !letters {
		return Hashtag{}, 0
	}
	text := s[1:size]
	return Hashtag{Text: text, Key: TagKey(text)}, size
}

// scanAddress reads <https://…> at the start of s, which begins with <.
func scanAddress(s string) (link string, size int) {
	if !strings.HasPrefix(s, "<http") {
		return "", 0
	}
	end := strings.IndexByte(s, '>')
	if end < 0 {
		return "", 0
	}
	link, ok := SafeURL(s[1:end])
	if !ok {
		return "", 0
	}
	return link, end + 1
}

// mayPrecede tells whether a mention or a tag may stand after r: not inside a
// word, an address or an e-mail.
func mayPrecede(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("_/=@#&.", r)
}

func span(s string, is func(byte) bool, most int) int {
	n := 0
	for n < len(s) && n < most && is(s[n]) {
		n++
	}
	return n
}

func isWordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}
func isUserByte(c byte) bool { return isWordByte(c) || c == '_' || c == '.' || c == '-' }
func isHostByte(c byte) bool { return isWordByte(c) || c == '.' || c == '-' }
