package essaim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"essaim/federation/vocab"
	"essaim/internal/i18n"
)

// Generators of things in the form in which reading leaves them: what Encode completes (a zone, a status, a conversation) is already there, so that
// Decode after Encode is the identity.

const host = "https://innov.bzh.example"

func some[T any](t *rapid.T, name string, values ...T) T {
	return rapid.SampledFrom(values).Draw(t, name)
}

func words(t *rapid.T, name string) string {
	return rapid.StringMatching(`[A-Za-zÀ-ÿ0-9'’«»&?!,.-]{1,12}( [A-Za-zÀ-ÿ0-9&-]{1,12}){0,6}`).Draw(t, name)
}

func maybe(t *rapid.T, name string, value func(*rapid.T, string) string) string {
	if rapid.Bool().Draw(t, name+"?") {
		return value(t, name)
	}
	return ""
}

func webAddress(t *rapid.T, name string) string {
	return "https://" + some(t, name+" host", "a.example", "b.example:8443", "media.innov.bzh.example") + "/" + rapid.StringMatching(`[a-z0-9]{1,8}`).Draw(t, name)
}

func moment(t *rapid.T, name string) time.Time {
	return time.Unix(rapid.Int64Range(1_577_836_800, 2_208_988_800).Draw(t, name), 0).UTC()
}

func number64(t *rapid.T, name string) *float64 {
	if !rapid.Bool().Draw(t, name+"?") {
		return nil
	}
	v := rapid.Float64Range(-1e12, 1e12).Draw(t, name)
	if rapid.Bool().Draw(t, name+" whole") {
		v = float64(int64(v))
	}
	return &v
}

func listOf[T any](t *rapid.T, name string, most int, one func(*rapid.T, string) T) []T {
	n := rapid.IntRange(0, most).Draw(t, name+" count")
	var out []T
	for i := range n {
		out = append(out, one(t, fmt.Sprintf("%s %d", name, i)))
	}
	return out
}

func codes(t *rapid.T, name string, s *Scheme) []string {
	return listOf(t, name, 3, func(t *rapid.T, name string) string { return some(t, name, append(s.IDs(), "unknown_code")...) })
}

func tagsOf(t *rapid.T, id string) []vocab.Tag {
	return listOf(t, "tags", 3, func(t *rapid.T, name string) vocab.Tag {
		tag := rapid.StringMatching(`[A-Za-zà-ÿ0-9_]{1,20}`).Draw(t, name)
		return vocab.Tag{Type: vocab.Hashtag, Name: tag, Href: Site{Base: host}.Tag(tag)}
	})
}

func pictures(t *rapid.T) []vocab.Picture {
	n := rapid.IntRange(0, 4).Draw(t, "pictures")
	var out []vocab.Picture
	for i := range n {
		p := vocab.Picture{URL: fmt.Sprintf("https://media.innov.bzh.example/%d.jpg", i), MediaType: some(t, "media type", "image/jpeg", "image/png"), Alt: maybe(t, "alt", words)}
		if rapid.Bool().Draw(t, "sized") {
			p.Width, p.Height = 1200, 630
		}
		out = append(out, p)
	}
	return out
}

func territories(t *rapid.T) []string {
	return listOf(t, "territories", 3, func(t *rapid.T, name string) string {
		return some(t, name, "fr:region:53", "fr:departement:56", "fr:commune:29232", "custom:innov.bzh.example:pays", "fr")
	})
}

func audience(t *rapid.T) (to, cc []string) {
	v := some(t, "visibility", PublicV, Unlisted, Followers, Direct)
	return v.Address(host+"/actors/a/followers", "https://mastodon.example/users/yann")
}

