package vocab_test

import (
	"testing"
	"time"

	"essaim/federation/vocab"
)

const (
	bzh       = "https://innov.bzh.example"
	hackathon = bzh + "/actors/hackathon_mobilite"
	mobilite  = bzh + "/actors/mobilite_rurale"
	yann      = "https://mastodon.example/users/yann"
	event     = bzh + "/objects/01JE2B6M3T8WXYQ4K7N9P0R1S2"
)

// TestExamplesParse: every example passes the guards, and the getters find what a peer would look for.
func TestExamplesParse(t *testing.T) {
	for _, name := range exampleNames(t) {
		o := parse(t, string(example(t, name)))
		if name < "24" || name > "28" { // WebFinger and NodeInfo have neither id nor type
			if o.Type() == "" || o.ID() == "" {
				t.Errorf("%s: type %q, id %q", name, o.Type(), o.ID())
			}
		}
		if !vocab.IsActivity(o.Type()) {
			continue
		}
		a := vocab.ReadActivity(o)
		if a == nil || a.Actor == "" || a.Object.Zero() || a.ID != o.ID() {
			t.Errorf("%s read as %+v", name, a)
		}
	}
}

// TestActivitiesWritten: activities made from the typed struct are the examples, context included.
func TestActivitiesWritten(t *testing.T) {
	at := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	object := func(name string) vocab.Item { return parse(t, string(example(t, name))).Item("object") }
	act := func(id string) string { return bzh + "/activities/" + id }
	public := []string{vocab.Public}
	follow := &vocab.Activity{ID: "https://mastodon.example/7c1d-follow", Type: vocab.Follow, Actor: yann, Object: vocab.Item{ID: mobilite}}
	embedded := vocab.Item{Doc: follow.Document()}
	tombstone := vocab.New(vocab.Tombstone, event).SetString("formerType", vocab.Event).SetTime("published", at("2026-11-23T09:05:00Z")).SetTime("deleted", at("2026-12-02T08:00:00Z"))

	for name, a := range map[string]*vocab.Activity{
		"05-create-note.json": {ID: act("01JD9Q4V9A6ZP0S1D2F3G4H5J6"), Type: vocab.Create, Actor: mobilite, Published: at("2026-11-23T09:00:00Z"), To: public,
			CC: []string{mobilite + "/followers", yann}, Object: object("05-create-note.json"), BTo: []string{yann}, BCC: []string{yann}},
		"06-create-event.json": {ID: act("01JE2B6M5C0D1E2F3G4H5J6K7M"), Type: vocab.Create, Actor: hackathon, Published: at("2026-11-23T10:05:00+01:00"), To: public,
			CC: []string{hackathon + "/followers"}, Object: object("06-create-event.json")},
		"07-announce.json": {ID: act("01JE2B6M7Z9Y8X7W6V5T4S3R2Q"), Type: vocab.Announce, Actor: bzh + "/actor", Published: at("2026-11-23T09:05:02Z"), To: public,
			CC: []string{bzh + "/actor/followers", hackathon}, Object: vocab.Item{ID: event}},
		"08-follow.json":        follow,
		"09-accept-follow.json": {ID: act("01JE4C1N8P7Q6R5S4T3V2W1X0Y"), Type: vocab.AcceptType, Actor: mobilite, To: []string{yann, ""}, Object: embedded},
		"12-update-event.json": {ID: act("01JF7E3Q0R9S8T7V6W5X4Y3Z2A"), Type: vocab.Update, Actor: hackathon, Published: at("2026-12-01T10:00:00Z"), To: public,
			CC: []string{hackathon + "/followers"}, Object: object("12-update-event.json")},
		"13-delete.json": {ID: act("01JG1F4R1S0T9V8W7X6Y5Z4A3B"), Type: vocab.Delete, Actor: hackathon, Published: at("2026-12-02T08:00:00Z"), To: public,
			CC: []string{hackathon + "/followers"}, Object: vocab.Item{ID: event, Doc: tombstone}},
		"22-undo-follow.json": {ID: yann + "#follows/7c1d/undo", Type: vocab.Undo, Actor: yann, Objects: []vocab.Item{embedded}},
		"23-flag.json": {ID: act("01JM5M9X6Y5Z4A3B2C1D0E9F8G"), Type: vocab.Flag, Actor: bzh + "/actor", To: []string{"https://mastodon.example/users/reclame"},
			Content: "Publicité répétée sous trois événements.", Objects: []vocab.Item{{ID: "https://mastodon.example/users/reclame"},
				{ID: "https://mastodon.example/users/reclame/statuses/113000000000000001"}}},
		"48-accept-quote-request.json": {ID: act("01JQ2V6EDF2G1H0J9K8M7N6P5Q"), Type: vocab.AcceptType, Actor: mobilite, To: []string{yann},
			Object: object("48-accept-quote-request.json"), Result: vocab.Item{ID: bzh + "/objects/01JQ2V6EFH4J3K2M1N0P9Q8R7S"}},
	} {
		t.Run(name, func(t *testing.T) { writtenLike(t, a.Document(), name) })
	}
	t.Run("45-tombstone.json", func(t *testing.T) { writtenLike(t, tombstone, "45-tombstone.json") })
}

// TestCollectionsWritten: a page of followers, an empty collection and a list of events, as T23 and FEP-8a8e want them.
func TestCollectionsWritten(t *testing.T) {
	collection := func(id string, items ...vocab.Item) *vocab.Object {
		page := vocab.New(vocab.OrderedCollectionPage, id+"?page=1").SetString("partOf", id).SetItems("orderedItems", items...)
		return vocab.New(vocab.OrderedCollection, id).SetInt("totalItems", int64(len(items))).SetObject("first", page)
	}
	followers := vocab.New(vocab.OrderedCollectionPage, mobilite+"/followers?page=1").SetString("partOf", mobilite+"/followers").SetInt("totalItems", 2).
		SetItems("orderedItems", vocab.Item{ID: yann}, vocab.Item{}, vocab.Item{ID: "https://mobilizon.example/relay"})
	writtenLike(t, followers, "42-followers-page.json")
	writtenLike(t, collection(mobilite+"/todos"), "43-group-empty-collection.json")
	writtenLike(t, collection(hackathon+"/upcoming", vocab.Item{ID: event}), "44-upcoming-events.json")
	if first := parse(t, string(collection("https://a.example/c").Document())).Object("first"); !first.Has("orderedItems") {
		t.Error("an empty collection lost its items")
	}
}

func writtenLike(t *testing.T, o *vocab.Object, name string) {
	t.Helper()
	doc := o.Document()
	sameDocument(t, doc, example(t, name))
	if err := vocab.CheckCore(parse(t, string(doc))); err != nil {
		t.Errorf("%s: CheckCore: %v", name, err)
	}
}
