// Package webfinger finds the actor behind a handle, and answers those who look
// for ours: RFC 7033, host-meta (RFC 6415) as the older way in, both sides.
//
// The answering side knows no accounts: it is given a function. The asking side
// follows federation-R6: one detour to another subject at most, then the loop
// must close on the same actor id. It refuses documents above 256 kB, XML with a
// document type declaration, and any link it would not dare to retrieve. That
// the actor's own document agrees with the handle (S12) is for the caller to
// check.
package webfinger

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"essaim/federation/fetch"
)

// Link relations and types we read or write.
const (
	RelSelf      = "self"
	RelProfile   = "http://webfinger.net/rel/profile-page"
	RelAvatar    = "http://webfinger.net/rel/avatar"
	RelSubscribe = "http://ostatus.org/schema/1.0/subscribe"
	RelService   = "https://www.w3.org/ns/activitystreams#Service" // FEP-d556
	RelFollow    = "https://w3id.org/fep/3b86/Follow"
	RelCreate    = "https://w3id.org/fep/3b86/Create"
	RelObject    = "https://w3id.org/fep/3b86/Object"
	RelJoin      = "https://w3id.org/fep/3b86/Join"

	TypeActivity = "application/activity+json"
	TypeJRD      = "application/jrd+json"
)

// JRD is the answer to a WebFinger query (RFC 7033 §4.4), properties left out.
type JRD struct {
	Subject string   `json:"subject"`
	Aliases []string `json:"aliases,omitempty"`
	Links   []Link   `json:"links,omitempty"`
}

// Link is one link of a JRD: an Href, or a Template with {names} to fill in
// (FEP-3b86, OStatus).
type Link struct {
	Rel      string `json:"rel"`
	Type     string `json:"type,omitempty"`
	Href     string `json:"href,omitempty"`
	Template string `json:"template,omitempty"`
}

// maxEntries bounds the aliases and the links that are read.
const maxEntries = 100

var errJRD = errors.New("webfinger: not a JRD")

// ParseJRD reads a JRD with tolerance: names are matched by case, a member of the
// wrong type counts as absent, links without a relation are dropped, and only
// the first hundred aliases and links are read.
func ParseJRD(body []byte) (*JRD, error) {
	var doc map[string]json.RawMessage
	if err := json.Unmarshal(body, &doc); err != nil {
		return nil, fmt.Errorf("%w: %w", errJRD, err)
	}
	if doc == nil {
		return nil, errJRD
	}
	jrd := &JRD{Subject: text(doc["subject"])}
	for _, raw := range list(doc["aliases"]) {
		if alias := text(raw); alias != "" {
			jrd.Aliases = append(jrd.Aliases, alias)
		}
	}
	for _, raw := range list(doc["links"]) {
		var link map[string]json.RawMessage
		if json.Unmarshal(raw, &link) != nil {
			continue
		}
		l := Link{Rel: text(link["rel"]), Type: text(link["type"]), Href: text(link["href"]), Template: text(link["template"])}
		if l.Rel != "" {
			jrd.Links = append(jrd.Links, l)
		}
	}
	return jrd, nil
}

func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

func list(raw json.RawMessage) []json.RawMessage {
	var l []json.RawMessage
	if json.Unmarshal(raw, &l) != nil {
		return nil
	}
	return l[:min(len(l), maxEntries)]
}

// Self is the actor id that the JRD leads to: the href of the first self link
// whose type is one of ActivityPub (federation-R6). Empty when there is none.
func (j *JRD) Self() string {
	for _, l := range j.Links {
		if l.Rel == RelSelf && fetch.IsActivityType(l.Type) {
			return l.Href
		}
	}
	return ""
}

// Href is the first address with a relation, cleaned for keeping (S31); empty
// when there is none.
func (j *JRD) Href(rel string) string {
	for _, l := range j.Links {
		if l.Rel == rel {
			if clean, ok := fetch.CleanURL(l.Href); ok {
				return clean
			}
		}
	}
	return ""
}

// Template is the first template with a relation that holds the place to fill in
// and is an http(s) address once filled; empty when there is none. name goes
// without its braces.
func (j *JRD) Template(rel, name string) string {
	for _, l := range j.Links {
		if l.Rel == rel && templateOK(l.Template, name) {
			return l.Template
		}
	}
	return ""
}

// templateOK also demands that the host does not depend on what is filled in.
func templateOK(template, name string) bool {
	place := "{" + name + "}"
	if !strings.Contains(template, place) {
		return false
	}
	a := strings.ReplaceAll(template, place, "a")
	b := strings.ReplaceAll(template, place, "b")
	_, ok := fetch.CleanURL(a)
	return ok && fetch.SameOrigin(a, b)
}
