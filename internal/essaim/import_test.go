package essaim

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"essaim/federation/vocab"
	"essaim/internal/i18n"
)

func imported(t *testing.T, name string) *Event {
	t.Helper()
	o := parse(t, example(t, name)).Object("object")
	e, ok := Decode(o).(*Event)
	if !ok {
		t.Fatalf("%s holds no event", name)
	}
	e.Summary(i18n.FR)
	e.Columns()
	return e
}

func when(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}
	}
	return t
}

// TestImportShapes reads events as others write them (federation §14, examples 50 to 55).
func TestImportShapes(t *testing.T) {
	lat, lon := 43.6047, 1.4437
	public := []string{vocab.Public}
	mobilizon := &Event{
		ID: "https://mobilizon.example/events/0b9c6f1e-5d1a-4c0e-9f0b-2f1c7d7a1e11", URL: "https://mobilizon.example/events/0b9c6f1e-5d1a-4c0e-9f0b-2f1c7d7a1e11",
		AttributedTo: "https://mobilizon.example/@lea", Origin: "https://mobilizon.example/@fabrique_numerique", To: public, CC: []string{"https://mobilizon.example/@lea/followers"},
		Name: "Atelier données de mobilité", HTML: "<p>Apportez vos jeux de données.</p>", Language: "fr", Intro: "12 mars 2027 à 14:00 - GMT+1 - Tiers-lieu, 3 rue Neuve, 31000 Toulouse",
		Published: when("2027-02-01T09:00:00Z"), Updated: when("2027-02-01T09:00:00Z"), Starts: when("2027-03-12T14:00:00+01:00"), Ends: when("2027-03-12T17:00:00+01:00"), Zone: "Europe/Paris",
		Status: EventScheduled, Category: "LEARNING", JoinMode: "restricted", Capacity: 40, OnlineURL: "https://atelier.example", Comments: "allow_all",
		Place:         &EventPlace{Name: "Tiers-lieu", Street: "3 rue Neuve", PostalCode: "31000", Locality: "Toulouse", Region: "Occitanie", Country: "France", Lat: &lat, Lon: &lon},
		Accessibility: map[string]string{"mz:accessibility:wheelchairAccessible": "fully"},
		Pictures:      []vocab.Picture{{URL: "https://mobilizon.example/media/b.jpg", MediaType: "image/jpeg", Alt: "Banner"}},
		Hashtags:      []vocab.Tag{{Type: vocab.Hashtag, Name: "mobilité", Href: "https://mobilizon.example/tags/mobilite"}},
	}
	agenda := "https://agenda.example/federation/u/agenda"
	for name, want := range map[string]*Event{
		"50-import-mobilizon-create.json":         mobilizon,
		"51-import-mobilizon-relay-announce.json": mobilizon,
		"52-import-event-string-address.json": {ID: "https://agenda.example/federation/m/812", URL: "https://agenda.example/event/cafe-des-communs", AttributedTo: agenda, To: public, CC: []string{agenda + "/followers"},
			Name: "Café des communs", HTML: "<p>Rencontre ouverte.</p>", Intro: "Médiathèque, vendredi 2 avril", Published: when("2027-03-20T10:00:00Z"), Starts: when("2027-04-02T18:30:00+02:00"), OpenEnded: true,
			Status: EventScheduled, Place: &EventPlace{Name: "Médiathèque", Street: "1 place du Marché, Rennes"}, Hashtags: []vocab.Tag{{Type: vocab.Hashtag, Name: "communs"}}},
		"53-import-event-external.json": {ID: "https://blog.example/?p=55", AttributedTo: "https://blog.example/?author=0", To: public, Name: "Journée portes ouvertes", HTML: "<p>Visite de l'atelier.</p>", Language: "fr",
			Intro: "Début : 5 mai 2027. Lieu : en ligne", Published: when("2027-04-01T08:00:00Z"), Starts: when("2027-05-05T10:00:00+02:00"), Ends: when("2027-05-05T12:00:00+02:00"), Zone: "Europe/Paris",
			Status: EventScheduled, Category: "MEETING", JoinMode: "external", ExternalURL: "https://blog.example/inscription", Online: true, OnlineURL: "https://visio.example/portes"},
		"54-import-event-minimal-utc.json": {ID: "https://social.example/objects/9a", AttributedTo: "https://social.example/profile/ana", To: public, Name: "Réunion publique", HTML: "Salle des fêtes, entrée libre.",
			Published: when("2027-05-20T08:00:00Z"), Starts: when("2027-06-01T17:00:00Z"), OpenEnded: true, Status: EventScheduled},
		"55-import-fep-8a8e.json": {ID: "https://fep.example/e/1", AttributedTo: "https://fep.example/u/org", To: public, Name: "Atelier hybride", HTML: "<p>Sur place et en ligne.</p>", Published: when("2027-08-01T08:00:00Z"),
			Starts: when("2027-09-10T09:00:00+02:00"), Ends: when("2027-09-10T12:00:00+02:00"), OpenEnded: true, Status: EventTentative, Category: "CLIMATE_ENVIRONMENT", JoinMode: "external", ExternalURL: "https://fep.example/e/1",
			Online: true, OnlineURL: "https://visio.example/hybride", Place: &EventPlace{Name: "Mairie", Locality: "Brest"}},
	} {
		if got := imported(t, name); !same(reflect.ValueOf(got), reflect.ValueOf(want)) {
			t.Errorf("%s\n got %+v\nwant %+v", name, got, want)
		}
	}
	if e := imported(t, "52-import-event-string-address.json"); e.JoinMode != "" {
		t.Errorf("an absent joinMode became %q; it means unknown, not free", e.JoinMode)
	}
}

