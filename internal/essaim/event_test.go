package essaim

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"pgregory.net/rapid"

	"essaim/federation/vocab"
	"essaim/internal/i18n"
)

// anyEvent is an event as a form may leave it: nothing completed, and a little of everything wrong that Validate does not see.
func anyEvent(t *rapid.T) *Event {
	e := anEvent(t)
	e.To, e.CC = PublicV.Address(host + "/actors/a/followers")
	for field, empty := range map[*string]string{&e.Zone: "", &e.Status: "", &e.Category: some(t, "other category", "", "CLIMATE"), &e.JoinMode: some(t, "other mode", "", "free", "none", "request"),
		&e.Comments: "", &e.Context: "", &e.Language: "", &e.HTML: "", &e.ExternalURL: ""} {
		if rapid.Bool().Draw(t, "emptied") {
			*field = empty
		}
	}
	if rapid.Bool().Draw(t, "long reason?") {
		e.Reason = strings.Repeat("raison très longue ", 60)
	}
	if rapid.Bool().Draw(t, "rough?") {
		e.Name = some(t, "rough name", "  <b>Atelier</b>\nouvert ", strings.Repeat("Très long ", 30), "abc")
		e.Hashtags = append(e.Hashtags, vocab.Tag{Name: strings.Repeat("long", 12)}, vocab.Tag{Name: "#double"}, vocab.Tag{})
		e.Pictures = append(e.Pictures, vocab.Picture{URL: "https://a.example/sans-type"}, vocab.Picture{Alt: "sans adresse"})
		e.Accessibility = map[string]string{"mz:ticket:external_url": "", "": "x"}
		e.Ends = e.Starts.Add(-time.Hour)
	}
	if e.Place != nil && rapid.Bool().Draw(t, "markup in the place?") {
		e.Place.Name, e.Place.Locality = "<script>alert(1)</script>\u2028Salle\t2", strings.Repeat("Ville ", 200)
	}
	return e
}

// TestEventMobilizonSafe holds every event we write to the traps of federation §7.1 that a document can fall into.
func TestEventMobilizonSafe(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := anyEvent(t)
		doc := e.Encode().Document()
		var o map[string]any
		if err := json.Unmarshal(doc, &o); err != nil {
			t.Fatal(err)
		}
		for trap, fault := range traps(e, o, string(doc)) {
			if fault != "" {
				t.Fatalf("%s: %s in %s", trap, fault, doc)
			}
		}
	})
}

