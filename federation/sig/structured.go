package sig

import (
	"errors"
	"strings"

	"github.com/dunglas/httpsfv"
)

var errRepeated = errors.New("a member or a parameter is repeated")

// parseDictionary reads a structured dictionary (RFC 8941 §3.2). The parser keeps the last of repeated members and
// parameters without a word; S17 wants them refused, so what it kept is counted against the separators it read.
func parseDictionary(values []string) (*httpsfv.Dictionary, error) {
	dict, err := httpsfv.UnmarshalDictionary(values)
	if err != nil {
		return nil, err
	}
	members, parameters := 1, 0
	for quoted, escaped, s := false, false, strings.Join(values, ","); s != ""; s = s[1:] {
		switch c := s[0]; {
		case escaped:
			escaped = false
		case c == '"':
			quoted = !quoted
		case quoted:
			escaped = c == '\\'
		case c == ',':
			members++
		case c == ';':
			parameters++
		}
	}
	for _, name := range dict.Names() {
		member, _ := dict.Get(name)
		members--
		parameters -= countParameters(member)
	}
	if members != 0 || parameters != 0 {
		return nil, errRepeated
	}
	return dict, nil
}

func countParameters(member httpsfv.Member) int {
	switch v := member.(type) {
	case httpsfv.Item:
		return len(v.Params.Names())
	case httpsfv.InnerList:
		n := len(v.Params.Names())
		for _, item := range v.Items {
			n += len(item.Params.Names())
		}
		return n
	}
	return 0
}