// event reads an event of awkward shape.
func event(t *testing.T, fields string) *Event {
	t.Helper()
	doc := `{"type":"Event","id":"https://a.example/e/1","url":"https://a.example/e/1","name":"Atelier","startTime":"2027-05-05T10:00:00+02:00"`
	return Decode(parse(t, []byte(doc+","+fields+"}"))).(*Event)
}

func TestEventAuthors(t *testing.T) {
	for fields, want := range map[string][2]string{
		`"attributedTo":"https://a.example/g"`:                                                    {"https://a.example/g", ""},
		`"attributedTo":"https://a.example/g","actor":"https://a.example/g"`:                      {"https://a.example/g", ""},
		`"attributedTo":"https://a.example/g","actor":"https://a.example/lea"`:                    {"https://a.example/lea", "https://a.example/g"},
		`"attributedTo":"https://b.example/g","actor":"https://a.example/lea"`:                    {"https://a.example/lea", "https://b.example/g"},
		`"attributedTo":"https://a.example/g","actor":"https://evil.example/x"`:                   {"https://a.example/g", ""},
		`"actor":"https://a.example/lea"`:                                                         {"https://a.example/lea", ""},
		`"attributedTo":[{"id":"https://a.example/g","type":"Group"},"https://a.example/lea"]`:    {"https://a.example/g", ""},
		`"attributedTo":"https://a.example/g","actor":{"id":"https://a.example/lea"},"cc":[null]`: {"https://a.example/lea", "https://a.example/g"},
	} {
		if e := event(t, fields); e.AttributedTo != want[0] || e.Origin != want[1] {
			t.Errorf("%s: author %q for %q, want %v", fields, e.AttributedTo, e.Origin, want)
		}
	}
}

func TestEventPlacesRead(t *testing.T) {
	for fields, want := range map[string]struct {
		name, street, online string
		isOnline, mapped     bool
	}{
		`"location":"Salle des fêtes"`:                                                          {name: "Salle des fêtes"},
		`"location":"https://a.example/place/1"`:                                                {},
		`"location":["Mairie",{"type":"Place","name":"Autre"}]`:                                 {name: "Mairie"},
		`"location":{"name":"Halle","address":"1 rue"}`:                                         {name: "Halle", street: "1 rue"},
		`"location":{"type":"Place","nameMap":{"fr":"Halle"},"latitude":"48","longitude":-4.1}`: {name: "Halle", mapped: true},
		`"location":{"type":"Place","name":"Halle","latitude":148,"longitude":-4.1}`:            {name: "Halle"},
		`"location":{"type":"Place","name":"Halle","latitude":48}`:                              {name: "Halle"},
		`"location":{"type":"VirtualLocation","url":"https://v.example/1"}`:                     {online: "https://v.example/1", isOnline: true},
		`"location":{"type":"VirtualLocation","url":"javascript:x"}`:                            {isOnline: true},
		`"location":{"type":"Place","name":"Halle","address":{"type":"PostalAddress","streetAddress":"1 rue","url":{"type":"VirtualLocation","url":"https://v.example/2"}}}`: {name: "Halle", street: "1 rue", online: "https://v.example/2", isOnline: true},
		`"location":[{"type":"VirtualLocation","url":"https://v.example/1"},{"type":"VirtualLocation","url":"https://v.example/2"},{"type":"Place","name":"Halle"}]`:         {name: "Halle", online: "https://v.example/1", isOnline: true},
		`"location":{}`:      {},
		`"location":12`:      {},
		`"location":[[{}]]`:  {},
		`"location":null`:    {},
		`"isOnline":true`:    {isOnline: true},
		`"isOnline":"true"`:  {},
		`"location":["",{}]`: {},
	} {
		e := event(t, fields)
		place := EventPlace{}
		if e.Place != nil {
			place = *e.Place
		}
		if place.Name != want.name || place.Street != want.street || e.OnlineURL != want.online || e.Online != want.isOnline || (place.Lat != nil) != want.mapped || (e.Place == nil) != (place == EventPlace{}) {
			t.Errorf("%s: %+v, online %v %q", fields, e.Place, e.Online, e.OnlineURL)
		}
	}
}