func traps(e *Event, o map[string]any, doc string) map[string]string {
	f := make(map[string]string)
	wrong := func(trap, format string, args ...any) { f[trap] = fmt.Sprintf(format, args...) }
	if o["type"] != "Event" || o["attributedTo"] != e.AttributedTo {
		wrong("T1", "type %v, attributedTo %v", o["type"], o["attributedTo"])
	}
	if _, there := o["actor"]; there || !SameOrigin(e.AttributedTo, o["id"].(string)) {
		wrong("T2", "actor is there, or attributedTo is elsewhere")
	}
	if to, ok := o["to"].([]any); !ok || !slices.Contains(to, any(vocab.Public)) {
		wrong("T3", "to is %v", o["to"])
	}
	location, isMap := o["location"].(map[string]any)
	if _, there := o["location"]; there != (e.Place != nil) || there && !isMap {
		wrong("T4", "location is %v", o["location"])
	}
	switch location["address"].(type) {
	case nil, string, map[string]any:
	default:
		wrong("T5", "address is %v", location["address"])
	}
	if isMap && e.Place.Lat != nil {
		for _, key := range []string{`"latitude":`, `"longitude":`} {
			_, rest, _ := strings.Cut(doc, key)
			number, _, _ := strings.Cut(strings.SplitN(rest, ",", 2)[0], "}")
			if !strings.Contains(number, ".") {
				wrong("T6", "%s%s", key, number)
			}
		}
	}
	if _, there := location["id"]; there || isMap && location["type"] != "Place" {
		wrong("T7", "the place has an id")
	}
	attachments, ok := o["attachment"].([]any)
	if !ok {
		wrong("T8", "attachment is %v", o["attachment"])
	}
	for i, a := range attachments {
		a := a.(map[string]any)
		if a["mediaType"] == nil || a["type"] == "Image" && i > 0 && attachments[i-1].(map[string]any)["type"] != "Image" {
			wrong("T8", "attachment %d: %v", i, a)
		}
		if _, named := a["name"]; a["type"] == "PropertyValue" && (a["propertyID"] == nil || a["value"] == nil || named) {
			wrong("T9", "attachment %d: %v", i, a)
		}
		if a["type"] == "Image" {
			if _, ok := a["url"].(string); !ok || a["name"] == nil {
				wrong("T10", "attachment %d: %v", i, a)
			}
		}
	}
	if image, there := o["image"]; there {
		if m, ok := image.(map[string]any); !ok || m["name"] == nil || m["type"] != "Image" || m["url"] != attachments[0].(map[string]any)["url"] {
			wrong("T10", "image is %v", image)
		}
	}
	if !slices.Contains([]any{"CONFIRMED", "TENTATIVE", "CANCELLED"}, o["status"]) || o["eventStatus"] == "EventPostponed" && o["status"] != "TENTATIVE" {
		wrong("T11", "status %v for %v", o["status"], o["eventStatus"])
	}
	if mode := o["joinMode"]; !slices.Contains([]any{"free", "restricted", "invite", "external"}, mode) || mode == "external" && o["externalParticipationUrl"] == nil || mode == "free" && e.Capacity > 0 {
		wrong("T12", "joinMode %v with %v and %d seats", mode, o["externalParticipationUrl"], e.Capacity)
	}
	for key, v := range o {
		if v == nil {
			wrong("T13", "%s is null", key)
		}
	}
	if tags, there := o["tag"]; there && reflect.TypeOf(tags).Kind() != reflect.Slice {
		wrong("T13", "tag is %v", tags)
	}
	if n := len([]rune(o["name"].(string))); n < 3 || n > 200 {
		wrong("T14", "%d characters", n)
	}
	if end, there := o["endTime"].(string); there {
		from, _ := time.Parse(time.RFC3339, o["startTime"].(string))
		if to, err := time.Parse(time.RFC3339, end); err != nil || to.Before(from) {
			wrong("T14", "it ends %s, before it starts", end)
		}
	}
	if lang, _ := o["inLanguage"].(string); lang == "" {
		wrong("T15", "no language")
	}
	if _, there := o["uuid"]; there {
		wrong("T16", "a uuid that nothing made unique")
	}
	tags, _ := o["tag"].([]any)
	for _, tag := range tags {
		if name := tag.(map[string]any)["name"].(string); !strings.HasPrefix(name, "#") || len([]rune(name)) >= 40 || strings.HasPrefix(name, "##") || name == "#" {
			wrong("T17", "tag %q", name)
		}
	}
	zone := i18n.ZoneName(e.language(), e.zone())
	if e.Place == nil && (!strings.Contains(o["summary"].(string), zone) || !strings.Contains(o["content"].(string), zone)) {
		wrong("T26", "no %q in summary and content", zone)
	}
	for _, key := range []string{"startTime", "endTime", "previousStartTime"} {
		if v, there := o[key].(string); there && strings.HasSuffix(v, "Z") && e.zone().String() != "UTC" && e.zone().String() != "Africa/Abidjan" {
			wrong("offset", "%s is %s", key, v)
		}
	}
	return f
}

