package webfinger

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
)

var errHostMeta = errors.New("webfinger: not a host-meta document")

// maxDepth is far more nesting than an XRD has.
const maxDepth = 16

// ParseHostMeta reads the lrdd template of a host-meta document (RFC 6415 §3).
// Document type declarations and entities are refused, not skipped (S40), and so
// is deep nesting.
func ParseHostMeta(body []byte) (template string, err error) {
	d := xml.NewDecoder(bytes.NewReader(body))
	for depth := 0; ; {
		token, err := d.Token()
		if err == io.EOF {
			return "", fmt.Errorf("%w: no lrdd template", errHostMeta)
		}
		if err != nil {
			return "", fmt.Errorf("%w: %w", errHostMeta, err)
		}
		switch t := token.(type) {
		case xml.Directive:
			return "", fmt.Errorf("%w: declarations are not allowed", errHostMeta)
		case xml.StartElement:
			if depth++; depth > maxDepth {
				return "", fmt.Errorf("%w: too deep", errHostMeta)
			}
			if t.Name.Local == "Link" && attr(t, "rel") == "lrdd" {
				if tpl := attr(t, "template"); templateOK(tpl, "uri") {
					return tpl, nil
				}
			}
		case xml.EndElement:
			depth--
		}
	}
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Space == "" && a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