func TestEventStatusRead(t *testing.T) {
	for fields, want := range map[string]string{
		`"status":"CANCELLED"`:                                EventCancelled,
		`"status":"cancelled"`:                                EventCancelled,
		`"ical:status":"TENTATIVE"`:                           EventTentative,
		`"status":null,"ical:status":"CANCELLED"`:             EventCancelled,
		`"status":"CONFIRMED"`:                                EventScheduled,
		`"eventStatus":"https://schema.org/EventPostponed"`:   EventPostponed,
		`"eventStatus":"http://schema.org/EventRescheduled"`:  EventRescheduled,
		`"eventStatus":"ev:EventMovedOnline"`:                 EventMovedOnline,
		`"eventStatus":"https://w3id.org/fep/8a8e#EventX"`:    EventScheduled,
		`"status":"https://schema.org/EventCancelled"`:        EventCancelled,
		`"eventStatus":"Unknown","status":"CANCELLED"`:        EventCancelled,
		`"eventStatus":{"id":"x"},"status":["TENTATIVE","x"]`: EventTentative,
		`"draft":false`:                                       EventScheduled,
	} {
		if got := event(t, fields).Status; got != want {
			t.Errorf("%s: %q, want %q", fields, got, want)
		}
	}
}

func TestEventOddities(t *testing.T) {
	if e := event(t, `"endTime":"2027-05-01T10:00:00+02:00"`); !e.Ends.IsZero() || !e.OpenEnded || !e.Columns().Ends.IsZero() {
		t.Errorf("an end before the start was kept: %v", e.Ends)
	}
	for _, zone := range []string{"Local", "../../etc/passwd", "Romance Standard Time", "/etc/localtime"} {
		if e := event(t, `"timezone":"`+zone+`"`); e.Zone != "" || e.zone().String() != "Europe/Paris" {
			t.Errorf("zone %q became %q, %v", zone, e.Zone, e.zone())
		}
	}
	if e := event(t, `"timezone":"Indian/Reunion"`); e.Starts.Format(time.RFC3339) != "2027-05-05T12:00:00+04:00" || !strings.Contains(e.Line(i18n.FR), "12 h") {
		t.Errorf("in Réunion it starts at %v: %s", e.Starts, e.Line(i18n.FR))
	}
	if e := event(t, `"maximumAttendeeCapacity":-3,"eventKind":"pique-nique","territory":["de:land:05",12],"category":["X","Y"]`); e.Capacity != 0 || e.EventKind != "pique-nique" ||
		!reflect.DeepEqual(e.Columns().Territories, []string{"de:land:05"}) || e.Category != "X" {
		t.Errorf("%+v", e)
	}
	if e := Decode(parse(t, []byte(`{"type":"Event"}`))).(*Event); e.Summary(i18n.FR).When != "" || e.Line(i18n.FR) == "" {
		t.Errorf("an event of nothing: %+v", e.Summary(i18n.FR))
	}
}