// TestMastodonSummary: one line, no markup, never empty, at most 500 characters, with date, hour, zone and place (R9).
func TestMastodonSummary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := anyEvent(t)
		for _, lang := range i18n.Langs {
			line := e.Line(lang)
			if line == "" || len([]rune(line)) > 500 || strings.ContainsAny(line, "<>") || strings.IndexFunc(line, func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }) >= 0 {
				t.Fatalf("Line = %q", line)
			}
			for _, part := range []string{i18n.ZoneName(lang, e.zone()), i18n.Hour(lang, e.Starts, e.zone()), fmt.Sprint(e.Starts.In(e.zone()).Year())} {
				if !strings.Contains(line, part) {
					t.Fatalf("no %q in %q", part, line)
				}
			}
			if e.Place != nil && e.Place.Locality != "" && len(e.Place.Locality) < 50 && !strings.Contains(i18n.Fold(line), i18n.Fold(oneLine(e.Place.Locality))) {
				t.Fatalf("no town in %q", line)
			}
		}
	})

	zone := i18n.Zone("Europe/Paris")
	starts, ends := time.Date(2027, 3, 12, 18, 0, 0, 0, zone), time.Date(2027, 3, 14, 17, 0, 0, 0, zone)
	halles := &EventPlace{Name: "Halles Saint-François", Locality: "Quimper"}
	for want, e := range map[string]Event{
		"Du vendredi 12 mars 2027 à 18 h au dimanche 14 mars à 17 h (heure de Paris), Halles Saint-François, Quimper. 80 places.":      {Starts: starts, Ends: ends, Place: halles, Capacity: 80},
		"Le vendredi 12 mars 2027 à 18 h (heure de Paris), Halles Saint-François, Quimper, en ligne.":                                  {Starts: starts, Place: halles, Online: true},
		"Le vendredi 12 mars 2027 à 18 h (heure de Paris), en ligne.":                                                                  {Starts: starts, Ends: ends, OpenEnded: true, Online: true},
		"Le vendredi 12 mars 2027 à 18 h (heure de Paris).":                                                                            {Starts: starts},
		"Le vendredi 12 mars 2027 à 18 h (heure de Paris), Mairie de Quimper.":                                                         {Starts: starts, Place: &EventPlace{Name: "Mairie de Quimper", Locality: "QUIMPER"}},
		"Le vendredi 12 mars 2027 à 18 h (heure de Paris), 3 rue Neuve, Paris.":                                                        {Starts: starts, Place: &EventPlace{Street: "3 rue Neuve", Locality: "Paris"}},
		"Annulé : salle indisponible. Était prévu : le vendredi 12 mars 2027 à 18 h (heure de Paris).":                                 {Starts: starts, Status: EventCancelled, Reason: " salle\nindisponible. "},
		"[Annulé] Le vendredi 12 mars 2027 à 18 h (heure de Paris).":                                                                   {Starts: starts, Status: EventCancelled},
		"Date modifiée : du vendredi 12 mars 2027 à 18 h au dimanche 14 mars à 17 h (heure de Paris), Halles Saint-François, Quimper.": {Starts: starts, Ends: ends, Place: halles, Status: EventRescheduled},
		"Reporté, nouvelle date à venir. Était prévu : le vendredi 12 mars 2027 à 18 h (heure de Paris).":                              {Starts: starts, Status: EventPostponed},
		"Quimper.":  {Place: &EventPlace{Locality: "Quimper"}},
		"Sans date": {Name: "Sans date"},
		"–":         {},
	} {
		if got := e.Line(i18n.FR); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
	long := Event{Starts: starts, Place: &EventPlace{Name: strings.Repeat("Halle ", 90), Locality: strings.Repeat("Ville ", 90)}, Capacity: 80, Status: EventCancelled, Reason: strings.Repeat("grève ", 200)}
	if line := long.Line(i18n.FR); !strings.HasPrefix(line, "Annulé : grève") || !strings.Contains(line, "le vendredi 12 mars 2027 à 18 h (heure de Paris), Halle") || !strings.Contains(line, "Ville") || !strings.HasSuffix(line, " 80 places.") {
		t.Errorf("what is long pushed something out: %s", line)
	}
	e := Event{Starts: starts, Language: "en-GB"}
	if got := e.Encode().String("summary"); got != "On Friday 12 March 2027 at 18:00 (Paris time)." {
		t.Errorf("an English event is summed up as %q", got)
	}
	if (&Event{}).When(i18n.FR) != "" {
		t.Error("an event without a date has a moment")
	}
}

