package nodeinfo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"

	"essaim/federation/fetch"
)

// ErrNothing says that a host answered, and told nothing we can use.
var ErrNothing = errors.New("nodeinfo: this server does not describe itself")

// Peer is what a server says of itself. Everything in it is only its word, and
// text in it is for display after escaping.
type Peer struct {
	Host          string // as normalised
	Software      string // may be empty when only Application is known
	Version       string
	Application   string // id of the instance actor (FEP-2677), on the peer's own host; may be empty
	Protocols     []string
	Open          bool // open registrations
	Name          string
	Description   string
	Federation    bool // false only when it says so
	Territories   []string
	StaffAccounts []string
	Users         *int // nil when not told
	Posts         *int
}

// Limits for what is kept of a peer's words.
const (
	maxText = 2000
	maxList = 200
	maxLink = 20
)

// Discover asks a host what it is, in at most two requests, redirects aside.
// Only documents on the host itself, or where its well-known address redirects
// to, are believed. Errors: ErrNothing, fetch.ErrHost, or those of fetch.
func Discover(ctx context.Context, c *fetch.Client, host string) (*Peer, error) {
	name, err := fetch.NormalHost(host)
	if err != nil {
		return nil, err
	}
	origin := c.Origin(name)
	doc, err := get(ctx, c, origin+WellKnownPath)
	if err != nil {
		return nil, fmt.Errorf("nodeinfo %s: %w", name, err)
	}
	rels := parseLinks(doc.Body)
	own := func(rel string) string {
		for _, l := range rels {
			if l.Rel == rel && c.Check(l.Href) == nil &&
				(fetch.SameOrigin(l.Href, origin) || fetch.SameOrigin(l.Href, doc.URL)) {
				return l.Href
			}
		}
		return ""
	}
	peer := &Peer{Host: name, Application: own(RelApplication), Federation: true}
	address := own(Rel21)
	if address == "" {
		address = own(Rel20)
	}
	if address == "" {
		if peer.Application == "" {
			return nil, fmt.Errorf("%w: %s", ErrNothing, name)
		}
		return peer, nil
	}
	doc, err = get(ctx, c, address)
	if err != nil {
		if peer.Application != "" {
			return peer, nil
		}
		return nil, fmt.Errorf("nodeinfo %s: %w", name, err)
	}
	peer.read(doc.Body)
	return peer, nil
}

func get(ctx context.Context, c *fetch.Client, address string) (*fetch.Document, error) {
	return c.GetJSON(ctx, address, []string{contentType}, fetch.MaxSmall)
}

func parseLinks(body []byte) []link {
	var found []link
	for _, raw := range items(member(body, "links"), maxLink) {
		found = append(found, link{Rel: text(member(raw, "rel")), Href: text(member(raw, "href"))})
	}
	return found
}

// read takes what it understands and leaves the rest: a member of the wrong type
// counts as absent.
func (p *Peer) read(body []byte) {
	software, usage, metadata := member(body, "software"), member(body, "usage"), member(body, "metadata")
	p.Software = text(member(software, "name"))
	p.Version = text(member(software, "version"))
	p.Protocols = texts(member(body, "protocols"))
	p.Open, _ = value[bool](member(body, "openRegistrations"))
	p.Name = text(member(metadata, "nodeName"))
	p.Description = text(member(metadata, "nodeDescription"))
	p.Territories = texts(member(metadata, "territories"))
	p.StaffAccounts = texts(member(metadata, "staffAccounts"))
	if enabled, ok := value[bool](member(member(metadata, "federation"), "enabled")); ok {
		p.Federation = enabled
	}
	p.Users = number(member(member(usage, "users"), "total"))
	p.Posts = number(member(usage, "localPosts"))
}

func member(raw json.RawMessage, name string) json.RawMessage {
	object, _ := value[map[string]json.RawMessage](raw)
	return object[name]
}

func items(raw json.RawMessage, max int) []json.RawMessage {
	list, _ := value[[]json.RawMessage](raw)
	return list[:min(len(list), max)]
}

func texts(raw json.RawMessage) []string {
	var list []string
	for _, item := range items(raw, maxList) {
		if s := text(item); s != "" {
			list = append(list, s)
		}
	}
	return list
}

func text(raw json.RawMessage) string {
	s, _ := value[string](raw)
	if len(s) <= maxText {
		return s
	}
	cut := maxText
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut]
}

func number(raw json.RawMessage) *int {
	n, ok := value[*int](raw)
	if !ok || n == nil || *n < 0 {
		return nil
	}
	return n
}

func value[T any](raw json.RawMessage) (T, bool) {
	var v, none T
	if len(raw) == 0 || json.Unmarshal(raw, &v) != nil {
		return none, false
	}
	return v, true
}
