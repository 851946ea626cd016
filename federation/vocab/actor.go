package vocab

import (
	"slices"
	"strings"
)

// Actor is what federating needs of an actor document (AP §4.1). The rest of it is in Doc.
type Actor struct {
	ID, Type, Handle            string // Handle is preferredUsername
	Name, Summary, URL          string
	Inbox, SharedInbox, Outbox  string
	Followers, Following        string
	Webfinger                   string // user@host (FEP-2c59)
	MovedTo                     string
	AlsoKnownAs                 []string
	Implements                  []string // FEP-844e, hrefs, of the actor or of its generator
	Keys                        []PublicKey
	ManuallyApproves, Suspended bool
	Discoverable, Indexable     bool
	Doc                         *Object
}

// PublicKey is a key as an actor publishes it: PEM for publicKey, multibase for an assertionMethod Multikey (FEP-521a).
type PublicKey struct {
	ID, Owner      string
	PEM, Multibase string
}

// RFC9421 is the href by which a server tells that it understands HTTP Message Signatures (FEP-844e).
const RFC9421 = "https://datatracker.ietf.org/doc/html/rfc9421"

const maxKeys = 10 // Mastodon 4.6 reads as many

// ReadActor reads an actor document; nil when the type is none of the five, or id or inbox is missing or no web address. Other addresses that are
// not of the web count as absent (S31); whether they are on the actor's host is for the caller to decide.
func ReadActor(o *Object) *Actor {
	if !IsActor(o.Type()) || !webURL(o.ID()) {
		return nil
	}
	a := &Actor{
		ID: o.ID(), Type: o.Type(), Handle: o.String("preferredUsername"), URL: o.Link("url"),
		Inbox: webOnly(o.IRI("inbox")), SharedInbox: webOnly(o.Object("endpoints").IRI("sharedInbox")), Outbox: webOnly(o.IRI("outbox")),
		Followers: webOnly(o.IRI("followers")), Following: webOnly(o.IRI("following")), Webfinger: strings.TrimPrefix(o.String("webfinger"), "@"),
		MovedTo: webOnly(o.IRI("movedTo")), AlsoKnownAs: o.IRIs("alsoKnownAs"), Doc: o,
	}
	if a.Inbox == "" {
		return nil
	}
	a.AlsoKnownAs = slices.DeleteFunc(a.AlsoKnownAs, func(iri string) bool { return !webURL(iri) })
	a.Name, _ = o.Text("name")
	a.Summary, _ = o.Text("summary")
	a.ManuallyApproves, _ = o.Bool("manuallyApprovesFollowers")
	a.Suspended, _ = o.Bool("suspended")
	a.Discoverable, _ = o.Bool("discoverable")
	a.Indexable, _ = o.Bool("indexable")
	a.Implements = append(hrefs(o, "implements"), hrefs(o.Object("generator"), "implements")...)
	a.Keys = ReadKeys(o)
	return a
}

// ReadKeys reads the keys an actor document lists: publicKey, one or several, then assertionMethod.
func ReadKeys(o *Object) []PublicKey {
	var keys []PublicKey
	for _, k := range o.Objects("publicKey") {
		if len(keys) < maxKeys && k.ID() != "" {
			keys = append(keys, PublicKey{ID: k.ID(), Owner: k.IRI("owner"), PEM: k.String("publicKeyPem")})
		}
	}
	for _, k := range o.Objects("assertionMethod") {
		if len(keys) < 2*maxKeys && k.ID() != "" {
			keys = append(keys, PublicKey{ID: k.ID(), Owner: k.IRI("controller"), Multibase: k.String("publicKeyMultibase")})
		}
	}
	return keys
}

// ReadKeyDocument reads a document that is itself a key, which some servers answer under a key id (K1).
func ReadKeyDocument(o *Object) (PublicKey, bool) {
	owner := o.IRI("owner")
	if owner == "" {
		owner = o.IRI("controller")
	}
	k := PublicKey{ID: o.ID(), Owner: owner, PEM: o.String("publicKeyPem"), Multibase: o.String("publicKeyMultibase")}
	return k, k.ID != "" && k.Owner != "" && (k.PEM != "" || k.Multibase != "")
}

func hrefs(o *Object, key string) []string {
	var out []string
	for _, it := range o.Items(key) {
		switch {
		case it.Doc != nil && it.Doc.String("href") != "":
			out = append(out, it.Doc.String("href"))
		case it.ID != "":
			out = append(out, it.ID)
		}
	}
	return out
}