func TestPostsRead(t *testing.T) {
	post := func(doc string) *Post {
		p, ok := Decode(parse(t, []byte(doc))).(*Post)
		if !ok {
			t.Fatalf("%s is no post", doc)
		}
		return p
	}
	if p := post(`{"type":"Note","name":"Oui","summary":"attention","content":"c"}`); p.Name != "" || p.Warning != "attention" || p.Summary(i18n.FR).Lead != "attention" {
		t.Errorf("a Note has no name and its summary is a warning: %+v", p)
	}
	if p := post(`{"type":"Article","name":"Titre","summary":"chapô","content":"<p>c</p>"}`); p.Name != "Titre" || p.Warning != "" || p.HTML != "<p>c</p>" {
		t.Errorf("an Article has a title: %+v", p)
	}
	if p := post(`{"type":"Page","name":"Titre","summary":"s"}`); p.HTML != "s" {
		t.Errorf("without content the summary stands for it: %+v", p)
	}
	for key, want := range map[string]string{`"quote":"https://a.example/1","quoteUrl":"https://a.example/2"`: "https://a.example/1", `"_misskey_quote":"https://a.example/3"`: "https://a.example/3",
		`"quoteUrl":"https://a.example/4"`: "https://a.example/4", `"quoteUri":"https://a.example/5"`: "https://a.example/5", `"quote":{"id":"https://a.example/6"}`: "https://a.example/6", `"quote":true`: ""} {
		if p := post(`{"type":"Note",` + key + `}`); p.Quote != want {
			t.Errorf("%s: quote %q", key, p.Quote)
		}
	}
	video := post(`{"type":"Video","name":"Film","content":"d","url":[{"type":"Link","mediaType":"application/x-mpegURL","href":"https://v.example/1.m3u8"},{"type":"Link","mediaType":"text/html","href":"https://v.example/w/1"}],
		"attributedTo":[{"type":"Person","id":"https://v.example/u"},{"type":"Group","id":"https://v.example/g"}],"icon":[{"type":"Image","url":"https://v.example/1.jpg"}]}`)
	if video.URL != "https://v.example/w/1" || video.AttributedTo != "https://v.example/u" || video.Summary(i18n.FR).Title != "Film" {
		t.Errorf("a video: %+v", video)
	}
	if s := post(`{"type":"Note","id":"https://a.example/n"}`).Summary(i18n.FR); s.URL != "https://a.example/n" {
		t.Errorf("without a page its id stands for it: %+v", s)
	}
}

// TestPostContext: a post that answers nothing begins its conversation; a reply keeps the one it is given, and invents none (FEP-7888).
func TestPostContext(t *testing.T) {
	id, other := host+"/objects/1", "https://a.example/c"
	for p, want := range map[*Post]string{{ID: id}: id + "/context", {ID: id, Context: other}: other, {ID: id, InReplyTo: other}: "", {ID: id, InReplyTo: other, Context: other}: other} {
		if got := p.Encode().String("context"); got != want {
			t.Errorf("%+v: context %q, want %q", p, got, want)
		}
	}
}

// TestNotesWritten: our Notes are those of the examples.
func TestNotesWritten(t *testing.T) {
	for _, name := range []string{"05-create-note.json", "31-replication-note.json", "32-companion-note.json", "36-cancel-note.json", "37-rsvp-confirmation-dm.json"} {
		want := parse(t, example(t, name)).Object("object")
		got := Decode(want).Encode()
		for _, d := range differences("", jsonMap(t, got.Document()), jsonMap(t, want.Document())) {
			// the examples leave these out where we always say them; an empty array and an absent one are the same
			if !strings.HasPrefix(d, "+/replies") && !strings.HasPrefix(d, "+/sensitive") && !strings.HasPrefix(d, "-/cc") {
				t.Errorf("%s: %s", name, d)
			}
		}
	}
}

// TestEventsWritten: our events are those of the examples, but for the words of the summary.
func TestEventsWritten(t *testing.T) {
	for _, name := range []string{"06-create-event.json", "12-update-event.json", "35-update-event-cancelled.json"} {
		want := parse(t, example(t, name)).Object("object")
		e := Decode(want).(*Event)
		e.EventKind = "hackathon"
		got := CompleteEvent(e.Encode(), EventCounters{})
		for _, d := range differences("", jsonMap(t, got.Document()), jsonMap(t, want.Document())) {
			if d != "+/eventKind" && !strings.HasPrefix(d, "~/summary") {
				t.Errorf("%s: %s", name, d)
			}
		}
		if !strings.Contains(got.String("summary"), "Halles Saint-François, Quimper. 80 places.") {
			t.Errorf("%s: %s", name, got.String("summary"))
		}
	}
}
