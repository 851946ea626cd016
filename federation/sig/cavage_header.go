package sig

import (
	"encoding/base64"
	"strconv"
	"strings"
)

const (
	maxSignatureHeader = 8 << 10
	maxNames           = 32
)

// cavageHeader is a Signature header of draft-cavage after our own strict reading (G2).
type cavageHeader struct {
	keyID     string
	algorithm string // "" when absent; only ever compared, never obeyed (G10)
	names     []string
	signature []byte
	// created and expires are seconds since 1970, nil when absent. They count only when signed (G6).
	created, expires *int64
}

// parseCavageHeader reads parameters separated by commas, spaces allowed around commas and equal signs. Each known
// parameter may come once, texts quoted and times bare; unknown ones are malformed, since a parameter read by one
// implementation and skipped by another is how two servers disagree on who signed (S17).
func parseCavageHeader(s string) (cavageHeader, error) {
	var h cavageHeader
	if len(s) > maxSignatureHeader {
		return h, malformed("the Signature header is longer than %d bytes", maxSignatureHeader)
	}
	seen := make(map[string]bool, 6)
	for rest := s; ; {
		name, value, quoted, tail, ok := cutParameter(rest)
		if !ok {
			return h, malformed("the Signature header is not a list of name=\"value\"")
		}
		if seen[name] {
			return h, malformed("the Signature header has several %s parameters", name)
		}
		seen[name] = true
		if err := h.set(name, value, quoted); err != nil {
			return h, err
		}
		if tail == "" {
			break
		}
		rest = tail[1:] // cutParameter leaves nothing or a comma
	}
	if h.signature == nil {
		return h, malformed("the Signature header has no signature")
	}
	if h.names == nil {
		h.names = []string{"date"} // draft-cavage-12 §2.1.6, without its later default of (created)
	}
	return h, checkKeyID(h.keyID)
}

// cutParameter splits `name = "value" , rest` and says whether the value was quoted. The tail is empty or starts
// with its comma.
func cutParameter(s string) (name, value string, quoted bool, tail string, ok bool) {
	const blank = " \t"
	name, s, ok = strings.Cut(s, "=")
	if name = strings.Trim(name, blank); !ok || name == "" {
		return "", "", false, "", false
	}
	s = strings.TrimLeft(s, blank)
	if strings.HasPrefix(s, `"`) {
		quoted = true
		if value, tail, ok = strings.Cut(s[1:], `"`); !ok || !plainText(value) {
			return "", "", false, "", false
		}
	} else {
		end := strings.IndexAny(s, ", \t")
		if end < 0 {
			end = len(s)
		}
		value, tail = s[:end], s[end:]
	}
	tail = strings.TrimLeft(tail, blank)
	return name, value, quoted, tail, tail == "" || tail[0] == ','
}

// plainText refuses control characters, anything beyond ASCII, and the backslash, whose escapes implementations
// read differently.
func plainText(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] >= 0x7f || s[i] == '\\' {
			return false
		}
	}
	return true
}

func (h *cavageHeader) set(name, value string, quoted bool) (err error) {
	timed := name == "created" || name == "expires"
	if quoted == timed {
		return malformed("the Signature parameter %q is not quoted as it should be", name)
	}
	switch name {
	case "keyId":
		h.keyID = value
	case "algorithm":
		h.algorithm = strings.ToLower(value)
	case "headers":
		h.names, err = parseNames(value)
	case "signature":
		h.signature, err = base64.StdEncoding.DecodeString(value)
		if err != nil || len(h.signature) == 0 {
			return malformed("the signature is not base64")
		}
	case "created":
		h.created, err = parseSeconds(value)
	case "expires":
		h.expires, err = parseSeconds(value)
	default:
		return malformed("the Signature parameter %q is unknown", name)
	}
	return err
}

// parseNames splits the headers parameter, in lower case, each name once.
func parseNames(s string) ([]string, error) {
	names := strings.Fields(strings.ToLower(s))
	if len(names) == 0 || len(names) > maxNames {
		return nil, malformed("the headers parameter lists %d names, not 1 to %d", len(names), maxNames)
	}
	seen := make(map[string]bool, len(names))
	for _, name := range names {
		switch {
		case seen[name]:
			return nil, malformed("the headers parameter lists %q twice", name)
		case name == "signature":
			return nil, malformed("a signature cannot cover itself")
		case name[0] == '(' && name != requestTargetName && name != "(created)" && name != "(expires)":
			return nil, malformed("the signed component %q is unknown", name)
		}
		seen[name] = true
	}
	return names, nil
}

// parseSeconds reads at most 12 digits, the year 33658: far more than is needed and far from overflowing.
func parseSeconds(s string) (*int64, error) {
	n, err := strconv.ParseUint(s, 10, 63)
	if err != nil || len(s) > 12 || strings.HasPrefix(s, "+") {
		return nil, malformed("a time of the Signature header is not a number of seconds")
	}
	seconds := int64(n)
	return &seconds, nil
}

// canonical is the header in the only spelling go-fed/httpsig is ever given (G3). The key id is replaced: the package
// splits at commas, which a URL may hold, and has no use for it. Unsigned times are left out.
func (h cavageHeader) canonical() string {
	return `keyId="k",algorithm="hs2019",headers="` + strings.Join(h.names, " ") +
		`",signature="` + base64.StdEncoding.EncodeToString(h.signature) + `"`
}