func anEvent(t *rapid.T) *Event {
	id := host + "/objects/" + NewID(moment(t, "id"), moment(t, "now"), rapid.Uint64().Draw(t, "random")).String()
	e := &Event{ID: id, URL: host + "/agenda/x", AttributedTo: host + "/actors/a", Name: "Atelier " + words(t, "name"), HTML: "<p>" + words(t, "html") + "</p>",
		Language: some(t, "language", "fr", "en", "br", "fr-CA"), Context: id + "/context", Published: moment(t, "published"), Zone: some(t, "zone", "Europe/Paris", "Indian/Reunion", "America/Guadeloupe", "UTC"),
		Status: some(t, "status", EventScheduled, EventCancelled, EventPostponed, EventRescheduled, EventMovedOnline, EventTentative), Reason: maybe(t, "reason", words),
		Category: some(t, "category", knownCategories...), EventKind: some(t, "kind", append(EventKinds.IDs(), "")...), JoinMode: some(t, "join mode", "free", "restricted", "invite", "external"),
		Capacity: int64(some(t, "capacity", 0, 0, 1, 80)), Online: rapid.Bool().Draw(t, "online"), OnlineURL: maybe(t, "online url", webAddress), Pictures: pictures(t), Hashtags: tagsOf(t, id),
		Territories: territories(t), Comments: some(t, "comments", "allow_all", "moderated", "closed"), OpenEnded: true}
	e.To, e.CC = audience(t)
	zone, _ := zoneNamed(e.Zone)
	e.Starts = moment(t, "starts").In(zone)
	if rapid.Bool().Draw(t, "ends?") {
		e.Ends, e.OpenEnded = e.Starts.Add(time.Duration(rapid.IntRange(0, 100).Draw(t, "hours"))*time.Hour), rapid.Bool().Draw(t, "open")
	}
	if e.Status == EventRescheduled {
		e.Previous = moment(t, "previous").In(zone)
	}
	if e.JoinMode == "external" {
		e.ExternalURL = webAddress(t, "external")
	}
	if e.JoinMode == "free" && e.Capacity > 0 {
		e.JoinMode = "restricted"
	}
	if rapid.Bool().Draw(t, "updated?") {
		e.Updated = e.Published.Add(time.Hour)
	}
	if rapid.Bool().Draw(t, "place?") {
		p := &EventPlace{Name: words(t, "place"), Street: maybe(t, "street", words), PostalCode: maybe(t, "postcode", words), Locality: maybe(t, "locality", words),
			Region: maybe(t, "region", words), Country: maybe(t, "country", words)}
		if rapid.Bool().Draw(t, "where?") {
			lat, lon := float64(rapid.IntRange(-90, 90).Draw(t, "lat")), float64(rapid.IntRange(-180, 180).Draw(t, "lon"))
			p.Lat, p.Lon = &lat, &lon
		}
		e.Place = p
	}
	for _, id := range listOf(t, "facts", 3, func(t *rapid.T, name string) string {
		return some(t, name, "mz:accessibility:wheelchairAccessible", "mz:accessibility:live:subtitle", "mz:ticket:external_url")
	}) {
		if e.Accessibility == nil {
			e.Accessibility = make(map[string]string)
		}
		e.Accessibility[id] = words(t, id)
	}
	return e
}

func aPost(t *rapid.T) *Post {
	id := host + "/objects/" + NewID(moment(t, "id"), moment(t, "now"), rapid.Uint64().Draw(t, "random")).String()
	p := &Post{Type: vocab.Note, ID: id, URL: host + "/@a/x", AttributedTo: host + "/actors/a", Warning: maybe(t, "warning", words), HTML: "<p>" + words(t, "html") + "</p>",
		Language: some(t, "language", "", "fr", "en"), InReplyTo: maybe(t, "in reply to", webAddress), Context: id + "/context", Quote: maybe(t, "quote", webAddress), About: maybe(t, "about", webAddress),
		Published: moment(t, "published"), Sensitive: rapid.Bool().Draw(t, "sensitive"), Hashtags: tagsOf(t, id), Pictures: pictures(t), Territories: territories(t)}
	p.To, p.CC = audience(t)
	p.Sensitive = p.Sensitive || p.Warning != ""
	p.Mentions = listOf(t, "mentions", 2, func(t *rapid.T, name string) vocab.Tag {
		return vocab.Tag{Type: vocab.Mention, Name: "@yann@mastodon.example", Href: webAddress(t, name)}
	})
	return p
}

