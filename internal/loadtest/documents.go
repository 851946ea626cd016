package loadtest

import (
	"encoding/json"
	"fmt"
	"time"
)

// The contexts of what a Peer says, and the types its answers bear.
const (
	streams      = "https://www.w3.org/ns/activitystreams"
	public       = streams + "#Public"
	activityType = "application/activity+json"
)

type actorDoc struct {
	Context   []string    `json:"@context"`
	ID        string      `json:"id"`
	Type      string      `json:"type"`
	Handle    string      `json:"preferredUsername"`
	Name      string      `json:"name"`
	URL       string      `json:"url"`
	Inbox     string      `json:"inbox"`
	Outbox    string      `json:"outbox"`
	Followers string      `json:"followers"`
	Endpoints endpoints   `json:"endpoints"`
	Key       pemKey      `json:"publicKey"`
	Assertion []*multikey `json:"assertionMethod,omitempty"`
}

type endpoints struct {
	SharedInbox string `json:"sharedInbox"`
}

type pemKey struct {
	ID    string `json:"id"`
	Owner string `json:"owner"`
	PEM   string `json:"publicKeyPem"`
}

type multikey struct {
	ID         string `json:"id"`
	Type       string `json:"type"`
	Controller string `json:"controller"`
	Multibase  string `json:"publicKeyMultibase"`
}

type noteDoc struct {
	Context      string   `json:"@context,omitempty"`
	ID           string   `json:"id"`
	Type         string   `json:"type"`
	AttributedTo string   `json:"attributedTo"`
	Content      string   `json:"content"`
	Published    string   `json:"published"`
	To           []string `json:"to"`
	CC           []string `json:"cc"`
}

type activityDoc struct {
	Context   string   `json:"@context,omitempty"`
	ID        string   `json:"id"`
	Type      string   `json:"type"`
	Actor     string   `json:"actor"`
	Object    any      `json:"object"`
	Published string   `json:"published,omitempty"`
	To        []string `json:"to,omitempty"`
	CC        []string `json:"cc,omitempty"`
}

type collectionDoc struct {
	Context string        `json:"@context"`
	ID      string        `json:"id"`
	Type    string        `json:"type"`
	Total   int           `json:"totalItems"`
	First   string        `json:"first,omitempty"`
	PartOf  string        `json:"partOf,omitempty"`
	Next    string        `json:"next,omitempty"`
	Items   []activityDoc `json:"orderedItems,omitempty"`
}

type link struct {
	Rel  string `json:"rel"`
	Type string `json:"type,omitempty"`
	Href string `json:"href"`
}

type jrdDoc struct {
	Subject string `json:"subject,omitempty"`
	Links   []link `json:"links"`
}

type nodeInfoDoc struct {
	Version  string `json:"version"`
	Software struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	} `json:"software"`
	Protocols []string `json:"protocols"`
	Services  struct {
		Inbound  []string `json:"inbound"`
		Outbound []string `json:"outbound"`
	} `json:"services"`
	Open  bool `json:"openRegistrations"`
	Usage struct {
		Users struct {
			Total int `json:"total"`
		} `json:"users"`
	} `json:"usage"`
	Metadata struct{} `json:"metadata"`
}

// encode writes a document of this file; they all can be written.
func encode(doc any) []byte {
	raw, err := json.Marshal(doc)
	if err != nil {
		return nil
	}
	return raw
}

// noteOf is a public Note of about the size of a real one (half a kilobyte with its Create around it is usual).
func noteOf(actor, id, words string, published time.Time) noteDoc {
	return noteDoc{
		ID: id, Type: "Note", AttributedTo: actor, Published: published.UTC().Format(time.RFC3339),
		Content: fmt.Sprintf("<p>%s: a report from the workshop about the mobility trial, what was tried, what held and what comes next.</p>", words),
		To:      []string{public}, CC: []string{actor + "/followers"},
	}
}

// createOf wraps a note.
func createOf(n noteDoc) activityDoc {
	return activityDoc{ID: n.ID + "/activity", Type: "Create", Actor: n.AttributedTo, Object: n, Published: n.Published, To: n.To, CC: n.CC}
}