// TestEventAttachmentOrder: the image comes first, then the on-line address, then the facts; image repeats the first one (T8, R10).
func TestEventAttachmentOrder(t *testing.T) {
	e := &Event{ID: host + "/objects/1", URL: host + "/agenda/1", Accessibility: map[string]string{"mz:b": "2", "mz:a": "1"},
		Pictures: []vocab.Picture{{URL: "https://a.example/1.png", MediaType: "image/png", Alt: "un"}, {URL: "https://a.example/2.jpg"}}}
	o := e.Encode()
	var got []string
	for _, a := range o.Objects("attachment") {
		got = append(got, a.Type()+" "+a.String("mediaType")+" "+firstOf(a.String("url"), a.String("href"), a.String("propertyID")))
	}
	want := []string{"Image image/png https://a.example/1.png", "Image image/jpeg https://a.example/2.jpg", "Link text/html " + e.URL, "PropertyValue text/plain mz:a", "PropertyValue text/plain mz:b"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if image := o.Object("image"); image.String("url") != "https://a.example/1.png" || image.String("name") != "un" {
		t.Errorf("image %s", image.Bytes())
	}
	if o := (&Event{ID: "x"}).Encode(); o.Has("image") || o.Has("attachment") {
		t.Errorf("empty attachments: %s", o.Bytes())
	}
}

// TestEventJoinMode settles how one registers when nothing, or something odd, was said (E7, E8, T12).
func TestEventJoinMode(t *testing.T) {
	const page, elsewhere = host + "/agenda/1", "https://elsewhere.example/"
	for _, tc := range []struct {
		mode, url string
		seats     int64
		want      string
		wantURL   string
	}{
		{"", "", 0, "external", page}, {"", "", 80, "external", page}, {"", elsewhere, 0, "external", elsewhere}, {"free", "", 0, "free", ""}, {"free", "", 80, "restricted", ""},
		{"restricted", "", 0, "restricted", ""}, {"invite", elsewhere, 0, "invite", ""}, {"external", "", 0, "external", page}, {"none", "", 0, "external", page}, {"request", "", 9, "external", page},
	} {
		o := (&Event{ID: host + "/objects/1", URL: page, JoinMode: tc.mode, ExternalURL: tc.url, Capacity: tc.seats}).Encode()
		if o.String("joinMode") != tc.want || o.String("externalParticipationUrl") != tc.wantURL {
			t.Errorf("%+v: %s", tc, o.Bytes())
		}
	}
}

// TestEventRewritten: what Encode adds is taken off when read, so that a later change does not leave the old words behind.
func TestEventRewritten(t *testing.T) {
	zone := i18n.Zone("Europe/Paris")
	e := &Event{ID: host + "/objects/1", Name: "Webinaire", HTML: "<p>Ouvert.</p>", Starts: time.Date(2027, 3, 12, 18, 0, 0, 0, zone), Zone: "Europe/Paris", Online: true, Status: EventCancelled}
	thing, doc := reread(t, e)
	if doc.String("name") != "[Annulé] Webinaire" || doc.String("content") != "<p>Ouvert.</p><p>Le vendredi 12 mars 2027 à 18 h (heure de Paris)</p>" {
		t.Errorf("written %s", doc.Bytes())
	}
	back := thing.(*Event)
	if back.Name != "Webinaire" || back.HTML != "<p>Ouvert.</p>" || back.Summary(i18n.EN).Title != "[Cancelled] Webinaire" {
		t.Errorf("read %+v", back)
	}
	back.Status, back.Starts = EventRescheduled, back.Starts.AddDate(0, 0, 7)
	if _, doc := reread(t, back); strings.Contains(doc.String("content"), "12 mars") || doc.String("name") != "Webinaire" {
		t.Errorf("rewritten %s", doc.Bytes())
	}
}

func TestEventValidate(t *testing.T) {
	at := time.Date(2027, 3, 12, 18, 0, 0, 0, time.UTC)
	far := 91.0
	good := Event{Name: "Atelier", Starts: at, Zone: "Europe/Paris", EventKind: "workshop", JoinMode: "free", Status: EventTentative, Territories: []string{"fr:departement:56"}}
	if err := good.Validate(); err != nil {
		t.Errorf("a good event: %v", err)
	}
	for field, spoil := range map[string]func(*Event){
		"name":                    func(e *Event) { e.Name = " a \n b "[:3] },
		"startTime":               func(e *Event) { e.Starts = time.Time{} },
		"endTime":                 func(e *Event) { e.Ends = at.Add(-time.Minute) },
		"maximumAttendeeCapacity": func(e *Event) { e.Capacity = -1 },
		"timezone":                func(e *Event) { e.Zone = "Local" },
		"location":                func(e *Event) { e.Place = &EventPlace{Lat: &far, Lon: &far} },
		"eventStatus":             func(e *Event) { e.Status = "Cancelled" },
		"joinMode":                func(e *Event) { e.JoinMode = "none" },
		"eventKind":               func(e *Event) { e.EventKind = "party" },
		"territory":               func(e *Event) { e.Territories = []string{"fr:departement:00"} },
	} {
		e := good
		spoil(&e)
		if err := e.Validate(); fieldOf(err) != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func fieldOf(err error) string {
	if e, ok := err.(*Error); ok && e.Code == Invalid {
		return e.Field
	}
	return ""
}

func TestCompleteEvent(t *testing.T) {
	content := (&Event{ID: host + "/objects/1", Capacity: 2, JoinMode: "restricted"}).Encode()
	for n, left := range map[int64]int64{0: 2, 2: 0, 5: 0} {
		o := CompleteEvent(content, EventCounters{Participants: n})
		if got, _ := o.Int("remainingAttendeeCapacity"); got != left {
			t.Errorf("%d registered: %d seats left, want %d", n, got, left)
		}
	}
	if content.Has("participantCount") || CompleteEvent((&Event{}).Encode(), EventCounters{}).Has("remainingAttendeeCapacity") {
		t.Error("the stored event changed, or seats are left where none were counted")
	}
}