func aProfile(t *rapid.T, kind string) *Profile {
	k, _ := KindNamed(kind)
	handle := rapid.StringMatching(`[a-z0-9_]{1,30}`).Draw(t, "handle")
	p := &Profile{Kind: kind, Type: k.Type, ID: host + "/actors/" + handle, URL: host + "/@" + handle, Handle: handle, Name: words(t, "name"), HTML: "<p>" + words(t, "html") + "</p>",
		Language: some(t, "language", "fr", "en"), AttributedTo: maybe(t, "attributed to", webAddress), Published: moment(t, "published"), Territories: territories(t),
		ManuallyApproves: rapid.Bool().Draw(t, "locked"), Discoverable: rapid.Bool().Draw(t, "discoverable"), Indexable: rapid.Bool().Draw(t, "indexable")}
	for _, tag := range tagsOf(t, p.ID) {
		p.Tags = append(p.Tags, tag.Name)
	}
	if rapid.Bool().Draw(t, "icon?") {
		p.Icon = &vocab.Picture{URL: webAddress(t, "icon"), MediaType: "image/png", Alt: words(t, "icon alt")}
		p.Image = &vocab.Picture{URL: webAddress(t, "image")}
	}
	if kind == KindProject {
		return p
	}
	p.AlsoKnownAs = listOf(t, "also known as", 2, webAddress)
	p.Properties = listOf(t, "properties", 3, func(t *rapid.T, name string) vocab.Property {
		return vocab.Property{Name: words(t, name), Value: words(t, name+" value")}
	})
	switch kind {
	case KindOrganisation:
		p.ActorKind = some(t, "actor kind", append(ActorKinds.IDs(), "")...)
	case KindAccelerator:
		p.Missions = codes(t, "missions", &Missions)
	case KindPerson:
		p.Type = some(t, "type", vocab.Person, vocab.Service)
	}
	return p
}

func aProject(t *rapid.T) *Project {
	day := func(name string) time.Time { return moment(t, name).Truncate(24 * time.Hour) }
	p := &Project{Profile: *aProfile(t, KindProject), Promise: maybe(t, "promise", words), Carrier: maybe(t, "carrier", webAddress), Phase: some(t, "phase", append(Phases.IDs(), "unknown_phase")...),
		Themes: codes(t, "themes", &Themes), Publics: codes(t, "publics", &Publics), SDGs: codes(t, "sdgs", &SDGs), License: maybe(t, "licence", words), CodeLicense: maybe(t, "code licence", words),
		Repository: maybe(t, "repository", webAddress), Contact: maybe(t, "contact", words), StopReason: some(t, "stop reason", append(StopReasons.IDs(), "")...), Assets: listOf(t, "assets", 3, words),
		OpenToTake: rapid.Bool().Draw(t, "open to take-over"), DerivedFrom: listOf(t, "derived from", 2, webAddress)}
	p.Partners = listOf(t, "partners", 3, func(t *rapid.T, name string) Partner {
		return Partner{Name: words(t, name), Actor: maybe(t, name+" actor", webAddress), Role: some(t, name+" role", append(PartnerRoles.IDs(), "", "unknown_role")...)}
	})
	p.History = listOf(t, "history", 4, func(t *rapid.T, name string) PhaseEntry {
		return PhaseEntry{Phase: some(t, name, Phases.IDs()...), Date: day(name + " date"), Comment: maybe(t, name+" comment", words)}
	})
	p.Indicators = listOf(t, "indicators", 3, func(t *rapid.T, name string) Indicator {
		return Indicator{Name: words(t, name), Unit: maybe(t, name+" unit", words), Method: maybe(t, name+" method", words), Source: maybe(t, name+" source", webAddress),
			Baseline: number64(t, name+" baseline"), Target: number64(t, name+" target"), Value: number64(t, name+" value"), Date: day(name + " date")}
	})
	p.Links = listOf(t, "links", 3, func(t *rapid.T, name string) ProjectLink {
		return ProjectLink{Name: words(t, name), Href: webAddress(t, name+" href")}
	})
	if rapid.Bool().Draw(t, "costs?") {
		p.Costs = &Costs{Investment: number64(t, "investment"), Yearly: number64(t, "yearly"), FTE: number64(t, "fte"), FundedBy: words(t, "funded by")}
	}
	if rapid.Bool().Draw(t, "lessons?") {
		p.Lessons = &Lessons{Worked: words(t, "worked"), Failed: maybe(t, "failed", words), Conditions: maybe(t, "conditions", words), Avoid: maybe(t, "avoid", words)}
	}
	return p
}

// things generates one of each kind.
func things(t *rapid.T) map[string]Thing {
	return map[string]Thing{KindInstance: aProfile(t, KindInstance), KindAccelerator: aProfile(t, KindAccelerator), KindOrganisation: aProfile(t, KindOrganisation),
		KindPerson: aProfile(t, KindPerson), KindProject: aProject(t), KindEvent: anEvent(t), KindPost: aPost(t)}
}

