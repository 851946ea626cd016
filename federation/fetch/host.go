package fetch

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
)

// ErrHost marks a host name that cannot be normalised (S32).
var ErrHost = errors.New("this is not a valid host name")

// IDNA2008 without the mapping step: a mapped character (fullwidth letters,
// ligatures, other full stops) is how one name is dressed up as another, so it
// is refused rather than translated. Hyphens in the third and fourth place are
// common in real names that are not internationalised, hence the second option.
var registration = idna.New(
	idna.ValidateForRegistration(),
	idna.CheckHyphens(false),
	idna.VerifyDNSLength(true),
)

// NormalHost gives the one spelling of an authority (host with optional port)
// that is stored and compared (S32): A-labels, lower case, no trailing dot, the
// port kept unless it is 443. IP addresses keep their canonical form, since
// whether they may be contacted is for CheckURL to say. The error wraps ErrHost.
func NormalHost(authority string) (string, error) { return normalise(authority, 443) }

func normalise(authority string, usual uint64) (string, error) {
	host, port, err := splitPort(authority, usual)
	if err != nil {
		return "", err
	}
	if strings.HasPrefix(host, "[") {
		addr, err := netip.ParseAddr(strings.Trim(host, "[]"))
		if err != nil || !addr.Is6() || addr.Zone() != "" {
			return "", fmt.Errorf("%w: %q", ErrHost, authority)
		}
		return "[" + addr.String() + "]" + port, nil
	}
	name, err := normalName(host)
	if err != nil {
		return "", err
	}
	return name + port, nil
}

// splitPort gives the port with its colon, empty when it is the usual one.
func splitPort(authority string, usual uint64) (host, port string, err error) {
	host = authority
	if i := strings.LastIndexByte(authority, ':'); i > strings.LastIndexByte(authority, ']') {
		host, port = authority[:i], authority[i+1:]
	}
	if port == "" {
		return host, "", nil
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 {
		return "", "", fmt.Errorf("%w: %q has a wrong port", ErrHost, authority)
	}
	if n == usual {
		return host, "", nil
	}
	return host, ":" + strconv.FormatUint(n, 10), nil
}

func normalName(name string) (string, error) {
	bad := func() (string, error) { return "", fmt.Errorf("%w: %q", ErrHost, name) }
	if len(name) > 1024 {
		return "", fmt.Errorf("%w: too long", ErrHost)
	}
	s := lower(strings.TrimSuffix(name, "."))
	if addr, err := netip.ParseAddr(s); err == nil && addr.Is4() {
		return addr.String(), nil
	}
	if !ldh(s) || strings.Contains(s, "xn--") {
		ascii, err := registration.ToASCII(s)
		if err != nil {
			return bad()
		}
		s = ascii
	}
	if len(s) > 253 || !ldh(s) {
		return bad()
	}
	rest, label := s, ""
	for more := true; more; {
		label, rest, more = strings.Cut(rest, ".")
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return bad()
		}
	}
	// 127.1, 0x7f.1 and 2130706433 are addresses to some resolvers.
	if numeric(label) {
		return bad()
	}
	return s, nil
}

// lower lowers the case, except where that would turn a foreign character into
// an ASCII letter (the Kelvin sign, the dotted capital I).
func lower(s string) string {
	return strings.Map(func(r rune) rune {
		l := unicode.ToLower(r)
		if r > unicode.MaxASCII && l <= unicode.MaxASCII {
			return r
		}
		return l
	}, s)
}

func ldh(s string) bool {
	for i := range len(s) {
		c := s[i]
		if !('a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '.') {
			return false
		}
	}
	return true
}

func numeric(label string) bool {
	digits, hex := strings.CutPrefix(label, "0x")
	for i := range len(digits) {
		c := digits[i]
		if !('0' <= c && c <= '9' || hex && 'a' <= c && c <= 'f') {
			return false
		}
	}
	return true
}

// Scripts that are read by the same people and mixed in their everyday names.
var scripts = []struct {
	name   string
	tables []*unicode.RangeTable
}{
	{"latin", []*unicode.RangeTable{unicode.Latin}},
	{"cyrillic", []*unicode.RangeTable{unicode.Cyrillic}},
	{"greek", []*unicode.RangeTable{unicode.Greek}},
	{"arabic", []*unicode.RangeTable{unicode.Arabic}},
	{"hebrew", []*unicode.RangeTable{unicode.Hebrew}},
	{"armenian", []*unicode.RangeTable{unicode.Armenian}},
	{"georgian", []*unicode.RangeTable{unicode.Georgian}},
	{"devanagari", []*unicode.RangeTable{unicode.Devanagari}},
	{"thai", []*unicode.RangeTable{unicode.Thai}},
	{"asian", []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo}},
}

// DisplayHost is the form of a normalised host that is shown to people (S32):
// with its accents when the whole name, suffix included, is of one script, else
// unchanged, so that a Cyrillic look-alike shows as xn--….
func DisplayHost(host string) string {
	name, port, err := splitPort(host, 443)
	if err != nil || !strings.Contains(name, "xn--") {
		return host
	}
	shown, err := registration.ToUnicode(name)
	if err != nil {
		return host
	}
	found := ""
	for _, r := range shown {
		if r < unicode.MaxASCII && !unicode.IsLetter(r) {
			continue
		}
		s := scriptOf(r)
		if s == "" || found != "" && s != found {
			return host
		}
		found = s
	}
	return shown + port
}

func scriptOf(r rune) string {
	for _, s := range scripts {
		if unicode.In(r, s.tables...) {
			return s.name
		}
	}
	return ""
}
