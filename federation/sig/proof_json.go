package sig

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode/utf8"
)

// members reads a JSON object within the bounds above, keys exactly as written. A repeated key is refused (S27): Go
// keeps the last, a signer may have meant the first. Repeats further down are refused by the canonicaliser.
func members(doc []byte) (map[string]json.RawMessage, error) {
	if err := checkShape(doc); err != nil {
		return nil, err
	}
	if !json.Valid(doc) {
		return nil, fmt.Errorf("%w: not JSON", ErrProof)
	}
	dec := json.NewDecoder(bytes.NewReader(doc))
	if first, err := dec.Token(); err != nil || first != json.Delim('{') {
		return nil, fmt.Errorf("%w: not a JSON object", ErrProof)
	}
	found := make(map[string]json.RawMessage)
	for dec.More() {
		token, err := dec.Token()
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrProof, err)
		}
		key, ok := token.(string)
		if _, repeated := found[key]; repeated || !ok {
			return nil, fmt.Errorf("%w: the key %q is repeated", ErrProof, key)
		}
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrProof, err)
		}
		found[key] = raw
	}
	return found, nil
}

// checkShape bounds size, depth and members by one pass over the bytes, before anything recurses.
func checkShape(doc []byte) error {
	if len(doc) > maxProofDocument || !utf8.Valid(doc) {
		return fmt.Errorf("%w: more than %d bytes, or not UTF-8", ErrProof, maxProofDocument)
	}
	depth, count, quoted, escaped := 0, 0, false, false
	for _, c := range doc {
		switch {
		case escaped:
			escaped = false
		case c == '"':
			quoted = !quoted
		case quoted:
			escaped = c == '\\'
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			depth--
		case c == ':':
			count++
		}
		if depth > maxProofDepth || count > maxProofMembers {
			return fmt.Errorf("%w: deeper than %d levels or more than %d members", ErrProof, maxProofDepth, maxProofMembers)
		}
	}
	return nil
}