// reread writes a thing as it goes over the wire and reads it back.
func reread(t interface{ Fatalf(string, ...any) }, thing Thing) (Thing, *vocab.Object) {
	o, err := vocab.Parse(thing.Encode().Document())
	if err != nil {
		t.Fatalf("what we write we do not read: %v", err)
	}
	return Decode(o), o
}

func TestDecodeEncodeIsIdentity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for kind, thing := range things(t) {
			back, doc := reread(t, thing)
			if k, ok := KindOf(doc); !ok || k.Name != kind {
				t.Fatalf("a %s is recognised as %q", kind, k.Name)
			}
			if e, ok := back.(*Event); ok {
				e.Intro = "" // made from the other fields
			}
			if !same(reflect.ValueOf(back), reflect.ValueOf(thing)) {
				a, _ := json.MarshalIndent(thing, "", " ")
				b, _ := json.MarshalIndent(back, "", " ")
				t.Fatalf("%s: wrote\n%s\nread\n%s", kind, a, b)
			}
			if err := vocab.CheckCore(doc); err != nil {
				t.Fatalf("%s: CheckCore: %v in %s", kind, err, doc.Bytes())
			}
			if again := back.Encode().Document(); !bytes.Equal(again, doc.Raw()) {
				t.Fatalf("%s: written twice\n%s\n%s", kind, doc.Raw(), again)
			}
			thing.Columns()
			if s := thing.Summary(i18n.FR); s.URL == "" || s.Title == "" && kind != KindPost {
				t.Fatalf("%s: summary %+v", kind, s)
			}
		}
	})
}

// same is reflect.DeepEqual, but for times, which are compared as moments with their zone's name, and for empty slices, which are nil.
func same(a, b reflect.Value) bool {
	if a.IsValid() != b.IsValid() {
		return false
	}
	if !a.IsValid() {
		return true
	}
	if a.Type() != b.Type() {
		return false
	}
	if ta, ok := a.Interface().(time.Time); ok {
		tb := b.Interface().(time.Time)
		return ta.Equal(tb) && (ta.IsZero() || ta.Format(time.RFC3339) == tb.Format(time.RFC3339))
	}
	switch a.Kind() {
	case reflect.Interface, reflect.Pointer:
		return a.IsNil() == b.IsNil() && (a.IsNil() || same(a.Elem(), b.Elem()))
	case reflect.Struct:
		for i := range a.NumField() {
			if !same(a.Field(i), b.Field(i)) {
				return false
			}
		}
		return true
	case reflect.Slice:
		if a.Len() != b.Len() {
			return false
		}
		for i := range a.Len() {
			if !same(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	}
	return reflect.DeepEqual(a.Interface(), b.Interface())
}

// example reads one of the documents beside the vocabulary.
func example(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "federation", "vocab", "testdata", "examples", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func parse(t testing.TB, doc []byte) *vocab.Object {
	t.Helper()
	o, err := vocab.Parse(doc)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func jsonMap(t testing.TB, doc []byte) map[string]any {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(doc))
	d.UseNumber()
	var m map[string]any
	if err := d.Decode(&m); err != nil {
		t.Fatalf("%v in %s", err, doc)
	}
	return m
}

// differences lists the paths where two JSON values are not the same, contexts apart.
func differences(path string, got, want any) (out []string) {
	g, okG := got.(map[string]any)
	w, okW := want.(map[string]any)
	if okG && okW {
		for k := range w {
			if _, there := g[k]; !there && k != "@context" {
				out = append(out, "-"+path+"/"+k)
			}
		}
		for k := range g {
			if _, there := w[k]; !there {
				out = append(out, "+"+path+"/"+k)
			} else if k != "@context" {
				out = append(out, differences(path+"/"+k, g[k], w[k])...)
			}
		}
		return out
	}
	listG, okG := got.([]any)
	listW, okW := want.([]any)
	if okG && okW && len(listG) == len(listW) {
		for i := range listG {
			out = append(out, differences(path+"/"+strconv.Itoa(i), listG[i], listW[i])...)
		}
		return out
	}
	if !reflect.DeepEqual(got, want) {
		out = append(out, fmt.Sprintf("~%s %v", path, got))
	}
	return out
}
