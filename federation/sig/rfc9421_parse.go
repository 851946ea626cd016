package sig

import (
	"net/textproto"
	"slices"
	"strings"
	"time"

	"github.com/dunglas/httpsfv"
)

// messageInput is one signature of a Signature-Input header, its parameters read and bounded.
type messageInput struct {
	label   string
	list    httpsfv.InnerList
	keyID   string
	alg     string
	created *int64
	expires *int64
}

// parseMessage judges an RFC 9421 signature by the rules of FEDERATION.md, "HTTP signatures", before any key is sought.
func parseMessage(m message, body []byte, p Policy) (*Received, error) {
	lines, cavage, err := splitFamilies(m.header[headerSignature])
	if err != nil {
		return nil, err
	}
	if len(lines) == 0 {
		return nil, malformed("the request has a Signature-Input and no Signature that belongs to it")
	}
	in, err := parseInput(m.header[headerSignatureInput])
	if err != nil {
		return nil, err
	}
	if cavage != nil && cavage.keyID != in.keyID {
		return nil, malformed("the request is signed twice, with two different keys")
	}
	signature, err := parseSignature(lines, in.label)
	if err != nil {
		return nil, err
	}
	base, err := m.signatureBase(in.list)
	if err != nil {
		return nil, err
	}
	if err := in.checkCover(m.method, body); err != nil {
		return nil, err
	}
	if err := in.checkTimes(p); err != nil {
		return nil, err
	}
	if slices.Contains(coveredNames(in.list), "content-digest") {
		claimed, err := parseContentDigest(m.header[headerContentDigest])
		if err != nil {
			return nil, err
		}
		if err := DigestOf(body).check(claimed); err != nil {
			return nil, err
		}
	}
	return &Received{KeyID: in.keyID, Family: RFC9421, claim: &messageClaim{base: base, alg: in.alg, signature: signature}}, nil
}

// splitFamilies sets aside a draft-cavage Signature line sent along with the structured ones. It is not believed
// instead; it may only not contradict them (S17).
func splitFamilies(lines []string) (structured []string, cavage *cavageHeader, err error) {
	for _, line := range lines {
		if !strings.Contains(line, "keyId") {
			structured = append(structured, line)
			continue
		}
		h, err := parseCavageHeader(line)
		if err != nil {
			return nil, nil, err
		}
		if cavage != nil {
			return nil, nil, malformed("the request has several draft-cavage signatures")
		}
		cavage = &h
	}
	return structured, cavage, nil
}

// parseInput takes the first signature whose key id is a URL: proxies add signatures of their own, under key ids that
// name nothing on the web.
func parseInput(values []string) (messageInput, error) {
	dict, err := parseSignatureDictionary(values, headerSignatureInput)
	if err != nil {
		return messageInput{}, err
	}
	for _, label := range dict.Names() {
		member, _ := dict.Get(label)
		list, ok := member.(httpsfv.InnerList)
		if !ok {
			return messageInput{}, malformed("the Signature-Input member %q is not a list of components", label)
		}
		keyID, _ := list.Params.Get("keyid")
		if id, ok := keyID.(string); !ok || checkKeyID(id) != nil {
			continue
		}
		return readInput(label, list)
	}
	return messageInput{}, malformed("no signature has an http or https URL as its keyid")
}

func readInput(label string, list httpsfv.InnerList) (messageInput, error) {
	in := messageInput{label: label, list: list}
	if len(list.Items) > maxNames {
		return in, malformed("the signature covers %d components, more than %d", len(list.Items), maxNames)
	}
	for _, name := range list.Params.Names() {
		value, _ := list.Params.Get(name)
		ok := false
		switch name {
		case "keyid":
			in.keyID, ok = value.(string)
		case "alg":
			in.alg, ok = value.(string)
		case "nonce", "tag":
			_, ok = value.(string)
		case "created":
			in.created, ok = seconds(value)
		case "expires":
			in.expires, ok = seconds(value)
		}
		if !ok {
			return in, malformed("the signature parameter %q is unknown or of the wrong type", name)
		}
	}
	if _, named := list.Params.Get("alg"); named && in.alg != algRSA && in.alg != algEd25519 {
		return in, refused("the algorithm %q is not accepted", in.alg)
	}
	return in, nil
}

// seconds accepts the range that parseSeconds does.
func seconds(value any) (*int64, bool) {
	n, ok := value.(int64)
	return &n, ok && n >= 0 && n < 1e12
}

func parseSignature(lines []string, label string) ([]byte, error) {
	dict, err := parseSignatureDictionary(lines, headerSignature)
	if err != nil {
		return nil, err
	}
	member, ok := dict.Get(label)
	if !ok {
		return nil, malformed("the Signature header has no member %q", label)
	}
	item, _ := member.(httpsfv.Item)
	signature, ok := item.Value.([]byte)
	if !ok || len(signature) == 0 {
		return nil, malformed("the Signature member %q is not a byte sequence", label)
	}
	return signature, nil
}

func parseSignatureDictionary(values []string, header string) (*httpsfv.Dictionary, error) {
	size := 0
	for _, v := range values {
		size += len(v)
	}
	if size > maxSignatureHeader {
		return nil, malformed("the %s header is longer than %d bytes", header, maxSignatureHeader)
	}
	dict, err := parseDictionary(values)
	if err != nil {
		return nil, malformed("the %s header is not a dictionary: %v", textproto.CanonicalMIMEHeaderKey(header), err)
	}
	return dict, nil
}

// checkCover wants the method, the whole target and, with a body, its digest. The host is signed
// as part of @target-uri.
func (in messageInput) checkCover(method string, body []byte) error {
	required := []string{"@method", "@target-uri"}
	if wantsDigest(method, body) {
		required = append(required, "content-digest")
	}
	names := coveredNames(in.list)
	for _, name := range required {
		if !slices.Contains(names, name) {
			return refused("the signature does not cover %s", name)
		}
	}
	return nil
}

func (in messageInput) checkTimes(p Policy) error {
	if in.created == nil {
		return refused("the signature does not say when it was created")
	}
	if err := p.checkWindow(time.Unix(*in.created, 0)); err != nil {
		return err
	}
	if in.expires != nil {
		return p.checkExpiry(time.Unix(*in.expires, 0))
	}
	return nil
}
