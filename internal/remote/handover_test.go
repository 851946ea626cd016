package remote_test

import (
	"encoding/json"
	"strings"
	"testing"

	"essaim/internal/store/storetest"
)

// TestHandOver: a handle is asked for its intents, a bare server for its software; what a hostile server answers leads nowhere.
func TestHandOver(t *testing.T) {
	w := newWorld(t)
	here, them := w.instance("here.example", storetest.SQLite(t)), w.stranger("far.example")
	target := "https://here.example/actors/bus"
	links := func(handle, more string) string {
		return `{"subject":"acct:` + handle + `","links":[{"rel":"self","type":"application/activity+json","href":"https://far.example/users/x"}` + more + `]}`
	}
	for handle, c := range map[string]struct{ links, want string }{
		"new@far.example":     {`,{"rel":"https://w3id.org/fep/3b86/Follow","template":"https://far.example/intents/follow?object={object}&success={on-success}"},{"rel":"http://ostatus.org/schema/1.0/subscribe","template":"https://far.example/old?uri={uri}"}`, "https://far.example/intents/follow?object=https%3A%2F%2Fhere.example%2Factors%2Fbus&success="},
		"old@far.example":     {`,{"rel":"http://ostatus.org/schema/1.0/subscribe","template":"https://far.example/authorize_interaction?uri={uri}"}`, "https://far.example/authorize_interaction?uri=https%3A%2F%2Fhere.example%2Factors%2Fbus"},
		"script@far.example":  {`,{"rel":"http://ostatus.org/schema/1.0/subscribe","template":"javascript:alert({uri})"}`, ""},
		"http@far.example":    {`,{"rel":"http://ostatus.org/schema/1.0/subscribe","template":"http://far.example/x?uri={uri}"}`, ""},
		"inside@far.example":  {`,{"rel":"http://ostatus.org/schema/1.0/subscribe","template":"https://127.0.0.1/x?uri={uri}"}`, ""},
		"ours@far.example":    {`,{"rel":"http://ostatus.org/schema/1.0/subscribe","template":"https://here.example/deconnexion?uri={uri}"}`, ""},
		"endless@far.example": {`,{"rel":"http://ostatus.org/schema/1.0/subscribe","template":"https://far.example/` + strings.Repeat("a", 5000) + `?uri={uri}"}`, ""},
	} {
		them.serves(webfingerPath(handle), json.RawMessage(links(handle, c.links)))
		to, err := here.HandOver(t.Context(), "@"+handle, target, true)
		if to != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%s: %q %v", handle, to, err)
		}
	}
	for _, typed := range []string{"nowhere.example", "", "@", "javascript:alert(1)", "localhost", "10.0.0.1"} {
		if to, err := here.HandOver(t.Context(), typed, target, true); err == nil {
			t.Errorf("%q led to %s", typed, to)
		}
	}
}
